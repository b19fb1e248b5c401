"""A whole dossier over Zalo with a process of its own, also where Zalo fails and the program is killed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage import sealed
from storage.sealed import Keys
from tests.conftest import MASTER
from tests.crash.scenario import STEPS, ask
from tests.telegram.test_whole_dossier import HISTORY, history, outbox
from tests.zalo.fake import FakeZalo
from tests.zalo.on_zalo import read
from tests.zalo.play import Play
from tests.zalo.program import Program

KILLS = 2
TROUBLES: list[str | int] = ["rate", "failed", "html", "reset", "garbage", -32, -200]
STEP_THAT_HANGS = 5


@pytest.fixture(autouse=True)
def same_keys() -> None:
    sealed.use(Keys(MASTER))


@asynccontextmanager
async def played(folder: Path, *, kind: str, buttons: bool) -> AsyncIterator[Play]:
    """The desk is open."""
    fake = FakeZalo()
    fake.kind, fake.buttons_taken, fake.echo = kind, buttons, True
    await fake.start()
    program = Program(fake, folder)
    try:
        await program.install()
        await program.start()
        play = Play(program)
        await play.open_the_desk()
        yield play
    finally:
        program.kill()
        broken = [why for why in fake.complaints if " after " not in why]  # that is told of slow machines
        fake.complaints.clear()
        await fake.stop()
        assert not broken, broken


def prove(play: Play) -> None:
    """Nothing personal or secret went where it must not."""
    secrets = (play.fake.APP_SECRET, play.fake.OA_KEY, "access-token-", "refresh-token-", "0984", "Hoa", play.nam.id)
    for secret in secrets:
        assert secret not in play.program.log


def told(play: Play) -> list[str]:
    return [read(one).text for one in play.fake.sent]


async def in_peace(folder: Path, *, kind: str, buttons: bool) -> None:
    async with played(folder, kind=kind, buttons=buttons) as play:
        await play.perform()
        await play.program.stop()
        prove(play)
        assert await asyncio.to_thread(ask, play.program.url, history) == HISTORY
        assert set(await asyncio.to_thread(ask, play.program.url, outbox)) == {"sent"}
        twice = [words for words, count in Counter(told(play)).items() if count > 1 and "mã" in words]
        assert not twice


async def in_trouble(folder: Path, *, kind: str, seed: int) -> None:
    """Killed a few times, and refused by Zalo in every way in between."""
    dice = random.Random(seed)
    deadly = set(dice.sample(range(1, len(STEPS)), KILLS))
    async with played(folder, kind=kind, buttons=True) as play:

        async def between(step: int) -> None:
            if step in deadly:
                asyncio.get_running_loop().call_later(dice.uniform(0, 0.1), play.program.kill)
            elif step == STEP_THAT_HANGS:
                play.fake.faults.next(dice.choice(["hang", "late"]), "message")
            elif step and step % 4 == 0:  # by then it is known that echoes come
                play.fake.faults.next(dice.choice(TROUBLES), "message")

        await play.perform(between)
        await play.program.stop()
        assert play.program.deaths
        prove(play)
        assert await asyncio.to_thread(ask, play.program.url, history) == HISTORY
        assert set(await asyncio.to_thread(ask, play.program.url, outbox)) == {"sent"}


@pytest.mark.timeout(400)
async def test_in_peace_and_in_trouble(tmp_path: Path) -> None:
    """At the same time: most of each is spent waiting."""
    seed = random.randrange(10**6)
    try:
        await asyncio.gather(
            in_peace(tmp_path / "company", kind="enterprise", buttons=True),
            in_peace(tmp_path / "authority", kind="state", buttons=False),
            in_trouble(tmp_path / "company-in-trouble", kind="enterprise", seed=seed),
            in_trouble(tmp_path / "authority-in-trouble", kind="state", seed=seed + 1),
        )
    except BaseException as error:
        error.add_note(f"seed {seed}")
        raise
