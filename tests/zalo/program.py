"""`motcua run` with an Official Account, as a process of its own that can be killed and started again."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from storage.work import Work
from tests.conftest import MASTER
from tests.crash.play import Page, free_port
from tests.crash.scenario import ask
from tests.zalo.fake import FakeZalo

ROOT: Final = Path(__file__).parents[2]
STARTED: Final = "Zalo, người dân: https://zalo.me/"
_PATIENCE: Final = 60.0  # seconds


class Program:
    """One installation; `start` and `kill` as often as wanted. It is also what a `Page` of the crash tests needs."""

    def __init__(self, fake: FakeZalo, folder: Path) -> None:
        self.fake = fake
        self.folder = folder
        self.port = free_port()
        folder.mkdir(exist_ok=True)
        (folder / "master.key").write_text(MASTER.hex(), encoding="ascii")
        fake.hook = f"http://127.0.0.1:{self.port}/zalo"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")},
            "PYTHONPATH": str(ROOT),
            "MOTCUA_DATA": str(folder / "data"),
            "MOTCUA_KEY_FILE": str(folder / "master.key"),
            "MOTCUA_PACE": "0",
            "MOTCUA_PORT": str(self.port),
            "MOTCUA_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "MOTCUA_ZALO_APP_ID": fake.APP_ID,
            "MOTCUA_ZALO_APP_SECRET": fake.APP_SECRET,
            "MOTCUA_ZALO_OA_ID": fake.OA_ID,
            "MOTCUA_ZALO_OA_SECRET_KEY": fake.OA_KEY,
            "MOTCUA_ZALO_OAUTH_BASE": fake.base,
            "MOTCUA_ZALO_OPENAPI_BASE": fake.base,
            "MOTCUA_ZALO_ZNS_BASE": fake.base,
        }
        self.deaths = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The database, for looking into it."""
        return f"sqlite:///{self.folder / 'data' / 'motcua.sqlite3'}"

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    async def install(self) -> None:
        """The account has let the program in, as `motcua zalo` would have noted."""
        await self.motcua("staff", "list")
        access, refresh = self.fake.pair()

        def seed(work: Work) -> None:
            work.zalo.seed(self.fake.OA_ID, refresh, access, 80_000.0)

        await asyncio.to_thread(ask, self.url, seed)

    async def start(self) -> None:
        """Returns when it speaks for the account."""
        before = self.log.count(STARTED)
        with (self.folder / "log").open("ab") as out:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - starting takes no time
                [sys.executable, "-m", "bot", "run"],
                env=self._environment,
                cwd=self.folder,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        loop = asyncio.get_running_loop()
        ends = loop.time() + _PATIENCE
        while self.log.count(STARTED) == before:
            assert self.alive(), self.log[-3000:]
            assert loop.time() < ends, self.log[-3000:]
            await asyncio.sleep(0.05)

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def revived(self) -> None:
        """Start it again where it has died."""
        if not self.alive():
            self.deaths += 1
            await self.start()

    def revive(self) -> None:
        """A page waits for whoever starts it again."""

    def login(self) -> str:
        """The newest login link of the officer."""
        return re.findall(r"Thu \(officer\): http://[^/]+(/canbo/vao/\S+)", self.log)[-1]  # type: ignore[no-any-return]

    def page(self) -> Page:
        """The officer's."""
        return Page(self, "/canbo/api/")  # type: ignore[arg-type]

    def kill(self) -> None:
        """As when the power goes."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def stop(self) -> None:
        """As an operator does."""
        if self._process is not None and self.alive():
            self._process.terminate()
            await asyncio.to_thread(self._process.wait, 30)

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
