"""One refresh of the Official Account's tokens, in a process of its own that outlives whoever asked for it.

Zalo's answer is the only copy of the next pair. Were it awaited by the program itself, a program that is killed at that
moment would take the pair along. So a small process does nothing but this: writes down that the refresh token will be
shown, shows it, keeps the answer in a sealed file and in the database, and ends. It gets its orders on standard input.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from bot.zalo_journal import Carried, Journal
from conversations.messages import Refused, Uncertain
from handlers.zalo_oauth import Client, followed
from handlers.zalo_wire import Unsent
from storage import key_ring, rotation, sealed
from storage.unit_of_work import Database, connect

log = logging.getLogger(__name__)

LOST: Final = "token lost"  # it was shown, and nobody knows what came of it
REFUSED: Final = "token refused"
LEASE: Final = 90.0  # seconds in which an answer has come or will not
_LONGEST: Final = 40.0  # seconds of one call, whatever its parts take
_PATIENCE: Final = 3600.0  # seconds for which a pair is carried to a database that is away
_PAUSE: Final = 1.0
if sys.platform == "win32":  # where a session is a group, and a console of its own would be a window
    _APART: Final = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
else:
    _APART: Final = 0


class Orders(Struct, frozen=True):
    """What the process has to know; it reads no settings of its own."""

    database: str
    key_file: str
    folder: str
    oa: str
    turn: int
    client: Client
    lease: float = LEASE


def begun(orders: Orders) -> subprocess.Popen[bytes]:
    """A process that carries them out; nobody has to wait for it, and it goes on when we end."""
    process = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=_APART,
    )
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin:
        process.stdin.write(msgspec.json.encode(orders))  # less than a pipe holds
    return process


async def carried_out(orders: Orders, database: Database) -> str:
    """One refresh, unless somebody has shown the token already; gives "" or what the trouble is."""
    journal = Journal(Path(orders.folder))
    journal.ready()
    by = secrets.token_hex(8)
    shown = await database.run(lambda work: work.zalo.begin(orders.oa, orders.turn, by, orders.lease))
    if shown is None:
        return ""
    try:
        async with asyncio.timeout(_LONGEST):
            fresh = await followed(orders.client, shown)
    except Unsent as error:
        log.warning("Zalo's OAuth was not reached: %s", error)
        await database.run(lambda work: work.zalo.unshown(orders.oa, orders.turn, by))
        return str(error)
    except (Refused, Uncertain, TimeoutError) as error:
        trouble = REFUSED if isinstance(error, Refused) else LOST
        log.error("Zalo's tokens could not be refreshed: %s (%s)", trouble, error)  # noqa: TRY400 - no stack is needed
        await database.run(lambda work: work.zalo.lost(orders.oa, orders.turn, trouble))
        return trouble
    carried = Carried(orders.oa, orders.turn, fresh.access, fresh.refresh, fresh.seconds, time.time())
    await _kept(carried, journal, database)
    return ""


async def settled(oa: str, turn: int, journal: Journal, database: Database) -> bool:
    """A pair that is in the file but perhaps not in the database is brought there; True where there was one."""
    carried = journal.read(oa, turn)
    if carried is not None:
        await _into(database, carried)
        journal.drop(oa, turn)
    return carried is not None


async def _kept(carried: Carried, journal: Journal, database: Database) -> None:
    """In the file first, which takes a millisecond and needs nobody; then in the database, patiently."""
    try:
        journal.write(carried)
    except OSError as error:
        log.error("a pair of Zalo's tokens is kept in the database alone: %s", error)  # noqa: TRY400
    ends = time.monotonic() + _PATIENCE
    while True:
        try:
            await _into(database, carried)
        except Exception as error:  # whatever it is: this is the only copy
            if time.monotonic() > ends:
                raise
            log.warning("Zalo's tokens wait for the database: %s", type(error).__name__)
            await asyncio.sleep(_PAUSE)
        else:
            journal.drop(carried.oa, carried.turn)
            return


async def _into(database: Database, carried: Carried) -> None:
    await database.run(
        lambda work: work.zalo.keep(carried.oa, carried.turn, carried.access, carried.refresh, carried.left)
    )


async def _main(orders: Orders) -> None:
    path = Path(orders.key_file)
    ring, _ = key_ring.made(path)
    database = connect(orders.database, lambda _: None)
    try:
        sealed.use(await database.run(lambda work: rotation.known(work, ring, path)))
        await carried_out(orders, database)
    finally:
        await database.close()


def main() -> int:
    """Whoever stops the program may stop this one with it: but it needs only seconds, and takes them."""
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):  # no system has all of them
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        orders = msgspec.json.decode(sys.stdin.buffer.read(), type=Orders)
    except msgspec.DecodeError:
        return 1  # whoever gave them was killed while doing so: nothing has begun
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.raiseExceptions = False  # the log may have ended with whoever began us
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asyncio.run(_main(orders))
    return 0


if __name__ == "__main__":
    sys.exit(main())
