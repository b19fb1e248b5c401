"""What a start may load: pictures, PDF, S3, PostgreSQL, migrations and the like only when they are needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.crash.play import ROOT

HEAVY = {
    "PIL",
    "alembic",
    "asyncpg",
    "httpx",
    "mako",
    "obstore",
    "pypdfium2",
    "segno",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.orm",
}

STARTED = """
import asyncio, json, sys
from pathlib import Path
from bot.app import opened
from bot.settings import load

async def start():
    async with opened(load()) as app:
        from handlers.web import web_app
        web_app(app.live)
        app.start()
        who, _ = await app.live.open(None)
        from conversations.messages import Started
        await app.live.receive(who, "start", Started())
        assert await app.live.since(who, 0)

asyncio.run(start())
print(json.dumps(sorted(sys.modules)))
"""


def test_what_a_start_loads(sqlite_url: str, tmp_path: Path) -> None:
    settings = {"MOTCUA_DATA": str(tmp_path / "data"), "MOTCUA_KEY_FILE": str(tmp_path / "master.key")}
    printed = subprocess.run(
        [sys.executable, "-c", STARTED],
        env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    loaded = set(json.loads(printed.splitlines()[-1]))
    assert loaded & HEAVY == set()
