"""One process at a time speaks in a bot's name: it holds the lease of that name, and renews it while it lives."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from bot.receive import place
from storage.unit_of_work import Closed, Database
from storage.work import Work

log = logging.getLogger(__name__)

LIFE: Final = 30.0  # seconds for which a lease is good without being renewed
_RENEW: Final = 5.0
_WAIT: Final = 1.0  # seconds between looks whether it is free
_LOOK_AT: Final = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
_NO_SUCH: Final = 87  # ERROR_INVALID_PARAMETER: no process has this number
_EARLY: Final = 5.0  # seconds before its end from which on we do not trust in it any more


class Lost(Exception):
    """Another process holds the lease, or it could not be renewed in time."""


class Lease:
    """`async with Lease(database, name, say).held(): …` runs its body in one process at a time.

    `held` waits until the lease is free, and says once whom it waits for. A holder on this host that was killed is
    known to be dead and is followed at once; any other is followed when its lease has run out, at most 30 seconds
    after its last sign of life. While the body runs the lease is renewed. Should it be lost all the same (this process
    stood still, the database was away), the body is cancelled and `held` raises `Lost`; begin again then. It is given
    back when the body ends.
    """

    def __init__(self, database: Database, name: str, say: Callable[[str], None], *, holder: str = "") -> None:
        self._database = database
        self._name = name
        self._say = say
        self._holder = holder or this_process()

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """See above."""
        taken = await self._wait()
        body = asyncio.current_task()
        assert body is not None
        lost = asyncio.Event()

        async def keep() -> None:
            await self._keep(taken)
            lost.set()
            body.cancel()

        keeping = asyncio.create_task(keep())
        try:
            yield
        except asyncio.CancelledError:
            if lost.is_set() and body.uncancel() == 0:
                raise Lost(self._name) from None
            raise
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await self._give_back()

    async def _give_back(self) -> None:
        """Where that can't be done it runs out; whoever is being cancelled must not be kept from ending by it."""
        try:
            await self._database.run(lambda work: work.leases.drop(self._name, self._holder))
        except Closed:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is
            log.warning("lease %s was not given back: %s at %s", self._name, type(error).__name__, place(error))

    async def _wait(self) -> float:
        """Until it is ours; gives the moment at which it was asked for."""
        told = False
        while True:
            asked = time.monotonic()
            holder = await self._database.run(self._take)
            if holder == self._holder:
                return asked
            if not told:
                host, number, _ = holder.split(" ")
                where = "" if host == self._holder.split(" ")[0] else f" trên máy {host.partition('/')[0]}"
                self._say(f"Bot này đang chạy ở một tiến trình khác (số {number}{where}). Tôi chờ đến khi nó dừng.")
                told = True
            await asyncio.sleep(_WAIT)

    def _take(self, work: Work) -> str:
        return _taken(work, self._name, self._holder, LIFE)

    async def _keep(self, taken: float) -> None:
        """Renew it, and return when it is no longer ours."""
        while True:
            await asyncio.sleep(_RENEW)
            asked = time.monotonic()
            left = taken + LIFE - _EARLY - asked
            if left <= 0:
                return  # this process stood still: somebody else may speak by now, and is not talked over
            try:
                # By the time it has an answer the lease may have run out. No wait_for: it may swallow a cancellation.
                async with asyncio.timeout(left):
                    holder = await self._database.run(self._take)
            except Exception as error:  # noqa: BLE001 - the database may be back before the lease has run out
                log.warning("lease %s was not renewed: %s at %s", self._name, type(error).__name__, place(error))
                if time.monotonic() > taken + LIFE - _EARLY:
                    return
            else:
                if holder != self._holder:
                    return
                taken = asked


def ours(work: Work, name: str, seconds: float) -> bool:
    """Whether this process is the one that does something next, which is done again before so many seconds are over."""
    return _taken(work, name, this_process(), seconds) == this_process()


def _taken(work: Work, name: str, by: str, seconds: float) -> str:
    holder = work.leases.take(name, by, seconds)
    if holder != by and dead(holder):
        work.leases.drop(name, holder)
        holder = work.leases.take(name, by, seconds)
    return holder


def this_process() -> str:
    """Host, number and start: what tells this process from any other, also from a later one with the same number."""
    return f"{_host()} {os.getpid()} {_start(os.getpid())}"


def dead(holder: str) -> bool:
    """Whether a process is known to be gone; only the system it ran on can tell."""
    host, number, start = holder.split(" ")
    if host != _host() or "0" in (start, _start(os.getpid())):
        return False
    return _start(int(number)) != start


def _host() -> str:
    """The machine, and within it the set of process numbers: containers have their own."""
    with suppress(OSError):
        return f"{socket.gethostname()[:50]}/{Path('/proc/self/ns/pid').readlink()}".replace(" ", "")
    return socket.gethostname()[:50].replace(" ", "")


def _start(number: int) -> str:
    """When a process started, in ticks since which boot; "" when there is none, "0" where nobody can tell."""
    if sys.platform == "win32":
        return _start_windows(number)
    boot = Path("/proc/sys/kernel/random/boot_id")
    try:
        began = boot.read_text(encoding="ascii")[:8]
    except OSError:
        return "0"
    try:
        status = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    state, *fields = status.rpartition(")")[2].split()
    return "" if state in "ZX" else f"{began}.{fields[18]}"  # a zombie speaks no more


def _start_windows(number: int) -> str:
    """The same by Windows' own clock."""
    if sys.platform != "win32":
        return "0"
    import ctypes  # noqa: PLC0415 - needed there alone

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(_LOOK_AT, 0, number)
    if not handle:
        return "" if ctypes.get_last_error() == _NO_SUCH else "0"
    process = ctypes.c_void_p(handle)
    began, ended, inside, outside = (ctypes.c_uint64() for _ in range(4))
    try:
        told = kernel.GetProcessTimes(process, *(ctypes.byref(at) for at in (began, ended, inside, outside)))
    finally:
        kernel.CloseHandle(process)
    if not told:
        return "0"
    return "" if ended.value else f"{began.value}"  # somebody may still hold what has ended
