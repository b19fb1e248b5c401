"""Back-ups: where they go, that one is made a day and read back, how many stay, and the proof that one was restored.

The proof is a short code that only a machine which opened the back-up can reckon; typed into the first machine it says
that paper, back-up and program are enough.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from bot import recovery
from bot.lease import ours, this_process
from bot.settings import Settings
from domain.values import VIETNAM
from storage import backup, paper_key
from storage.backup import Contents
from storage.backup_stream import Header
from storage.durable import keep_names
from storage.files import Store
from storage.sealed import derived, keys
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

ENDING: Final = ".motcua"
_PREFIX: Final = "motcua-"
_KNOWN: Final = "backups"  # in the installation: ids and moments of the last ones
_REMEMBERED: Final = 100
_LEASE: Final = "backup"
_LIFE: Final = 60.0
_RENEW: Final = 20.0
_EVERY: Final = 600.0  # seconds between looks whether one is due
_HOUR: Final = 1  # of the night, from which on the day's back-up is due
_ROOM: Final = 50_000_000  # bytes that have to stay free

Tell = Callable[[str, int], None]


class Busy(Exception):
    """Another process makes one at this moment."""


class InTheWay(Exception):
    """There is a file of this name already."""


class Known(Struct, frozen=True):
    """A back-up that this installation has made."""

    id: str
    made: str


def named(target: Path, now: datetime) -> Path:
    """The file of a back-up: `target`, or in the folder `target` one that is named by the moment."""
    if target.is_dir() or not target.suffix:
        return target / f"{_PREFIX}{now.astimezone(VIETNAM):%Y%m%d-%H%M%S}{ENDING}"
    return target


async def make(database: Database, store: Store, settings: Settings, path: Path, tell: Tell) -> Contents:
    """Write a back-up, read it back, and only then give it its name; raises Busy, InTheWay or OSError."""
    if await asyncio.to_thread(path.exists):
        raise InTheWay
    async with _leased(database):
        numbers = await database.run(_numbers)
        head, contents = await asyncio.to_thread(_written, settings.database_url, store, path, numbers, tell)
        missing = await database.run(lambda work: _missing(work, contents.gone))
        await database.run(lambda work: _note(work, head, missing + contents.spoilt))
    contents.gone[:] = missing
    return contents


def _written(url: str, store: Store, path: Path, numbers: list[int], tell: Tell) -> tuple[Header, Contents]:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            head, contents = backup.save(url, store, file, numbers, datetime.now(UTC), tell)
            file.flush()
            os.fsync(file.fileno())
            backup.check(file, keys().ring, lambda *_: None)
        partial.rename(path)  # which replaces nothing on Windows
        keep_names(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return head, contents


def _numbers(work: Work) -> list[int]:
    """The keys that open a back-up: the one that seals, and until that one is on paper the last one that is."""
    known = recovery.confirmed(work)
    return sorted({keys().active, known if known in keys().ring.numbers else keys().active}, reverse=True)


def _missing(work: Work, gone: list[str]) -> list[str]:
    """Those that nobody has deleted: their rows are still there, and their bytes are lost."""
    return [ref for ref in gone if work.files.get(ref) is not None and not work.files.remote(ref)]


def _note(work: Work, head: Header, lost: list[str]) -> None:
    work.installation.put(recovery.BACKUP, head.made)
    trouble = f"{len(lost)} tệp mất hoặc hỏng trong kho tệp" if lost else ""
    work.installation.put(recovery.TROUBLE, trouble)
    known = [*_known(work), Known(head.id.hex(), head.made)][-_REMEMBERED:]
    work.installation.put(_KNOWN, msgspec.json.encode(known).decode())


def _known(work: Work) -> list[Known]:
    return msgspec.json.decode(work.installation.get(_KNOWN) or "[]", type=list[Known])


@asynccontextmanager
async def _leased(database: Database) -> AsyncIterator[None]:
    if not await database.run(lambda work: ours(work, _LEASE, _LIFE)):
        raise Busy

    async def renew() -> None:
        while True:
            await asyncio.sleep(_RENEW)
            with suppress(Exception):  # the next one is in time too
                await database.run(lambda work: ours(work, _LEASE, _LIFE))

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
        await database.run(lambda work: work.leases.drop(_LEASE, this_process()))


# one a day


async def keep_making(database: Database, store: Store, settings: Settings) -> None:
    """Until cancelled: one a day into the folder of the settings, after one o'clock at night or when we next run."""
    while settings.backup:
        try:
            await daily(database, store, settings, datetime.now(VIETNAM))
        except Busy:
            pass
        except Exception as error:  # noqa: BLE001 - it is tried again, and whoever looks is told
            log.error("the daily back-up failed: %s", type(error).__name__)  # noqa: TRY400
            words = _words(error)
            with suppress(Exception):
                await database.run(lambda work: work.installation.put(recovery.TROUBLE, words))  # noqa: B023 - now
        await asyncio.sleep(_EVERY)


async def daily(database: Database, store: Store, settings: Settings, now: datetime) -> bool:
    """Make today's, unless there is one; gives whether one was made."""
    last = await database.run(lambda work: work.installation.get(recovery.BACKUP))
    made = datetime.fromisoformat(last).astimezone(VIETNAM).date() if last else None
    if made == now.date() or now.hour < _HOUR:
        return False
    folder = Path(settings.backup)
    await asyncio.to_thread(_ready, folder)
    contents = await make(database, store, settings, named(folder, now), lambda *_: None)
    await asyncio.to_thread(_thin_out, folder, settings.backup_keep)
    log.info("backed up: %d rows, %d files", contents.all_rows, contents.files)
    return True


def _ready(folder: Path) -> None:
    """Before anything is written there must be room: a full disk stops the program itself, where both are on it."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f".{_PREFIX}*{ENDING}.part"):  # of one that was killed
        left.unlink(missing_ok=True)
    newest = max(folder.glob(f"{_PREFIX}*{ENDING}"), default=None)
    if shutil.disk_usage(folder).free < _ROOM + (newest.stat().st_size if newest else 0):
        raise OSError(28, "no room for a back-up")


def _thin_out(folder: Path, keep: int) -> None:
    for old in sorted(folder.glob(f"{_PREFIX}*{ENDING}"))[:-keep]:
        old.unlink(missing_ok=True)


def _words(error: BaseException) -> str:
    full = isinstance(error, OSError) and error.errno == 28
    return "hết chỗ trên ổ sao lưu" if full else f"sao lưu hằng ngày không làm được ({type(error).__name__})"


# the proof


def proof(head: Header) -> str:
    """What only a machine says that has opened this back-up."""
    digest = hmac.digest(derived(keys().lasting, b"restore proof"), head.id, "sha256")
    return paper_key.short(digest)


def proven(work: Work, code: str, at: datetime) -> Known | None:
    """Note that one of our back-ups was restored; None where the code is of none."""
    for known in reversed(_known(work)):
        head = Header(bytes.fromhex(known.id), known.made, "", [])
        if hmac.compare_digest(proof(head), paper_key.group(code)):
            work.installation.put(recovery.PROVEN, at.isoformat())
            return known
    return None
