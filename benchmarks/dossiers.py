"""The load: whole dossiers over Telegram's webhook, Zalo's and the web page at once, and officers who decide them.

Afterwards everything is counted, in the fakes' records and in the database.

LOAD_CITIZENS=90 LOAD_SECONDS=300 LOAD_SHAPE=many python -m benchmarks load
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiohttp
from sqlalchemy import func, select

from benchmarks import installation, traces
from benchmarks.card_photos import sides
from benchmarks.citizens import (
    ACCEPTED,
    HANDED_OVER,
    PATIENCE,
    Chat,
    Citizen,
    Line,
    Someone,
    Times,
    people_think,
    someone,
)
from benchmarks.citizens_telegram import OnTelegram, Telegram
from benchmarks.citizens_web import Page
from benchmarks.citizens_zalo import OnZalo, Zalo
from benchmarks.installation import Installation
from benchmarks.officers import Officer, deal
from benchmarks.table import Row, lines
from storage import sealed
from storage import tables as t
from storage.migrate import migrate
from storage.unit_of_work import connect
from storage.work import Work

CHANNELS: Final = ("telegram", "zalo", "web")
CITIZENS: Final = 30  # at once
_MASTER: Final = bytes(range(32))
_TOKEN: Final = "111222333:AAE-load-load-load-load-load-load-load"  # noqa: S105 - opens nothing


@dataclass(slots=True)
class Load:
    """One run: who took part, what it took, and what was found wrong afterwards."""

    citizens: list[Citizen] = field(default_factory=list)
    desk: list[Officer] = field(default_factory=list)
    times: dict[str, Times] = field(default_factory=lambda: {channel: Times() for channel in CHANNELS})
    acknowledged: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    resident: int = 0
    refused: int = 0  # calls that were refused for being too many
    messages: int = 0
    wrong: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Town:
    """The fakes, and whoever has a chat there."""

    telegram: Telegram
    zalo: Zalo
    http: aiohttp.ClientSession
    home: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def settings(self) -> dict[str, str]:
        """What leads the program to the fakes."""
        return {
            "MOTCUA_TELEGRAM_TOKEN": _TOKEN,
            "MOTCUA_TELEGRAM_WEBHOOK": "1",
            "MOTCUA_TELEGRAM_API": self.telegram.url,
            "MOTCUA_ZALO_APP_ID": self.zalo.APP_ID,
            "MOTCUA_ZALO_APP_SECRET": self.zalo.APP_SECRET,
            "MOTCUA_ZALO_OA_ID": self.zalo.OA_ID,
            "MOTCUA_ZALO_OA_SECRET_KEY": self.zalo.OA_KEY,
            "MOTCUA_ZALO_OAUTH_BASE": self.zalo.base,
            "MOTCUA_ZALO_OPENAPI_BASE": self.zalo.base,
            "MOTCUA_ZALO_ZNS_BASE": self.zalo.base,
        }

    def secrets(self) -> list[str]:
        """What nobody may read in a log."""
        pairs = [token for pair in self.zalo.state.pairs for token in (pair.access, pair.refresh)]
        hooks = [box.webhook.secret for box in self.telegram.desk.mailboxes.values()]
        return [_TOKEN, _TOKEN.partition(":")[2], self.zalo.APP_SECRET, self.zalo.OA_KEY, *pairs, *filter(None, hooks)]

    def chat(self, channel: str, who: Someone) -> Chat:
        match channel:
            case "telegram":
                return OnTelegram(self.telegram, next(iter(self.telegram.bots.values())), who.name)
            case "zalo":
                return OnZalo(self.zalo, str(246_845_883_500_000_000 + who.number), who.name)
            case _:
                return Page(self.http, self.home, 100_000 + who.number)


@contextlib.asynccontextmanager
async def town() -> AsyncIterator[Town]:
    """Both fakes are there."""
    zalo = Zalo()
    await zalo.start()
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        Telegram() as telegram,
        aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(60)) as http,
    ):
        telegram.bot(_TOKEN, "motcua_bot", "Một cửa")
        yield Town(telegram, zalo, http)
    broken = [why for why in zalo.state.complaints if " after " not in why]  # that is told of slow machines
    zalo.state.complaints.clear()
    await zalo.stop()
    assert not broken, broken[:5]


@contextlib.asynccontextmanager
async def standing(there: Town, folder: Path, shape: str, **more: str) -> AsyncIterator[Installation]:
    """The program, with the account let in and the webhook set."""
    (folder / "master.key").write_text(_MASTER.hex(), encoding="ascii")
    sealed.use(sealed.Keys(_MASTER))
    opened = installation.one if shape == "one" else installation.many
    settings = {**there.settings(), "MOTCUA_LOG_LEVEL": "INFO", **more}
    async with opened(folder, partial(let_in, there.zalo), settings) as made:
        there.home = made.home
        there.zalo.hook = f"{made.home}/zalo"
        box = next(iter(there.telegram.desk.mailboxes.values()))
        await there.telegram.until(lambda: box.webhook.url, 90)
        await installation.said(made, "https://zalo.me/")
        yield made


async def let_in(zalo: Zalo, url: str) -> None:
    """The account has let the program in, as `motcua zalo` would have noted in a new database."""
    await asyncio.to_thread(migrate, url)
    access, refresh = zalo.pair()
    await looked(url, lambda work: work.zalo.seed(zalo.OA_ID, refresh, access, 80_000.0))


async def looked(url: str, question: Callable[[Work], Any]) -> Any:
    """One look at the database from outside."""
    database = connect(url, lambda _: None)
    try:
        return await database.run(question)
    finally:
        await database.close()


async def play(
    there: Town, made: Installation, *, citizens: int, seconds: float = 0.0, think: Callable[[], float] | None = None
) -> Load:
    """So many citizens at once on three channels, each with one dossier, and for so long the next who come."""
    load = Load()
    people = [(who, sides(who)) for who in map(someone, itertools.islice(there.numbers, citizens))]  # before the clock
    desk = load.desk = await _desk(there, made)
    cards: asyncio.Queue[str] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        working = [group.create_task(officer.work(cards)) for officer in desk]
        working.append(group.create_task(deal(desk[0].page, cards)))
        before, began = made.cpu(), time.monotonic()

        async def one(place: int) -> None:
            while True:
                channel = CHANNELS[place % 3]
                who, photos = people.pop() if people else await _next(there)
                citizen = Citizen(
                    who, there.chat(channel, who), iter(photos), load.times[channel], think or people_think
                )
                load.citizens.append(citizen)
                await citizen.hand_in()
                over = await citizen.until(HANDED_OVER)
                accepted = await citizen.until(ACCEPTED)
                load.seconds = over.at - began
                load.times[channel].notices.append(_told(desk, citizen, accepted))
                if time.monotonic() - began >= seconds:
                    return

        async with asyncio.TaskGroup() as writing:
            for place in range(citizens):
                writing.create_task(one(place))
        after = made.cpu()
        for task in working:
            task.cancel()
    load.cpu = {name: after[name] - before.get(name, 0.0) for name in after}
    load.resident = sum(part.resident() for part in made.parts)
    load.acknowledged = {
        "telegram": there.telegram.took,
        "zalo": there.zalo.took,
        "web": [took for page in pages(load)[len(desk) :] for took in page.took],
    }
    await settled(made)
    await _count(load, there, made)
    return load


async def _next(there: Town) -> tuple[Someone, list[bytes]]:
    who = someone(next(there.numbers))
    return who, await asyncio.to_thread(sides, who)


async def settled(made: Installation) -> None:
    """Nothing is left to be said or done; then whatever would come a second time has come."""
    ends = time.monotonic() + PATIENCE
    while await looked(made.url, _waiting) and time.monotonic() < ends:  # noqa: ASYNC110 - another process's
        await asyncio.sleep(0.2)
    await asyncio.sleep(1)


def _waiting(work: Work) -> int:
    now = work.machine_now()
    waits = (
        select(func.count()).where(t.outbox.c.status.in_(("waiting", "claimed"))),
        select(func.count()).where(t.jobs.c.status == "waiting", t.jobs.c.due <= now),
        select(func.count()).where(t.inbox.c.status == "failed"),
    )
    return sum(int(work.connection.scalar(count) or 0) for count in waits)


async def leave(load: Load) -> None:
    """Everybody closes their page."""
    for citizen in load.citizens:
        await citizen.chat.end()
    for officer in load.desk:
        await officer.page.end()


def _told(desk: Sequence[Officer], citizen: Citizen, accepted: Line) -> float:
    pressed = next((officer.told[citizen.code] for officer in desk if citizen.code in officer.told), accepted.at)
    return accepted.at - pressed


async def _desk(there: Town, made: Installation) -> list[Officer]:
    links, desk = made.links(), []
    for number, (name, link) in enumerate(sorted(links.items()), 1):
        page = Page(there.http, made.home, number, staff=True)
        await page.log_in(link)
        await page.begin()
        desk.append(Officer(page, name))
    return desk


# afterwards -----------------------------------------------------------------------------------------------------------


async def _count(load: Load, there: Town, made: Installation) -> None:
    """What must be so, by the fakes' records and by the database's."""
    wrong = load.wrong
    codes = Counter(citizen.code for citizen in load.citizens)
    wrong += [f"{count} citizens have the code {code!r}" for code, count in codes.items() if count > 1 or not code]
    for citizen in load.citizens:
        lines = Counter(line.text for line in citizen.chat.lines if line.has("Mã theo dõi: ") or line.has(ACCEPTED))
        wrong += [f"said {count} times on {citizen.chat.channel}" for count in lines.values() if count != 1]
        if len(lines) != 2:
            wrong.append(f"{len(lines)} of code and acceptance on {citizen.chat.channel}")
        wrong += [f"{word} {n} times" for word, n in _bones(citizen).items() if n != 1]
    wrong += [f"a page was told twice: {officer.page.twice}" for officer in load.desk if officer.page.twice]
    kept = await looked(made.url, _kept)
    if kept["codes"] != {code.replace("-", "") for code in codes}:
        wrong.append("other codes in the database than with the citizens")
    expected = {"dossiers": len(load.citizens), "papers": 2 * len(load.citizens), "handed over": len(load.citizens)}
    wrong += [f"{name}: {kept[name]} instead of {count}" for name, count in expected.items() if kept[name] != count]
    wrong += [
        f"{kept[name]} {name}" for name in ("events not done", "messages not sent", "jobs set aside") if kept[name]
    ]
    called = [call for call in there.telegram.calls if call.status == 429]
    load.refused = len(called) + there.zalo.limit.refused
    load.complaints = list(there.telegram.complaints)
    load.messages = sum(len(citizen.chat.lines) for citizen in load.citizens)
    load.secrets = [*there.secrets(), *kept["codes"], *codes, *kept["official codes"], _MASTER.hex()]
    load.secrets += [secret for page in pages(load) for secret in page.secrets()]
    load.leaks = leaks(load, made.log)


def leaks(load: Load, text: str) -> list[str]:
    """Who took part and what opens something, where it is found in this text."""
    return traces.found(text, [mark for citizen in load.citizens for mark in citizen.marks()], load.secrets)


def pages(load: Load) -> list[Page]:
    """Everybody's who has one."""
    return [*(officer.page for officer in load.desk), *(c.chat for c in load.citizens if isinstance(c.chat, Page))]


def _bones(citizen: Citizen) -> Counter[str]:
    """What a citizen reads once in a life, and how often this one did."""
    every = ("cần giấy này để làm gì", "Tình trạng hôn nhân hiện nay", "Bấm nút nộp", HANDED_OVER)
    return Counter({words: sum(line.has(words) for line in citizen.chat.lines) for words in every})


def _kept(work: Work) -> dict[str, Any]:
    def count(*conditions: Any) -> int:
        return int(work.connection.scalar(select(func.count()).where(*conditions)) or 0)

    records = [work.dossiers.get(number) for number in work.connection.scalars(select(t.dossiers.c.id))]
    return {
        "dossiers": len(records),
        "codes": {record.tracking_code for record in records if record},
        "official codes": {record.official_code for record in records if record and record.official_code},
        "handed over": sum(record.status == "handed-over" for record in records if record),
        "papers": count(t.documents.c.id.is_not(None)),
        "events not done": count(t.inbox.c.status != "done"),
        "messages not sent": count(t.outbox.c.status != "sent"),
        "jobs set aside": count(t.jobs.c.status == "aside"),
    }


# the table ------------------------------------------------------------------------------------------------------------


async def _measure(shape: str, citizens: int, seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="motcua-load-") as folder:
        async with town() as there, standing(there, Path(folder), shape) as made:
            load = await play(there, made, citizens=citizens, seconds=seconds)
            await leave(load)
            return rows(shape, load)


def rows(shape: str, load: Load) -> list[Row]:
    """The table of one run."""
    name = "load, one process on SQLite" if shape == "one" else "load, serve ×2 + work ×2 on PostgreSQL, S3"
    done = len(load.citizens)
    turns = sum(citizen.steps for citizen in load.citizens)
    cpu = ", ".join(f"{part} {used / done:.2f}" for part, used in load.cpu.items())
    told = [took for times in load.times.values() for took in times.notices]
    found = [
        Row(name, f"{done} whole dossiers in {load.seconds:.0f} s", done / load.seconds * 60, None, "/min"),
        Row("turns", f"{turns} by citizens, {load.messages} messages told", turns / load.seconds, None, "/s"),
        Row("CPU of a dossier, citizens' and officers' turns", cpu, sum(load.cpu.values()) / done, None, "s"),
        Row("memory of all its processes", "without the picture worker", load.resident / 1e6, None, "MB"),
    ]
    for channel, times in load.times.items():
        found += _spread(f"{channel}: answer to a turn", times.turns)
        found += _spread(f"{channel}: answer to a photo, looked at", times.photos)
        found += _spread(f"{channel}: acknowledged", load.acknowledged[channel])
    late = sum(took > 2 for took in told)
    return [
        *found,
        Row(
            "notices within 2 s of the officer's press",
            f"{len(told)}",
            100 - 100 * late / len(told),
            95.0,
            "%",
            least=True,
        ),
        Row("refused for being too many", "429 and -32", load.refused, 0, ""),
        Row("said against the vendors' rules", "; ".join(load.complaints[:2]), len(load.complaints), 0, ""),
        Row("not as it must be afterwards", "; ".join(load.wrong[:3]), len(load.wrong), 0, ""),
        Row("personal data and secrets in the log", "; ".join(load.leaks[:3]), len(load.leaks), 0, ""),
    ]


def _spread(name: str, times: Sequence[float]) -> list[Row]:
    if not times:
        return []
    ordered = sorted(times)
    p50, p95, p99 = (ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1e3 for share in (50, 95, 99))
    return [Row(name, f"p95; p50 {p50:.0f}, p99 {p99:.0f} ms, of {len(ordered)}", p95, None, "ms")]


def report() -> Iterator[str]:
    """As LOAD_CITIZENS, LOAD_SECONDS and LOAD_SHAPE (one, many, both) say; each shape as soon as it is measured."""
    citizens, seconds = int(os.environ.get("LOAD_CITIZENS", CITIZENS)), float(os.environ.get("LOAD_SECONDS", "0"))
    shape = os.environ.get("LOAD_SHAPE", "both")
    for each in ("one", "many") if shape == "both" else (shape,):
        yield from lines(asyncio.run(_measure(each, citizens, seconds)))
