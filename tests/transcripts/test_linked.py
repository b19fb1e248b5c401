"""Stories of one citizen in several places: a page, another page and a messenger, each written as who speaks."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from bot.outgoing import WEB
from conversations.messages import Shown
from storage.sealed import Keys
from tests.bot.linked import CODE, NUMBER, SETTINGS, person, read
from tests.bot.whole import Actor, Whole, running
from tests.transcripts import script
from tests.transcripts.script import Script
from tests.transcripts.stage import Stage, perform

FOLDER: Final = Path(__file__).parent / "linked"
_NAMED: Final = re.compile(r"\{((?:noi|so)\d+)\}")


@dataclass(slots=True)
class OnMessenger(Actor):
    """What a messenger was given to send."""

    taken: int = 0

    async def news(self) -> list[Shown]:
        messages = await read(self)
        new = [
            Shown(str(number), number + 1, own=False, message=message, at=self.whole.world.now())
            for number, message in enumerate(messages)
            if number >= self.taken
        ]
        self.taken = len(messages)
        self.shown.update({shown.id: shown for shown in new})
        return new


class WholeInPlaces(Whole):
    """Who is called telegram is there; everybody else has a page."""

    async def citizen(self, name: str = "ban") -> Actor:
        made = await person(self, name, "telegram" if name == "telegram" else WEB)
        return OnMessenger(self, made.reader) if name == "telegram" else made


class InPlaces(Stage):
    """Codes and numbers of linking have names, as others have."""

    def _meant(self, said: str) -> str:
        known = {name: code for code, name in self._codes.items()}
        return super()._meant(_NAMED.sub(lambda found: known[found[1]], said))

    def _named(self, text: str) -> str:
        for pattern, name in ((CODE, "noi"), (NUMBER, "so")):
            for found in pattern.finditer(text):
                code = found[found.lastindex or 0]
                count = sum(known.startswith(name) for known in self._codes.values())
                self._codes.setdefault(code, f"{name}{count + 1}")
        for code, known in self._codes.items():
            if known.startswith(("noi", "so")):
                text = text.replace(code, f"{{{known}}}").replace(code.replace("-", ""), f"{{{known}}}")
        return super()._named(text)


@asynccontextmanager
async def in_places(script: Script, url: str, folder: Path, at: datetime) -> AsyncIterator[Whole]:
    async with running(url, folder, undo=script.undo, at=at, **SETTINGS) as plain:
        yield WholeInPlaces(plain.app, plain.world)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
async def test_transcript(path: Path, sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    lines = await perform(script.read(path), [], sqlite_url, tmp_path, opened=in_places, kind=InPlaces)
    compare(path, "\n".join(lines) + "\n")


def compare(path: Path, now: str) -> None:
    written = path.read_text(encoding="utf-8")
    if os.environ.get("REWRITE_TRANSCRIPTS"):
        path.write_text(now, encoding="utf-8")
    elif now != written:
        changed = difflib.unified_diff(
            written.splitlines(), now.splitlines(), "as written", "as it is", lineterm="", n=2
        )
        pytest.fail("\n".join(changed) + "\n\nIf the new words are right: make transcripts", pytrace=False)
