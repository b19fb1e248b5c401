"""Look-up through the whole program: the same words and the same queries whether a number is known or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, event, select, update

from bot import contacts, proving
from bot.scene import present
from conversations.messages import ContactShared, Event, Inbound, Started, TextSent
from domain.codes import show
from domain.rights import PHONE
from handlers.telegram_door import CITIZENS
from storage import prepared
from storage import tables as t
from storage.dossiers import Record
from storage.work import Work
from tests.bot.messenger import Chatter, Messenger
from tests.bot.test_procedures import CATALOGUE
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import Actor, Whole

FULL = CATALOGUE.procedures["xac-nhan-tinh-trang-hon-nhan"]
KNOWN = "0984123456"  # tests/bot/walk.py answers with it
NUMBER = "+84984123456"
UNKNOWN = "0977000111"


async def accepted(whole: Whole) -> Record:
    """A dossier with KNOWN, and an official code."""
    citizen, thu = await greeted(whole), await whole.officer("Thu")
    await hand_in(citizen, FULL)
    await thu.news()
    for label in ("Nhận việc", "Tiếp nhận"):
        await thu.press_label(label)
    after = (await records(whole))[-1]
    assert after.official_code is not None
    return after


async def prove(whole: Whole, actor: Actor, how: str, number: str = NUMBER) -> None:
    def play(work: Work) -> None:
        chat = work.chats.find(actor.reader.channel, actor.reader.address)
        assert chat is not None
        assert chat.person is not None
        proving.prove(present(work, whole.world), chat.person, PHONE, number, how)

    await whole.run(play)


def texts(actor: Actor, since: int) -> list[str]:
    return [shown.message.text for shown in actor.shown.values() if shown.revision > since and not shown.own]


async def asks(actor: Actor, words: str) -> list[str]:
    seen = actor.seen
    await actor.says(words)
    return texts(actor, seen)


async def test_the_number_is_noted_beside_the_dossier_and_is_no_number(whole_on_both: Whole) -> None:
    record = await hand_in(await greeted(whole_on_both), FULL)

    def look(work: Work) -> tuple[list[str], list[str], str]:
        found = [one.id for one in work.dossiers.of_phone(NUMBER)]
        other = [one.id for one in work.dossiers.of_phone("+84977000111")]
        return found, other, work.connection.scalar(select(t.dossiers.c.phone_key)) or ""

    found, other, kept = await whole_on_both.run(look)
    assert (found, other) == ([record.id], [])
    assert len(kept) == 32
    assert "984" not in kept or KNOWN[1:] not in kept


async def test_the_owner_sees_it_in_another_chat_and_a_stranger_does_not(whole_on_both: Whole) -> None:
    whole = whole_on_both
    record = await accepted(whole)
    owner, stranger = await greeted(whole, "dien-thoai-moi"), await greeted(whole, "la")
    await prove(whole, owner, "sms")
    (listed,) = await asks(owner, KNOWN)
    assert record.official_code is not None
    assert record.official_code in listed
    await owner.press(f"lookd:{record.id}")
    assert "Được tiếp nhận chính thức" in owner.last.message.text
    told = await asks(stranger, KNOWN)
    assert record.official_code not in "".join(told)
    assert told == [words.replace("0977 000 111", "0984 123 456") for words in await asks(stranger, UNKNOWN)]


@pytest.mark.parametrize("value", ["lookd:{id}", "follow:{id}", "d:{id}", "wd:{id}", "lookjoin:+84984123456"])
async def test_no_button_opens_it_to_a_stranger(value: str, whole: Whole) -> None:
    record = await accepted(whole)
    stranger = await greeted(whole, "la")
    await stranger.says(KNOWN)
    await stranger.press(value.format(id=record.id))
    assert str(record.official_code) not in stranger.last.message.text
    assert show(record.tracking_code) not in stranger.last.message.text


@contextmanager
def counted(whole: Whole) -> Iterator[list[str]]:
    """The statements of everything that happens meanwhile, without their values."""
    seen: list[str] = []
    found = whole.app.database._engine  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else sees it
    engine: Engine = getattr(found, "sync_engine", found)
    rows, many = prepared.Prepared.rows, prepared.Prepared.many

    def noted_rows(self: prepared.Prepared, connection: object, values: object) -> object:
        seen.append(str(self._statement))
        return rows(self, connection, values)  # type: ignore[arg-type]

    def noted_many(self: prepared.Prepared, connection: object, values: object) -> object:
        seen.append(str(self._statement))
        return many(self, connection, values)  # type: ignore[arg-type]

    def executed(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", executed)
    prepared.Prepared.rows = noted_rows  # type: ignore[assignment, method-assign]
    prepared.Prepared.many = noted_many  # type: ignore[assignment, method-assign]
    try:
        yield seen
    finally:
        prepared.Prepared.rows, prepared.Prepared.many = rows, many  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", executed)


@pytest.mark.parametrize("asked", ["{number}", "{number} {code}"])
async def test_known_and_unknown_are_the_same_work(asked: str, whole_on_both: Whole) -> None:
    """Statement by statement, for a number alone, and for a wrong pair of which one half, both or none is known."""
    whole = whole_on_both
    record = await accepted(whole)
    assert record.official_code is not None
    pairs = [(KNOWN, "H27.XX.YY-261123-0777"), (UNKNOWN, record.official_code), (UNKNOWN, "H27.XX.YY-261123-0777")]
    runs: list[list[str]] = []
    words: set[str] = set()
    for number, code in pairs:
        stranger = await greeted(whole, f"la-{len(runs)}")
        said = asked.format(number=number, code=code)
        inbound = Inbound("console", stranger.reader.address, "e1", TextSent(said), whole.world.now(), network="n1")
        with counted(whole) as statements:
            await whole.app.receiver.receive(inbound)
        runs.append([said for said in statements if not said.startswith("NOTIFY")])  # a bell, in its own time
        told = [shown.message for shown in await stranger.news() if not shown.own]
        words.add("\n".join(message.text for message in told).replace("0977 000 111", "0984 123 456"))
    assert len(runs[0]) > 5
    assert runs[0] == runs[1] == runs[2]
    assert len(words) == 1


async def many(whole: Whole, address: str, events: list[Event], network: str = "") -> None:
    for n, happened in enumerate(events):
        made = Inbound("console", address, f"m{n}", happened, whole.world.now(), network=network)
        await whole.app.receiver.receive(made)


async def test_guessing_meets_a_question_then_a_wall_and_is_noted(whole_on_both: Whole) -> None:
    whole = whole_on_both
    ha = await whole.officer("Hà", "head")
    await accepted(whole)
    stranger = await greeted(whole, "la")
    told = [await asks(stranger, f"09{n:08}") for n in range(6)]
    assert all("chỉ mở cho người" in words[-1] for words in told[:5])
    assert "không phải máy đang dò" in told[5][-1]
    for _ in range(20):  # a machine presses whatever comes first, and may be lucky
        await stranger.press(stranger.buttons[0] if stranger.buttons[0].startswith("human:") else "menu")
        await stranger.says("0911222333")
    assert any("phải tạm nghỉ" in shown.message.text for shown in stranger.shown.values())
    await ha.says("/tracuunhatky")
    assert "Có 1 lần" in ha.last.message.text


async def test_a_number_and_a_code_are_tried_five_times_an_hour_from_wherever(whole: Whole) -> None:
    record = await accepted(whole)
    for n in range(5):
        other = await greeted(whole, f"la{n}")
        assert "không đi cùng nhau" in (await asks(other, f"{KNOWN} H27.XX.YY-261123-09{n:02}"))[-1]
    right, wrong = await greeted(whole, "dung"), await greeted(whole, "sai")
    known = await asks(right, f"{KNOWN} {record.official_code}")
    assert known == await asks(wrong, f"{KNOWN} H27.XX.YY-261123-0999")
    assert "phải tạm nghỉ" in known[-1]


async def test_many_from_one_network_are_held_back_together(whole: Whole) -> None:
    for n in range(120):
        await many(whole, f"may{n}", [Started(), TextSent(f"09{n:08}")], "one")
    here, there = await greeted(whole, "day"), await greeted(whole, "kia")
    await many(whole, "day", [TextSent(KNOWN)], "one")
    await many(whole, "kia", [TextSent(KNOWN)], "other")
    await here.news(), await there.news()
    assert "phải tạm nghỉ" in here.last.message.text
    assert "chỉ mở cho người" in there.last.message.text


async def test_who_types_as_fast_as_a_machine_is_asked_as_well(whole: Whole) -> None:
    whole.world.typed_at_most = 20
    quick, calm = await greeted(whole, "nhanh"), await greeted(whole, "cham")
    await many(whole, "nhanh", [TextSent("xin giấy độc thân")] * 20)
    await quick.news()
    assert "máy đang dò" in (await asks(quick, KNOWN))[-1]
    assert "chỉ mở cho người" in (await asks(calm, KNOWN))[-1]


async def test_a_swarm_of_new_pages_is_asked_as_well(whole: Whole) -> None:
    """By the address that the page's requests come from, of which only a keyed hash is kept."""
    live, here = whole.app.live, "113.160.1.9"
    reader = [(await live.open(None, here))[0] for _ in range(40)][-1]
    other, _cookie = await live.open(None, "14.1.2.3")
    for who, network in ((reader, here), (other, "14.1.2.3")):
        await live.receive(who, "start", Started(), network)
        await live.receive(who, "m1", TextSent(KNOWN), network)
    told = [[shown.message.text for shown in await live.since(who, 0)][-1] for who in (reader, other)]
    assert "máy đang dò" in told[0]
    assert "chỉ mở cho người" in told[1]
    kept = await whole.run(lambda work: work.connection.execute(select(t.attempts.c.key)).scalars().all())
    assert not any(here in key for key in kept)


async def test_after_a_while_it_goes_on(whole: Whole) -> None:
    stranger = await greeted(whole, "la")
    await many(whole, "la", [TextSent(f"09{n:08}") for n in range(5)])
    await stranger.news()
    assert "máy đang dò" in (await asks(stranger, KNOWN))[-1]
    await whole.run(lambda work: work.connection.execute(update(t.attempts).values(at=t.attempts.c.at - 601)))
    await whole.run(lambda work: work.connection.execute(update(t.inbox).values(received=t.inbox.c.received - 601)))
    assert "chỉ mở cho người" in (await asks(stranger, KNOWN))[-1]


async def test_a_telegram_contact_opens_the_list_at_once(whole: Whole) -> None:
    record = await accepted(whole)
    chatter = Chatter(Messenger(whole))
    for happened in (Started(), TextSent("xác nhận số điện thoại"), ContactShared(NUMBER, own=True)):
        await chatter.does(happened)

    def look(work: Work) -> list[str]:
        chat = work.chats.find(CITIZENS, chatter.address)
        assert chat is not None
        rows = work.connection.execute(
            select(t.outbox.c.body).where(t.outbox.c.chat == chat.id).order_by(t.outbox.c.id)
        )
        return [body.decode() for (body,) in rows if body]

    sent = await whole.run(look)
    assert any('"asks":"phone"' in body for body in sent)
    assert record.official_code is not None
    assert record.official_code in sent[-1]


async def entered(thu: Actor) -> Record:
    await thu.says("/tiepnhan khai tử")
    for label in ("Trực tiếp tại bàn",):
        await thu.press_label(label)
    for said in ("Nguyễn Thị Lài", KNOWN):
        await thu.says(said)
    for label in ("Xem bản giấy, không chụp", "Ghi nhận"):
        await thu.press_label(label)
    return (await records(thu.whole))[-1]


async def test_a_dossier_of_the_desk_is_taken_over_and_its_news_come_to_the_chat(whole_on_both: Whole) -> None:
    whole = whole_on_both
    thu = await whole.officer("Thu")
    record = await entered(thu)
    lai, la = await greeted(whole, "lai"), await greeted(whole, "la")
    await prove(whole, lai, "telegram")
    await lai.says(KNOWN)
    await lai.press(f"lookd:{record.id}")
    await lai.press_label("Báo tin cho tôi ở đây")
    after = (await records(whole))[-1]
    chat = await whole.run(lambda work: work.chats.find("console", "lai"))
    assert chat is not None
    assert (after.chat, after.person) == (chat.id, chat.person)
    await prove(whole, la, "telegram")  # a second who has proven the same number comes too late
    await la.says(KNOWN)
    await la.press(f"lookd:{record.id}")
    await la.press(f"follow:{record.id}")
    assert (await records(whole))[-1].chat == chat.id
    await thu.news()
    await thu.press_label("Có kết quả")
    await thu.press(thu.buttons[0])
    await lai.news()
    assert any("đã có kết quả" in shown.message.text.lower() for shown in lai.shown.values())


async def test_another_chat_of_the_same_number_has_to_agree(whole: Whole) -> None:
    await accepted(whole)
    new, old = await greeted(whole, "moi"), await whole.citizen("ban")
    await prove(whole, new, "telegram")
    await new.says(KNOWN)
    await new.press_label("Nối với cuộc trò chuyện khác của tôi")
    assert "Chưa có cuộc trò chuyện nào khác xác nhận số này" in new.last.message.text
    await prove(whole, old, "telegram")
    await new.press_label("Danh sách hồ sơ")
    await new.press_label("Nối với cuộc trò chuyện khác của tôi")
    number = re.findall(r"\b\d{4}\b", new.last.message.text)[-1]
    await old.news()
    assert number not in old.last.message.text  # it is to be carried over by whoever reads both
    await old.press_label("Gõ 4 số")
    await old.says(number)
    persons = await whole.run(lambda work: [work.chats.find("console", one) for one in ("ban", "moi")])
    assert len({chat.person for chat in persons if chat is not None}) == 1


async def test_an_officer_finds_by_number_and_each_look_is_kept(whole: Whole) -> None:
    record = await accepted(whole)
    thu, minh = await whole.officer("Thu"), await whole.officer("Minh", "officer", "thuc-hanh")
    await minh.says(f"/tim {KNOWN}")
    assert str(record.official_code) not in minh.last.message.text
    await thu.says(f"/tim {KNOWN}")
    assert str(record.official_code) in thu.last.message.text
    await thu.says(f"/hoso {record.official_code}")
    looks = await whole.run(lambda work: [(who, what) for who, what, _ in work.history.looks(record.id)])
    assert [(who, what) for who, what in looks if what in ("listed", "opened")] == [
        (thu.officer, "listed"),
        (thu.officer, "opened"),
    ]


async def test_the_desk_proves_a_number_by_the_code_on_the_telephone(whole_on_both: Whole) -> None:
    whole = whole_on_both
    record = await accepted(whole)
    thu, minh = await whole.officer("Thu"), await whole.officer("Minh", "officer", "thuc-hanh")
    citizen = await greeted(whole, "moi")
    for said in (KNOWN, "Số này là của tôi"):
        await citizen.says(said)
    await citizen.press_label("Lấy mã đọc ở quầy")
    code = citizen.last.message.text.partition("trước mặt bạn: ")[2][:7]
    await minh.says(f"/xacso {code}")
    assert "Không có mã" in minh.last.message.text  # another office's officer
    await thu.says(f"/xacso {code}")
    assert "0984 123 456" in thu.last.message.text
    await thu.press_label("Đúng, xác nhận số này")
    await citizen.news()
    assert "Cán bộ Thu đã xác nhận" in citizen.last.message.text
    await citizen.press_label("Danh sách hồ sơ")
    assert record.official_code is not None
    assert record.official_code in citizen.last.message.text
    await thu.press_label("Đúng, xác nhận số này")  # a code is good once
    proofs = await whole.run(lambda work: work.connection.execute(select(t.proofs.c.how)).scalars().all())
    assert list(proofs) == ["clerk"]


async def test_dossiers_from_before_are_noted_at_the_start(whole_on_both: Whole) -> None:
    whole = whole_on_both
    record = await hand_in(await greeted(whole), FULL)
    await whole.run(lambda work: work.connection.execute(update(t.dossiers).values(phone_key="")))
    assert await whole.run(lambda work: work.dossiers.of_phone(NUMBER)) == []
    for _ in range(2):
        await whole.run(lambda work: contacts.adopt(present(work, whole.world)))
    await whole.app.idle()
    assert [one.id for one in await whole.run(lambda work: work.dossiers.of_phone(NUMBER))] == [record.id]


async def test_what_ended_long_ago_is_not_for_whoever_has_the_number_now(whole_on_both: Whole) -> None:
    """Numbers that are given up go to somebody else."""
    whole = whole_on_both
    record = await accepted(whole)
    new = await greeted(whole, "chu-moi-cua-so")

    def end(days: int, work: Work) -> None:
        at = whole.world.now() - timedelta(days=days)
        work.connection.execute(update(t.dossiers).values(status="withdrawn", closed_at=at))

    for days, found in ((170, True), (181, False)):
        await whole.run(partial(end, days))
        await prove(whole, new, "sms")
        (listed,) = await asks(new, KNOWN)
        assert (str(record.official_code) in listed) == found
        await new.press(f"lookd:{record.id}")
        assert ("Được tiếp nhận chính thức" in new.last.message.text) == found


async def test_of_a_number_that_was_given_away_only_the_new_owner_is_told(whole_on_both: Whole) -> None:
    whole = whole_on_both
    one, two = await greeted(whole, "chu-cu"), await greeted(whole, "chu-moi")

    async def told(actor: Actor) -> str:
        def look(work: Work) -> str:
            chat = work.chats.find(actor.reader.channel, actor.reader.address)
            assert chat is not None
            return proving.phone_of(present(work, whole.world), chat.person or "")

        return await whole.run(look)

    await prove(whole, one, "sms")
    whole.world.clock += timedelta(days=10)
    await prove(whole, two, "sms")
    assert (await told(one), await told(two)) == (NUMBER, NUMBER)  # a couple may share one
    whole.world.clock += timedelta(days=175)
    assert (await told(one), await told(two)) == ("", NUMBER)
    whole.world.clock += timedelta(days=175)
    assert await told(two) == NUMBER
