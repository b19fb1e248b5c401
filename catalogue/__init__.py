"""The catalogue: data that officials can read, its strict loader and its search."""
