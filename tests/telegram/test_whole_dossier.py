"""A whole dossier with both bots, asked for news or called, also where Telegram fails and the program is killed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from storage import sealed
from storage.sealed import Keys
from storage.work import Work
from tests.conftest import MASTER
from tests.crash.scenario import STEPS, ask
from tests.telegram.fake import FakeTelegram
from tests.telegram.play import Play
from tests.telegram.program import TOKENS, Program

KILLS = 2
TROUBLES: list[dict[str, Any]] = [
    {"status": 429, "retry_after": 1},
    {"status": 500},
    {"status": 502},
    {"cut": "before"},
    {"cut": "after"},
    {"slow": 2.0},
    {"garbage": True},
]
HISTORY = ["submit", "claim", "ask-more", "supplement", "accept", "done", "hand-over"]


@asynccontextmanager
async def played(folder: Path, *, webhook: bool) -> AsyncIterator[Play]:
    """The desk is open."""
    async with FakeTelegram() as fake:
        program = Program(fake, folder, webhook=webhook)
        await program.start()
        try:
            play = Play(program)
            await play.open_the_desk()
            yield play
        finally:
            program.kill()


def history(work: Work) -> list[str]:
    rows = work.connection.execute(text("SELECT what FROM history ORDER BY number"))
    return [what for (what,) in rows]


def outbox(work: Work) -> dict[str, int]:
    rows = work.connection.execute(text("SELECT status, count(*) FROM outbox GROUP BY status"))
    return {str(row[0]): int(row[1]) for row in rows}


def prove(play: Play) -> None:
    """The dossier went its way once, the card is right, nothing personal or secret went where it must not."""
    fake, program = play.fake, play.program
    fake.assert_clean()
    cards = [m for m in play.group.messages if "Người giữ việc" in m.words]
    assert len(cards) == 1, play.group.messages
    assert "Đã trả kết quả" in cards[0].words
    assert not cards[0].labels
    shown = " ".join(m.words for m in play.group.messages).lower()
    assert "0984" not in shown
    assert "nguyễn thị hoa" not in shown
    assert not any(m.files for m in play.group.messages)
    for secret in (*TOKENS, "0984", "Hoa"):
        assert secret not in program.log


def told_twice(play: Play) -> list[str]:
    """What the citizen read more often than it was said: neither a question asked again, nor in doubt."""
    counted = Counter(m.words for m in play.citizen.messages if m.words and hasattr(m.sender, "token"))
    return [words for words, count in counted.items() if count > 1 and "mã" in words]


@pytest.fixture(autouse=True)
def same_keys() -> None:
    sealed.use(Keys(MASTER))


async def in_peace(folder: Path, *, webhook: bool) -> dict[str, list[Any]]:
    async with played(folder, webhook=webhook) as play:
        await play.perform()
        await play.program.stop()
        prove(play)
        assert not [call for call in play.fake.calls if call.status == 429]
        assert await asyncio.to_thread(ask, play.program.url, history) == HISTORY
        assert set(await asyncio.to_thread(ask, play.program.url, outbox)) == {"sent"}
        assert not told_twice(play)
        return play.read()


async def in_trouble(folder: Path, *, webhook: bool, seed: int) -> dict[str, list[Any]]:
    """Killed a few times, and refused by Telegram in every way in between."""
    dice = random.Random(seed)
    deadly = set(dice.sample(range(1, len(STEPS)), KILLS))
    async with played(folder, webhook=webhook) as play:

        async def between(step: int) -> None:
            if step in deadly:
                asyncio.get_running_loop().call_later(dice.uniform(0, 0.1), play.program.kill)
            elif step % 4 == 0:
                play.fake.fail(dice.choice(["sendMessage", "*"]), **dice.choice(TROUBLES))

        await play.perform(between)
        await play.program.stop()
        assert play.program.deaths  # two may have met
        prove(play)
        assert await asyncio.to_thread(ask, play.program.url, history) == HISTORY
        return play.read()


@pytest.mark.timeout(300)
async def test_in_peace_and_in_trouble(tmp_path: Path) -> None:
    """At the same time: most of each is spent waiting for Telegram's one message a second."""
    seed = random.randrange(10**6)
    try:
        read = await asyncio.gather(
            in_peace(tmp_path / "asked", webhook=False),
            in_peace(tmp_path / "called", webhook=True),
            in_trouble(tmp_path / "asked-in-trouble", webhook=False, seed=seed),
            in_trouble(tmp_path / "called-in-trouble", webhook=True, seed=seed + 1),
        )
    except BaseException as error:
        error.add_note(f"seed {seed}")
        raise
    assert read[0] == read[1]
