"""The installed program as a technician meets it: started in a fresh folder that holds nothing but `.env`."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.test_utils import unused_port

ROOT: Final = Path(__file__).parents[2]
_LINK: Final = re.compile(r"http://127\.0\.0\.1:\d+/cai-dat\?ma=[\w-]+")
_PATIENCE: Final = 60.0  # seconds


class Installation:
    """A folder with settings, and at most one program that runs in it."""

    def __init__(self, folder: Path, port: int, settings: Sequence[str] = ()) -> None:
        self.folder = folder
        self.port = port
        self._log = folder / "log.txt"
        self._process: subprocess.Popen[bytes] | None = None
        lines = ["# Lời của kỹ thuật viên", "MOTCUA_TRIAL=0", f"MOTCUA_PORT={port}", *settings]
        self.env.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @property
    def env(self) -> Path:
        return self.folder / ".env"

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> str:
        """Until it has said all it says at the start; gives the link to the set-up page, if there was one."""
        before = len(self.said)
        self._process = self._begun()
        loop = asyncio.get_running_loop()
        ends = loop.time() + _PATIENCE
        while "Dữ liệu: " not in self.said[before:]:
            assert self._process.poll() is None, self.said
            assert loop.time() < ends, self.said
            await asyncio.sleep(0.1)
        found = _LINK.search(self.said[before:])
        return found[0] if found else ""

    def _begun(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self.folder,
                env=environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    async def kill(self) -> None:
        """As a pulled plug does."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )


def environment() -> dict[str, str]:
    """Without any setting of the program."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


@asynccontextmanager
async def telegram() -> AsyncIterator[str]:
    """A Bot API that knows the bots 1 and 2 and has no news; gives its address."""

    async def call(request: web.Request) -> web.Response:
        number, method = request.match_info["token"].partition(":")[0], request.match_info["method"]
        if number not in ("1", "2"):
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        bot = {"id": int(number), "is_bot": True, "first_name": f"Bot {number}", "username": f"motcua_{number}_bot"}
        if method == "getUpdates":
            await asyncio.sleep(1)
        result: object = {"getMe": bot | {"can_join_groups": number == "2"}, "getUpdates": []}.get(method, True)
        return web.json_response({"ok": True, "result": result})

    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", call)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    port = unused_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()
