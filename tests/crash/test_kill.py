"""The program as people start it, killed from outside at random moments; and two processes on one database."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MASTER
from tests.crash.conftest import sqlite
from tests.crash.play import ROOT, Page, Server, Victims, wait
from tests.crash.scenario import STEPS, play

ROUNDS = 5
LINES = 15


class Program(Victims):
    """`motcua run`, a process of its own each time; it starts like a victim."""

    def __init__(self) -> None:
        self._run: list[subprocess.Popen[bytes]] = []

    def start(self, environment: dict[str, str], die_at: int, log: Path, command: Sequence[str] = ("run",)) -> int:
        del die_at
        with log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", *command],
                env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
                cwd=log.parent,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self._run.append(process)
        threading.Thread(target=process.wait, daemon=True).start()  # so that the dead are gone at once
        return process.pid

    def close(self) -> None:
        for process in self._run:
            process.kill()  # where a test has failed; else it has ended
            process.wait()


@pytest.fixture
def program() -> Iterator[Program]:
    made = Program()
    yield made
    made.close()


def server(program: Program, folder: Path) -> Server:
    folder.mkdir()
    (folder / "master.key").write_text(MASTER.hex(), encoding="ascii")
    return Server(program, folder, iter(()))


def bones(outcome: dict[str, Any]) -> dict[str, Any]:
    """Without what the clock says: here it goes on."""
    chats = {
        who: [(line["own"], line["private"], line["text"][:30], len(line["buttons"]), line["files"]) for line in chat]
        for who, chat in outcome.items()
        if who in ("citizen", "officer")
    }
    dossiers = [
        (d["status"], d["answers"], d["documents"], d["files"], [entry[:5] for entry in d["history"]])
        for d in outcome["dossiers"].values()
    ]
    return {**chats, "dossiers": dossiers, "left": outcome["left"]}


def test_killed_from_outside(program: Program, tmp_path: Path) -> None:
    calm = server(program, tmp_path / "calm")
    expected = play(calm, sqlite(calm))
    calm.stop()

    seed = random.randrange(10**6)
    dice = random.Random(seed)
    hurt = server(program, tmp_path / "hurt")
    deadly = sorted(dice.sample(range(len(STEPS)), ROUNDS))

    def between(step: int) -> None:
        if step in deadly:
            threading.Timer(dice.uniform(0, 0.03), end, (hurt.pid,)).start()

    outcome = play(hurt, sqlite(hurt), between)
    hurt.stop()
    assert hurt.deaths > 1
    wait(lambda: not workers_of(tmp_path), "the end of the dead's picture workers")
    assert bones(outcome) == bones(expected), f"seed {seed}, killed in steps {deadly}"


def workers_of(folder: Path) -> list[str]:
    """Processes that still work in a folder, where the system tells."""
    return [cwd for cwd in map(_cwd, Path("/proc").glob("[0-9]*")) if cwd.startswith(str(folder))]


def _cwd(process: Path) -> str:
    try:
        return str((process / "cwd").readlink())
    except OSError:  # gone, or another's
        return ""


def end(pid: int) -> None:
    with suppress(ProcessLookupError):  # dead already: two rounds met
        os.kill(pid, signal.SIGKILL)


def test_a_console_beside_the_server(program: Program, tmp_path: Path) -> None:
    """What a console writes is on the server's open page within a second, and both may write at once."""
    both = server(program, tmp_path / "both")
    page = Page(both, "/canbo/api/")
    page.log_in()
    page.hello()
    stream = page.stream()

    def write() -> None:
        for _ in range(LINES):
            page.say("/homnay")

    writing = threading.Thread(target=write)
    writing.start()
    console = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--staff", "Thu"],
        env={**os.environ, **both.settings(), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert console.stdin is not None
    console.stdin.write("".join(f"/tim {number}\n" for number in range(LINES)).encode())
    console.stdin.close()
    late: list[float] = []
    while len(late) < LINES:
        shown = next(stream)
        if shown["own"] and shown["text"].startswith("/tim"):
            late.append(time.time() - datetime.fromisoformat(shown["at"]).timestamp())
    writing.join()
    assert console.wait() == 0
    assert max(late) < 1
    said = [line["text"] for line in page.messages() if line["own"]]
    assert [text for text in said if text.startswith("/tim")] == [f"/tim {number}" for number in range(LINES)]
    assert said.count("/homnay") == LINES
    stream.close()
    both.stop()
