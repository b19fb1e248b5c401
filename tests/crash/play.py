"""A citizen and an officer play one dossier over the web page's door, as stubborn as the page itself."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

PATIENCE: Final = 30.0
DOWN: Final = (OSError, http.client.HTTPException)
ROOT: Final = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def wait(until: Callable[[], bool], what: str) -> None:
    """Wait for something that must happen."""
    end = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.005)


class Victims:
    """The process that forks victims (see victim.py)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("victim.py"))],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._line()

    def start(self, environment: dict[str, str], die_at: int, log: Path, command: Sequence[str] = ("run",)) -> int:
        """One more life; gives its process's number."""
        assert self._process.stdin is not None
        asked = {"environment": environment, "die_at": die_at, "log": str(log), "command": command}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the victims' process has ended"
        return line


class Served(Protocol):
    """One server, or several that look like one."""

    @property
    def port(self) -> int: ...
    @property
    def files(self) -> str: ...
    def alive(self) -> bool: ...
    def revive(self) -> None: ...
    def login(self) -> str: ...


@dataclass
class Server:
    """The program on one port, brought back to life whenever it is found dead."""

    victims: Victims
    folder: Path
    budgets: Iterator[int]  # how many points each next life may pass; 0 is as many as it likes
    environment: dict[str, str] = field(default_factory=dict)
    command: Sequence[str] = ("run",)
    port: int = field(default_factory=free_port)
    pid: int = 0
    deaths: int = -1
    _printed: int = 0  # bytes that former lives wrote into the log

    @property
    def files(self) -> str:
        """Where it keeps files."""
        return self.environment.get("MOTCUA_FILES", str(self.folder / "data" / "files"))

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def settings(self) -> dict[str, str]:
        return {
            "MOTCUA_DATA": str(self.folder / "data"),
            "MOTCUA_KEY_FILE": str(self.folder / "master.key"),
            "MOTCUA_PORT": str(self.port),
            "MOTCUA_UNDO_SECONDS": "60",
            "MOTCUA_PACE": "0",
            "MOTCUA_LOG_LEVEL": "WARNING",
            **self.environment,
        }

    def alive(self) -> bool:
        if not self.pid:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def revive(self) -> None:
        """Start it if it is dead; returns when it answers, or has died again."""
        if self.alive():
            wait(lambda: self._answers() or not self.alive(), "an answer")
            return
        self.deaths += 1
        self._printed = self.log.stat().st_size if self.log.exists() else 0
        self.pid = self.victims.start(self.settings(), next(self.budgets, 0), self.log, self.command)
        wait(lambda: self._answers() or not self.alive(), "a start")

    def stop(self) -> None:
        """As an operator stops it."""
        if self.alive():
            os.kill(self.pid, signal.SIGTERM)
            wait(lambda: not self.alive(), "its end")

    def login(self) -> str:
        """The login link that it printed in this life; empty when it died before."""
        wait(lambda: bool(self._links()) or not self.alive(), "a login link")
        return next(iter(self._links()), "")

    def _links(self) -> list[str]:
        printed = self.log.read_bytes()[self._printed :].decode()
        return re.findall(r"Thu \(officer\): http://[^/]+(/canbo/vao/\S+)", printed)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Page:
    """One person's page."""

    def __init__(self, server: Served, prefix: str) -> None:
        self._server = server
        self._prefix = prefix
        self._cookie = ""
        self._sent = 0

    @property
    def cookie(self) -> str:
        """Empty before the first answer."""
        return self._cookie

    def hello(self) -> None:
        self._ask("POST", f"{self._prefix}hello", b"{}")

    def log_in(self) -> None:
        """With a link, which works once: a new one is printed at each start."""
        while not self._cookie:
            self._server.revive()
            try:
                if link := self._server.login():
                    self._once("POST", link, b"", {})
            except DOWN:
                wait(lambda: not self._server.alive(), "the end of a server that hangs up")

    def say(self, text: str, reply_to: str = "") -> None:
        self._send({"text": text, "reply_to": reply_to})

    def press(self, label: str) -> None:
        """The newest button whose label begins so."""
        for shown in reversed(self.messages()):
            for button in shown["buttons"]:
                if button["label"].startswith(label):
                    self._send({"press": button["value"], "message": shown["id"]})
                    return
        raise AssertionError(f"no button {label!r} in {self.messages()[-1]}")

    def upload(self, data: bytes, name: str) -> None:
        self._sent += 1
        where = f"{self._prefix}upload?id=file{self._sent}&name={quote(name)}"
        self._ask("POST", where, data, {"Content-Type": "image/jpeg"})

    def messages(self) -> list[dict[str, Any]]:
        return list(json.loads(self._ask("GET", f"{self._prefix}messages?after=0", b"")))

    def stream(self) -> Generator[dict[str, Any], None, None]:
        """What comes over the stream, message by message."""
        door = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=PATIENCE)
        with closing(door):
            door.request("GET", f"{self._prefix}stream", headers={"Cookie": self._cookie})
            for line in door.getresponse():
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])

    def file(self, url: str) -> bytes:
        """Empty for a photo that has been taken again."""
        return self._ask("GET", "/" + url, b"", gone=b"")

    def _send(self, said: dict[str, str]) -> None:
        self._sent += 1
        self._ask("POST", f"{self._prefix}send", json.dumps({"id": f"event{self._sent}", **said}).encode())

    def _ask(
        self, method: str, path: str, data: bytes, headers: dict[str, str] | None = None, gone: bytes | None = None
    ) -> bytes:
        """The same request, until it is answered; `gone` is what stands for something that is no longer there."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self._once(method, path, data, headers or {}, gone)
            except DOWN:
                assert time.monotonic() < end, f"never answered: {path}"
                self._server.revive()

    def _once(self, method: str, path: str, data: bytes, headers: dict[str, str], gone: bytes | None = None) -> bytes:
        door = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=PATIENCE)
        try:
            door.request(method, path, data, {"X-Motcua": "1", "Cookie": self._cookie, **headers})
            answer = door.getresponse()
            body = answer.read()
            if gone is not None and answer.status == http.HTTPStatus.NOT_FOUND:
                return gone
            assert answer.status in (200, 303), (path, answer.status, body)
            given = answer.getheader("Set-Cookie")
            if given:
                self._cookie = given.partition(";")[0]
            return body
        finally:
            door.close()
