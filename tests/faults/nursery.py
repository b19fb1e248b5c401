"""Starts the program again and again: everything is loaded once, each life is a fork that runs a `motcua` command.

A life's clock goes wrong by as many seconds as its clock file says; short runs have shorter leases and pauses, so that
a minute sees what else takes ten. Everything else is the program as it is. The one thing that is not a process of its
own is the picture worker: it would be most of the time, and tests/bot/test_trouble.py kills it.

One request a line on standard input, as JSON; the answer is the life's number.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import mmap
import os
import signal
import struct
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import aiogram  # noqa: F401
import alembic.autogenerate
import alembic.command  # noqa: F401
import asyncpg  # noqa: F401
import httpx  # noqa: F401
import obstore.store  # noqa: F401
import PIL.JpegImagePlugin  # noqa: F401
import sqlalchemy.ext.asyncio  # noqa: F401

import bot.app
import bot.pages
import bot.telegram
import bot.workshop
import bot.zalo
import handlers.telegram_citizens
import handlers.web
import handlers.web_faults
import handlers.zalo_bot
from bot import deliver, echoes, fetch, hands, lease, outcomes, receive, telegram, work, zalo
from bot.__main__ import main
from bot.settings import Settings
from bot.world import World, build
from documents import render_pdf, worker  # noqa: F401
from documents.examined import Examined
from handlers import telegram_poll
from storage import jobs, outbox, postgres_engine, wakes
from tests.faults.script import PHOTOS
from tests.telegram.fake_files import Files

WORLD = build(Settings())
DRAWN_ANEW = (Files().new("photo", data).data for data in PHOTOS)  # as photos come from Telegram
SEEN = {data: worker.examined(data, "", card=False) for data in (*PHOTOS, *DRAWN_ANEW)}  # once: it takes a while
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_real_time = time.time
_real_now = World.now


def seen(data: bytes, *_: Any) -> Examined:
    """What the picture worker makes of the play's photos."""
    return SEEN[data]


def wrong_clock(path: str) -> None:
    """This process's machine time is off by what the file says, at any moment."""
    with Path(path).open("r+b") as file:
        held = mmap.mmap(file.fileno(), 8)

    def off() -> float:
        return float(struct.unpack("d", held[:8])[0])

    patch.object(time, "time", lambda: _real_time() + off()).start()

    def now(world: World) -> datetime:
        return _real_now(world) + timedelta(seconds=off())

    patch.object(World, "now", now).start()


def hurry() -> None:
    """A tenth of the leases and pauses, in the same proportions; people and vendors at a pace that nobody waits for."""
    values: dict[Any, dict[str, Any]] = {
        lease: {"LIFE": 4.0, "_RENEW": 0.7, "_EARLY": 0.7, "_WAIT": 0.2},
        outbox: {"LEASE": 8.0},
        jobs: {"LEASE": 8.0},
        deliver: {"_RENEW": 2.0},
        hands: {"_RENEW": 2.0},
        outcomes: {"PAUSES": (0.2, 0.5, 1, 2), "_DOUBTS": (0.2, 0.5, 1, 1, 2, 2)},
        echoes: {"WAIT": 3.0},
        zalo: {"WAIT": 3.0, "_PAUSES": (0.2, 0.5, 1)},
        telegram: {"_PAUSES": (0.2, 0.5, 1)},
        telegram_poll: {"_PAUSES": (0.2, 0.5, 1), "_ELSEWHERE": 1.0},
        work: {"_WAIT": 0.5, "_PAUSES": (0.3, 0.5, 1.0, 2.0)},
        fetch: {"_PAUSES": (0.3, 0.5, 1.0)},
        bot.app: {"_SWEEP": 2.0},
        postgres_engine: {"CONNECT": 3.0, "ANSWER": 3.0, "_PARTING": 1.0, "_STANDS": 6_000},
        wakes: {"_LOOK": 1.0, "_ANSWER": 1.0, "_PAUSE": 0.3},
    }
    for module, changed in values.items():
        for name, value in changed.items():
            patch.object(module, name, value).start()
    patch.dict(jobs.Jobs.claim.__kwdefaults__, lease=8.0).start()
    patch.object(deliver, "Limits", partial(deliver.Limits, overall=100, private=20, group=400)).start()


def wordy() -> None:
    """A failed statement's own words, too: these people are invented."""
    where = receive.place

    def place(error: BaseException) -> str:
        return f"{where(error)} {str(getattr(error, 'orig', error))[:120]!r}"

    for module in (receive, bot.app, handlers.web_faults):
        patch.object(module, "place", place).start()


def tell_tasks(*_: Any) -> None:
    """Into the log what this life waits for; asked of who does not end."""
    for task in asyncio.all_tasks(asyncio.get_running_loop()):
        waits: Any = task.get_coro()
        places = []
        while (frame := getattr(waits, "cr_frame", None) or getattr(waits, "gi_frame", None)) is not None:
            places.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}")
            waits = getattr(waits, "cr_await", None) or getattr(waits, "gi_yieldfrom", None)
        say(f"{task.get_name()} waits at {' > '.join(places)}")


def live(asked: dict[str, Any]) -> None:
    """One life of the program, in a process of its own."""
    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGUSR2, tell_tasks)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.chdir(asked["folder"])
    for name in [name for name in os.environ if name.startswith(("MOTCUA_", "AWS_"))]:
        del os.environ[name]
    os.environ.update(asked["environment"])
    if asked["clock"]:
        wrong_clock(asked["clock"])
    patch.object(bot.app, "build", lambda settings: replace(WORLD, settings=settings)).start()
    patch.object(bot.workshop, "ProcessPoolExecutor", lambda count, *_: ThreadPoolExecutor(count)).start()
    patch.object(worker, "examined", seen).start()
    os._exit(main(asked["arguments"]))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def serve() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    if sys.argv[1:] == ["hurried"]:
        hurry()
    wordy()
    gc.freeze()
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                live(json.loads(line))
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                os._exit(1)
        say(str(child))


if __name__ == "__main__":
    serve()
