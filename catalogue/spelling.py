"""What the catalogue knows of spelling, for reading what people type; each list is made ready when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from rapidfuzz import fuzz

from catalogue.addresses import Addresses
from catalogue.fold import fold, words
from catalogue.model import Names, Office, Units
from catalogue.person_names import PersonNames
from catalogue.telex import letters
from domain.names import capitals, unmarked
from domain.spelling import Guess, Listed

_OFFERED: Final = 4
_ALIKE: Final = 70  # of 100, compared without marks
_SAID_BEFORE: Final = ("dan toc ", "nguoi dan toc ", "nguoi ", "quoc tich ")


class Spelling:
    """domain.spelling.Spelling, from names.toml, units.toml and the offices."""

    def __init__(self, names: Names, units: Units, offices: Mapping[str, Office]) -> None:
        self._names = names
        self._persons = PersonNames(names)
        self._addresses = Addresses(
            units, offices.values(), _entries(names.nations).values(), frozenset(names.plain.split())
        )

    def name(self, typed: str) -> Guess:
        if not unmarked(typed):
            return Guess()
        meant = " ".join(map(self._in_letters, typed.split()))
        if not meant.replace(" ", "").isalpha():
            return Guess()
        part = not all(self._persons.knows(word) for word in meant.split())
        spellings = self._persons.spellings(meant)
        if unmarked(spellings[0]):
            return Guess((), bare=part)
        return Guess(tuple(capitals(name) for name in spellings if not unmarked(name)), bare=True, part=part)

    def _in_letters(self, word: str) -> str:
        """A word of a name typed with the input method off; one that is no name's then stays as it is."""
        meant = letters(word)
        return meant if meant and self._persons.is_name(meant) else word

    def words(self, typed: str, *, place: bool) -> Guess:
        if not unmarked(typed):
            return Guess()
        phrase = self._phrases.get(" ".join(words(fold(typed))))
        if phrase is not None:
            return Guess() if unmarked(phrase) else Guess((phrase[0].upper() + phrase[1:],), bare=True)
        spelled = self._addresses.spelled(typed)
        if all(unmarked(spelling) for spelling in spelled.spellings):
            return Guess((), bare=not spelled.known)
        if not place and not (spelled.known and spelled.named):
            return Guess((), bare=any(self._addresses.is_bare(word) for word in words(typed)))
        marked = tuple(spelling for spelling in spelled.spellings if not unmarked(spelling))
        return Guess(marked, bare=True, part=not spelled.known)

    def listed(self, kind: str, typed: str) -> Listed | None:
        entries = {"ethnicity": self._peoples, "nationality": self._nations}.get(kind)
        if entries is None:
            return None
        said = _key(typed)
        for before in _SAID_BEFORE:
            said = said.removeprefix(before)
        said = said.replace(" ", "")
        if said in entries:
            return Listed(entries[said])
        alike = sorted(
            ((fuzz.ratio(said, key), entry) for key, entry in entries.items()), key=lambda one: one[0], reverse=True
        )
        near = dict.fromkeys(entry for score, entry in alike if score >= _ALIKE)
        return Listed("", tuple(near)[:_OFFERED])

    @cached_property
    def _phrases(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for phrase in self._names.phrases.split(","):
            found.setdefault(" ".join(words(fold(phrase))), " ".join(phrase.split()))
        return found

    @cached_property
    def _peoples(self) -> Mapping[str, str]:
        return _entries(self._names.peoples)

    @cached_property
    def _nations(self) -> Mapping[str, str]:
        return _entries(self._names.nations)


def _key(text: str) -> str:
    return " ".join(words(fold(text)))


def _entries(listed: str) -> dict[str, str]:
    """Official names by all that they go by, without marks and spaces."""
    found: dict[str, str] = {}
    for line in listed.split(","):
        entry, _, others = line.partition("=")
        entry = " ".join(entry.split())
        for said in (entry, *others.split()):
            found.setdefault(_key(said).replace(" ", ""), entry)
    return found
