"""`motcua photo`: what our own check makes of photos, one JSON line each. It needs neither database nor settings."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec.structs import asdict

from conversations.messages import Finding

_WORDS: Final = {  # what a citizen is told about a verdict, for those who read a terminal
    "empty": "the file is empty",
    "unsupported": "not a JPEG, PNG, WebP, HEIC or PDF",
    "corrupt": "broken or cut off",
    "too-large": "more than 60 megapixels",
    "encrypted": "a PDF with a password",
    "too-many-pages": "a PDF of more than 20 pages",
}
_SAID: Final = {"screenshot": "no-document"}  # there is no paper in one


def photo(files: Sequence[str]) -> int:
    """The exit status tells whether all of them were there to be read."""
    from documents import reading  # noqa: PLC0415 - heavy, and no other command needs it

    reading.installed()  # else it says once that no titles are read
    missing = False
    for name in files:
        try:
            data = Path(name).read_bytes()
        except OSError as error:
            missing = True
            _say(_line(name, error=error.strerror or "cannot be read"))
        else:
            _say(line(name, data))
    return int(missing)


def line(name: str, data: bytes) -> dict[str, Any]:
    from documents import examine  # noqa: PLC0415 - as above

    found = examine.examine(data).finding
    if found.verdict != "ok":
        return _line(name, error=_WORDS[found.verdict], ms=found.ms)
    return _line(name, found, ms=found.ms)


def _line(name: str, found: Finding | None = None, *, error: str = "", ms: int = 0) -> dict[str, Any]:
    """A page on its side is turned without asking: it is told, and is no reason to take another photo."""
    problems = _unlike(_SAID.get(p, p) for p in found.problems) if found else []
    line = {
        "file": name,
        "ok": found is not None and not problems,
        "problems": [*problems, *(["sideways"] if found and found.turned else [])],
        "qr": asdict(found.card) if found and found.card else None,
        "ms": ms,
    }
    return line | ({"error": error} if error else {})


def _unlike(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
