"""A dossier that nobody opens, over the whole program: who hears of it where, and when nobody does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot import closures, own_ways, reach
from bot.scene import present
from conversations.closure import OFFICE, DeclareClosure
from conversations.messages import Started, TextSent, TryLater, Undeliverable
from domain.values import VIETNAM
from storage.sealed import Keys
from storage.work import Work
from tests.bot.senders import Messenger
from tests.bot.walk import hand_in, records
from tests.bot.whole import Actor, Whole, running

EASY = "xac-nhan-tinh-trang-hon-nhan"
SETTINGS: Final[dict[str, Any]] = {
    "smtp_url": "smtp://localhost:25",
    "mail_from": "motcua@example.vn",
    "sms_gateway": "json",
    "sms_url": "https://sms.example.vn",
}
PHONE, MAIL = "+84984123456", "thu@example.vn"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


class Outside:
    """Networks at which officers have addresses."""

    def __init__(self, whole: Whole) -> None:
        self.sms, self.mail = Messenger(), Messenger()
        whole.app.senders.update({"sms": self.sms, "email": self.mail})

    @property
    def told(self) -> list[tuple[str, str]]:
        """Where, and what; in the order of networks."""
        return [(call.address, call.text) for network in (self.sms, self.mail) for call in network.calls]

    @property
    def where(self) -> list[str]:
        return [address for address, _ in self.told]


@pytest.fixture
async def desk(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """With e-mail and SMS, on both kinds of database."""
    async with running(database_url, tmp_path, **SETTINGS) as whole:
        yield whole


async def address(whole: Whole, officer: Actor, channel: str, value: str) -> None:
    def add(work: Work) -> None:
        work.chats.alerts(reach.chat(present(work, whole.world), channel, value).id, officer.officer)

    await whole.run(add)


async def people(whole: Whole) -> tuple[Actor, Actor, Outside]:
    outside = Outside(whole)
    thu, head = await whole.officer("Thu"), await whole.officer("Hà", "head")
    await address(whole, thu, "sms", PHONE)
    await address(whole, thu, "email", MAIL)
    await address(whole, head, "email", "ha@example.vn")
    return thu, head, outside


async def handed_in(whole: Whole) -> str:
    citizen = await whole.citizen()
    await citizen.send(Started())
    record = await hand_in(citizen, whole.world.catalogue.procedures[EASY])
    return record.id


async def time(whole: Whole, moment: datetime) -> None:
    await whole.pass_time(moment - whole.world.now())


async def test_the_clerk_hears_after_two_working_hours_and_the_head_once_after_three(desk: Whole) -> None:
    _, _, outside = await people(desk)
    await time(desk, at(23, 10, 30))
    await handed_in(desk)
    (record,) = await records(desk)
    started = record.submitted_at.astimezone(VIETNAM)
    await time(desk, at(23, 13, 59))  # noon does not count
    assert outside.told == []
    await time(desk, started.replace(hour=14, minute=30 + started.minute % 30))
    assert outside.where == [PHONE]
    ((_, words),) = outside.told
    assert record.tracking_code[:4] in words
    assert words.startswith("Mot cua: ho so moi cho 2 gio lam viec chua ai mo: Cap giay xac nhan tinh trang hon nhan")
    assert "Hoa" not in words
    await time(desk, at(23, 15, 58))
    assert outside.where == [PHONE, "ha@example.vn"]
    assert "Nhờ lãnh đạo phân công" in outside.told[1][1]
    await time(desk, at(27, 10))
    assert len(outside.told) == 2


async def test_whoever_has_no_clerk_at_hand_goes_to_the_head(desk: Whole) -> None:
    thu, _, outside = await people(desk)
    await thu.send(TextSent("/vang"))
    await handed_in(desk)
    await time(desk, at(23, 14, 30))
    assert outside.where == ["ha@example.vn"]


@pytest.mark.parametrize("how", ["claim", "look", "decide"])
async def test_what_was_opened_is_not_spoken_of(desk: Whole, how: str) -> None:
    thu, head, outside = await people(desk)
    dossier = await handed_in(desk)
    if how == "claim":
        await thu.press(f"d:claim:{dossier}")
    elif how == "look":
        await head.press(f"d:papers:{dossier}")
    else:
        await head.press(f"d:take:{dossier}")
    await time(desk, at(23, 16))
    assert outside.told == []


async def test_what_is_opened_after_the_clerk_heard_does_not_reach_the_head(desk: Whole) -> None:
    thu, _, outside = await people(desk)
    dossier = await handed_in(desk)
    await time(desk, at(23, 14, 40))
    await thu.press(f"d:claim:{dossier}")
    await time(desk, at(23, 17))
    assert outside.where == [PHONE]


async def test_a_look_at_a_list_is_no_look(desk: Whole) -> None:
    thu, _, outside = await people(desk)
    await handed_in(desk)
    await thu.send(TextSent("/tim hôn nhân"))
    await time(desk, at(23, 14, 40))
    assert outside.where == [PHONE]


async def test_nobody_is_called_out_of_hours(desk: Whole) -> None:
    _, _, outside = await people(desk)
    await time(desk, at(23, 17))
    await handed_in(desk)
    for moment in (at(23, 23), at(24, 10), at(25, 8, 40)):  # the 24th is a holiday
        await time(desk, moment)
        assert outside.told == []
    await time(desk, at(25, 9, 10))
    assert outside.where == [PHONE]


async def test_what_was_slept_through_is_said_when_the_door_opens(desk: Whole) -> None:
    _, _, outside = await people(desk)
    await handed_in(desk)
    desk.world.clock = at(23, 20)  # nobody was there meanwhile
    await desk.app.idle()
    assert outside.told == []
    await time(desk, at(25, 7, 31))
    assert outside.where == [PHONE]


async def test_an_address_that_fails_is_followed_by_the_next(desk: Whole) -> None:
    _, _, outside = await people(desk)
    outside.sms.faults[PHONE].append(Undeliverable("gone"))
    await handed_in(desk)
    await time(desk, at(23, 14, 40))
    assert outside.where == [MAIL]
    assert "hồ sơ mới chờ 2 giờ làm việc" in outside.told[0][1]
    officer = await desk.run(lambda work: next(o for o in work.officers.all() if o.name == "Thu"))
    ways = await desk.run(lambda work: own_ways.of(present(work, desk.world), officer.id))
    assert [(way.channel, way.unreachable) for way in ways] == [("sms", "gone"), ("email", "")]


async def test_a_network_that_is_down_is_not_waited_for(desk: Whole) -> None:
    _, _, outside = await people(desk)
    outside.sms.faults[PHONE].append(TryLater(900))
    await handed_in(desk)
    await time(desk, at(23, 14, 30))
    assert outside.told == []
    await desk.pass_time(timedelta(seconds=61))
    assert outside.where == [MAIL]
    await desk.pass_time(timedelta(seconds=900))
    assert outside.where == [MAIL], "what comes late is not said"


async def test_an_office_that_is_closed_is_left_alone(desk: Whole) -> None:
    _, head, outside = await people(desk)
    await handed_in(desk)

    def close(work: Work) -> None:
        officer = work.officers.get(head.officer)
        assert officer is not None
        said = DeclareClosure(OFFICE, at(23, 11), at(25, 17), "mất điện")
        closures.declare(present(work, desk.world), officer, said)

    await desk.run(close)
    await time(desk, at(25, 10))
    assert PHONE not in outside.where


async def test_where_nobody_left_an_address_nothing_changes(whole: Whole) -> None:
    thu = await whole.officer("Thu")
    await handed_in(whole)
    await thu.news()
    before = set(thu.shown)
    await time(whole, at(23, 15, 30))
    await thu.news()
    assert [thu.shown[key].message.text for key in thu.shown if key not in before] == []


async def test_a_citizen_who_waits_for_a_person_reaches_the_head_too(desk: Whole) -> None:
    _, _, outside = await people(desk)
    citizen = await desk.citizen()
    await citizen.send(Started())
    await citizen.press("call")
    await citizen.says("Cho tôi hỏi lịch tiêm chủng")
    await time(desk, at(23, 14, 40))
    assert outside.where == ["ha@example.vn"]
    assert "chờ gặp cán bộ" in outside.told[0][1]
