"""Places typed without their marks, spelled out from data: "xom 3 son tien ht" -> "Xóm 3, Sơn Tiến, Hà Tĩnh"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice, product
from typing import Final, Literal, NamedTuple

from catalogue.fold import fold
from catalogue.model import Office, Units
from catalogue.syllables import LEGAL
from domain.names import unmarked

OFFERED: Final = 4
_LONGEST: Final = 6  # words of one name or rank
_WORD: Final = r"[^\W\d_]+|\d+[A-Za-z]?\b|\d+"
_LETTERS: Final = r"[^\W\d_]{3,}"

Sort = Literal["name", "rank", "number", "unknown"]


class _Part(NamedTuple):
    """One name, rank, number or unknown word, what stood before it, and how it may be spelled."""

    sort: Sort
    gap: str
    spellings: tuple[str, ...]


class Spelled(NamedTuple):
    """`known`: every word is, so that nothing is left without its marks."""

    spellings: tuple[str, ...]
    known: bool
    named: bool


class Addresses:
    def __init__(
        self, units: Units, offices: Iterable[Office], countries: Iterable[str], plain: frozenset[str]
    ) -> None:
        self._units = units
        self._offices = tuple(offices)
        self._countries = tuple(country for country in countries if " " in country)
        self._plain = plain

    def spelled(self, typed: str) -> Spelled:
        """Only what carries no mark is spelled; unknown words stay as typed."""
        names = self._names_for(typed)
        found = [(m[0], m.start(), m.end()) for m in re.finditer(_WORD, typed)]
        parts: list[_Part] = []
        at, end = 0, 0
        while at < len(found):
            part, used = self._part(typed, found, at, end, names)
            parts.append(part)
            at, end = at + used, found[at + used - 1][2]
            short = f"{found[at - 1][0].lower()}."
            if used == 1 and short in self._units.short and typed[end : end + 1] == ".":
                end += 1
        tail = typed[end:]
        texts = [_joined(parts, chosen) + tail for chosen in islice(product(*(p.spellings for p in parts)), OFFERED)]
        return Spelled(
            tuple(texts),
            known=not any(p.sort == "unknown" and self.is_bare(p.spellings[0]) for p in parts),
            named=any(p.sort == "name" for p in parts),
        )

    def is_bare(self, word: str) -> bool:
        """Whether a word is a Vietnamese syllable that hardly ever goes without marks; of shorter ones nobody knows."""
        return bool(re.fullmatch(_LETTERS, word)) and fold(word) in LEGAL and fold(word) not in self._plain

    def _part(
        self,
        typed: str,
        found: Sequence[tuple[str, int, int]],
        at: int,
        end: int,
        names: Mapping[str, Sequence[str]],
    ) -> tuple[_Part, int]:
        word, begin, until = found[at]
        gap = typed[end:begin]
        for length in range(min(_LONGEST, len(found) - at), 0, -1):
            last = found[at + length - 1][2]
            run = typed[begin:last]
            if not unmarked(run) or re.search(r"[^\w\s]", run):
                continue
            folded = " ".join(fold(w) for w, _, _ in found[at : at + length])
            if folded in names:
                return _Part("name", gap, tuple(names[folded])), length
            if folded in self._ranks:
                return _Part("rank", gap, (self._ranks[folded],)), length
        dotted = f"{word.lower()}."
        if dotted in self._units.short and typed[until : until + 1] == ".":
            return _Part("rank", gap, (self._units.short[dotted],)), 1
        return _Part("number" if word[0].isdigit() else "unknown", gap, (word,)), 1

    def _names_for(self, typed: str) -> Mapping[str, Sequence[str]]:
        """The province's own names, and of others those of the provinces that are named."""
        said = f" {' '.join(m[0] for m in re.finditer(_WORD, fold(typed)))} "
        named = dict(self._near)
        for province, districts in self._far.items():
            if f" {province} " in said:
                named |= {folded: spellings for folded, spellings in districts.items() if folded not in named}
        return named

    @cached_property
    def _ranks(self) -> Mapping[str, str]:
        ranks = {fold(rank): rank for rank in _list(self._units.ranks)}
        return ranks | {short: full for short, full in self._units.short.items() if full[0].islower()}

    @cached_property
    def _near(self) -> Mapping[str, Sequence[str]]:
        units = self._units
        own = {office.province for office in self._offices}
        made = {**units.communes, **units.former}
        names = [name for now, old in made.items() for name in (now, *_list(old))]
        names += [name for new, old in units.provinces.items() for name in (new, *_list(old))]
        names += [name for province in own for name in _list(units.districts.get(province, ""))]
        names += [name for office in self._offices for name in (office.short_name, *office.aliases) if "," not in name]
        names += self._countries
        short = {short: [full] for short, full in units.short.items() if full[0].isupper()}
        return short | _spellings(self._without_rank(name) for name in names)

    @cached_property
    def _far(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        return {fold(p): _spellings(_list(districts)) for p, districts in self._units.districts.items()}

    def _without_rank(self, name: str) -> str:
        head, _, rest = name.partition(" ")
        if fold(head) in self._ranks and rest[:1].isupper() and head.islower():
            return rest
        for rank in ("thị trấn ", "thị xã ", "thành phố ", "UBND ", "Xã ", "xã "):
            name = name.removeprefix(rank)
        return name


def _joined(parts: Sequence[_Part], chosen: Sequence[str]) -> str:
    """Commas between one unit and the next, as an address is written."""
    text = ""
    before: Sort | None = None
    for part, spelling in zip(parts, chosen, strict=True):
        gap = part.gap
        if before is not None:
            if not gap.strip():
                fresh = part.sort in ("name", "rank") and before != "rank"
                gap = ", " if fresh else " "
            elif gap.strip() in ",;":
                gap = gap.strip() + " "
        text += gap + spelling
        before = part.sort
    return text[:1].upper() + text[1:]


def _spellings(names: Iterable[str]) -> dict[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        spellings = found.setdefault(" ".join(re.findall(_WORD, fold(name))), [])
        if name not in spellings:
            spellings.append(name)
    return dict(found)


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
