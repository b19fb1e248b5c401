"""What is no longer kept: answers and photos of old dossiers, old words, and never what another dossier still needs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot import retention
from bot.scene import present
from domain import keeping
from storage import tables as t
from storage.work import Work
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import Actor, Whole

PROCEDURE = "xac-nhan-tinh-trang-hon-nhan"


async def ended(whole: Whole) -> Actor:
    """A dossier that its citizen took back."""
    citizen = await greeted(whole)
    record = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
    await citizen.press(f"wd:{record.id}")
    await citizen.press(f"wdok:{record.id}")
    return citizen


async def count(whole: Whole, table: str) -> int:
    def look(work: Work) -> int:
        return int(work.connection.scalar(select(func.count()).select_from(t.metadata.tables[table])) or 0)

    return await whole.run(look)


async def forget(whole: Whole) -> dict[str, int]:
    gone = dict(await retention.carry_out(whole.app.database, whole.world))
    await whole.app.idle()  # bytes go after their rows
    return gone


async def test_a_year_after_its_end_nothing_of_a_persons_is_left(whole_on_both: Whole) -> None:
    whole = whole_on_both
    await ended(whole)
    (before,) = await records(whole)
    assert await count(whole, "answers")
    await whole.pass_time(timedelta(days=keeping.PAPERS - 1))
    assert "dossiers" not in await forget(whole)
    await whole.pass_time(timedelta(days=2))
    assert (await forget(whole))["dossiers"] == 1
    (after,) = await records(whole)
    assert (await count(whole, "answers"), await count(whole, "documents"), await count(whole, "files")) == (0, 0, 0)
    assert not [path for path in (whole.world.settings.data / "files").rglob("*") if path.is_file()]
    assert after.body.applicant == ""
    assert (after.tracking_code, after.status, after.closed_at) == (before.tracking_code, "withdrawn", before.closed_at)
    assert await whole.run(lambda work: work.history.of(after.id))
    assert "dossiers" not in await forget(whole)


async def test_after_an_update_there_is_time_to_file_what_is_long_due(
    whole_on_both: Whole, caplog: pytest.LogCaptureFixture
) -> None:
    whole = whole_on_both
    await ended(whole)
    await whole.pass_time(timedelta(days=keeping.PAPERS + 1))
    for _ in range(2):  # each start asks
        await whole.run(lambda work: retention.adopt(present(work, whole.world)))
    assert await forget(whole) == {}
    assert "papers of old dossiers go from 24/12/2027 on" in caplog.text
    await whole.pass_time(timedelta(days=keeping.WARNED))
    assert (await forget(whole))["dossiers"] == 1


async def test_where_nothing_is_due_it_begins_at_once(whole: Whole) -> None:
    await ended(whole)
    await whole.run(lambda work: retention.adopt(present(work, whole.world)))
    await whole.pass_time(timedelta(days=keeping.PAPERS + 1))
    await whole.run(lambda work: retention.adopt(present(work, whole.world)))
    assert (await forget(whole))["dossiers"] == 1


async def test_what_a_dossier_begun_again_shares_stays_with_it(whole: Whole) -> None:
    citizen = await ended(whole)
    (old,) = await records(whole)
    await citizen.press(f"again:{old.id}")
    shared = await whole.run(lambda work: [d.ref for d in work.drafts.documents(old.id)])
    assert shared
    await whole.pass_time(timedelta(days=keeping.PAPERS + 1))
    await forget(whole)
    (line,) = await whole.run(lambda work: work.drafts.lines(old.person))
    kept = await whole.run(lambda work: [d.ref for d in work.drafts.documents(line.id)])
    assert kept == shared
    for ref in kept:
        assert await whole.run(lambda work, ref=ref: work.files.get(ref) is not None)  # type: ignore[misc]


async def test_old_words_go_and_cards_stay(whole: Whole) -> None:
    citizen = await ended(whole)
    await whole.officer("Thu")
    lines = await count(whole, "messages")
    await whole.pass_time(timedelta(days=keeping.WORDS + 1))
    assert (await forget(whole))["lines"]
    assert await count(whole, "messages") < lines
    here = t.messages.join(t.chats, t.chats.c.id == t.messages.c.chat)
    group = select(t.messages.c.number).select_from(here).where(t.chats.c.channel == "group")
    left = await whole.run(lambda work: list(work.connection.scalars(group)))
    shown = await whole.run(lambda work: list(work.connection.scalars(select(t.cards.c.message))))
    assert set(map(int, shown)) <= set(left)
    assert (await citizen.says("hồ sơ của tôi"))[-1].message.text  # the chat goes on


async def test_it_is_noted_and_said_in_the_log(whole: Whole, caplog: pytest.LogCaptureFixture) -> None:
    await ended(whole)
    await whole.pass_time(timedelta(days=keeping.PAPERS + 1))
    caplog.set_level("INFO")
    await forget(whole)
    said = [record.getMessage() for record in caplog.records if record.name == "bot.retention"]
    assert any("dossiers 1" in words for words in said)
    noted = await whole.run(retention.newest)
    assert any("dossiers: 1" in words for words in noted)
