"""Rules, as plain functions and values: no imports of ours."""
