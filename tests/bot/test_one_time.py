"""One-time codes: six digits, ten minutes, five tries, few an hour; what goes out, and what is kept."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot import limits, one_time
from bot.scene import Scene, present
from domain.rights import EMAIL, PHONE
from storage import tables as t
from storage.chats import Chat
from storage.sealed import Keys
from storage.work import Work
from tests.bot.whole import Whole, running

NUMBER = "+84984123456"


@pytest.fixture
async def sending(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """SMS are set up; whatever waits in the outbox would go out."""
    async with running(database_url, tmp_path, sms_gateway="json", sms_url="https://sms.vidu.vn") as made:
        yield made


def here(work: Work, whole: Whole, address: str = "ban", network: str = "") -> tuple[Scene, Chat]:
    found = work.chats.find("console", address) or work.chats.open_citizen("console", address, whole.world.now())
    made = present(work, whole.world)
    return Scene(made.work, made.world, made.now, network=network), found


def sent(work: Work) -> list[str]:
    rows = work.connection.execute(select(t.outbox.c.channel, t.outbox.c.body).order_by(t.outbox.c.id))
    return [body.decode() for channel, body in rows if channel == "sms"]


def code_in(words: str) -> str:
    found = re.findall(r"(?<!\d)\d{6}(?!\d)", words)
    return str(found[0])


async def test_the_code_comes_back_once(sending: Whole) -> None:
    def play(work: Work) -> list[str]:
        scene, chat = here(work, sending)
        assert one_time.ask(scene, chat, "prove", PHONE, NUMBER, "sms") == "sms"
        code = code_in(sent(work)[-1])
        kept = work.connection.exec_driver_sql("SELECT * FROM codes").all()
        assert not any(code in str(value) for row in kept for value in row)
        first, again = (one_time.check(scene, chat, code, "prove") for _ in range(2))
        assert first == one_time.Checked("ok", NUMBER, "sms", PHONE)
        return [first.state, again.state]

    assert await sending.run(play) == ["ok", "none"]


async def test_the_words_warn(sending: Whole) -> None:
    def play(work: Work) -> str:
        scene, chat = here(work, sending)
        one_time.ask(scene, chat, "prove", PHONE, NUMBER)
        return sent(work)[-1]

    assert re.search("đừng đọc|dung doc|Khong ai|khong ai", await sending.run(play))


async def test_after_five_wrong_ones_the_right_one_is_too_late(sending: Whole) -> None:
    def play(work: Work) -> tuple[list[str], int]:
        scene, chat = here(work, sending)
        one_time.ask(scene, chat, "prove", PHONE, NUMBER)
        code = code_in(sent(work)[-1])
        wrong = "000000" if code != "000000" else "000001"
        states = [one_time.check(scene, chat, wrong, "prove").state for _ in range(5)]
        states.append(one_time.check(scene, chat, code, "prove").state)
        return states, work.audit.count(limits.GUESSING, scene.now)

    assert await sending.run(play) == ([*["wrong"] * 4, "over", "over"], 1)


async def test_after_ten_minutes_it_is_void(sending: Whole) -> None:
    def play(work: Work) -> list[str]:
        scene, chat = here(work, sending)
        one_time.ask(scene, chat, "prove", PHONE, NUMBER)
        code = code_in(sent(work)[-1])
        work.connection.execute(update(t.codes).values(expires=t.codes.c.expires - 10 * 60))
        return [one_time.check(scene, chat, code, "prove").state]

    assert await sending.run(play) == ["over"]


async def test_a_code_is_good_for_its_chat_and_purpose(sending: Whole) -> None:
    def play(work: Work) -> list[str]:
        scene, chat = here(work, sending)
        _, other = here(work, sending, "la")
        one_time.ask(scene, chat, "prove", PHONE, NUMBER)
        one_time.ask(scene, other, "prove", PHONE, NUMBER)
        code = code_in(sent(work)[0])
        assert code != code_in(sent(work)[1])
        return [
            one_time.check(scene, other, code, "prove").state,
            one_time.check(scene, chat, code, "consent").state,
            one_time.check(scene, chat, code, "prove").state,
        ]

    assert await sending.run(play) == ["wrong", "none", "ok"]


async def test_a_new_one_makes_the_one_before_it_void(sending: Whole) -> None:
    def play(work: Work) -> list[str]:
        scene, chat = here(work, sending)
        for _ in range(2):
            one_time.ask(scene, chat, "prove", PHONE, NUMBER)
        old, new = map(code_in, sent(work)[-2:])
        return [one_time.check(scene, chat, code, "prove").state for code in ((old, new) if old != new else (new,))]

    assert (await sending.run(play))[-1] == "ok"


async def test_a_number_gets_three_an_hour_whoever_asks(sending: Whole) -> None:
    def play(work: Work) -> tuple[list[str | None], int]:
        asked = []
        for n in range(5):
            scene, chat = here(work, sending, f"chat{n}")
            asked.append(one_time.ask(scene, chat, "prove", PHONE, NUMBER))
        return asked, len(sent(work))

    assert await sending.run(play) == (["sms"] * 3 + [None, None], 3)


async def test_a_chat_gets_three_an_hour_whatever_number_it_names(sending: Whole) -> None:
    def play(work: Work) -> list[str | None]:
        scene, chat = here(work, sending)
        return [one_time.ask(scene, chat, "prove", PHONE, f"+8498412345{n}") for n in range(5)]

    assert await sending.run(play) == ["sms"] * 3 + [None, None]


async def test_ten_a_day(sending: Whole) -> None:
    def play(work: Work) -> int:
        given = 0
        for n in range(5):
            for m in range(3):
                scene, chat = here(work, sending, f"chat{n}-{m}")
                given += one_time.ask(scene, chat, "prove", PHONE, NUMBER) is not None
            work.connection.execute(update(t.attempts).values(at=t.attempts.c.at - 3_601))
        return given

    assert await sending.run(play) == 10


async def test_a_network_gets_thirty_an_hour(sending: Whole) -> None:
    def play(work: Work) -> int:
        given = 0
        for n in range(40):
            scene, chat = here(work, sending, f"chat{n}", "net")
            given += one_time.ask(scene, chat, "prove", PHONE, f"+849841234{n:02}") is not None
        return given

    assert await sending.run(play) == 30


async def test_where_nothing_can_be_sent_nothing_counts(whole: Whole) -> None:
    def play(work: Work) -> list[object]:
        scene, chat = here(work, whole)
        asked = [one_time.ask(scene, chat, "prove", kind, NUMBER) for kind in (PHONE, EMAIL)]
        return [*asked, one_time.waits(scene, chat, "prove"), len(work.connection.execute(select(t.attempts)).all())]

    assert await whole.run(play) == [None, None, False, 0]
