"""Traces of people and secrets where none may be: in what the program prints and logs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from catalogue.fold import fold

_LINK: Final = re.compile(r"/canbo/vao/\S+")  # a trial prints its officers' one-time links, and is there for that


def found(text: str, people: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """Which of these are in it, with the line; people also without accents, capitals, or spaces between digits."""
    text = _LINK.sub("/canbo/vao/…", text)
    lines = text.splitlines()
    plain = [fold(line) for line in lines]
    digits = [re.sub(r"(?<=\d)[ .-](?=\d)", "", line) for line in lines]
    seen = []
    for mark in dict.fromkeys(people):
        folded = fold(mark)
        for line, folded_line, joined in zip(lines, plain, digits, strict=True):
            if mark in line or folded in folded_line or mark in joined:
                seen.append(f"{mark!r} in {line[:200]!r}")
    for secret in filter(None, dict.fromkeys(secrets)):
        seen += [f"{secret!r} in {line[:200]!r}" for line in lines if secret in line]
    return seen
