"""Memory of everything in one process, after thousands of short conversations on three channels, and as many more.

MEMORY_CONVERSATIONS=10000 python -m benchmarks memory     # twice so many; else 1,500
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

from benchmarks.citizens_zalo import Zalo
from benchmarks.dossiers import let_in
from benchmarks.load import Http
from benchmarks.table import Row
from benchmarks.telegram_api import TelegramLoad
from benchmarks.turns import Server, free_port, server, until_open
from bot.settings import Settings
from bot.world import build
from storage import sealed

FEW: Final = 1_500
MEGABYTES: Final = 300
GROWTH: Final = 2.0  # percent that as many conversations again may add
_AT_ONCE: Final = 24
_QUESTIONS: Final = ("cần giấy tờ gì", "lệ phí bao nhiêu", "bao lâu thì xong", "nộp ở đâu", "làm hộ được không")
_KEY: Final = bytes(range(32))
Say = Callable[[str], Awaitable[None]]


def words(number: int, names: list[str]) -> list[str]:
    """What one person says: no two the same, so that whatever is kept by its words shows."""
    dice = random.Random(number)
    wish = f"{dice.choice(('tôi muốn', 'cho hỏi', 'em cần', 'nhờ anh chị'))} {dice.choice(names).lower()} {number}"
    return ["xin chào", wish, *dice.sample(_QUESTIONS, 2)]


async def _on_telegram(load: TelegramLoad, port: int, number: int) -> tuple[Say, Callable[[], None]]:
    person = await load.person(port, 1_000_000 + number)
    await person.say("/start")
    return person.say, person.close


async def _on_web(port: int, number: int) -> tuple[Say, Callable[[], None]]:
    address = f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    door = await Http.open(port, head=address)
    head, _ = await door.post("/api/hello", {})
    cookie = head.partition("Set-Cookie: ")[2].partition(";")[0]
    door.close()
    door, page = await Http.open(port, cookie, head=address), await Http.open(port, cookie)
    page.stream("/api/stream?after=0")
    while not (await page.event())["buttons"]:
        pass
    ids = itertools.count(1)

    async def say(text: str) -> None:
        await door.post("/api/send", {"id": f"e{next(ids)}", "text": text})
        while (await page.event())["own"]:
            pass

    def close() -> None:
        door.close()
        page.close()

    return say, close


async def _on_zalo(fake: Zalo, number: int) -> tuple[Say, Callable[[], None]]:
    person = fake.person(str(246_845_883_600_000_000 + number))

    async def heard(act: Awaitable[int]) -> None:
        before = len(person.heard)
        assert await act == 200
        while len(person.heard) == before:  # noqa: ASYNC110 - the fake tells nobody
            await asyncio.sleep(0.005)

    await heard(person.follows())

    async def say(text: str) -> None:
        await heard(person.says(text))

    def close() -> None:
        del fake.people[person.id]
        fake.state.sent.clear()
        fake.state.calls.clear()

    return say, close


async def _measure(count: int) -> list[Row]:
    names = [procedure.name for procedure in build(Settings()).catalogue.procedures.values()]
    telegram, zalo = TelegramLoad(), Zalo()
    await telegram.open()
    await zalo.start()
    zalo.limit.most = 0
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="motcua-memory-") as folder:
        (Path(folder) / "master.key").write_text(_KEY.hex(), encoding="ascii")
        sealed.use(sealed.Keys(_KEY))
        (Path(folder) / "data").mkdir()
        await let_in(zalo, f"sqlite:///{folder}/data/motcua.sqlite3")
        with server("unpaced", folder, **_settings(telegram, zalo, port)) as real:
            await until_open(port)
            zalo.hook = f"http://127.0.0.1:{port}/zalo"
            await telegram.hooked.wait()
            numbers = itertools.count(1)

            async def converse(left: Iterator[int]) -> None:
                for _ in left:
                    number = next(numbers)
                    match number % 3:
                        case 0:
                            say, close = await _on_telegram(telegram, port, number)
                        case 1:
                            say, close = await _on_zalo(zalo, number)
                        case _:
                            say, close = await _on_web(port, number)
                    for text in words(number, names):
                        await say(text)
                    close()

            async def several(many: int) -> int:
                left = iter(range(many))
                await asyncio.gather(*(converse(left) for _ in range(_AT_ONCE)))
                await asyncio.sleep(1)
                return _resident(real)

            began = _resident(real)
            curve = [await several(count // 5) for _ in range(10)]
    zalo.state.complaints.clear()  # of a slow machine; each event was taken in the end
    await zalo.stop()
    steps = ", ".join(f"{resident / 1e6:.0f}" for resident in curve)
    once, twice = curve[4], curve[9]
    detail = f"at the start {began / 1e6:.0f} MB, then every {count // 5}: {steps}"
    return [
        Row(f"memory after {count} conversations", detail, once / 1e6, MEGABYTES, "MB"),
        Row(f"and {count} more add", "", (twice - once) / once * 100, GROWTH, "%"),
    ]


def _resident(real: Server) -> int:
    return real.ask()[1]


def _settings(telegram: TelegramLoad, zalo: Zalo, port: int) -> dict[str, str]:
    return {
        "MOTCUA_PORT": str(port),
        "MOTCUA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MOTCUA_TELEGRAM_TOKEN": "1:ours",
        "MOTCUA_TELEGRAM_STAFF_TOKEN": "2:ours",
        "MOTCUA_TELEGRAM_WEBHOOK": "1",
        "MOTCUA_TELEGRAM_API": telegram.url,
        "MOTCUA_ZALO_APP_ID": zalo.APP_ID,
        "MOTCUA_ZALO_APP_SECRET": zalo.APP_SECRET,
        "MOTCUA_ZALO_OA_ID": zalo.OA_ID,
        "MOTCUA_ZALO_OA_SECRET_KEY": zalo.OA_KEY,
        "MOTCUA_ZALO_OAUTH_BASE": zalo.base,
        "MOTCUA_ZALO_OPENAPI_BASE": zalo.base,
        "MOTCUA_ZALO_ZNS_BASE": zalo.base,
    }


def measure() -> list[Row]:
    """So many conversations, and then as many again."""
    return asyncio.run(_measure(int(os.environ.get("MEMORY_CONVERSATIONS", FEW))))
