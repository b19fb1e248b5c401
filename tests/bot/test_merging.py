"""Two persons become one while both act: nothing is lost, nothing doubled, and it can be taken back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import linking, merging
from bot.scene import present
from conversations.messages import Inbound, Pressed, TextSent
from conversations.render import text
from domain.rights import Proof
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot.linked import SETTINGS, chat_of, code_from, last, link, number_on, person, read, talk
from tests.bot.test_linking import begun, persons
from tests.bot.whole import Actor, Whole, running


@pytest.fixture
async def town(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(database_url, tmp_path, **SETTINGS) as made:
        yield made


@pytest.fixture
async def busy(postgres_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """On the database where turns really happen at once."""
    async with running(postgres_url, tmp_path, **SETTINGS) as made:
        yield made


async def at_home(*actors: Actor) -> None:
    for actor in actors:
        await actor.says("chào")
        await actor.press("office:son-tien")


async def merge(whole: Whole, keep: Actor, gone: Actor) -> bool:
    def play(work: Work) -> bool:
        one, other = (work.chats.get(actor.reader.chat) for actor in (keep, gone))
        assert one is not None
        assert other is not None
        return merging.merge(present(work, whole.world), one.person or "", other.person or "", "test")

    return await whole.run(play)


async def test_of_two_talks_with_officers_the_newer_goes_on_and_the_words_of_both_stay(town: Whole) -> None:
    officer = await town.officer("Thu")
    one, other = await person(town, "trang"), await person(town, "777", "telegram")
    await at_home(one, other)
    for actor, words in ((one, "Hỏi về khai sinh"), (other, "Hỏi về khai tử")):
        await actor.press("call")
        await actor.says(words)
        await actor.says(f"{words}, tôi cần gấp")
    await merge(town, one, other)

    def calls(work: Work) -> list[tuple[str, bool]]:
        k = t.calls.c
        who = work.chats.get(one.reader.chat)
        assert who is not None
        query = select(k.about, k.open).where(k.person == who.person).order_by(k.opened_at)
        return [(about.decode(), open_) for about, open_ in work.connection.execute(query)]

    assert await town.run(calls) == [("Hỏi về khai sinh", False), ("Hỏi về khai tử", True)]
    await one.says("Tôi ở trang web đây")
    await town.app.idle()
    await officer.news()
    group = [shown.message.text for shown in officer.shown.values() if not shown.private]
    for words in ("Hỏi về khai sinh, tôi cần gấp", "Hỏi về khai tử, tôi cần gấp", "Tôi ở trang web đây"):
        assert words in group
    assert text("linking.call-joined") in group


async def test_what_was_agreed_to_and_who_said_stop(town: Whole) -> None:
    one, other = await person(town, "trang"), await person(town, "777", "telegram")
    await begun(one)  # agrees that data are handled, and declines reminders
    await begun(other)

    def set_up(work: Work) -> None:
        mine, theirs = (work.chats.get(actor.reader.chat) for actor in (one, other))
        assert mine is not None
        assert theirs is not None
        assert "no-notify" in mine.consents
        row = {"purpose": "notify", "given": True, "channel": "telegram", "at": town.world.now() + timedelta(days=1)}
        work.connection.execute(t.consents.insert().values(person=theirs.person, **row))
        work.merging.set(theirs.person or "", consents="notify", settings='{"chat":"abc","stopped":true}')
        work.merging.set(mine.person or "", settings='{"quiet":false}')

    await town.run(set_up)
    await merge(town, one, other)

    def look(work: Work) -> tuple[str, str]:
        chat = work.chats.get(one.reader.chat)
        assert chat is not None
        row = work.merging.lock(chat.person or "")[chat.person or ""]
        return chat.consents, row.settings

    consents, settings = await town.run(look)
    assert sorted(consents.split(",")) == ["handle", "notify"], "of yes and no the last word counts"
    assert settings == '{"chat":"abc","stopped":true,"quiet":false}'


async def test_taken_back_each_has_what_they_brought_and_what_came_to_them_since(town: Whole) -> None:
    web, phone = await person(town, "trang"), await person(town, "777", "telegram")
    await begun(web)
    await begun(phone)
    first, second = (await talk(web)).draft, (await talk(phone)).draft
    await link(web, phone)
    await phone.press("start:khai-tu")
    await phone.press("for:self")
    third = (await talk(phone)).draft
    assert third not in (first, second)

    def prove(work: Work) -> None:
        chat = work.chats.get(web.reader.chat)
        assert chat is not None
        work.proofs.add(chat.person or "", Proof("phone", "+84912345678", "sms", town.world.now()))

    town.world.clock += timedelta(minutes=1)
    await town.run(prove)
    await web.press(f"notme:{phone.reader.chat}")
    mine, theirs = await persons(web, phone)
    assert mine != theirs

    def whose(work: Work) -> list[bool]:
        drafts = [work.drafts.get(draft, mine or "") is not None for draft in (first, second, third)]
        return [*drafts, *(work.drafts.get(draft, theirs or "") is not None for draft in (first, second, third))]

    assert await town.run(whose) == [True, False, False, False, True, True]
    assert await town.run(lambda work: [work.proofs.of(one or "") for one in (mine, theirs)]) == [[], []]
    await phone.press(f"resume:{third}")
    assert (await talk(phone)).draft == third


async def test_a_merge_into_a_merge_can_be_taken_back_too(town: Whole) -> None:
    """Whoever has got at a chat can't make that final by linking once more."""
    attacker, victim, other = [await person(town, name, "telegram") for name in ("1", "2", "3")]
    await at_home(attacker, other)
    await begun(victim)
    draft = (await talk(victim)).draft
    await link(attacker, victim, "web")
    await link(other, attacker, "web")
    one, two, three = await persons(attacker, victim, other)
    assert one == two == three
    await victim.press(f"notme:{attacker.reader.chat}")
    one, two, three = await persons(attacker, victim, other)
    assert two not in (one, three)
    assert await town.run(lambda work: work.drafts.get(draft, two or "") is not None)


async def test_of_a_chat_that_left_nothing_is_told_there_any_more(town: Whole) -> None:
    web, phone = await person(town, "trang"), await person(town, "777", "telegram")
    await at_home(web, phone)
    await link(web, phone)
    await town.pass_time(timedelta(days=8))

    def hand_in(work: Work) -> str:
        chat = work.chats.get(phone.reader.chat)
        assert chat is not None
        row = {"id": "c" * 16, "person": chat.person, "chat": chat.id, "office": "son-tien", "about": b"x"}
        work.connection.execute(t.calls.insert().values(open=False, opened_at=town.world.now(), **row))
        return chat.person or ""

    before = await town.run(hand_in)
    await web.press(f"unlink:{phone.reader.chat}")
    found = await town.run(lambda work: work.calls.get("c" * 16))
    assert found is not None
    assert (found.person, found.chat) == (before, web.reader.chat)


async def test_crosswise_at_once(busy: Whole) -> None:
    """Both have typed the other's code, and both now type the number: one merge, whoever is quicker."""
    for round_ in range(5):
        web, phone = await person(busy, f"a{round_}"), await person(busy, f"b{round_}", "telegram")
        await begun(web)
        await begun(phone)
        drafts = [(await talk(actor)).draft for actor in (web, phone)]
        there, here = await code_from(web), await code_from(phone, "web")
        await phone.says(there)
        await web.says(here)
        numbers = await number_on(phone), await number_on(web)
        await asyncio.gather(web.says(numbers[0]), phone.says(numbers[1]))
        one, other = await persons(web, phone)
        assert one == other

        def kept(work: Work, who: str | None = one, known: tuple[str, ...] = tuple(drafts)) -> bool:
            return all(work.drafts.get(draft, who or "") is not None for draft in known)

        assert await busy.run(kept)
        said = [message.text for message in (*await read(web), *await read(phone))]
        assert sum(words.startswith("Đã nối với") for words in said) >= 2


async def test_messages_that_arrive_during_a_merge(busy: Whole) -> None:
    """Everything typed in both chats is there, in its order, and answered once."""
    dice = random.Random(7)
    web, phone = await person(busy, "trang"), await person(busy, "777", "telegram")
    third = await person(busy, "888", "telegram")
    await at_home(web, phone, third)
    await link(phone, third, "web")
    await phone.says(await code_from(web))
    number = await number_on(phone)
    receive = busy.app.receiver.receive

    async def talks(actor: Actor, turns: range) -> None:
        for turn in turns:
            words = TextSent(f"câu {turn} của {actor.reader.address}")
            inbound = Inbound(actor.reader.channel, actor.reader.address, f"m{turn}", words, busy.world.now())
            await receive(inbound)
            if dice.random() < 0.5:
                await receive(inbound)  # delivered again
            await asyncio.sleep(dice.random() / 50)

    async def links() -> None:
        await talks(web, range(5))
        for event in (Pressed("joinnum"), TextSent(number)):
            await receive(Inbound("web", "trang", str(event), event, busy.world.now()))
        await talks(web, range(5, 12))

    await asyncio.gather(links(), talks(phone, range(12)), talks(third, range(12)))
    await busy.app.idle()
    assert len(set(await persons(web, phone, third))) == 1

    def aside(work: Work) -> int:
        return len(work.connection.execute(select(t.inbox.c.event_id).where(t.inbox.c.status != "done")).all())

    assert await busy.run(aside) == 0
    await web.news()
    own = [shown.message.text for shown in web.shown.values() if shown.own and shown.message.text.startswith("câu")]
    assert own == [f"câu {turn} của trang" for turn in range(12)]

    def office(work: Work) -> set[str]:
        chats = (work.chats.get(actor.reader.chat) for actor in (web, phone, third))
        return {chat.office for chat in chats if chat is not None}

    assert await busy.run(office) == {"son-tien"}


async def test_what_an_officer_wrote_meanwhile_is_found_a_minute_later(town: Whole) -> None:
    """A row for somebody who has just become another: it was read before, and is written after."""
    web, phone = await person(town, "trang"), await person(town, "777", "telegram")
    await at_home(web, phone)
    before = (await chat_of(phone)).person
    await merge(town, web, phone)

    def late(work: Work) -> None:
        row = {"person": before, "purpose": "handle", "given": True, "channel": "desk", "at": town.world.now()}
        work.connection.execute(t.consents.insert().values(**row))

    await town.run(late)
    await town.pass_time(timedelta(minutes=2))
    after = (await chat_of(web)).person
    assert await town.run(lambda work: [p for p, _, _ in work.persons.consents(after or "")]) == ["handle"]


async def test_what_the_desk_entered_is_taken_over_and_nobody_who_is_heard(town: Whole) -> None:
    web, phone = await person(town, "trang"), await person(town, "777", "telegram")
    await at_home(web, phone)

    def desk(work: Work) -> list[bool]:
        scene = present(work, town.world)
        entered = work.chats.open_citizen("desk", "d" * 16, scene.now)
        chat, other = work.chats.get(web.reader.chat), work.chats.get(phone.reader.chat)
        assert chat is not None
        assert other is not None
        taken = linking.take_over(scene, chat, entered.person or "")
        again = linking.take_over(scene, chat, entered.person or "")
        heard = linking.take_over(scene, chat, other.person or "")
        now = work.chats.get(entered.id)
        return [taken, again, heard, now is not None and now.person == chat.person]

    assert await town.run(desk) == [True, False, False, True]


async def test_a_number_proven_by_both_is_no_reason_to_merge_unasked(town: Whole) -> None:
    web, phone = await person(town, "trang"), await person(town, "777", "telegram")
    await at_home(web, phone)

    def ask(work: Work) -> str:
        chat, other = work.chats.get(web.reader.chat), work.chats.get(phone.reader.chat)
        assert chat is not None
        assert other is not None
        said = linking.claim(present(work, town.world), chat, other.person or "")
        assert said is not None
        return said.text

    said = await town.run(ask)
    assert len(set(await persons(web, phone))) == 2
    number = said.partition("làm một: ")[2][:4]
    assert "xác nhận cùng số điện thoại" in (await last(phone)).text
    await phone.press("joinnum")
    await phone.says(number)
    assert len(set(await persons(web, phone))) == 1
