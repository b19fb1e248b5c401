"""What reading needs to know of how things are spelled; the catalogue knows it, from data."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Guess(NamedTuple):
    """Likely spellings of what was typed, the likeliest first.

    `bare` where what was typed can't be right without its marks, `part` where words stay bare in these spellings too.
    """

    spellings: tuple[str, ...] = ()
    bare: bool = False
    part: bool = False


class Listed(NamedTuple):
    """An entry of an official list, or those that what was typed resembles."""

    entry: str = ""
    near: tuple[str, ...] = ()


class Spelling(Protocol):
    """Nothing with a diacritic in it is ever put otherwise."""

    def name(self, typed: str) -> Guess:
        """A person's name; typed with the input method off it is put in letters."""
        ...

    def words(self, typed: str, *, place: bool) -> Guess:
        """Free text, or a place."""
        ...

    def listed(self, kind: str, typed: str) -> Listed | None:
        """Of kind "ethnicity" or "nationality"; None where there is no such list."""
        ...


class AsTyped:
    """Knows no word: everything is right as it was typed."""

    def name(self, typed: str) -> Guess:  # noqa: ARG002
        return Guess()

    def words(self, typed: str, *, place: bool) -> Guess:  # noqa: ARG002
        return Guess()

    def listed(self, kind: str, typed: str) -> Listed | None:  # noqa: ARG002
        return None
