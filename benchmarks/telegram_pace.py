"""How soon the webhook acknowledges where updates come at a steady pace, whether it keeps up or not.

An acknowledgement is a promise: some of the updates are looked up in the database, by a connection of our own, as soon
as they are acknowledged.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from typing import Final

from benchmarks.table import Row
from benchmarks.telegram_api import Hook, TelegramLoad

PER_SECOND: Final = 100
SECONDS: Final = 15
CHATS: Final = 200
LINES: Final = 40  # connections, as many as setWebhook asks for
EVERY: Final = 20  # of so many one is looked up
TARGET: Final = 50.0  # milliseconds
WORDS: Final = ("menu", "Theo lĩnh vực", "2")

There = Callable[[str], Awaitable[bool]]


@asynccontextmanager
async def witness(database: str, folder: str) -> AsyncIterator[There]:
    """Whether an event is in the database, seen from outside."""
    if not database:
        with closing(sqlite3.connect(f"{folder}/data/motcua.sqlite3")) as connection:

            async def there(event: str) -> bool:
                return bool(connection.execute("SELECT 1 FROM inbox WHERE event_id = ?", (event,)).fetchall())

            yield there
        return
    import asyncpg  # noqa: PLC0415 - only where PostgreSQL is measured

    line = await asyncpg.connect(database.replace("+asyncpg", ""))
    alone = asyncio.Lock()

    async def found(event: str) -> bool:
        async with alone:
            return bool(await line.fetch("SELECT 1 FROM inbox WHERE event_id = $1", event))

    yield found
    await line.close()


async def acknowledged(load: TelegramLoad, port: int, there: There, name: str) -> Row:
    """Updates of many people, each sent at its own moment; a line that is late makes the next one late too."""
    lines: asyncio.Queue[Hook] = asyncio.Queue()
    for _ in range(LINES):
        lines.put_nowait(await Hook.open(load, port))
    took: list[float] = []
    broken = 0

    async def one(number: int, due: float) -> None:
        nonlocal broken
        hook = await lines.get()
        update, body = load.update(5_000 + number % CHATS, WORDS[number // CHATS % len(WORDS)])
        await hook.post(body)
        took.append(time.perf_counter() - due)
        lines.put_nowait(hook)
        if number % EVERY == 0:
            broken += not await there(f"u{update}")

    began = time.perf_counter()
    tasks = []
    for number in range(PER_SECOND * SECONDS):
        due = began + number / PER_SECOND
        await asyncio.sleep(due - time.perf_counter())
        tasks.append(asyncio.create_task(one(number, due)))
    await asyncio.gather(*tasks)
    assert not broken, f"{broken} updates were acknowledged and are not there"
    took.sort()
    half, most = took[len(took) // 2] * 1e3, took[len(took) * 99 // 100] * 1e3
    detail = f"half within {half:.0f} ms, 99 % within {most:.0f} ms; each {EVERY}th found in the database at once"
    name = f"Telegram, {name}: acknowledged at {PER_SECOND} a second, p95"
    return Row(name, detail, took[len(took) * 95 // 100] * 1e3, TARGET, "ms")
