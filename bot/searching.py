"""`motcua search`: what the search makes of messages, why, and what was asked in vain."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from bot import command_audit, explaining
from bot.app import opened
from bot.scene import present
from bot.settings import Settings
from catalogue.fold import fold, words
from catalogue.load import load
from catalogue.model import Catalogue
from catalogue.search import Found, Search

_HALF: Final = re.compile("[\ud800-\udfff]")  # half a surrogate pair: JSON may hold one, UTF-8 may not
_SHOWN: Final = 200  # what was asked in vain, the most frequent
_BROKEN_PIPE: Final = 141  # what a shell shows for whoever went on writing to a closed pipe


def search(queries: Iterable[str], office: str) -> int:
    """One JSON line for each, as soon as it is asked."""
    catalogue = _loaded(office)
    if catalogue is None:
        return 1
    searching = Search(catalogue)
    try:
        for query in queries:
            _say(_line(query, searching.find(query, office=office or None)))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the last flush finds a reader
        return _BROKEN_PIPE
    return 0


def lines() -> Iterator[str]:
    """The queries on standard input, one a line: {"q": …}, or the bare words."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8-sig", errors="replace").rstrip("\r\n")
        yield _query(line)


def _query(line: str) -> str:
    """What is no such object is taken as the words themselves, so that every line gets its answer."""
    if line.lstrip().startswith("{"):
        try:
            given = json.loads(line)
        except (ValueError, RecursionError):
            return line
        if isinstance(given, dict) and isinstance(given.get("q"), str):
            return str(given["q"])
    return line


def explain(query: str, office: str) -> int:
    """Why, in words for an official who may add an alias."""
    catalogue = _loaded(office)
    if catalogue is None:
        return 1
    for line in explaining.lines(Search(catalogue).explain(query, office=office or None), catalogue):
        _say(_printable(line))
    return 0


async def missed(settings: Settings, office: str) -> int:
    """What was asked and not found, the most frequent first."""
    async with opened(settings) as app:
        if office and office not in app.world.catalogue.offices:
            _say(_no_office(office, app.world.catalogue.offices))
            return 1
        await app.database.run(lambda work: command_audit.note(present(work, app.world), "search --missed", office))
        asked = await app.database.run(lambda work: work.history.misses(office))
    groups: dict[str, list[tuple[str, str]]] = {}
    for query, day in asked:
        groups.setdefault(" ".join(words(fold(query))), []).append((day, query))
    if not groups:
        _say("Chưa có câu nào hỏi mà không tìm thấy.")
    for same in sorted(groups.values(), key=lambda same: (len(same), max(same)[0]), reverse=True)[:_SHOWN]:
        days = sorted({day for day, _ in same})
        when = _day(days[0]) if len(days) == 1 else f"{_day(days[0])} đến {_day(days[-1])}"
        _say(f"{len(same):4} lần  {when:23}  {_printable(max(same)[1])}")
    return 0


def _loaded(office: str) -> Catalogue | None:
    """None, once that is said, where there is no such office."""
    catalogue = load()
    if not office or office in catalogue.offices:
        return catalogue
    sys.stderr.write(_no_office(office, catalogue.offices) + "\n")
    return None


def _no_office(office: str, offices: Iterable[str]) -> str:
    return f"Không có đơn vị {office}. Có: {', '.join(offices)}"


def _line(query: str, found: Found) -> str:
    written = {
        "q": query,
        "ranked": [hit.id for hit in found.ranked],
        "confident": found.confident,
        "outside": (found.outside.code or found.outside.id) if found.outside else None,
    }
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(written, ensure_ascii=False))


def _printable(line: str) -> str:
    """On one line, nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in line)


def _day(day: str) -> str:
    year, month, number = day.split("-")
    return f"{number}/{month}/{year}"


def _say(line: str) -> None:
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()
