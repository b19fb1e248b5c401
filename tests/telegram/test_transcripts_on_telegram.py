"""The transcripts over Telegram: citizens and officers read there what they read on the live pages.

What differs on purpose is taken out of both sides before they are compared: Telegram's messages may hold several of
ours; an album stands above the words and buttons that belong to it; the group shows no files and no long numbers, so
what a citizen says there comes to the officer in private too, who also reads that an answer was passed on. What the
group itself shows has tests in tests/bot/test_staff_*.py.

Of the stories that fill in one form each, which are much alike to a messenger, one is played; all of them with
`TRANSCRIPTS=all`.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from conversations.messages import Shown
from conversations.render import text
from handlers import telegram_citizens_taps
from handlers.telegram_pieces import spoken
from storage.sealed import Keys
from tests.bot.whole import Whole
from tests.telegram.fake import FakeTelegram
from tests.telegram.on_telegram import Town, running_on_telegram
from tests.transcripts import script
from tests.transcripts.script import Script
from tests.transcripts.stage import Stage, perform
from tests.transcripts.test_transcripts import FOLDER, SCRIPTS

GIVEN = text("desk.sent")
CITIZEN = text("desk.citizen")
HINTS = {  # what a messenger that spoils photos is told instead
    text("papers.card-unread-file"): text("papers.card-unread"),
    text("upload.ways-page-apart"): text("upload.ways-page"),
    "\n" + text("upload.ways-file"): "",
}


_IN_TELEGRAM = re.compile(r"\nMở bằng Telegram: \S+")  # a second link, where the citizens' bot is known
STORIES = ("cb-", "dan-", "nop-", "nho-", "bo-", "khai-sinh")  # how those begin that are always played
PLAYED = [
    name
    for name, asked in SCRIPTS.items()
    if not asked.post and (name.startswith(STORIES) or os.environ.get("TRANSCRIPTS") == "all")
]  # letters and short messages have a stage of their own
ELSEWHERE = text("button.join")  # the way to another channel, where there is one


class Bare(Stage):
    """Prints what was read as data."""

    def _lines(self, who: str, shown: Shown) -> Iterator[str]:
        if who.startswith("desk"):
            return
        message = shown.message
        words = _IN_TELEGRAM.sub("", spoken(message))
        for there, here in HINTS.items():
            words = words.replace(there, here)
        if who in self._officers and (words == GIVEN or words.startswith(CITIZEN)):
            return
        buttons = [self._named(button.label) for button in message.buttons if button.label != ELSEWHERE]
        files = 0 if buttons and len(message.files) > 1 else len(message.files)  # an album has no buttons
        yield "> " + json.dumps([who, self._named(words), files, buttons], ensure_ascii=False)


def joined(lines: list[str]) -> list[Any]:
    """Each step with what each person read: texts without buttons and files run on into the next."""
    read: list[Any] = []
    for line in lines:
        if not line.startswith("> "):
            if script.INPUT.match(line):
                read.append(line)
            continue
        who, text, files, buttons = json.loads(line[2:])
        before = read[-1] if read else None
        if isinstance(before, list) and before[0] == who and not before[3] and not before[2] and not files:
            read[-1] = [who, f"{before[1]}\n\n{text}".strip(), files, buttons]
        else:
            read.append([who, text, files, buttons])
    return read


@pytest.fixture(autouse=True)
def slow_fingers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script's second press is a second press, however fast the script is played."""
    monkeypatch.setattr(telegram_citizens_taps, "_AT_ONCE", 0.0)


@pytest.mark.parametrize("name", PLAYED)
async def test_transcript(name: str, sqlite_template: Path, tmp_path: Path, keys: Keys) -> None:
    asked = SCRIPTS[name]
    before = script.steps_before(asked, FOLDER)
    async with FakeTelegram(limits=False, second=False) as fake:
        town = Town(fake)

        @asynccontextmanager
        async def opened(script: Script, url: str, folder: Path, at: datetime) -> AsyncIterator[Whole]:
            async with running_on_telegram(town, url, folder, undo=script.undo, at=at) as whole:
                yield whole

        url = copied(sqlite_template, tmp_path / "there")
        there = await perform(asked, before, url, tmp_path / "there", opened=opened, kind=Bare)
        fake.assert_clean()
    here = await perform(asked, before, copied(sqlite_template, tmp_path / "here"), tmp_path / "here", kind=Bare)
    read, expected = (json.dumps(joined(lines), ensure_ascii=False, indent=1) for lines in (there, here))
    if read != expected:
        changed = difflib.unified_diff(
            expected.splitlines(), read.splitlines(), "live pages", "Telegram", lineterm="", n=2
        )
        pytest.fail("\n".join(changed), pytrace=False)


def copied(template: Path, folder: Path) -> str:
    """A database of its own."""
    folder.mkdir()
    shutil.copy(template, folder / "motcua.sqlite3")
    return f"sqlite:///{folder / 'motcua.sqlite3'}"
