"""Words as they are compared, however a telephone has changed them on their way."""

from __future__ import annotations

from domain.values import fold


def bare(text: str) -> str:
    """Letters and digits alone, without accents and case: a message that was copied or forwarded stays the same."""
    return "".join(letter for letter in fold(text) if letter.isalnum())
