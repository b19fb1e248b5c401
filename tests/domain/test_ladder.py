"""The ladder as a table: what is known of a notice, and what follows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from domain.ladder import (
    ALERTED,
    SLOW,
    UNREAD,
    Address,
    Call,
    Case,
    How,
    Look,
    Rest,
    Step,
    Tell,
    Tried,
    after_night,
    ordered,
    step,
)
from domain.values import VIETNAM

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=VIETNAM)
TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=VIETNAM)
WEDNESDAY = datetime(2026, 11, 25, 7, 30, tzinfo=VIETNAM)
SECOND = timedelta(seconds=1)
WEB, ZALO, TELEGRAM = Address("w", "web"), Address("z", "zalo"), Address("t", "telegram")
ZNS, SMS, MAIL = Address("n", "zns"), Address("s", "sms"), Address("m", "email")
ALL = (WEB, ZALO, TELEGRAM, ZNS, SMS, MAIL)


def morning(at: datetime) -> datetime:
    return datetime.combine(at.date() + timedelta(days=1), TUESDAY.time(), VIETNAM)


def case(*addresses: Address, tried: tuple[Tried, ...] = (), **changes: object) -> Case:
    return replace(Case(addresses or ALL, MONDAY, tried), **changes)


def tried(address: Address, how: How, at: float = 100.0) -> Tried:
    return Tried(address.id, address.channel, how, at)


def now(known: Case, at: datetime = MONDAY) -> Step:
    return step(known, at, morning)


def tell(address: Address, at: datetime = MONDAY) -> Tell:
    return Tell(address.id, at)


@pytest.mark.parametrize(
    ("addresses", "first", "order"),
    [
        ((MAIL, SMS, TELEGRAM), "", "tsm"),
        ((TELEGRAM, replace(WEB, heard=5.0), replace(ZALO, heard=3.0)), "", "wzt"),
        ((TELEGRAM, replace(WEB, heard=5.0), replace(ZALO, chosen=True)), "", "zwt"),
        ((TELEGRAM, replace(WEB, heard=5.0), replace(ZALO, chosen=True)), "t", "tzw"),
        ((WEB, replace(TELEGRAM, heard=1.0), replace(MAIL, chosen=True)), "", "mtw"),
        ((replace(WEB, id="a", heard=1.0), replace(WEB, id="b", heard=2.0)), "", "ba"),
    ],
)
def test_order(addresses: tuple[Address, ...], first: str, order: str) -> None:
    assert "".join(one.id for one in ordered(addresses, first=first)) == order


def test_while_no_chat_knows_when_somebody_spoke_the_one_that_it_was_made_for_comes_first() -> None:
    assert "".join(one.id for one in ordered(ALL, origin="w")) == "wztnsm"


@pytest.mark.parametrize(
    ("known", "follows"),
    [
        pytest.param(case(), tell(WEB), id="the first rung"),
        pytest.param(case(replace(ZALO, well=False), TELEGRAM), tell(TELEGRAM), id="a closed window is passed over"),
        pytest.param(case(ZALO, MAIL, tried=(tried(ZALO, How.FAILED),)), tell(MAIL), id="blocked: the next at once"),
        pytest.param(case(ZALO, MAIL, tried=(tried(ZALO, How.UNSURE),)), tell(MAIL), id="unsure: the next at once"),
        pytest.param(case(ZALO, tried=(tried(ZALO, How.FAILED),)), Call(), id="nothing is left"),
        pytest.param(case(ZALO, tried=(tried(ZALO, How.UNSURE),)), Call(), id="nothing is left, and unsure"),
        pytest.param(case(replace(ZALO, well=False)), Call(), id="nothing is well"),
        pytest.param(case(ZALO, tried=(tried(ZALO, How.GOING),)), Rest(), id="it goes there as long as it takes"),
        pytest.param(case(ZALO, SMS, tried=(tried(ZALO, How.GOING),)), Look(MONDAY + SLOW), id="while another waits"),
        pytest.param(case(ZALO, SMS, tried=(tried(ZALO, How.TOLD),)), Rest(), id="taken, and no answer is due"),
        pytest.param(case(WEB, MAIL, tried=(tried(WEB, How.TOLD),)), Look(MONDAY + UNREAD), id="a page may be read"),
        pytest.param(case(WEB, tried=(tried(WEB, How.TOLD),)), Rest(), id="a page, and nowhere else"),
        pytest.param(
            case(WEB, MAIL, tried=(tried(WEB, How.TOLD),), unread=ALERTED), Look(MONDAY + ALERTED), id="alerted"
        ),
        pytest.param(case(WEB, MAIL, tried=(tried(WEB, How.TOLD),), known=True), Rest(), id="read"),
        pytest.param(
            case(WEB, MAIL, tried=(tried(WEB, How.TOLD),), known=True, expects=True), Look(TUESDAY), id="not answered"
        ),
        pytest.param(
            case(WEB, MAIL, tried=(tried(WEB, How.TOLD),), known=True, expects=True, by_reading=True),
            Rest(),
            id="read is answered",
        ),
        pytest.param(case(ZALO, tried=(tried(ZALO, How.TOLD),), expects=True), Rest(), id="one chat is no ladder"),
        pytest.param(
            case(ZALO, SMS, tried=(tried(ZALO, How.FAILED), tried(SMS, How.TOLD)), expects=True),
            Look(WEDNESDAY),
            id="the last rung is given a day more",
        ),
        pytest.param(
            case(replace(ZALO, heard=101.0), tried=(tried(ZALO, How.FAILED),)), tell(ZALO), id="they came back"
        ),
        pytest.param(
            case(ZNS, SMS, MAIL, tried=(tried(ZNS, How.TOLD),), expects=True, since=MONDAY - timedelta(days=7)),
            tell(MAIL),
            id="one telephone is told once",
        ),
        pytest.param(case(ZNS, SMS, tried=(tried(ZNS, How.FAILED),)), tell(SMS), id="SMS where ZNS is refused"),
        pytest.param(case(ZNS, SMS, tried=(tried(ZNS, How.UNSURE),)), Call(), id="not where ZNS may have come"),
        pytest.param(
            case(TELEGRAM, replace(TELEGRAM, id="other"), tried=(tried(TELEGRAM, How.FAILED),)),
            Tell("other", MONDAY),
            id="another account where the first is blocked",
        ),
        pytest.param(
            case(TELEGRAM, replace(TELEGRAM, id="other"), MAIL, tried=(tried(TELEGRAM, How.UNSURE),)),
            tell(MAIL),
            id="but nobody is told twice on one channel",
        ),
        pytest.param(case(SMS, MAIL, files=True), tell(MAIL), id="a file goes where files go"),
    ],
)
def test_what_follows(known: Case, follows: Step) -> None:
    assert now(known) == follows


def test_an_unread_page_goes_on_after_a_minute() -> None:
    known = case(WEB, MAIL, SMS, tried=(tried(WEB, How.TOLD),))
    assert now(known, MONDAY + UNREAD - SECOND) == Look(MONDAY + UNREAD)
    assert now(known, MONDAY + UNREAD) == Tell("m", MONDAY + UNREAD)


def test_a_messenger_that_is_down_is_waited_for_ten_minutes() -> None:
    known = case(TELEGRAM, SMS, tried=(tried(TELEGRAM, How.GOING),))
    assert now(known, MONDAY + SLOW - SECOND) == Look(MONDAY + SLOW)
    assert now(known, MONDAY + SLOW) == Tell("s", MONDAY + SLOW)


def test_silence_goes_down_a_rung_each_working_morning_and_then_to_the_telephone() -> None:
    known = case(ZALO, SMS, MAIL, tried=(tried(ZALO, How.TOLD),), expects=True)
    assert now(known, TUESDAY - SECOND) == Look(TUESDAY)
    assert now(known, TUESDAY) == Tell("s", TUESDAY)
    known = replace(known, tried=(*known.tried, tried(SMS, How.TOLD)), since=TUESDAY)
    assert now(known, WEDNESDAY) == Tell("m", WEDNESDAY)
    known = replace(known, tried=(*known.tried, tried(MAIL, How.TOLD)), since=WEDNESDAY)
    end = morning(morning(WEDNESDAY))
    assert now(known, end - SECOND) == Look(end)
    assert now(known, end) == Call()
    assert now(replace(known, known=True), end) == Rest()


@pytest.mark.parametrize(
    ("hour", "minute", "changes", "told_at"),
    [
        (20, 59, {}, (23, 20, 59)),
        (21, 0, {}, (24, 7, 0)),
        (6, 59, {}, (23, 7, 0)),
        (7, 0, {}, (23, 7, 0)),
        (23, 0, {"urgent": True}, (23, 23, 0)),
        (23, 0, {"active": True}, (23, 23, 0)),
        (23, 0, {"quiet": False}, (23, 23, 0)),
    ],
)
def test_nobody_is_woken_but_for_what_they_wait_for(
    hour: int, minute: int, changes: dict[str, bool], told_at: tuple[int, int, int]
) -> None:
    at = MONDAY.replace(hour=hour, minute=minute)
    day, hour, minute = told_at
    assert now(replace(case(ZALO), **changes), at) == tell(ZALO, MONDAY.replace(day=day, hour=hour, minute=minute))
    assert now(replace(case(WEB), **changes), at) == tell(WEB, at)  # a page makes no noise


def test_night_is_the_nights_of_vietnam() -> None:
    utc = datetime.fromisoformat("2026-11-23T15:30:00+00:00")  # half past ten in the evening
    assert after_night(utc) == MONDAY.replace(day=24, hour=7)
