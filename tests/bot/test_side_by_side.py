"""Two who work on the same thing at the same time, and one who leaves in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import select, update

from bot import absences
from bot.scene import present
from bot.work import Worker
from bot.workshop import Broken, Workshop
from bot.world import fresh
from conversations.messages import Pressed
from domain.dossier import Status
from storage import tables as t
from storage.dossiers import Record
from storage.history import Entry
from storage.sealed import Keys
from tests.bot.test_procedures import CATALOGUE
from tests.bot.walk import greeted, hand_in, records, to_review
from tests.bot.whole import Actor, Whole, jpeg, running

FULL = CATALOGUE.procedures["xac-nhan-tinh-trang-hon-nhan"]


@pytest.fixture
async def holding(sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """Decisions are held for a minute."""
    async with running(sqlite_url, tmp_path, undo=60) as made:
        yield made


async def told_more(whole: Whole, record: Record, officer: Actor) -> None:
    """One paper is asked for again."""
    for press in ("more", "tick:{}:p1", "why:{}:paper-1", "review", "send"):
        await officer.press("d:" + (press.format(record.id) if "{}" in press else f"{press}:{record.id}"))


async def entries(whole: Whole, record: Record) -> list[Entry]:
    return list(await whole.run(lambda work: work.history.of(record.id)))


async def test_a_colleague_sees_the_card_change_after_words_for_another_alone(whole: Whole) -> None:
    thu, ha = await whole.officer("Thu"), await whole.officer("Hà", "head")
    record = await hand_in(await greeted(whole), FULL)
    await thu.news()
    await ha.news()
    watch = whole.app.live.watch(ha.reader)
    await anext(watch)  # a page is open: what is added is kept at hand for it
    await whole.app.live.receive(thu.reader, fresh(), Pressed(f"d:claim:{record.id}"))
    await whole.app.idle()
    assert [shown.message.card for shown in await ha.news()] == [f"dossier:{record.id}"]


async def test_who_leaves_gives_back_what_they_held(whole: Whole) -> None:
    thu, ha = await whole.officer("Thu"), await whole.officer("Hà", "head")
    record = await hand_in(await greeted(whole), FULL)
    await thu.press(f"d:claim:{record.id}")
    officer = await whole.run(lambda work: work.officers.get(thu.officer))
    assert officer is not None
    cookie = await whole.run(lambda work: work.tokens.make("staff", thu.reader.chat, 60))
    assert await whole.app.live.who(cookie, staff=True) is not None
    await whole.run(lambda work: absences.leave(present(work, whole.world), officer))
    assert await whole.app.live.who(cookie, staff=True) is None
    assert [entry.what for entry in await entries(whole, record)] == ["submit", "claim", "lapse"]
    await ha.press(f"d:claim:{record.id}")
    assert (await records(whole))[0].owner == ha.officer


async def test_a_supplement_that_was_given_up_can_be_begun_again(whole: Whole) -> None:
    citizen, thu = await greeted(whole), await whole.officer("Thu")
    record = await hand_in(citizen, FULL)
    await thu.press(f"d:claim:{record.id}")
    await told_more(whole, record, thu)
    await citizen.press(f"fix:{record.id}")
    await citizen.sends(jpeg(80))
    await citizen.says("hủy")
    await citizen.press_label("Xóa phần bổ sung")
    await citizen.press(f"fix:{record.id}")
    for width in (81, 82):
        await citizen.sends(jpeg(width))
    await citizen.press_label("Gửi bổ sung")
    assert (await records(whole))[0].status == Status.SUBMITTED
    kept = await whole.run(lambda work: set(work.connection.scalars(select(t.files.c.id))))
    documents = await whole.run(
        lambda work: list(work.connection.execute(select(t.documents.c.file, t.documents.c.copies)))
    )
    printed = await whole.run(lambda work: {issued.file for issued in work.slips.of(record.id)})
    assert kept == {ref for file, copies in documents for ref in (file, *copies.split())} | printed


async def test_photos_that_were_taken_away_are_not_kept(whole: Whole) -> None:
    citizen = await greeted(whole)
    await citizen.press(f"start:{FULL.id}")
    await to_review(citizen, FULL)
    await citizen.press(next(value for value in citizen.buttons if value.startswith("edit-papers:")))
    for value in citizen.buttons:
        await citizen.press(value)
        if redo := next((value for value in citizen.buttons if value.startswith("redo:")), ""):
            await citizen.press(redo)
            break
    await citizen.says("hủy")
    await citizen.press_label("Xóa hồ sơ này")
    assert await whole.run(lambda work: work.connection.scalars(select(t.files.c.id)).all()) == []


async def test_a_held_decision_that_the_citizen_overtook_is_said_and_recorded(holding: Whole) -> None:
    citizen, thu = await greeted(holding), await holding.officer("Thu")
    record = await hand_in(citizen, FULL)
    await thu.press(f"d:claim:{record.id}")
    await thu.press(f"d:accept:{record.id}")
    await citizen.press(f"wd:{record.id}")
    await citizen.press(f"wdok:{record.id}")
    assert any("không có hiệu lực" in shown.message.text for shown in await thu.news())
    assert [entry.what for entry in await entries(holding, record)] == ["submit", "claim", "void", "withdraw"]


async def test_a_held_decision_whose_job_was_set_aside_is_taken_up_again(holding: Whole) -> None:
    citizen, thu = await greeted(holding), await holding.officer("Thu")
    record = await hand_in(citizen, FULL)
    await thu.press(f"d:claim:{record.id}")
    await thu.press(f"d:accept:{record.id}")
    await holding.run(lambda work: work.connection.execute(update(t.jobs).values(status="aside")))
    await holding.pass_time(timedelta(minutes=3))
    assert (await records(holding))[0].status == Status.SUBMITTED
    await holding.run(holding.app.tidy)  # what its sweep does every half a minute
    await holding.app.idle()
    assert (await records(holding))[0].status == Status.ACCEPTED


class Dying(Workshop):
    async def run(self, *_: object, **__: object) -> NoReturn:
        """Dies of whatever it is given."""
        raise Broken


async def test_a_file_that_kills_whoever_opens_it_is_asked_for_again(
    whole: Whole, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.work._PAUSES", (0.0,))
    app = whole.app
    citizen = await greeted(whole)
    await citizen.press(f"start:{FULL.id}")
    await to_review(citizen, FULL, "paper:")
    await citizen.press(next(value for value in citizen.buttons if value.startswith("paper:")))
    store = app.live._store  # noqa: SLF001 - the one that the app opened
    app.worker = Worker(app.database, whole.world, app.receiver, store, shop=Dying())
    await citizen.sends(jpeg())
    for _ in range(4):
        await asyncio.sleep(0.01)
        await app.idle()
    await citizen.news()
    assert any("không mở được" in shown.message.text for shown in citizen.shown.values())
    assert await whole.run(lambda work: work.connection.scalars(select(t.jobs.c.kind)).all()) == [
        "draft"
    ]  # its own clock
    caplog.clear()  # that the worker died is logged, and meant here
