"""News on its way down the ladder, over messengers that refuse, block, keep silent or are down."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot import ladder
from bot.say import to_citizen
from bot.scene import present
from conversations.messages import Inbound, Message, Pressed, Refused, Returned, TryLater, Uncertain, Undeliverable
from conversations.state import Told
from handlers.telegram_door import CITIZENS
from storage import tables as t
from storage.notices import State
from storage.sealed import Keys
from storage.work import Work
from tests.bot.told import ADDRESS, NUMBER, Town, at_work, town
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import START

MINUTE = timedelta(minutes=1)
NIGHT = timedelta(hours=12)  # after ten in the morning
END = (State.ARRIVED, State.READ, State.ANSWERED, State.PHONE, State.LOST, State.DROPPED)


@pytest.fixture
async def here(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Town]:
    """On both kinds of database."""
    async with town(database_url, tmp_path) as made:
        yield made


@pytest.fixture
async def one(sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


async def becomes(read: Callable[[], Coroutine[Any, Any, list[Any]]], wanted: list[Any]) -> None:
    end = time.monotonic() + 10
    while (found := await read()) != wanted:
        assert time.monotonic() < end, found
        await asyncio.sleep(0.01)


async def test_blocked_it_goes_on_at_once_and_only_there(here: Town) -> None:
    chat, *_ = await here.person(CITIZENS, "sms", "email")
    here.on[CITIZENS].faults[chat.address] += [Undeliverable("blocked")]
    async with at_work(here):
        await here.tell(chat, "Hẹn trả thứ Sáu", kind="accept")
        await becomes(here.states, [State.ARRIVED])
    assert await here.told() == ["sms"]
    assert (len(here.on["sms"].calls), here.on["email"].calls, here.on[CITIZENS].calls) == (1, [], [])
    assert here.on["sms"].calls[0].address == NUMBER


@pytest.mark.parametrize("fault", [Refused("x"), Uncertain("x"), Undeliverable("window")])
async def test_each_way_of_failing_leads_to_the_next_rung(here: Town, fault: Exception) -> None:
    zalo, *_ = await here.person("zalo", "email")
    here.on["zalo"].faults[zalo.address] += [fault]
    async with at_work(here):
        await here.tell(zalo, "Hẹn trả thứ Sáu", kind="accept")
        await becomes(here.states, [State.ARRIVED])
    assert (await here.told(), here.taken("thứ Sáu")) == (["email"], ["email"])
    assert here.on["email"].calls[0].address == ADDRESS


async def test_the_next_rung_is_a_row_of_the_same_transaction(one: Town) -> None:
    """Whoever is killed in between leaves either both or none."""
    chat, *_ = await one.person(CITIZENS, "email")
    one.on[CITIZENS].faults[chat.address] += [Undeliverable("blocked")]
    async with at_work(one, (CITIZENS,)):
        await one.tell(chat, "tin", kind="accept")
        await becomes(one.told, ["email"])

    def rows(work: Work) -> list[tuple[str, str]]:
        c = t.outbox.c
        return [tuple(row) for row in work.connection.execute(t.outbox.select().with_only_columns(c.channel, c.status))]

    assert await one.whole.run(rows) == [(CITIZENS, "failed"), ("email", "waiting")]


async def test_a_page_that_is_not_read_goes_on_after_a_minute(here: Town) -> None:
    web, *_ = await here.person("web", "email")
    async with at_work(here):
        await here.tell(web, "tin thứ nhất", kind="accept")
        await here.later(MINUTE - timedelta(seconds=1))
        assert (await here.told(), here.on["email"].calls) == (["web"], [])
        await here.later(timedelta(seconds=1))
        await becomes(here.told, ["email"])

        await here.tell(web, "tin thứ hai", kind="accept")
        await here.whole.run(lambda work: work.chats.read(web.id, 2))
        await here.later(2 * MINUTE)
        await becomes(here.states, [State.ARRIVED, State.READ])
    assert here.taken("tin thứ hai") == []


async def test_a_messenger_that_is_down_is_left_after_ten_minutes(here: Town) -> None:
    chat, *_ = await here.person(CITIZENS, "email")
    here.on[CITIZENS].faults[chat.address] += [TimeoutError()] * 20
    async with at_work(here):
        await here.tell(chat, "tin", kind="accept")
        await here.later(9 * MINUTE)
        assert await here.told() == [CITIZENS]
        await here.later(2 * MINUTE)
        await becomes(here.states, [State.ARRIVED])
    assert await here.told() == ["email"]


async def test_a_channel_without_a_sender_is_left_as_well(one: Town) -> None:
    chat, *_ = await one.person("zalo", CITIZENS)
    async with at_work(one, (CITIZENS,)):
        await one.tell(chat, "tin", kind="accept")
        await one.later(11 * MINUTE)
        await becomes(one.states, [State.ARRIVED])
    assert await one.told() == [CITIZENS]


async def test_silence_goes_on_the_next_working_morning_until_they_answer(one: Town) -> None:
    chat, *_ = await one.person(CITIZENS, "sms", "email")
    async with at_work(one):
        await one.tell(chat, "cần bổ sung", kind="ask-more", subject="dossier:d")
        await becomes(one.states, [State.ARRIVED])
        await one.later(timedelta(hours=46))  # Tuesday is a day off; Wednesday, eight o'clock
        await becomes(one.told, ["sms"])
        await one.whole.run(lambda work: ladder.answered(present(work, one.whole.world), "dossier:d"))
        await one.later(timedelta(days=5))
    assert await one.states() == [State.ANSWERED]
    assert one.on["email"].calls == []


async def test_who_has_done_something_since_is_not_told_again_what_needs_no_doing(one: Town) -> None:
    chat, *_ = await one.person(CITIZENS, "email")
    async with at_work(one):
        await one.tell(chat, "mời đến", kind="invite", subject="dossier:d")
        await becomes(one.states, [State.ARRIVED])
        await one.whole.run(lambda work: work.chats.heard(chat.id))
        await one.later(timedelta(days=2))
        await becomes(one.states, [State.READ])
    assert one.on["email"].calls == []


async def test_at_night_nobody_is_woken(here: Town) -> None:
    chat, *_ = await here.person(CITIZENS)
    await here.later(NIGHT)
    async with at_work(here):
        await here.tell(chat, "tin đêm", kind="accept")
        await here.tell(chat, "đã nhận tiền", kind="paid")
        await becomes(lambda: texts(here), ["đã nhận tiền"])
        await here.later(timedelta(hours=9) - MINUTE)
        assert await texts(here) == ["đã nhận tiền"]
        await here.later(MINUTE)
        await becomes(lambda: texts(here), ["đã nhận tiền", "tin đêm"])


async def test_nor_where_they_want_to_hear_or_just_did_something(one: Town) -> None:
    first, *_ = await one.person(CITIZENS, name="1")
    other, *_ = await one.person(CITIZENS, name="2")
    await one.wants(first, Told(quiet=False))
    await one.whole.run(lambda work: work.chats.heard(other.id))
    await one.later(NIGHT)
    async with at_work(one):
        await one.tell(first, "a", kind="accept")
        await one.tell(other, "b", kind="accept")
        await becomes(one.states, [State.ARRIVED, State.ARRIVED])


async def texts(here: Town) -> list[str]:
    return here.on[CITIZENS].texts()


async def test_the_chosen_address_is_first(one: Town) -> None:
    chat, zalo = await one.person(CITIZENS, "zalo", "email")
    async with at_work(one):
        await one.wants(chat, Told(chat=zalo.id))
        await one.tell(chat, "a", kind="accept")
        await becomes(one.told, ["zalo"])
        await one.wants(chat, Told(chat="email"))
        await one.tell(chat, "b", kind="accept")
        await becomes(one.states, [State.ARRIVED, State.ARRIVED])
    assert one.taken("b") == ["email"]


async def test_who_comes_back_gets_what_reached_them_nowhere_else(here: Town) -> None:
    chat, *_ = await here.person(CITIZENS)
    here.on[CITIZENS].faults[chat.address] += [Undeliverable("blocked")]
    async with at_work(here):
        await here.tell(chat, "tin một", kind="accept", subject="dossier:d")
        await here.tell(chat, "tin hai", kind="accept", subject="dossier:d")
        await becomes(here.states, [State.PHONE, State.PHONE])
        await here.whole.app.receiver.receive(Inbound(CITIZENS, chat.address, "u1", Returned(), START))
        await becomes(here.states, [State.ARRIVED, State.ARRIVED])
    assert await texts(here) == ["tin một", "tin hai"]


async def test_and_not_what_reached_them_elsewhere(here: Town) -> None:
    chat, *_ = await here.person(CITIZENS, "email")
    here.on[CITIZENS].faults[chat.address] += [Undeliverable("blocked")]
    async with at_work(here):
        await here.tell(chat, "tin", kind="accept")
        await becomes(here.states, [State.ARRIVED])
        await here.whole.app.receiver.receive(Inbound(CITIZENS, chat.address, "u1", Returned(), START))
        await here.tell(chat, "tin mới", kind="accept")
        await becomes(here.states, [State.ARRIVED, State.ARRIVED])
    assert await texts(here) == ["tin mới"]


async def test_but_what_a_short_message_could_not_say_is_said_in_full(here: Town) -> None:
    """«Cần bổ sung» without what: whoever comes back has to read which paper it is."""
    chat, *_ = await here.person(CITIZENS, "sms")
    here.on[CITIZENS].faults[chat.address] += [Undeliverable("blocked")]
    async with at_work(here):
        await here.tell(chat, "cần giấy khai sinh", kind="ask-more", subject="dossier:d", expects=True)
        await here.tell(chat, "đã tiếp nhận", kind="accept", subject="dossier:d")
        await becomes(here.states, [State.ARRIVED, State.ARRIVED])
        assert await here.told() == ["sms", "sms"]
        await here.whole.app.receiver.receive(Inbound(CITIZENS, chat.address, "u1", Returned(), START))
        await becomes(here.states, [State.ARRIVED, State.ARRIVED])
        await here.later(MINUTE)
    assert await texts(here) == ["cần giấy khai sinh"]
    assert sorted(await here.told()) == ["sms", CITIZENS]


async def test_a_call_lost_with_its_process_goes_on_elsewhere(here: Town) -> None:
    """On a channel on which nothing is said twice nobody knows whether it was taken."""
    zalo, *_ = await here.person("zalo", "email")
    await here.tell(zalo, "tin", kind="accept")
    await here.whole.run(lambda work: work.outbox.claim(["zalo"], "dead"))
    await here.whole.run(lambda work: work.outbox.release("dead"))
    async with at_work(here, ("email",)):
        await here.later(MINUTE)
        await becomes(here.states, [State.ARRIVED])
    assert here.taken("tin") == ["email"]


async def test_a_person_that_turned_out_to_be_another_keeps_what_is_on_its_way(one: Town) -> None:
    web, *_ = await one.person("web", name="1")
    zalo, *_ = await one.person("zalo", "email", name="2")
    await one.tell(web, "tin", kind="ask-more", subject="dossier:d")

    def merge(work: Work) -> None:
        work.connection.execute(update(t.chats).where(t.chats.c.id == web.id).values(person=zalo.person))
        work.notices.move(web.person or "", zalo.person or "")

    await one.whole.run(merge)
    async with at_work(one):
        await one.tell(web, "tin khác", kind="accept")
        await one.later(2 * MINUTE)
        await becomes(one.states, [State.ARRIVED, State.ARRIVED])
        assert {notice.person for notice in await one.notices()} == {zalo.person}
    assert "zalo" in await one.told()


async def test_the_office_hears_once_and_telephones(here: Town) -> None:
    chat, *_ = await here.person(CITIZENS)
    record = await hand_in(await greeted(here.whole), procedure(here))
    head = await here.whole.officer("Hà", "head")
    here.on[CITIZENS].faults[chat.address] += [Undeliverable("blocked")]
    async with at_work(here):
        for words in ("tin một", "tin hai"):
            await here.tell(chat, words, kind="ask-more", subject=f"dossier:{record.id}")
        await becomes(here.states, [State.PHONE, State.PHONE])
    await head.news()
    said = [shown.message.text for shown in head.shown.values() if "không báo được cho người dân" in shown.message.text]
    assert len(said) == 1
    await head.says(record.tracking_code)
    assert "tin hai" in head.last.message.text or "tin một" in head.last.message.text
    await head.press_label("Đã gọi được")
    assert await here.states() == [State.READ, State.READ]
    history = await here.whole.run(lambda work: work.history.of(record.id))
    assert (history[-1].what, history[-1].data) == ("telephoned", {"reached": True})
    await head.says("hôm nay")
    assert "CẦN GỌI ĐIỆN" not in head.last.message.text
    await head.press(f"d:rang:{record.id}")
    assert "không còn tin nào cần gọi điện" in head.last.message.text


async def test_a_notice_on_zalo_has_something_to_tap(one: Town) -> None:
    zalo, *_ = await one.person("zalo")
    async with at_work(one):
        await one.tell(zalo, "Đã tiếp nhận", kind="accept")
        await becomes(one.states, [State.ARRIVED])
        notice = (await one.notices())[0]
        assert "Đã xem" in one.on["zalo"].calls[0].message.text or one.on["zalo"].calls[0].message.buttons
        seen = Inbound("zalo", zalo.address, "u1", Pressed(f"seen:{notice.id}"), START)
        await one.whole.app.receiver.receive(seen)
        assert await one.states() == [State.READ]
        stranger, *_ = await one.person("zalo", name="9")
        await one.later(MINUTE)
        await one.tell(zalo, "Có kết quả", kind="done", subject="dossier:d")
        await becomes(one.states, [State.READ, State.ARRIVED])
        theirs = next(notice for notice in await one.notices() if notice.status == State.ARRIVED)
        other = Inbound("zalo", stranger.address, "u2", Pressed(f"seen:{theirs.id}"), START)
        await one.whole.app.receiver.receive(other)
        assert sorted(await one.states()) == [State.ARRIVED, State.READ]


async def test_whoever_wants_no_news_gets_none_and_the_office_knows_what_waits_for_them(one: Town) -> None:
    record = await hand_in(await greeted(one.whole), procedure(one))
    chat = await one.whole.run(lambda work: work.chats.get(record.chat))
    assert chat is not None
    await one.wants(chat, Told(stopped=True))
    head = await one.whole.officer("Hà", "head")
    await one.tell(chat, "đã tiếp nhận", kind="accept", subject=f"dossier:{record.id}")
    await one.tell(chat, "cần bổ sung", kind="ask-more", subject=f"dossier:{record.id}")
    assert sorted(await one.states()) == [State.DROPPED, State.PHONE]
    await head.says("hôm nay")
    assert "CẦN GỌI ĐIỆN: 1 hồ sơ" in head.last.message.text
    assert "đã dừng nhận tin" in head.last.message.text


async def test_reminders_are_for_those_who_want_them(one: Town) -> None:
    chat, *_ = await one.person(CITIZENS)
    declined = update(t.persons).where(t.persons.c.id == chat.person).values(consents="handle,no-notify")
    await one.whole.run(lambda work: work.connection.execute(declined))
    await one.tell(chat, "nhắc", kind="supplement-reminder")
    await one.tell(chat, "cần bổ sung", kind="ask-more")
    assert sorted(await one.states()) == [State.DROPPED, State.GOING]


async def test_a_reminder_takes_over_from_what_it_reminds_of(one: Town) -> None:
    chat, *_ = await one.person(CITIZENS, "email")
    async with at_work(one):
        await one.tell(chat, "cần bổ sung", kind="ask-more", subject="dossier:d")
        await becomes(one.states, [State.ARRIVED])
        await one.later(MINUTE)
        await one.tell(chat, "nhắc bổ sung", kind="supplement-reminder", subject="dossier:d")
        await becomes(one.states, [State.ARRIVED, State.ARRIVED])
        await one.later(timedelta(days=2))
        await becomes(lambda: mails(one), ["nhắc bổ sung"])


async def mails(here: Town) -> list[str]:
    return [text.partition("\n")[0] for text in here.on["email"].texts()]


async def test_for_a_printed_paper_nobody_telephones(one: Town) -> None:
    chat, *_ = await one.person(CITIZENS)
    one.on[CITIZENS].faults[chat.address] += [Undeliverable("blocked")]
    async with at_work(one):
        await one.tell(chat, "giấy tiếp nhận", kind="slip", subject="dossier:d")
        await becomes(one.states, [State.LOST])


async def test_a_copy_by_mail_is_no_second_telling(here: Town) -> None:
    """Whoever has everything by mail as well is not told there once more, and has been told where no chat is left."""
    chat, *_ = await here.person(CITIZENS, "email")
    await here.wants(chat, Told(copies=True))
    here.on[CITIZENS].faults[chat.address] += [Undeliverable("blocked")]

    def say(work: Work) -> None:
        to_citizen(present(work, here.whole.world), chat.id, Message("tin"), "dossier:d", kind="accept")

    async with at_work(here):
        await here.whole.run(say)
        await becomes(here.states, [State.ARRIVED])
        await here.later(MINUTE)
    assert await here.told() == ["email"]
    assert len(here.on["email"].calls) == 1


def procedure(here: Town) -> Any:
    return here.whole.world.catalogue.procedures["xac-nhan-tinh-trang-hon-nhan"]


@pytest.mark.parametrize("seed", range(3))
async def test_every_notice_ends_in_a_known_state_and_nobody_is_told_twice_on_a_channel(here: Town, seed: int) -> None:
    chance = random.Random(seed)
    faults: list[Exception | None] = [None, None, Undeliverable("blocked"), Refused("x"), Uncertain("x")]
    faults += [TryLater(0.01), TimeoutError(), ConnectionResetError()]
    ways = [(CITIZENS,), ("zalo", CITIZENS), ("web", "sms", "email"), ("zalo", "sms"), (CITIZENS, "email"), ("web",)]
    people = [(await here.person(*chance.choice(ways), name=str(number)))[0] for number in range(20)]
    for messenger in here.on.values():
        for number in range(20):
            for place in (f"{number}-0", f"{number}-1"):
                messenger.faults[place] += [chance.choice(faults) for _ in range(6)]
        for place in (NUMBER, ADDRESS):
            messenger.faults[place] += [chance.choice(faults[:1] + faults[3:]) for _ in range(60)]
    async with at_work(here):
        for number in range(60):
            kind = chance.choice(["accept", "ask-more", "invite", "paid"])
            await here.tell(chance.choice(people), f"tin số {number}.", kind=kind, subject=f"dossier:{number}")
        for passed in (*[timedelta(minutes=11)] * 20, *[timedelta(hours=23)] * 60):
            await here.later(passed)
            if not {State.GOING} & set(await here.states()):
                break
    found = await here.notices()
    assert len(found) == 60
    assert [notice.status for notice in found if notice.status not in END] == []
    for number in range(60):
        told = Counter(here.taken(f"tin số {number}."))
        assert all(count == 1 for count in told.values()), (number, told)
