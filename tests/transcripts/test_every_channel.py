"""The twenty stories over the web page's protocol read as on the console; Telegram and Zalo have runners elsewhere."""

from __future__ import annotations

import difflib
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from conversations.messages import Shown
from storage.sealed import Keys
from tests.bot.whole import Whole
from tests.transcripts import script
from tests.transcripts.every_channel import EVERY_CHANNEL
from tests.transcripts.on_web import Town, running_on_web
from tests.transcripts.script import Script
from tests.transcripts.stage import Stage, perform
from tests.transcripts.test_transcripts import FOLDER, SCRIPTS


class Bare(Stage):
    """Prints what was read as data."""

    def _lines(self, who: str, shown: Shown) -> Iterator[str]:
        message = shown.message
        buttons = [self._named(button.label) for button in message.buttons]
        files = [file.media_type for file in message.files]
        yield "> " + json.dumps([who, message.speaker, self._named(message.text), files, buttons], ensure_ascii=False)


def copied(template: Path, folder: Path) -> str:
    folder.mkdir()
    shutil.copy(template, folder / "motcua.sqlite3")
    return f"sqlite:///{folder / 'motcua.sqlite3'}"


@pytest.mark.parametrize("name", EVERY_CHANNEL)
async def test_transcript_on_the_web(name: str, sqlite_template: Path, tmp_path: Path, keys: Keys) -> None:
    asked = SCRIPTS[name]
    before = script.steps_before(asked, FOLDER)
    town = Town()

    @asynccontextmanager
    async def opened(script: Script, url: str, folder: Path, at: datetime) -> AsyncIterator[Whole]:
        async with running_on_web(town, url, folder, undo=script.undo, at=at) as whole:
            yield whole

    url = copied(sqlite_template, tmp_path / "there")
    there = await perform(asked, before, url, tmp_path / "there", opened=opened, kind=Bare)
    here = await perform(asked, before, copied(sqlite_template, tmp_path / "here"), tmp_path / "here", kind=Bare)
    if there != here:
        changed = difflib.unified_diff(here, there, "console", "web page", lineterm="", n=2)
        pytest.fail("\n".join(changed), pytrace=False)


def test_the_same_twenty_are_played_on_every_channel() -> None:
    from tests.telegram.test_transcripts_on_telegram import PLAYED as ON_TELEGRAM  # noqa: PLC0415
    from tests.zalo.test_transcripts_on_zalo import PLAYED as ON_ZALO  # noqa: PLC0415

    assert len(set(EVERY_CHANNEL)) == 20
    assert set(EVERY_CHANNEL) <= set(SCRIPTS), "on the console"
    assert set(EVERY_CHANNEL) <= set(ON_TELEGRAM)
    assert set(EVERY_CHANNEL) <= set(ON_ZALO)
