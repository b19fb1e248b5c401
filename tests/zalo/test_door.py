"""The whole program behind Zalo's webhook: what happens once, in which order, and who is told what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from bot import echoes
from bot.say import to_citizen
from bot.scene import present
from conversations.messages import Inbound, Message, TextSent
from conversations.render import text
from handlers import zalo_wire
from handlers.zalo_door import ZALO
from storage import tables as t
from storage.chats import Chat
from storage.echoes import Echoes
from storage.sealed import Keys
from storage.work import Work
from tests.bot.whole import START, jpeg
from tests.zalo.fake import FakeZalo
from tests.zalo.fake_people import Person
from tests.zalo.on_zalo import Town, WholeOnZalo, running_on_zalo, settle

GREETING = "chào"


@pytest.fixture
async def whole(zalo: FakeZalo, sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[WholeOnZalo]:
    async with running_on_zalo(Town(zalo), sqlite_url, tmp_path, undo=0, at=START) as found:
        yield found


@pytest.fixture
def nam(whole: WholeOnZalo) -> Person:
    return whole.town.person("Nam")


async def rest(whole: WholeOnZalo) -> None:
    await settle(whole, whole.town)


async def chat(whole: WholeOnZalo, nam: Person) -> Chat:
    found = await whole.run(lambda work: work.chats.find(ZALO, nam.id))
    assert found is not None
    return found


def told(whole: WholeOnZalo) -> list[str]:
    return [one.text for one in whole.town.fake.sent]


async def states(whole: WholeOnZalo) -> list[str]:
    def look(work: Work) -> list[str]:
        return list(work.connection.scalars(select(t.outbox.c.status).order_by(t.outbox.c.id)))

    return await whole.run(look)


async def test_a_repeat_does_nothing(whole: WholeOnZalo, nam: Person) -> None:
    message = {"text": "xin giấy độc thân", "msg_id": "m1"}
    for retry in range(3):
        await nam.acts("user_send_text", {"message": message}, retry=retry)
    await rest(whole)
    assert len(told(whole)) == 1


async def test_what_is_not_signed_does_nothing(whole: WholeOnZalo, nam: Person) -> None:
    await nam.says("xin giấy độc thân", mac="bad")
    await rest(whole)
    assert not told(whole)
    assert await whole.run(lambda work: work.chats.find(ZALO, nam.id)) is None


async def test_several_files_of_one_message_are_answered_once(whole: WholeOnZalo, nam: Person) -> None:
    await nam.says("xin giấy độc thân")
    await rest(whole)
    before = len(told(whole))
    urls = [nam.fake.serve(jpeg(n), "image/jpeg") for n in range(3)]
    attachments = [{"type": "image", "payload": {"url": url}} for url in urls]
    await nam.acts("user_send_image", {"message": {"msg_id": "album", "attachments": attachments}})
    await asyncio.sleep(1.3)
    await rest(whole)
    assert len(told(whole)) == before + 1


async def test_who_follows_is_greeted_once(whole: WholeOnZalo, nam: Person) -> None:
    await nam.follows()
    await nam.clicks_chat_now()
    await rest(whole)
    assert len(told(whole)) == 1
    assert GREETING in told(whole)[0].lower()


async def test_who_follows_in_the_middle_goes_on(whole: WholeOnZalo, nam: Person) -> None:
    await nam.says("xin giấy độc thân")
    await rest(whole)
    before = len(told(whole))
    await nam.follows()
    await rest(whole)
    assert len(told(whole)) == before


async def test_who_leaves_and_comes_back(whole: WholeOnZalo, nam: Person) -> None:
    await nam.says("menu")
    await rest(whole)
    await nam.unfollows()
    await rest(whole)
    assert (await chat(whole, nam)).unreachable == "blocked"
    await nam.follows()
    await rest(whole)
    assert not (await chat(whole, nam)).unreachable


async def test_out_of_the_window_until_they_write(whole: WholeOnZalo, nam: Person) -> None:
    await nam.says("menu")
    await rest(whole)
    nam.window = "closed"
    found = await chat(whole, nam)

    await whole.run(lambda work: to_citizen(present(work, whole.world), found.id, Message("Tin"), "", here=True))
    await rest(whole)
    assert (await chat(whole, nam)).unreachable == "window"
    await nam.says("menu")
    await rest(whole)
    assert not (await chat(whole, nam)).unreachable


async def test_news_has_a_button_whose_tap_says_that_it_was_read(whole: WholeOnZalo, nam: Person) -> None:

    await nam.says("menu")
    await rest(whole)
    found = await chat(whole, nam)
    await whole.run(lambda work: to_citizen(present(work, whole.world), found.id, Message("Tin"), "", here=True))
    await rest(whole)
    assert [b["title"] for b in whole.town.fake.sent[-1].buttons] == [text("button.seen")]
    await nam.taps(text("button.seen"))
    await rest(whole)
    assert text("where.seen") in told(whole)[-1]
    await nam.says(text("button.seen"))  # typed, where there are no buttons
    await rest(whole)
    assert text("where.seen") in told(whole)[-1]


async def test_an_officer_writes_in_zalos_own_page(whole: WholeOnZalo, nam: Person) -> None:
    await nam.says("menu")
    await rest(whole)
    fake = whole.town.fake
    fake.echo = True
    fake.echo_of(fake.sent[-1], admin_id="7")  # our own words: nobody took over
    await rest(whole)
    before = len(told(whole))
    await nam.says("xin giấy độc thân")
    await rest(whole)
    assert len(told(whole)) == before + 1

    own = {"sender": {"id": fake.OA_ID, "admin_id": "7"}, "recipient": {"id": nam.id}}
    event = {"event_name": "oa_send_text", "message": {"text": "Chào bác, em là Thu", "msg_id": "by-hand"}, **own}
    await fake.push({**event, "timestamp": fake.timestamp()})
    await nam.says("vâng chào chị")
    await rest(whole)
    assert len(told(whole)) == before + 1
    await nam.says("#menu")  # a button calls the bot
    await rest(whole)
    assert len(told(whole)) == before + 2
    await whole.pass_time(timedelta(minutes=31))
    await nam.says("vâng chào chị")
    await rest(whole)
    assert len(told(whole)) == before + 3


async def test_what_a_dead_process_left_is_played(whole: WholeOnZalo, nam: Person) -> None:
    inbound = Inbound(ZALO, nam.id, "m1", TextSent("menu"), whole.world.now())
    assert await whole.run(lambda work: work.inbox.keep(inbound))
    assert not await whole.run(lambda work: work.inbox.keep(inbound))
    await whole.app.receiver.retry()
    await rest(whole)
    assert len(told(whole)) == 1
    await nam.acts("user_send_text", {"message": {"text": "menu", "msg_id": "m1"}}, retry=1)
    await rest(whole)
    assert len(told(whole)) == 1


async def test_what_another_process_has_kept_is_played_first(whole: WholeOnZalo, nam: Person) -> None:
    """Two events of one person come to two processes; the second one's is quicker."""
    first, second = (
        Inbound(ZALO, nam.id, f"m{number}", TextSent(words), whole.world.now())
        for number, words in enumerate(("gặp cán bộ", "cho hỏi giấy này"))
    )
    for one in (first, second):
        await whole.run(lambda work, one=one: work.inbox.keep(one))  # type: ignore[misc]
    await whole.app.receiver.play(second)
    await rest(whole)
    in_order = told(whole)
    assert await whole.run(lambda work: work.inbox.to_retry()) == []
    await whole.app.receiver.play(first)
    await rest(whole)
    assert told(whole) == in_order


async def test_seen_is_read(whole: WholeOnZalo, nam: Person) -> None:

    await nam.says("menu")
    await rest(whole)
    found = await chat(whole, nam)
    about = "dossier:1234"
    await whole.run(lambda work: to_citizen(present(work, whole.world), found.id, Message("Tin"), about, here=True))
    await rest(whole)
    await nam.receives(whole.town.fake.sent[-1].message_id)
    status = await whole.run(lambda work: work.notices.of(about)[0].status)
    assert status == "arrived"
    await nam.sees(whole.town.fake.sent[-1].message_id)
    assert await whole.run(lambda work: work.notices.of(about)[0].status) == "read"


async def test_who_withdraws_is_forgotten(whole: WholeOnZalo, nam: Person) -> None:
    for words in ("xin giấy độc thân", "vay vốn", "nộp hồ sơ", "cho tôi", "đồng ý"):
        await nam.says(words)
        await rest(whole)
    found = await chat(whole, nam)
    assert found.person is not None
    person = found.person
    assert await whole.run(lambda work: work.drafts.lines(person))
    await nam.withdraws()
    await rest(whole)
    assert not await whole.run(lambda work: work.drafts.lines(person))
    assert (await chat(whole, nam)).unreachable == "blocked"


class TestNoAnswer:
    """A call that nobody answers is made again only where its echo would have come."""

    @pytest.fixture(autouse=True)
    def short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zalo_wire, "_TIMES", httpx.Timeout(0.3))
        monkeypatch.setattr(echoes, "WAIT", 0.8)

    async def echoed(self, whole: WholeOnZalo, nam: Person) -> None:
        whole.town.fake.echo = True
        await nam.says("menu")
        await rest(whole)

    async def test_taken_and_echoed(self, whole: WholeOnZalo, nam: Person) -> None:
        await self.echoed(whole, nam)
        whole.town.fake.faults.next("late", "message")
        await nam.says("xin giấy độc thân")
        await rest(whole)
        assert len(told(whole)) == 2
        assert await states(whole) == ["sent", "sent"]

    async def test_not_taken(self, whole: WholeOnZalo, nam: Person) -> None:
        await self.echoed(whole, nam)
        whole.town.fake.faults.next("hang", "message")
        await nam.says("xin giấy độc thân")
        await rest(whole)
        assert len(told(whole)) == 2
        assert await states(whole) == ["sent", "sent"]

    async def test_where_no_echoes_come(self, whole: WholeOnZalo, nam: Person) -> None:
        for fault in ("hang", "late"):
            whole.town.fake.faults.next(fault, "message")
            await nam.says("xin giấy độc thân")
            await rest(whole)
        assert await states(whole) == ["unknown", "unknown"]
        assert len(told(whole)) == 1  # the late one, which was taken

    async def test_begun_by_a_process_that_died(self, whole: WholeOnZalo, nam: Person) -> None:
        await self.echoed(whole, nam)
        fake = whole.town.fake

        def die(work: Work) -> None:
            row = work.connection.scalar(select(t.outbox.c.id))
            found = work.chats.find(ZALO, nam.id)
            assert found is not None
            assert row is not None

            for number, words in enumerate(("Một", "Hai")):
                work.outbox.add(found.id, ZALO, Message(words), repeatable=False, key=f"k{number}")
            dead = {"status": "claimed", "claimed_by": "dead", "attempts": 1, "claimed_until": 1e12}
            work.connection.execute(update(t.outbox).where(t.outbox.c.key.is_not(None)).values(dead))

            Echoes(work).doubt(ZALO, (whole.app.deliverer.name,), 0.5)

        await whole.run(die)
        own = {"sender": {"id": fake.OA_ID}, "recipient": {"id": nam.id}}
        event = {"event_name": "oa_send_text", "message": {"text": "Một", "msg_id": "its"}, **own}
        await fake.push({**event, "timestamp": fake.timestamp()})
        await rest(whole)
        assert told(whole)[1:] == ["Hai"]
