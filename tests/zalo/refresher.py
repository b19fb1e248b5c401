"""A process that needs Zalo's tokens all the time, to be killed at any moment; `python -m … <settings as JSON>`."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path

from bot.settings import Settings
from bot.zalo_tokens import Tokens
from conversations.messages import TryLater
from storage import sealed
from storage.unit_of_work import connect


async def work(settings: Settings, lease: float) -> None:
    database = connect(settings.database_url, lambda _: None)
    tokens = Tokens(database, settings, lease=lease, pause=0.5)
    await tokens.look()
    print("ready", flush=True)  # noqa: T201 - to whoever began us
    while True:
        with suppress(TryLater):
            await tokens.access()
        with suppress(TryLater):
            await tokens.look()
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    lease = given.pop("lease")
    made = Settings(**{**given, "data": Path(given["data"]), "key_file": Path(given["key_file"])})
    sealed.use(sealed.Keys(sealed.master_key(made.key_file)[0]))
    asyncio.run(work(made, lease))
