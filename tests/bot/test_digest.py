"""The morning's list over the whole program: at the office's hour, on working days, once."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot import digest
from conversations.messages import Started
from domain.deadlines import Calendar
from domain.values import VIETNAM
from storage.sealed import Keys
from tests.bot.walk import hand_in
from tests.bot.whole import Actor, Whole, running
from tests.domain.test_deadlines import CALENDAR, at

EASY = "xac-nhan-tinh-trang-hon-nhan"
HEADING = "Việc hôm nay, "


@pytest.mark.parametrize(
    ("now", "chosen", "next_one"),
    [
        (at(23, 7, 29), None, at(23, 7, 30)),
        (at(23, 7, 30), None, at(25, 7, 30)),  # the 24th is a day off
        (at(27, 9), None, at(30, 7, 30)),  # over the weekend
        (at(23, 7, 29), time(7), at(25, 7)),
        (at(1, 12, month=9), None, at(2, 7, month=9)),  # summer hours
        (at(23, 6), time(8, 15), at(23, 8, 15)),
    ],
)
def test_the_next_list_comes_at_the_offices_hour_on_a_working_day(
    now: datetime, chosen: time | None, next_one: datetime
) -> None:
    assert digest.next_at(CALENDAR, chosen, now) == next_one


async def handed_in(whole: Whole) -> Actor:
    """The head, after a citizen handed something in on Monday at ten."""
    citizen, head = await whole.citizen(), await whole.officer("Hà", "head")
    await citizen.send(Started())
    await hand_in(citizen, whole.world.catalogue.procedures[EASY])
    await head.news()
    return head


async def lists(head: Actor) -> list[tuple[bool, str]]:
    """What came of the morning's list: whether privately, and its first line."""
    news = [shown for shown in await head.news() if not shown.message.card]
    firsts = [(shown.private, shown.message.text.splitlines()[0]) for shown in news]
    return [(private, line) for private, line in firsts if HEADING in line or line.startswith("Thứ")]


async def wait_until(whole: Whole, moment: datetime) -> None:
    await whole.pass_time(moment - whole.world.now())


async def test_one_list_a_working_day_for_the_group_and_for_the_head(whole_on_both: Whole) -> None:
    whole = whole_on_both
    head = await handed_in(whole)
    told: list[tuple[bool, str]] = []
    for hours in range(24 * 7):
        await wait_until(whole, at(24, 0) + timedelta(hours=hours, minutes=45))
        told += await lists(head)
    assert told == [
        (False, "Việc hôm nay, Thứ Tư 25/11/2026"),
        (True, "Thứ Tư 25/11/2026: phải trả lời 1."),
        (False, "Việc hôm nay, Thứ Năm 26/11/2026"),
        (True, "Thứ Năm 26/11/2026: quá hạn 1."),
        (False, "Việc hôm nay, Thứ Sáu 27/11/2026"),
        (True, "Thứ Sáu 27/11/2026: quá hạn 1."),
        (False, "Việc hôm nay, Thứ Hai 30/11/2026"),
        (True, "Thứ Hai 30/11/2026: quá hạn 1."),
    ]


async def test_a_list_that_was_slept_through_comes_after_the_start_and_once(
    sqlite_url: str, tmp_path: Path, keys: Keys
) -> None:
    async with running(sqlite_url, tmp_path) as whole:
        await handed_in(whole)
    async with running(sqlite_url, tmp_path, at=at(25, 9)) as whole:
        head = await whole.officer("Hà", "head")
        await whole.app.idle()
        assert [private for private, _ in await lists(head)] == [False, True]
        await whole.app.idle()
        await wait_until(whole, at(25, 20))
        assert await lists(head) == []
    async with running(sqlite_url, tmp_path, at=at(28, 9)) as whole:  # a Saturday
        head = await whole.officer("Hà", "head")
        await head.news()
        await whole.app.idle()
        assert await lists(head) == []


async def test_an_hour_of_the_offices_own(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path) as whole:
        offices = whole.world.catalogue.offices
        chosen = {**offices, "son-tien": replace(offices["son-tien"], digest_at=time(9, 15))}
        whole.world.catalogue = dataclasses.replace(whole.world.catalogue, offices=chosen)
        head = await handed_in(whole)
        await wait_until(whole, at(25, 9, 14))
        assert await lists(head) == []
        await wait_until(whole, at(25, 9, 15))
        assert [private for private, _ in await lists(head)] == [False, True]


def test_a_calendar_with_only_a_saturday_has_its_list_then() -> None:
    saturday = Calendar(
        CALENDAR.seasons, frozenset(date(2026, 11, 23) + timedelta(n) for n in range(20)) - {date(2026, 11, 28)},
        frozenset({date(2026, 11, 28)}),
    )  # fmt: skip
    assert digest.next_at(saturday, None, at(23, 9)) == datetime(2026, 11, 28, 7, 30, tzinfo=VIETNAM)


async def test_however_many_look_for_work_at_once_there_is_one_list(whole_on_both: Whole) -> None:
    whole = whole_on_both
    head = await handed_in(whole)
    whole.world.clock = at(25, 7, 30)
    await asyncio.gather(*(whole.app.worker.once() for _ in range(8)))
    assert [private for private, _ in await lists(head)] == [False, True]
