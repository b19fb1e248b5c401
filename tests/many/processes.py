"""Several processes on one PostgreSQL and one S3 server, which look like one server to whoever asks them."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.conftest import MASTER
from tests.crash.play import Server, Victims, free_port


class Many:
    """`serves` and `works` processes; each request goes to another one of those that serve (see tests.crash.play)."""

    def __init__(
        self, victims: Victims, folder: Path, environment: Mapping[str, str], *, serves: int, works: int
    ) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "master.key").write_text(MASTER.hex(), encoding="ascii")
        shared = {**environment, "MOTCUA_DATA": str(folder / "data"), "MOTCUA_KEY_FILE": str(folder / "master.key")}
        self.serving = [self._process(victims, shared, "serve", number) for number in range(serves)]
        self.working = [self._process(victims, shared, "work", number) for number in range(works)]
        self._locks = {id(process): threading.Lock() for process in self.all}
        self._next = itertools.cycle(self.serving)

    def _process(self, victims: Victims, shared: dict[str, str], shape: str, number: int) -> Server:
        folder, port = self.folder / f"{shape}-{number}", free_port()
        folder.mkdir()
        command = (shape, "--port", str(port))
        return Server(victims, folder, iter(()), shared, command, port)

    @property
    def all(self) -> list[Server]:
        return [*self.serving, *self.working]

    @property
    def files(self) -> str:
        return self.serving[0].files

    @property
    def port(self) -> int:
        """Of the next that serves."""
        return next(self._next).port

    def alive(self) -> bool:
        return True

    def login(self) -> str:
        return self.serving[0].login()

    def revive(self) -> None:
        """Start whoever is dead, as systemd does; somebody who is being restarted is left alone."""
        for process in self.all:
            lock = self._locks[id(process)]
            if lock.acquire(blocking=False):
                try:
                    process.revive()
                finally:
                    lock.release()

    def restart(self, process: Server) -> None:
        """As an upgrade does; the others go on meanwhile."""
        with self._locks[id(process)]:
            process.stop()
            process.revive()

    def roll(self) -> Iterator[Server]:
        """All of them, one after another."""
        for process in self.all:
            self.restart(process)
            yield process

    def kill(self, pid: int) -> None:
        """One of them, as the kernel does that has run out of memory."""
        assert pid in [process.pid for process in self.all]
        os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        for process in self.all:
            process.stop()
