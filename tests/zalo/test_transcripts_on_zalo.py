"""The transcripts over Zalo: citizens read there what they read on the live page, and officers notice no difference.

What differs on purpose is taken out of both sides before they are compared: several short messages are one of Zalo's,
a file goes alone, news has «Đã xem» where it has no other button. Each story is played where buttons are taken, or
where they are not and numbers and labels are typed; by turns with an account of a company (v3) and of an authority
(v2). The twenty stories of every channel are played; all that can happen there with `TRANSCRIPTS=all`.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from conversations.messages import Shown
from conversations.render import text
from handlers.zalo_pieces import unpressed
from storage.sealed import Keys
from tests.bot.whole import Whole
from tests.telegram.test_transcripts_on_telegram import ELSEWHERE, HINTS, copied
from tests.transcripts import script
from tests.transcripts.every_channel import EVERY_CHANNEL
from tests.transcripts.script import Script
from tests.transcripts.stage import Stage, perform
from tests.transcripts.test_transcripts import FOLDER, SCRIPTS
from tests.zalo.fake import FakeZalo
from tests.zalo.on_zalo import Town, running_on_zalo

SEEN = text("button.seen")
_ARRIVED = re.compile(r"\n\nTin gần nhất: .*")  # by which channel news has arrived is what an officer is told
OLD_LABELS = ("cb-tu-choi",)  # «Xem hồ sơ» of an older message, typed, is what leads to all of one's dossiers
# What nobody can do in Zalo: change what was sent, send an album in several events, come by a link that carries words.
_NOT_THERE = re.compile(r"citizen[^:]*: .*(?:\(edited\)| album \w+\)|\(start \S|\((?:video|too-large|unknown)\))")


def there(name: str) -> bool:
    """Whether a story can happen in Zalo at all."""
    asked = SCRIPTS[name]
    if name == "dan-tim-viec" or asked.post:  # numbers that the text itself has (see test_pieces); letters
        return False
    return not any(_NOT_THERE.match(step.line) for step in (*script.steps_before(asked, FOLDER), *asked.steps))


PLAYED = [name for name in SCRIPTS if there(name) and (name in EVERY_CHANNEL or os.environ.get("TRANSCRIPTS") == "all")]


class Bare(Stage):
    """Prints what was read as data."""

    def _lines(self, who: str, shown: Shown) -> Iterator[str]:
        message = shown.message
        words = f"{message.speaker}:\n{message.text}" if message.speaker and who.startswith("bot") else message.text
        words = _ARRIVED.sub("", words)
        for far, near in HINTS.items():
            words = words.replace(far, near)
        words = unpressed(words)  # nobody is told to press where there is nothing to press
        buttons = [self._named(button.label) for button in message.buttons if button.label != ELSEWHERE]
        if buttons == [SEEN]:
            buttons = []
        yield "> " + json.dumps([who, self._named(words), len(message.files), buttons], ensure_ascii=False)


def joined(lines: list[str]) -> list[Any]:
    """Each step with what each person read: what a citizen reads runs on until there is something to choose."""
    read: list[Any] = []
    for line in lines:
        if not line.startswith("> "):
            if script.INPUT.match(line):
                read.append(line)
            continue
        who, words, files, buttons = json.loads(line[2:])
        before = read[-1] if read else None
        if isinstance(before, list) and before[0] == who and not before[3] and who.startswith("bot"):
            read[-1] = [who, f"{before[1]}\n\n{words}".strip(), before[2] + files, buttons]
        else:
            read.append([who, words, files, buttons])
    return [part for _, parts in groupby(read, type) for part in parts]


async def compared(name: str, template: Path, folder: Path, *, buttons: bool, kind: str) -> None:
    """One story, here and there."""
    asked = SCRIPTS[name]
    before = script.steps_before(asked, FOLDER)
    fake = FakeZalo()
    fake.kind, fake.buttons_taken = kind, buttons
    fake.echo = True
    await fake.start()
    town = Town(fake)

    @asynccontextmanager
    async def opened(script: Script, url: str, folder: Path, at: datetime) -> AsyncIterator[Whole]:
        async with running_on_zalo(town, url, folder, undo=script.undo, at=at) as whole:
            yield whole

    try:
        url = copied(template, folder / "there")
        there = await perform(asked, before, url, folder / "there", opened=opened, kind=Bare)
    finally:
        await fake.stop()
    here = await perform(asked, before, copied(template, folder / "here"), folder / "here", kind=Bare)
    read, expected = (json.dumps(joined(lines), ensure_ascii=False, indent=1) for lines in (there, here))
    if read != expected:
        changed = difflib.unified_diff(expected.splitlines(), read.splitlines(), "live pages", "Zalo", lineterm="", n=2)
        pytest.fail("\n".join(changed), pytrace=False)


@pytest.mark.parametrize("name", PLAYED)
async def test_transcript(name: str, sqlite_template: Path, tmp_path: Path, keys: Keys) -> None:
    number = PLAYED.index(name)
    kind = "state" if number % 2 else "enterprise"
    buttons = number % 4 < 2 or name in OLD_LABELS
    await compared(name, sqlite_template, tmp_path, buttons=buttons, kind=kind)
