"""One server to measure: the real program, or a bare handler that gives the same answer; run as its own process.

Each line on standard input is answered with the CPU seconds and the resident bytes of this process. With BENCH_PROFILE
in the environment, cProfile's findings go to two files whose names begin so.
"""

from __future__ import annotations

import asyncio
import cProfile
import json
import os
import sys
import threading
import time
from functools import partial
from pathlib import Path

from aiohttp import web


def resident() -> int:
    """Bytes of memory in use; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def report() -> None:
    """Answer each question of whoever measures; a thread that sleeps costs nothing."""
    for _ in sys.stdin:
        print(time.process_time(), resident(), flush=True)


async def bare(port: int) -> None:
    """What any aiohttp program pays: JSON in, the same answer out."""
    answer = json.loads(os.environ["BENCH_ANSWER"])

    async def send(request: web.Request) -> web.Response:
        said = await request.json()
        return web.json_response({**answer, "text": answer["text"] or said["text"]})

    page = web.Application()
    page.router.add_post("/api/send", send)
    runner = web.AppRunner(page, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


def durable(shape: str = "run") -> None:
    """`motcua run`, `serve` or `work`, as anybody starts it."""
    from bot.__main__ import main  # noqa: PLC0415 - the bare server must not load it

    main([shape])


def unpaced() -> None:
    """The same, with no limit on how fast a messenger may be called."""
    from bot import deliver, pace  # noqa: PLC0415

    deliver.Limits = partial(pace.Limits, overall=0, private=0, group=0)  # type: ignore[assignment,misc]
    durable()


def profiled(where: str) -> None:
    """The same, written down by cProfile: event loop and writer thread apart."""
    written = cProfile.Profile()
    loop = cProfile.Profile()
    run = threading.Thread.run

    def watched(self: threading.Thread) -> None:
        if self.name == "sqlite-writer":
            written.runcall(run, self)
        else:
            run(self)

    threading.Thread.run = watched  # type: ignore[method-assign]
    loop.runcall(unpaced if sys.argv[1] == "unpaced" else durable)
    loop.dump_stats(f"{where}.loop")
    written.dump_stats(f"{where}.writer")


if __name__ == "__main__":
    threading.Thread(target=report, daemon=True).start()
    if sys.argv[1] == "bare":
        asyncio.run(bare(int(sys.argv[2])))
    elif sys.argv[1] == "unpaced" and "BENCH_PROFILE" not in os.environ:
        unpaced()
    elif profile := os.environ.get("BENCH_PROFILE"):
        profiled(profile)
    else:
        durable(sys.argv[1] if sys.argv[1] in ("serve", "work") else "run")
