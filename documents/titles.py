"""Which paper a page is, by its title: told only where it is sure, and a wrong one only where it is clearly another."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec
import tomli
from msgspec import Struct

_DATA: Final = Path(__file__).with_name("titles.toml")
_CARD_BACK: Final = "can-cuoc-mat-sau"
_FOR_MACHINES: Final = re.compile(r"IDVNM[0-9OIB]{9,}.*|(?!P<)[A-Z<]{6,}<{8,}")  # a passport's begin with P<
_ALIKE: Final = 86.0  # of 100, without accents and spaces
_ALMOST: Final = 92.0  # the same of titles of up to two or three words: GIẤY CHỨNG NHẬN is 85 like GIẤY CHỨNG SINH
_FEW: Final = 16  # letters of such a title
_SHORT: Final = 10  # letters below which a line has to be exactly right
_APART: Final = 5.0  # by how much the second likeliest kind must be less alike
_CAPITALS: Final = 0.6  # titles are printed in capitals; what names a paper in passing is not
_JOINED: Final = 3  # lines over which a title may run


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    group: str
    lines: tuple[str, ...]
    anywhere: tuple[str, ...] = ()


class Paper(Struct, frozen=True, forbid_unknown_fields=True):
    fits: tuple[str, ...]
    spared: tuple[str, ...] = ()


class Titles(Struct, frozen=True, forbid_unknown_fields=True):
    scenes: frozenset[str]
    on_screens: frozenset[str]
    kinds: Mapping[str, Kind]
    papers: Mapping[str, Paper]


@functools.cache
def titles() -> Titles:
    return msgspec.convert(tomli.loads(_DATA.read_text(encoding="utf-8")), Titles)


def name(title: str) -> str:
    """What a citizen is told that a paper is; empty for a title that was not read."""
    return titles().kinds[title].name if title else ""


def expected(paper: str) -> bool:
    """Whether there is anything to say about the title of a page sent for this paper."""
    return _paper(paper) is not None


def is_scene(paper: str) -> bool:
    """Whether what was asked for is a photo of somebody or something, and no page."""
    return _key(paper) in titles().scenes


def on_screen(paper: str) -> bool:
    """Whether it may be shown on a telephone."""
    return _key(paper) in titles().on_screens


def fits(title: str, paper: str) -> bool | None:
    """Whether a page with this title is the paper that was asked for; None where there is nothing to be said.

    `paper` is its key, alone or behind its procedure's: "khai-sinh/to-khai".
    """
    wanted, kind = _paper(paper), titles().kinds.get(title)
    if wanted is None or kind is None:
        return None
    words = {title, kind.group}
    if words & set(wanted.fits):
        return True
    return None if words & set(wanted.spared) else False


def named(lines: Iterable[str]) -> str:
    """The kind that these lines are the top of; empty unless one is sure."""
    lines = [line for line in lines if line.strip()]
    if any(_FOR_MACHINES.fullmatch(line.replace(" ", "")) for line in lines):
        return _CARD_BACK
    best: dict[str, float] = {}
    for line, capital in _joined(lines):
        for kind, known, anywhere in _known():
            if anywhere or capital:
                best[kind] = max(best.get(kind, 0.0), _alike(line, known))
    ranked = sorted(((alike, kind) for kind, alike in best.items()), reverse=True)
    if not ranked or not ranked[0][0]:
        return ""
    unsure = len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _APART
    return "" if unsure else ranked[0][1]


def _key(paper: str) -> str:
    return paper.rpartition("/")[2]


def _paper(paper: str) -> Paper | None:
    papers = titles().papers
    return papers.get(paper) or papers.get(_key(paper))


@functools.cache
def _known() -> tuple[tuple[str, str, bool], ...]:
    kinds = titles().kinds.items()
    of_lines = [(key, _bare(line), False) for key, kind in kinds for line in kind.lines]
    return (*of_lines, *((key, _bare(line), True) for key, kind in kinds for line in kind.anywhere))


def _joined(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and each run of few that follow one another, bare; and whether it is in capitals."""
    for first in range(len(lines)):
        for last in range(first + 1, min(first + _JOINED, len(lines)) + 1):
            run = " ".join(lines[first:last])
            letters = [c for c in run if c.isalpha()]
            if letters:
                yield _bare(run), sum(c.isupper() for c in letters) >= _CAPITALS * len(letters)


def _alike(line: str, known: str) -> float:
    from rapidfuzz import fuzz  # noqa: PLC0415 - only where titles are read

    if len(known) < _SHORT:
        return 100.0 if line == known else 0.0
    if len(line) < len(known) - 1 - len(known) // _FEW:
        return 0.0  # its end, which often is all that tells it from others, was not read
    return fuzz.ratio(line, known, score_cutoff=_ALMOST if len(known) <= _FEW else _ALIKE)


def _bare(text: str) -> str:
    """Capital letters without accents and spaces: a reader takes marks on capitals for one another."""
    apart = unicodedata.normalize("NFD", text.upper().replace("Đ", "D"))
    return "".join(c for c in apart if c.isascii() and c.isalnum())
