"""`motcua run` with both bots on, as a process of its own that can be killed and started again."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.conftest import MASTER
from tests.telegram.fake import FakeBot, FakeTelegram

ROOT: Final = Path(__file__).parents[2]
TOKENS: Final = ("111:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "222:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB")


class Program:
    """One installation; `start` and `kill` as often as wanted."""

    def __init__(self, fake: FakeTelegram, folder: Path, *, webhook: bool) -> None:
        self.fake = fake
        self.folder = folder
        self.citizens: FakeBot = fake.bot(TOKENS[0], "motcua_bot")
        self.staff: FakeBot = fake.bot(TOKENS[1], "canbo_bot")
        folder.mkdir(exist_ok=True)
        (folder / "master.key").write_text(MASTER.hex(), encoding="ascii")
        port = _free_port()
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")},
            "PYTHONPATH": str(ROOT),
            "MOTCUA_DATA": str(folder / "data"),
            "MOTCUA_KEY_FILE": str(folder / "master.key"),
            "MOTCUA_PACE": "0",
            "MOTCUA_PORT": str(port),
            "MOTCUA_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "MOTCUA_TELEGRAM_TOKEN": TOKENS[0],
            "MOTCUA_TELEGRAM_STAFF_TOKEN": TOKENS[1],
            "MOTCUA_TELEGRAM_API": fake.url,
            "MOTCUA_TELEGRAM_WEBHOOK": str(int(webhook)),
        }
        self.deaths = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The database, for looking into it."""
        return f"sqlite:///{self.folder / 'data' / 'motcua.sqlite3'}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    async def start(self) -> None:
        """Returns when both bots have said who they are."""
        before = self.log.count("https://t.me/") if (self.folder / "log").exists() else 0
        with (self.folder / "log").open("ab") as out:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - starting takes no time
                [sys.executable, "-m", "bot", "run"],
                env=self._environment,
                cwd=self.folder,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        await self.fake.until(lambda: self.log.count("https://t.me/") >= before + 2, timeout=60)

    async def revive(self) -> None:
        """Start it again where it has died."""
        if self._process is not None and self._process.poll() is not None:
            self.deaths += 1
            await self.start()

    def kill(self) -> None:
        """As when the power goes."""
        if self._process is not None:
            self._process.kill()

    async def stop(self) -> None:
        """As an operator does."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            await asyncio.to_thread(self._process.wait, 20)

    async def motcua(self, *arguments: str) -> str:
        """Another command on the same installation."""
        made = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            env=self._environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        out, _ = await made.communicate()
        assert made.returncode == 0, out.decode()
        return out.decode()

    async def invitation(self, officer: str) -> str:
        """The payload of an officer's link."""
        found = re.search(r"canbo_bot\?start=([\w-]+)", await self.motcua("staff", "link", officer))
        assert found is not None
        return found[1]


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
