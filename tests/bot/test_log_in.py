"""An officer logs in: what a link alone opens, what the confirmation adds, and where sessions end."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import absences, log_in, own_ways, sessions
from bot.invitations import JOIN, LOGIN
from bot.scene import present
from conversations.messages import Started, TextSent
from conversations.render import text
from handlers.web_live import Entering
from storage import tables as t
from storage.chats import OFFICER
from storage.sealed import Keys
from storage.work import Work
from tests.bot.linked import person, read
from tests.bot.phones import Phones
from tests.bot.test_nudges import MAIL, PHONE, SETTINGS, Outside, address
from tests.bot.whole import Actor, Whole, running

USER, OTHER = "700100", "700200"
REAL: dict[str, Any] = {**SETTINGS, "trial": False, "telegram_staff_token": "1:x", "zalo_oa_id": "1"}


@pytest.fixture
async def office(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """No trial: with Telegram, Zalo, e-mail and SMS."""
    async with running(database_url, tmp_path, **REAL) as whole:
        yield whole


async def link(whole: Whole, officer: Actor, purpose: str = LOGIN) -> str:
    def make(work: Work) -> str:
        own = work.chats.open_staff(OFFICER, officer.officer, whole.world.now())
        return work.tokens.make(purpose, own.id, 900.0)

    return await whole.run(make)


async def opens(whole: Whole, token: str) -> Entering:
    """Somebody presses the button behind a link."""
    found = await whole.app.live.log_in(token, "Chrome trên Windows", "113.160.1.2")
    await whole.app.idle()
    return found


async def enters(whole: Whole, officer: Actor) -> str:
    """A session by the link alone; gives its cookie."""
    found = await opens(whole, await link(whole, officer))
    assert found.state == "in"
    return found.cookie


async def on_telegram(whole: Whole, officer: Actor, user: str = USER) -> Phones:
    phones = Phones(whole)
    await phones.link(user, officer)
    phones.clear(user)
    return phones


def label(phones: Phones, user: str, wanted: str) -> str:
    """The value of the newest button of this label."""
    buttons = [b for message in phones.read(user) for b in message.buttons]
    return next(b.value for b in reversed(buttons) if b.label == wanted)


def choices(phones: Phones, user: str) -> list[str]:
    return [b.label for b in phones.read(user)[-1].buttons]


async def alive(whole: Whole, cookie: str) -> bool:
    return await whole.app.live.who(cookie, staff=True) is not None


async def audited(whole: Whole, what: str) -> int:
    return await whole.run(lambda work: len(work.audit.of(what, whole.world.now().replace(year=2000))))


async def test_the_first_log_in_needs_the_link_alone_and_heads_are_told(office: Whole) -> None:
    thu, head = await office.officer("Thu"), await office.officer("Hà", "head")
    found = await opens(office, await link(office, thu))
    assert found.state == "in"
    assert await alive(office, found.cookie)
    mine = [shown.message.text for shown in await thu.news()]
    assert any(
        words.startswith("Vừa có đăng nhập trang cán bộ với tên bạn, trên Chrome trên Windows") for words in mine
    )
    assert text("sessions.alone") in mine
    assert any("Thu vừa đăng nhập chỉ bằng liên kết" in shown.message.text for shown in await head.news())
    assert await audited(office, "login") == 1


async def test_a_link_is_confirmed_by_the_number_that_the_browser_shows(office: Whole) -> None:
    thu = await office.officer("Thu")
    phones = await on_telegram(office, thu)
    token = await link(office, thu)
    asked = await opens(office, token)
    assert (asked.state, asked.cookie, asked.where) == ("wait", "", text("sessions.where-telegram-staff"))
    assert re.fullmatch(r"\d\d", asked.digits)
    assert asked.digits in choices(phones, USER)
    assert len(choices(phones, USER)) == 4
    assert asked.digits not in phones.read(USER)[-1].text  # else whoever reads the chat alone could press it unseen
    assert (await opens(office, token)).state == "gone"  # nobody uses the link a second time
    assert (await office.app.live.entering(asked.pending)).state == "wait"

    await phones.presses(USER, label(phones, USER, asked.digits))
    done = await office.app.live.entering(asked.pending)
    assert done.state == "in"
    assert await alive(office, done.cookie)
    assert done.cookie not in (token, asked.pending)  # nothing that existed before the confirmation opens anything
    assert not await alive(office, token)
    assert not await alive(office, asked.pending)
    assert (await office.app.live.entering(asked.pending)).state == "gone"
    await office.app.idle()
    end = label(phones, USER, text("sessions.button-end"))
    await phones.presses(USER, end)
    assert not await alive(office, done.cookie)


async def test_digits_may_be_typed_as_well(office: Whole) -> None:
    thu = await office.officer("Thu")
    phones = await on_telegram(office, thu)
    asked = await opens(office, await link(office, thu))
    await phones.says(USER, f" {asked.digits} ")
    assert (await office.app.live.entering(asked.pending)).state == "in"


@pytest.mark.parametrize("how", ["another number", "not me"])
async def test_a_thief_of_the_link_gets_nothing_and_is_told_of(office: Whole, how: str) -> None:
    """The thief opens the link first; the officer has not asked, and sees no number."""
    thu, head = await office.officer("Thu"), await office.officer("Hà", "head")
    phones = await on_telegram(office, thu)
    other = await link(office, thu)
    asked = await opens(office, await link(office, thu))
    wrong = next(one for one in choices(phones, USER) if one.isdecimal() and one != asked.digits)
    pressed = text("sessions.button-not-me") if how == "not me" else wrong
    right = label(phones, USER, asked.digits)
    await phones.presses(USER, label(phones, USER, pressed))
    assert (await office.app.live.entering(asked.pending)).state == "no"
    await phones.presses(USER, right)  # too late: one answer a log-in
    assert (await office.app.live.entering(asked.pending)).state == "no"
    told = [shown.message.text for shown in await head.news()]
    if how == "not me":
        assert any("vừa chặn một lần đăng nhập không phải của mình" in words for words in told)
        assert (await opens(office, other)).state == "gone"  # what else may have been read
        assert await audited(office, "login-refused") == 1


async def test_nobody_answers_for_somebody_else(office: Whole) -> None:
    thu, lan = await office.officer("Thu"), await office.officer("Lan")
    phones = await on_telegram(office, thu)
    await phones.link(OTHER, lan)
    asked = await opens(office, await link(office, thu))
    right = label(phones, USER, asked.digits)
    said = await phones.presses(OTHER, right)
    assert [message.text for message in said] == [text("sessions.too-late")]
    await phones.presses("999", right)
    assert (await office.app.live.entering(asked.pending)).state == "wait"
    for rubbish in ("s:enter:me:", "s:enter:me::no", "s:enter:me:" + "%" * 16 + ":no", "s:enter:me:é:é"):
        await phones.presses(USER, rubbish)
    assert (await office.app.live.entering(asked.pending)).state == "wait"


async def test_a_code_goes_where_there_is_no_messenger(office: Whole) -> None:
    outside, thu = Outside(office), await office.officer("Thu")
    await address(office, thu, "sms", PHONE)
    asked = await opens(office, await link(office, thu))
    assert (asked.state, asked.digits) == ("wait", "")
    assert "456" in asked.where
    assert PHONE not in asked.where
    assert outside.where == [PHONE]
    found = re.search(r"\b\d{6}\b", outside.sms.calls[-1].text)
    assert found is not None
    live = office.app.live
    for guess in ("", "000000" if found[0] != "000000" else "111111"):
        assert (await live.log_in_code(asked.pending, guess)).state == "wait"
    assert (await live.log_in_code("another browser", found[0])).state == "gone"
    done = await live.log_in_code(asked.pending, found[0])
    assert done.state == "in"
    assert (await live.log_in_code(asked.pending, found[0])).state == "gone"


async def test_wrong_codes_end_the_log_in(office: Whole) -> None:
    Outside(office)
    thu = await office.officer("Thu")
    await address(office, thu, "email", MAIL)
    asked = await opens(office, await link(office, thu))
    states = [(await office.app.live.log_in_code(asked.pending, "12345")).state for _ in range(6)]
    assert states[-1] == "no"
    assert "in" not in states


async def test_on_zalo_the_digits_are_typed_and_a_session_is_closed_by_words(office: Whole) -> None:
    thu = await office.officer("Thu")
    zalo = await person(office, "zalo-of-thu", "zalo")
    await office.run(lambda work: work.chats.alerts(zalo.reader.chat, thu.officer))
    asked = await opens(office, await link(office, thu))
    assert asked.where == "Zalo"
    question = (await read(zalo))[-1]
    assert asked.digits not in question.text
    stranger = await person(office, "zalo-of-another", "zalo")
    await stranger.send(TextSent(asked.digits))
    assert (await office.app.live.entering(asked.pending)).state == "wait"
    await zalo.send(TextSent(asked.digits))
    done = await office.app.live.entering(asked.pending)
    assert done.state == "in"
    assert "«đóng phiên»" in (await read(zalo))[-1].text
    await zalo.send(TextSent("Đóng phiên"))
    assert not await alive(office, done.cookie)


async def test_wrong_confirmations_cost_time_that_grows_and_ends(office: Whole) -> None:
    """Whoever does that holds links already; the officer is never kept out for longer than a quarter of an hour."""
    thu, head = await office.officer("Thu"), await office.officer("Hà", "head")
    phones = await on_telegram(office, thu)

    async def wrong() -> None:
        asked = await opens(office, await link(office, thu))
        assert asked.state == "wait"
        one = next(one for one in choices(phones, USER) if one.isdecimal() and one != asked.digits)
        await phones.presses(USER, label(phones, USER, one))

    async def later(minutes: int) -> None:
        at = t.attempts.c.at
        await office.run(lambda work: work.connection.execute(update(t.attempts).values(at=at - minutes * 60.0)))

    for _ in range(3):
        await wrong()
    token = await link(office, thu)
    assert (await opens(office, token)).state == "later"
    assert any(words.message.text.startswith("Ba lần liền") for words in await head.news())
    assert any(words.message.text.startswith("Ba lần liền") for words in await thu.news())
    assert await audited(office, "login-held") == 1
    await later(1)
    assert (await opens(office, token)).state == "wait"  # the link was not used up
    minutes = [1]
    for _ in range(5):
        await wrong()
        minutes.append((await opens(office, await link(office, thu))).minutes)
        await later(minutes[-1])
    assert minutes == [1, 2, 4, 8, 15, 15]


async def test_a_head_can_end_an_officers_sessions_and_nobody_else_can(office: Whole) -> None:
    thu, head = await office.officer("Thu"), await office.officer("Hà", "head")
    other = await office.officer("Bình", "head", office="dong-kinh")
    cookies = [await enters(office, thu) for _ in range(2)]
    await thu.says("/phien")
    assert "Chrome trên Windows" in thu.last.message.text
    values = [b.value for b in thu.last.message.buttons]
    assert len(values) == 3
    await head.press(values[0])  # without a name it means the head's own
    await other.press(f"{values[0]}:{thu.officer}")
    await (await office.officer("Lan")).press(f"{values[0]}:{thu.officer}")
    assert [await alive(office, cookie) for cookie in cookies] == [True, True]
    assert text("not-allowed.head-only") in (await thu.says("/phien Hà"))[-1].message.text
    await head.says("/phien thu")
    await head.press_label("Đóng phiên 1")
    assert sorted([await alive(office, cookie) for cookie in cookies]) == [False, True]
    await head.says("/phien thu")
    await head.press(f"s:sesall:me:{thu.officer}")
    assert [await alive(office, cookie) for cookie in cookies] == [False, False]
    assert any("Hà vừa đóng phiên" in shown.message.text for shown in await thu.news())


async def test_a_lost_telephone_is_let_go_and_the_next_link_opens(office: Whole) -> None:
    thu, head = await office.officer("Thu"), await office.officer("Hà", "head")
    cookie = await enters(office, thu)
    phones = await on_telegram(office, thu)
    asked = await opens(office, await link(office, thu))
    right = label(phones, USER, asked.digits)
    await head.says("/phien thu")
    await head.press_label(text("sessions.button-lost"))
    assert await alive(office, cookie)  # it was asked first
    await head.press_label(text("sessions.button-sure"))
    assert not await alive(office, cookie)
    assert "Hà làm, vì báo mất máy" in phones.read(USER)[-1].text
    await phones.presses(USER, right)
    assert (await office.app.live.entering(asked.pending)).state == "gone"
    assert (await opens(office, await link(office, thu))).state == "in"


async def test_a_telegram_link_is_no_log_in_and_a_log_in_link_joins_nobody(office: Whole) -> None:
    thu, phones = await office.officer("Thu"), Phones(office)
    assert (await opens(office, await link(office, thu, JOIN))).state == "gone"
    await phones.does(OTHER, Started(await link(office, thu)))
    assert phones.texts(OTHER) == [text("desk.link-old")]


async def test_another_telegram_user_joins_once_the_first_address_agrees(office: Whole) -> None:
    thu = await office.officer("Thu")
    phones = await on_telegram(office, thu)
    await phones.does(OTHER, Started(await link(office, thu, JOIN)))
    digits = re.search(r"Số xác nhận: (\d\d)", phones.texts(OTHER)[-1])
    assert digits is not None
    await phones.says(OTHER, "/homnay")
    assert phones.texts(OTHER)[-1] == text("desk.stranger")
    await phones.presses(USER, label(phones, USER, digits[1]))
    phones.clear(OTHER)
    await phones.says(OTHER, "/cuatoi")
    assert phones.texts(OTHER) == [text("staff.mine-none")]


async def test_a_telegram_user_joins_by_a_code_to_the_number(office: Whole) -> None:
    outside, thu, phones = Outside(office), await office.officer("Thu"), Phones(office)
    await address(office, thu, "sms", PHONE)
    await phones.does(OTHER, Started(await link(office, thu, JOIN)))
    found = re.search(r"\b\d{6}\b", outside.sms.calls[-1].text)
    assert found is not None
    await phones.says("999", found[0])  # somebody else who has read it
    await phones.says(OTHER, "000000" if found[0] != "000000" else "111111")
    assert phones.texts(OTHER)[-1] == text("sessions.telegram-wrong")
    await phones.says(OTHER, found[0])
    phones.clear(OTHER)
    await phones.says(OTHER, "/cuatoi")
    assert phones.texts(OTHER) == [text("staff.mine-none")]


async def test_sessions_end_unused_after_a_day_and_with_the_office(office: Whole) -> None:
    thu = await office.officer("Thu")
    cookie = await enters(office, thu)
    other = await enters(office, thu)

    async def moved(**values: float) -> None:
        shifts = {name: t.tokens.c[name] - seconds for name, seconds in values.items()}
        await office.run(lambda work: work.connection.execute(update(t.tokens).values(shifts)))

    await moved(made=sessions.IDLE - 60)
    assert await office.app.live.who(cookie, staff=True, used=True) is not None
    await moved(made=120.0)
    assert await alive(office, cookie)  # it was used meanwhile
    assert not await alive(office, other)  # this one was only open
    await moved(made=0.0, seen=sessions.IDLE)
    assert not await alive(office, cookie)
    third = await enters(office, thu)
    await moved(expires=sessions.LIFE)
    assert not await alive(office, third)
    fourth = await enters(office, thu)
    waits = await link(office, thu)

    def leave(work: Work) -> None:
        officer = work.officers.get(thu.officer)
        assert officer is not None
        absences.leave(present(work, office.world), officer)

    await office.run(leave)
    assert not await alive(office, fourth)
    assert (await opens(office, waits)).state == "gone"


async def test_web_gives_a_link_to_whoever_is_an_officer_here(office: Whole) -> None:
    thu = await office.officer("Thu")
    phones = await on_telegram(office, thu)
    await phones.says(USER, "/web")
    found = re.search(r"/canbo/vao/(\S+)", phones.read(USER)[-1].text)
    assert found is not None
    asked = await opens(office, found[1])
    assert asked.state == "wait"  # the link alone is nothing, also that one
    phones.clear("999")
    await phones.says("999", "/web")
    assert phones.texts("999") == [text("desk.stranger")]


async def test_nothing_of_a_session_or_a_waiting_log_in_is_kept_readable(office: Whole) -> None:
    thu = await office.officer("Thu")
    cookie = await enters(office, thu)
    await on_telegram(office, thu)
    asked = await opens(office, await link(office, thu))
    rows = await office.run(lambda work: work.connection.exec_driver_sql("SELECT * FROM tokens").all())
    kept = " ".join(str(value) for row in rows for value in row)
    for secret in (cookie, asked.pending, asked.digits + '"', "113.160.1.2", "Windows"):
        assert secret not in kept
    assert await office.run(lambda work: work.connection.scalar(select(t.tokens.c.about).limit(1))) is not None


async def test_a_trial_asks_for_nothing_more_than_the_link(whole: Whole) -> None:
    thu = await whole.officer("Thu")
    await on_telegram(whole, thu)
    assert (await opens(whole, await link(whole, thu))).state == "in"


def test_only_addresses_that_answer_or_carry_a_code_confirm() -> None:
    kinds = {*log_in._PRESSED, *log_in._TYPED, *log_in._CODES}  # noqa: SLF001
    assert set(own_ways.ORDER) <= kinds
