"""Whom an officer telephones: of their own dossiers, by the right name, and never past somebody who has taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from bot import contacts, telephoned
from bot.scene import present
from bot.world import fresh
from conversations.messages import Message
from conversations.state import Contact, Helper
from domain.helping import Standing, Way
from storage import tables as t
from storage.dossiers import Record
from storage.notices import Notice, State, new_check
from storage.sealed import Keys
from storage.work import Work
from tests.bot.test_procedures import CATALOGUE
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import Actor, Whole, running

FULL = CATALOGUE.procedures["xac-nhan-tinh-trang-hon-nhan"]
HELPER = Helper("Nguyễn Thị Hoa", "relative", Way.SHEET, Standing.GIVEN)


@pytest.fixture
async def both(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(database_url, tmp_path) as made:
        yield made


async def untold(whole: Whole, record: Record) -> None:
    """News of it that reached nobody."""
    whole.world.clock += timedelta(minutes=1)

    def add(work: Work) -> None:
        told = Notice(
            fresh(),
            record.person,
            record.chat,
            f"dossier:{record.id}",
            "accept",
            Message("Đã tiếp nhận."),
            new_check(),
            expects=False,
            urgent=False,
            status=State.PHONE,
            told=None,
            page=None,
            number=None,
            made_at=whole.world.now(),
        )
        work.notices.add(told)

    await whole.run(add)


async def calls(whole: Whole, officer: Actor, most: int = 8) -> tuple[int, list[tuple[str, str, str]]]:
    def look(work: Work) -> tuple[int, list[tuple[str, str, str]]]:
        known = work.officers.get(officer.officer)
        assert known is not None
        count, found = telephoned.to_phone(present(work, whole.world), known, most)
        return count, [(one.dossier, one.name, one.phone) for one in found]

    return await whole.run(look)


async def changed(whole: Whole, record: Record, **parts: object) -> Record:
    body = msgspec.structs.replace(record.body, **parts)
    await whole.run(lambda work: work.dossiers.change(record, body=body))
    return next(one for one in await records(whole) if one.id == record.id)


async def test_each_has_the_own_ones_and_the_head_all_of_the_office(both: Whole) -> None:
    thu, nam, head = await both.officer("Thu"), await both.officer("Nam"), await both.officer("Hà", "head")
    elsewhere = await both.officer("Lan", "head", "thuc-hanh")
    first = await hand_in(await greeted(both, "một"), FULL)
    second = await hand_in(await greeted(both, "hai"), FULL)
    await thu.press(f"d:claim:{second.id}")
    await untold(both, second)
    await untold(both, first)
    await untold(both, second)
    hers = (second.id, "Nguyễn Thị Hoa", "+84984123456")
    assert await calls(both, thu) == (1, [hers])
    assert await calls(both, nam) == (0, [])
    assert await calls(both, elsewhere) == (0, [])
    assert await calls(both, head, 1) == (2, [hers])
    assert len((await calls(both, head))[1]) == 2


async def test_that_it_was_shown_is_noted(both: Whole) -> None:
    thu = await both.officer("Thu")
    record = await hand_in(await greeted(both), FULL)
    await thu.press(f"d:claim:{record.id}")
    await untold(both, record)
    await thu.says("/homnay")
    assert "Nguyễn Thị Hoa, 0984 123 456" in thu.last.message.text
    looks = select(t.looks.c.officer, t.looks.c.what).where(t.looks.c.dossier == record.id, t.looks.c.what == "listed")
    assert [tuple(row) for row in await both.run(lambda work: work.connection.execute(looks).all())] == [
        (thu.officer, "listed")
    ]


async def test_a_helper_is_asked_for_by_their_own_name(both: Whole) -> None:
    record = await hand_in(await greeted(both), FULL)
    record = await changed(both, record, applicant="Lê Thị Mận", helper=HELPER)
    found = await both.run(lambda work: contacts.whom(present(work, both.world), record))
    assert found == ("Nguyễn Thị Hoa (hồ sơ của Lê Thị Mận)", "+84984123456")


async def test_where_the_person_helped_left_no_number_the_helpers_is_not_called(both: Whole) -> None:
    record = await hand_in(await greeted(both), FULL)
    record = await changed(both, record, applicant="Lê Thị Mận", helper=HELPER, contact=Contact("Lê Thị Mận"))
    found = await both.run(lambda work: contacts.whom(present(work, both.world), record))
    assert found == ("Lê Thị Mận", "")
    await both.run(lambda work: contacts.note(present(work, both.world), record))
    key = select(t.dossiers.c.phone_key).where(t.dossiers.c.id == record.id)
    assert await both.run(lambda work: work.connection.scalar(key)) == ""
