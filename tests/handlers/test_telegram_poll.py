"""Asking Telegram for news: nothing is confirmed that is not durable, and nothing stops the asking."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

import pytest

from conversations.messages import TextSent, TryLater
from handlers import telegram_poll
from handlers.telegram_citizens import CitizensBot
from handlers.telegram_poll import Elsewhere, Raw, Rejected, poll
from tests.handlers.telegram_citizens_chat import TOKEN, RecordingDoor
from tests.telegram.fake import FakeTelegram


@pytest.fixture(autouse=True)
def _whoever_answers_at_once_has_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_poll, "_AT_ONCE", 0.0)


class Enough(BaseException):
    """The test has seen what it wanted."""


def text(number: int, chat: int = 1) -> Raw:
    return {"update_id": number, "message": {"chat": {"id": chat}, "from": {"id": chat}}}


def press(number: int, chat: int = 1) -> Raw:
    return {"update_id": number, "callback_query": {"from": {"id": chat}, "message": {"chat": {"id": chat}}}}


class Script:
    """Plays what getUpdates gives, one after another, and writes down what it was asked with."""

    def __init__(self, *answers: Sequence[Raw] | Exception) -> None:
        self.answers = list(answers)
        self.offsets: list[int | None] = []
        self.taken: list[object] = []
        self.said: list[str] = []
        self.pauses: list[float] = []
        self.refuse: Callable[[Raw], bool] = lambda _: False
        self.running: defaultdict[object, int] = defaultdict(int)
        self.most = 0

    async def updates(self, offset: int | None, wait: int) -> list[Raw]:
        assert 0 < wait <= 50
        self.offsets.append(offset)
        if not self.answers:
            raise Enough
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return list(answer)

    async def take(self, raw: Raw) -> None:
        chat = str(raw.get("message", raw))
        self.running[chat] += 1
        self.most = max(self.most, len([c for c, n in self.running.items() if n]))
        assert self.running[chat] == 1
        await asyncio.sleep(0.001)
        self.running[chat] -= 1
        if self.refuse(raw):
            raise OSError("disk full")
        self.taken.append(raw.get("update_id"))

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def play(self) -> None:
        with pytest.raises(Enough):
            await poll(self, self.said.append, pause=self.pause)


async def test_a_batch_is_confirmed_by_asking_for_what_follows() -> None:
    script = Script([text(5), text(6)], [text(7)], [])
    await script.play()
    assert script.taken == [5, 6, 7]
    assert script.offsets == [None, 7, 8, None]  # numbers may begin anew after a quiet week
    assert script.pauses == []


async def test_chats_at_the_same_time_each_in_order() -> None:
    script = Script([text(number, chat=number % 3) for number in range(1, 31)])
    await script.play()
    assert script.most == 3
    for chat in range(3):
        mine = [number for number in script.taken if isinstance(number, int) and number % 3 == chat]
        assert mine == sorted(mine)
        assert len(mine) == 10


async def test_a_press_and_a_text_of_one_person_are_in_order() -> None:
    script = Script([press(1), text(2), press(3)])
    script.refuse = lambda raw: raw["update_id"] == 1 and len(script.offsets) == 1
    await script.play()
    assert script.taken == []
    assert script.offsets == [None, 1]


async def test_what_was_not_stored_is_asked_for_again_and_the_rest_goes_on() -> None:
    script = Script([text(1), text(2, chat=2), text(3, chat=2), text(4)], [text(2, chat=2), text(3, chat=2)], [])
    script.refuse = lambda raw: raw["update_id"] == 2 and len(script.offsets) == 1
    await script.play()
    assert sorted(map(str, script.taken)) == ["1", "2", "3", "4"]
    assert script.offsets == [None, 2, 4, None]
    assert script.pauses == [1.0]


async def test_pauses_grow_while_nothing_can_be_stored() -> None:
    script = Script(*[[text(1)]] * 8)
    script.refuse = lambda _: True
    await script.play()
    assert script.offsets == [None, *[1] * 8]
    assert script.pauses == [1.0, 2.0, 5.0, 15.0, 30.0, 30.0, 30.0, 30.0]


async def test_pauses_grow_while_telegram_does_not_answer() -> None:
    script = Script(*[OSError("no route")] * 6, [text(1)], OSError("again"))
    await script.play()
    assert script.pauses == [1.0, 2.0, 5.0, 15.0, 30.0, 30.0, 1.0]
    assert script.taken == [1]
    assert script.said == []


async def test_telegram_is_asked_when_it_wants_to_be() -> None:
    script = Script(TryLater(9))
    await script.play()
    assert script.pauses == [9]


async def test_somebody_else_who_asks_is_named_once_until_he_is_gone() -> None:
    twice, hooked = Elsewhere(hooked=False), Elsewhere(hooked=True)
    script = Script(twice, twice, [], hooked, hooked)
    await script.play()
    first, second = script.said
    assert first.startswith("Một chương trình khác cũng đang nhận tin")
    assert "webhook" in second
    assert len(script.pauses) == 4
    assert min(script.pauses) >= 10


async def test_a_wrong_token_ends_it() -> None:
    with pytest.raises(Rejected):
        await poll(Script(Rejected()), print)


async def test_updates_without_a_number_spin_nothing() -> None:
    nameless: Raw = {"message": 5}
    script = Script([nameless], [nameless, text(3)], [])
    await script.play()
    assert script.taken == [None, None, 3]
    assert script.offsets == [None, None, 4, None]
    assert script.pauses == [1.0]


async def test_it_may_be_cancelled_while_an_update_is_taken() -> None:
    script = Script([text(1)], [text(1)])
    begun = asyncio.Event()

    async def slow(raw: Raw) -> None:
        begun.set()
        await asyncio.sleep(60)

    script.take = slow  # type: ignore[method-assign]
    task = asyncio.create_task(poll(script, print))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert script.offsets == [None]  # not confirmed: it comes again


async def test_by_a_real_bot_over_a_bad_line() -> None:
    async def none(_: str) -> bytes:
        raise AssertionError

    async with FakeTelegram(limits=False) as fake:
        account, door = fake.bot(TOKEN, "motcua_bot"), RecordingDoor()
        bot = CitizensBot(TOKEN, door, none, api=fake.url)
        hoa = fake.user("Hoa")
        fake.fail("getUpdates", cut="after")
        fake.fail("getUpdates", garbage=True, after=1)
        for word in "abc":
            await hoa.text(account, word)
        task = asyncio.create_task(poll(bot, print, pause=lambda _: asyncio.sleep(0.01)))
        await fake.until(lambda: len(door.heard) >= 3)
        await hoa.text(account, "d")
        await fake.settle()
        task.cancel()
        await bot.close()
        assert list(dict(zip(door.ids, door.events, strict=True)).values()) == [TextSent(word) for word in "abcd"]


async def test_a_server_that_does_not_wait_for_news_is_not_asked_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_poll, "_AT_ONCE", 1.0)
    script = Script([], [text(1)], [])
    await script.play()
    assert script.pauses == [1.0, 1.0]
