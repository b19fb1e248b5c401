"""One file per door: the only files that know a messenger."""
