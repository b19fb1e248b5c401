"""Thousands of notices through the fake Bot API with its limits on, while a few people write; and a group's hour.

python -m benchmarks.notices 5000     # about 170 s; without a number, 900 in 30 s
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import aiohttp
import msgspec

from benchmarks import group_hour
from benchmarks.table import Row, lines
from benchmarks.turns import free_port, until_open
from bot.bells import Bells
from bot.deliver import Deliverer, Limits
from bot.group_needs import Kind
from bot.settings import Settings
from bot.world import build
from conversations.messages import Message, Sent
from handlers.telegram_door import CITIZENS, Door, Load
from storage import sealed
from storage.migrate import migrate
from storage.outbox import ANSWER, NOTICE
from storage.unit_of_work import Database, connect
from storage.work import Work

TOKEN: Final = "111111111:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # noqa: S105 - opens nothing
FEW: Final = 900
WRITE: Final = 20  # people who write meanwhile
WORDS: Final = "Hồ sơ của bạn đã được tiếp nhận. Mã hồ sơ: 000.00.01.H04-261123-0001. Bạn theo dõi ở mục Tra cứu."


@contextmanager
def fake(port: int) -> Iterator[None]:
    """The fake Bot API in a process of its own."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.telegram.fake", "--port", str(port)],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


class Control:
    """What the fake is asked to do; see tests/telegram/fake_door.py."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url

    async def __call__(self, op: str, **given: Any) -> Any:
        async with self._http.post(f"{self._url}/control/{op}", data=msgspec.json.encode(given)) as answer:
            body = await answer.json()
            return body["result"]

    async def people(self, count: int) -> list[str]:
        """Who have started the bot; their chats' ids."""
        await self("bot", token=TOKEN, username="motcua_bot", name="Một cửa")
        found = []
        for number in range(count):
            person = await self("user", name=f"Người {number}")
            await self("start", user=person["id"], to="motcua_bot")
            found.append(str(person["id"]))
        async with self._http.post(f"{self._url}/bot{TOKEN}/sendMessage", data={"chat_id": found[0], "text": "?"}):
            pass  # at the first call the fake reads all about the Bot API, for some seconds
        await asyncio.sleep(1)
        return found


class Watched:
    """The real sender, and when each message had been taken."""

    def __init__(self, sender: Any) -> None:
        self._sender = sender
        self.taken: dict[str, float] = {}
        self.refused = 0

    async def send(self, address: str, message: Message) -> Sent:
        try:
            sent: Sent = await self._sender.send(address, message)
        except Exception:
            self.refused += 1
            raise
        self.taken[address] = time.monotonic()
        return sent

    async def edit(self, address: str, message_id: str, message: Message) -> None:
        await self._sender.edit(address, message_id, message)


async def _notices(count: int) -> list[Row]:
    from handlers.telegram_citizens import CitizensBot  # noqa: PLC0415 - aiogram takes 2.7 s

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder, fake(port):
        await until_open(port)
        database = await _database(folder)
        bot = CitizensBot(TOKEN, cast("Door", None), cast("Load", None), api=url)
        watched = Watched(bot)
        bells: Bells = database[1]
        deliverer = Deliverer(database[0], build(Settings()), {CITIZENS: watched}, Limits())
        async with aiohttp.ClientSession() as http:
            control = Control(http, url)
            addresses = await control.people(count + WRITE)
            told, writing = addresses[WRITE:], addresses[:WRITE]
            await database[0].run(lambda work: _fill(work, told))
            deliverer.start(bells)
            waits = [await _answered(database[0], watched, one, count / 30 / WRITE) for one in writing]
            while len(watched.taken) < len(addresses):  # noqa: ASYNC110 - a figure, and no part of it
                await asyncio.sleep(0.1)
            calls = [call for call in await control("calls") if call["method"].lower() == "sendmessage"][1:]
        await deliverer.stop()
        await bot.close()
        await database[0].close()
    seconds = max(call["at"] for call in calls) - min(call["at"] for call in calls)
    refused = sum(call["status"] == 429 for call in calls)
    pace = (len(addresses) - 1) / seconds / Limits().overall * 100
    return [
        Row("notices through the fake", f"{count}, of the allowed pace", pace, 95.0, "%", least=True),
        Row("refused meanwhile", f"{watched.refused} in all", float(refused), 0.0, "429"),
        Row("somebody who writes meanwhile", f"the slowest of {WRITE} to be answered", max(waits) * 1e3, 1000.0, "ms"),
    ]


async def _database(folder: str) -> tuple[Database, Bells]:
    sealed.use(sealed.Keys(b"0123456789abcdef0123456789abcdef"))
    url = f"sqlite:///{folder}/motcua.sqlite3"
    await asyncio.to_thread(migrate, url)
    bells = Bells()
    return connect(url, bells.ring), bells


def _fill(work: Work, addresses: list[str]) -> None:
    now = datetime.now(UTC)
    for address in addresses:
        chat = work.chats.open_citizen(CITIZENS, address, now)
        work.outbox.add(chat.id, CITIZENS, Message(WORDS), lane=NOTICE)


async def _answered(database: Database, watched: Watched, address: str, pause: float) -> float:
    """How long the answer to somebody took."""
    await asyncio.sleep(pause)
    asked = time.monotonic()

    def answer(work: Work) -> None:
        chat = work.chats.open_citizen(CITIZENS, address, datetime.now(UTC))
        work.outbox.add(chat.id, CITIZENS, Message("Chào bạn."), lane=ANSWER)

    await database.run(answer)
    while address not in watched.taken:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.002)
    return watched.taken[address] - asked


def _group() -> list[Row]:
    """200 dossiers in an hour into one group, whose cards ten officers claim at once."""
    hours = [group_hour.play(seed=seed, decide=False) for seed in range(5)]
    busy = [group_hour.play(seed=seed) for seed in range(5)]

    def longest(kind: Kind, of: list[group_hour.Hour]) -> float:
        return max(max(hour.waits[kind], default=0.0) for hour in of)

    late = sum(wait > 2 for hour in busy for wait in hour.waits[Kind.PRESSED])
    pressed = sum(len(hour.waits[Kind.PRESSED]) for hour in busy)
    most = max(hour.most() for hour in [*hours, *busy])
    return [
        Row("200 dossiers an hour in a group", "calls in its busiest minute", float(most), 20.0, "   "),
        Row("ten officers press at once", "the last card is right", longest(Kind.PRESSED, hours), 2.0, "s"),
        Row("a new card meanwhile", "the longest wait", longest(Kind.FIRST, hours), None, "s"),
        Row("and each dossier decided too", "cards later than 2 s", late / pressed * 100, None, "%"),
        Row("then a card nobody looks at", "the longest wait", longest(Kind.EDIT, busy), None, "s"),
    ]


def measure(count: int = FEW) -> list[Row]:
    """Through the fake, and under a held clock."""
    return [*_group(), *asyncio.run(_notices(count))]


if __name__ == "__main__":
    for line in lines(measure(*map(int, sys.argv[1:]))):
        print(line)
