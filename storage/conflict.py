"""Conflict: somebody else was quicker; play the function again."""


class Conflict(Exception):
    """What was read has changed since; the unit of work plays the function again."""
