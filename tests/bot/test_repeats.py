"""Every messenger redelivers: an event that comes three times is handled once."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from conversations.messages import Event, Inbound, Pressed, TextSent
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot import replay
from tests.bot.test_procedures import CATALOGUE
from tests.bot.walk import finish, greeted, hand_in, records, to_review
from tests.bot.whole import Whole, running

PROCEDURE = CATALOGUE.procedures["xac-nhan-tinh-trang-hon-nhan"]
_COUNTED = (t.dossiers, t.drafts, t.answers, t.documents, t.history, t.messages, t.files, t.consents, t.calls, t.jobs)


def _rows(work: Work) -> Counter[str]:
    return Counter(
        {table.name: work.connection.scalar(select(func.count()).select_from(table)) or 0 for table in _COUNTED}
    )


async def _road(whole: Whole, times: int) -> tuple[Counter[str], list[tuple[str, str, str]]]:
    """From the first word to the paper in the hand, each event `times` times; gives what is stored."""
    whole.times = times
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await hand_in(citizen, PROCEDURE)
    await citizen.press(f"call:{record.id}")
    await citizen.says("Cho tôi hỏi")
    await citizen.press("endcall")
    await finish(officer, forwards=False)
    (after,) = await records(whole)
    await whole.run(lambda work: replay.check(work, after))
    rows = await whole.run(lambda work: work.history.of(record.id))
    return await whole.run(_rows), [(row.actor == "citizen", row.what, row.to_status) for row in rows]  # type: ignore[misc]


async def test_three_times_is_once(tmp_path: Path, sqlite_template: Path, keys: Keys) -> None:
    stored = []
    for times in (1, 3):
        file = shutil.copy(sqlite_template, tmp_path / f"{times}.sqlite3")
        async with running(f"sqlite:///{file}", tmp_path / str(times)) as whole:
            stored.append(await _road(whole, times))
    assert stored[0] == stored[1]


async def test_two_presses_at_once_make_one_dossier(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen = await greeted(whole)
    await citizen.press(f"start:{PROCEDURE.id}")
    await to_review(citizen, PROCEDURE)
    submit = next(value for value in citizen.buttons if value.startswith("submit:"))

    def event(n: int, event: Event) -> Inbound:
        return Inbound(citizen.reader.channel, citizen.reader.address, f"twice-{n}", event, whole.world.now())

    await asyncio.gather(*(whole.app.receiver.receive(event(n, Pressed(submit))) for n in range(5)))
    assert len(await records(whole)) == 1
    await asyncio.gather(*(whole.app.receiver.receive(event(n + 10, TextSent("menu"))) for n in range(3)))


async def test_two_officers_claim_at_once_and_one_has_it(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen = await greeted(whole)
    thu, minh = await whole.officer("Thu"), await whole.officer("Minh")
    record = await hand_in(citizen, PROCEDURE)
    await asyncio.gather(thu.press(f"d:claim:{record.id}"), minh.press(f"d:claim:{record.id}"))
    (after,) = await records(whole)
    assert after.owner in (thu.officer, minh.officer)
    loser = minh if after.owner == thu.officer else thu
    await loser.press(f"d:accept:{record.id}")
    (after,) = await records(whole)
    assert after.status == "submitted"
    history = await whole.run(lambda work: work.history.of(record.id))
    assert [entry.what for entry in history] == ["submit", "claim"]
