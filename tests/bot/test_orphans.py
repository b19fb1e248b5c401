"""Files that a crash left without a row go, a day later and after a second look; nothing else does."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import app as of_app
from bot import orphans, retention
from bot.orphans import Orphans
from conversations.messages import Inbound, TextSent
from storage.files import Folder, Kept
from storage.sealed import Keys
from storage.work import Work
from tests.bot.whole import Whole, running

OLD = 2 * 86_400.0


@pytest.fixture
async def whole(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(database_url, tmp_path) as made:
        yield made


class Shelf:
    """A folder of files, some with rows; as old as they are said to be."""

    def __init__(self, whole: Whole, root: Path) -> None:
        self.whole = whole
        self.root = root
        self.store = Folder(root)
        self.orphans = Orphans(whole.app.database, whole.world, self.store)

    def put(self, age: float) -> Kept:
        kept = Kept(b"x", "image/jpeg", "")
        self.store.put(kept.file.ref, kept.sealed)
        self.age(kept.file.ref, age)
        return kept

    def age(self, name: str, age: float) -> None:
        at = time.time() - age
        os.utime(self.root / name[:2] / name, (at, at))

    async def row(self, kept: Kept) -> None:
        def add(work: Work) -> None:
            chat = work.chats.open_citizen("web", "1", self.whole.world.now())
            work.files.add(kept, chat.id, kept.file.ref, self.whole.world.now())

        await self.whole.run(add)

    def names(self) -> set[str]:
        return {path.name for path in self.root.rglob("*") if path.is_file()}


@pytest.fixture
def shelf(whole: Whole, tmp_path: Path) -> Shelf:
    return Shelf(whole, tmp_path / "shelf")


async def test_only_what_is_old_and_has_no_row_goes(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    lost, young, known = shelf.put(OLD), shelf.put(60), shelf.put(OLD)
    await shelf.row(known)
    half = shelf.root / lost.file.ref[:2] / f"{lost.file.ref}.part"
    half.write_bytes(b"half of it")
    shelf.age(half.name, OLD)
    assert await shelf.orphans.sweep() == 0  # the first look
    assert await shelf.orphans.sweep() == 0  # ten minutes are not over
    monkeypatch.setattr(orphans, "_AGAIN", 0.0)
    assert await shelf.orphans.sweep() == 2
    assert shelf.names() == {young.file.ref, known.file.ref}
    noted = await shelf.whole.run(lambda work: work.retention.noted(1))
    assert [(what, count) for _, what, count in noted] == [("orphans", 2)]


async def test_what_got_its_row_between_the_two_looks_stays(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a clock went wrong by days while a transaction was under way."""
    monkeypatch.setattr(orphans, "_AGAIN", 0.0)
    kept = shelf.put(OLD)
    assert await shelf.orphans.sweep() == 0
    await shelf.row(kept)
    assert await shelf.orphans.sweep() == 0
    assert shelf.names() == {kept.file.ref}


async def test_once_a_day(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PC that is started anew each morning does not begin anew each time."""
    monkeypatch.setattr(orphans, "_AGAIN", 0.0)
    await shelf.orphans.sweep()
    shelf.put(OLD)
    assert [await shelf.orphans.sweep() for _ in range(3)] == [0, 0, 0]
    await shelf.whole.pass_time(timedelta(days=1, minutes=1))
    assert sum([await shelf.orphans.sweep() for _ in range(3)]) == 1


async def test_what_goes_once_a_day_keeps_no_event_waiting(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an old installation it takes long; what a dead process left is taken up all the same."""
    clearing = asyncio.Event()

    async def endless(*_: object) -> None:
        clearing.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(of_app, "_SWEEP", 0.02)
    monkeypatch.setattr(retention, "carry_out", endless)
    whole.app.start()
    async with asyncio.timeout(60):
        await clearing.wait()
        left = Inbound("web", "someone", "e1", TextSent("menu"), whole.world.now())
        await whole.run(lambda work: work.inbox.keep(left))
        while await whole.run(lambda work: work.inbox.to_retry()):  # noqa: ASYNC110 - the sweep rings no bell
            await asyncio.sleep(0.05)
