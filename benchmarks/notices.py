"""Thousands of notices through the fake Bot API with its limits on, while a few people write; and a group's hour.

python -m benchmarks.notices 10000     # six minutes; without a number, 900 in 30 s
"""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
_OK: Final = 200
_TOO_MANY: Final = 429
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


@dataclass(slots=True)
class Bulk:
    """What came of many notices at once."""

    addresses: list[str]
    told: list[str]
    calls: list[dict[str, Any]]  # as the fake has noted them
    waits: list[float]  # seconds until somebody who wrote meanwhile was answered
    refused: int

    def pace(self) -> float:
        """Percent of what is allowed."""
        seconds = max(call["at"] for call in self.calls) - min(call["at"] for call in self.calls)
        return float((len(self.addresses) - 1) / seconds / Limits().overall * 100)

    def times(self) -> Counter[str]:
        """How often each chat was told something."""
        return Counter(str(call["params"]["chat_id"]) for call in self.calls if call["status"] == _OK)

    def silence(self, until: float) -> float:
        """The longest time in which nobody was told anything, in the first share of all."""
        taken = sorted(call["at"] for call in self.calls if call["status"] == _OK)
        taken = taken[: int(len(taken) * until)]
        return float(max(later - earlier for earlier, later in itertools.pairwise(taken)))


async def _bulk(count: int, writing: int = WRITE, *, refusals: int = 0) -> Bulk:
    """Notices to so many chats; so many people write meanwhile; so many calls are refused, each for five seconds."""
    from handlers.telegram_citizens import CitizensBot  # noqa: PLC0415 - aiogram takes 2.7 s

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder, fake(port):
        await until_open(port)
        database, bells = await _database(folder)
        bot = CitizensBot(TOKEN, cast("Door", None), cast("Load", None), api=url)
        watched = Watched(bot)
        deliverer = Deliverer(database, build(Settings()), {CITIZENS: watched}, Limits())
        async with aiohttp.ClientSession() as http:
            control = Control(http, url)
            addresses = await control.people(count + writing)
            told, writers = addresses[writing:], addresses[:writing]
            for number in range(refusals):
                after = (number + 1) * count // (refusals + 1)
                await control("fail", method="sendMessage", status=429, retry_after=5, after=after)
            await database.run(lambda work: _fill(work, told))
            deliverer.start(bells)
            waits = [await _answered(database, watched, one, count / 30 / max(1, writing)) for one in writers]
            while len(watched.taken) < len(addresses):  # noqa: ASYNC110 - a figure, and no part of it
                await asyncio.sleep(0.1)
            calls = [call for call in await control("calls") if call["method"].lower() == "sendmessage"][1:]
        await deliverer.stop()
        await bot.close()
        await database.close()
    return Bulk(addresses, told, calls, waits, watched.refused)


async def _notices(count: int) -> list[Row]:
    bulk = await _bulk(count)
    refused = sum(call["status"] == _TOO_MANY for call in bulk.calls)
    return [
        Row("notices through the fake", f"{count}, of the allowed pace", bulk.pace(), 95.0, "%", least=True),
        Row("refused meanwhile", f"{bulk.refused} in all", float(refused), 0.0, "429"),
        Row(
            "somebody who writes meanwhile",
            f"the slowest of {WRITE} to be answered",
            max(bulk.waits) * 1e3,
            1000.0,
            "ms",
        ),
    ]


async def _refusals(count: int = 300, refusals: int = 30) -> list[Row]:
    """Telegram refuses one in ten, and wants to hear nothing for that chat for five seconds."""
    bulk = await _bulk(count, 0, refusals=refusals)
    once = sum(times == 1 for times in bulk.times().values())
    lost = len(bulk.told) - once
    seen = sum(call["status"] == _TOO_MANY for call in bulk.calls)
    return [
        Row("one in ten refused for five seconds", f"{seen} refused; lost or told twice, of {count}", lost, 0.0, ""),
        Row("the others go on meanwhile", "the longest silence", bulk.silence(0.85) * 1e3, 500.0, "ms"),
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
    most = max(hour.most() for hour in [*hours, *busy, group_hour.at_once(200)])
    flood = group_hour.at_once(200)
    share = 200 / max(flood.calls) * 60 / Limits().group * 100
    return [
        Row("200 notices to one group at once", "of the allowed pace", share, 95.0, "%", least=True),
        Row("200 dossiers an hour in a group", "calls in its busiest minute", float(most), 20.0, "   "),
        Row("ten officers press at once", "the last card is right", longest(Kind.PRESSED, hours), 2.0, "s"),
        Row("a new card meanwhile", "the longest wait", longest(Kind.FIRST, hours), None, "s"),
        Row("and each dossier decided too", "cards later than 2 s", late / pressed * 100, None, "%"),
        Row("then a card nobody looks at", "the longest wait", longest(Kind.EDIT, busy), None, "s"),
    ]


def measure(count: int = FEW) -> list[Row]:
    """Through the fake, and under a held clock."""
    return [*_group(), *asyncio.run(_notices(count)), *asyncio.run(_refusals())]


if __name__ == "__main__":
    for line in lines(measure(*map(int, sys.argv[1:]))):
        print(line)
