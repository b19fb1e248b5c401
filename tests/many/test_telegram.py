"""Telegram calls a process that serves; another, which works, speaks: and when that is restarted, the next one does."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

from storage import sealed
from storage.sealed import Keys
from tests.conftest import MASTER
from tests.telegram.fake import FakeTelegram
from tests.telegram.play import Play
from tests.telegram.program import Program

WORDS: Final = ("xin giấy độc thân", "menu", "hồ sơ của tôi", "menu")


class Apart(Program):
    """One that serves and two that work, each a process as people start it."""

    def __init__(self, fake: FakeTelegram, folder: Path) -> None:
        super().__init__(fake, folder, webhook=True)
        self._processes: list[subprocess.Popen[bytes]] = []

    def begin(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", *command],
                env=self._environment,
                cwd=self.folder,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self._processes.append(process)
        return process

    async def start(self) -> None:
        """Returns when somebody hears and somebody speaks."""
        self.begin("serve")
        await self.fake.until(self._hears, timeout=60)

    def _hears(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int(self._environment["MOTCUA_PORT"]))) == 0

    async def speaks(self, times: int) -> None:
        """Both bots have been introduced so often."""
        await self.fake.until(lambda: self.log.count("https://t.me/") >= 2 * times, timeout=60)

    async def revive(self) -> None:
        """Nobody dies here."""

    def kill(self) -> None:
        for process in self._processes:
            process.kill()  # where a test has failed; else it has ended
            process.wait()


async def test_one_hears_and_another_speaks(tmp_path: Path) -> None:
    sealed.use(Keys(MASTER))
    async with FakeTelegram() as fake:
        program = Apart(fake, tmp_path / "apart")
        try:
            await program.start()
            speaker = program.begin("work")
            await program.speaks(1)
            play = Play(program)
            await play.nam.start(program.citizens)
            await play.settle()
            answered = len(play.citizen.messages)
            assert answered > 1
            for number, words in enumerate(WORDS):
                if number == 2:  # the next speaks as soon as the last one has handed its leases over
                    program.begin("work")
                    speaker.terminate()
                await play.nam.text(program.citizens, words)
                await play.settle()
                assert len([m for m in play.citizen.messages if m.words == words]) == WORDS[: number + 1].count(words)
                assert len(play.citizen.messages) >= answered + 2, "an answer to each"
                answered = len(play.citizen.messages)
            await program.speaks(2)
            assert await asyncio.to_thread(speaker.wait, 60) == 0
            fake.assert_clean()
        finally:
            program.kill()
