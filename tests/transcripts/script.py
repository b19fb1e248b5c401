"""A transcript: lines that people write, each followed by all that anybody reads because of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from domain.values import VIETNAM

INPUT: Final = re.compile(r"(citizen(?: [a-zà-ỹ]+)?|staff \S+|bank|mail|time|restart):(?: |$)")
_OUTPUT: Final = re.compile(r"[^\s#][^:\n]{0,30}:(?: |$)")
_HEADER: Final = re.compile(r"# (at|undo|databases|officers|after|account|post): (.+)")
_OFFICER: Final = re.compile(r"(\S+?)( \(head\))?(?: @(\S+))?")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a transcript: something somebody does, or a comment or empty line that is kept as it stands."""

    line: str
    who: str = ""
    said: str = ""


@dataclass(slots=True)
class Script:
    """A file taken apart."""

    name: str
    steps: list[Step] = field(default_factory=list)
    at: datetime = datetime(2026, 11, 23, 10, 0, tzinfo=VIETNAM)
    undo: float = 0
    databases: tuple[str, ...] = ("sqlite",)
    officers: tuple[tuple[str, str, str], ...] = (("Thu", "officer", "son-tien"), ("Hà", "head", "son-tien"))
    after: str = ""
    account: str = ""  # the office whose bank account is known
    post: tuple[str, ...] = ()  # "mail" and "sms", where they are set up


def read(path: Path) -> Script:
    """What people do in it; what they read is left out, for it is made anew and compared."""
    script = Script(path.stem)
    for line in _kept(path.read_text(encoding="utf-8").splitlines()):
        header = _HEADER.fullmatch(line)
        if header is not None:
            _set(script, header[1], header[2].strip())
        acted = INPUT.match(line)
        if acted is not None:
            script.steps.append(Step(line, acted[1], line[acted.end() :].strip()))
        else:
            script.steps.append(Step(line))
    return script


def steps_before(script: Script, folder: Path) -> list[Step]:
    """What happened in the transcripts that this one goes on from, the earliest first."""
    if not script.after:
        return []
    earlier = read(folder / f"{script.after}.txt")
    return [*steps_before(earlier, folder), *earlier.steps]


def _kept(lines: list[str]) -> Iterator[str]:
    """Without output: lines with a speaker who is not an input, and what is indented beneath them."""
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if INPUT.match(line) or not _OUTPUT.match(line):
            yield line
            continue
        while at < len(lines):
            rest = at
            while rest < len(lines) and not lines[rest].strip():
                rest += 1
            if rest == len(lines) or not lines[rest].startswith(" "):
                break
            at = rest + 1


def _set(script: Script, key: str, value: str) -> None:
    match key:
        case "at":
            script.at = datetime.fromisoformat(value).replace(tzinfo=VIETNAM)
        case "undo":
            script.undo = float(value)
        case "databases":
            script.databases = tuple(value.split(", "))
        case "after":
            script.after = value
        case "account":
            script.account = value
        case "post":
            script.post = tuple(value.split(", "))
        case _:
            script.officers = tuple(_officer(one) for one in value.split(", "))


def _officer(words: str) -> tuple[str, str, str]:
    found = _OFFICER.fullmatch(words)
    assert found is not None, words
    return found[1], "head" if found[2] else "officer", found[3] or "son-tien"
