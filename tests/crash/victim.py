"""Starts the real program again and again, and has it end itself, as power cuts do, at the N-th point that is told.

A point is: before a statement, before and after a commit, before a file is made durable or gets its name. Everything is
loaded once; each start is a fork. One request a line on standard input, as JSON; the answer is the process's number.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import alembic.autogenerate
import alembic.command  # noqa: F401
import PIL.JpegImagePlugin  # noqa: F401
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

import bot.app
import bot.workshop
import handlers.web  # noqa: F401
from bot.__main__ import main
from bot.settings import Settings
from bot.world import World, build
from documents import render_pdf, worker  # noqa: F401
from documents.examined import Examined
from domain.values import VIETNAM
from storage import postgres_engine
from storage.prepared import Prepared
from tests.crash.scenario import PICTURES

WORLD = build(Settings())
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)  # always, so that two plays say the same
DEAD = 137  # what a shell says of a process that was killed


SEEN = {data: worker.examined(data, "", card=False) for data in PICTURES.values()}  # once: it takes a while


def seen(data: bytes, *_: Any) -> Examined:
    """What the worker makes of the play's photos; as slowly as the test likes."""
    time.sleep(float(os.environ.get("VICTIM_CHECKS_FOR", "0")))
    return SEEN[data]


class Points:
    """Counts them, and dies at one."""

    def __init__(self, die_at: int) -> None:
        self.passed = 0
        self._die_at = die_at

    def point(self, *_: Any) -> None:
        self.passed += 1
        if self.passed == self._die_at:
            os._exit(DEAD)

    def before(self, owner: Any, name: str, *, after: bool = False) -> None:
        """Make the beginning of a call, and maybe its end, a point."""
        call: Callable[..., Any] = getattr(owner, name)

        def watched(*given: Any, **named: Any) -> Any:
            self.point()
            result = call(*given, **named)
            if after:
                self.point()
            return result

        patch.object(owner, name, watched).start()


def install(points: Points) -> None:
    event.listen(Engine, "before_cursor_execute", points.point)
    points.before(Prepared, "rows")
    points.before(Prepared, "many")
    points.before(DefaultDialect, "do_commit", after=True)
    points.before(postgres_engine, "say", after=True)
    for name in ("fsync", "replace", "link"):
        points.before(os, name)


def live(asked: dict[str, Any]) -> None:
    """One life of the program, in a process of its own."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.chdir(Path(asked["log"]).parent)
    os.environ.update(asked["environment"])
    points = Points(asked["die_at"])
    install(points)
    patch.object(bot.app, "build", lambda settings: replace(WORLD, settings=settings)).start()
    patch.object(World, "now", lambda _: NOW).start()
    # The picture worker in a thread: a process that starts afresh for each life would be most of the test's time.
    patch.object(bot.workshop, "ProcessPoolExecutor", lambda count, *_: ThreadPoolExecutor(count)).start()
    patch.object(worker, "examined", seen).start()
    status = main(asked["command"])
    Path(asked["log"]).with_suffix(".passed").write_text(str(points.passed), encoding="ascii")
    os._exit(status)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def serve() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                live(json.loads(line))
            finally:
                os._exit(1)
        say(str(child))


if __name__ == "__main__":
    serve()
