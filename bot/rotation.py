"""The sealing key may be changed while the program runs: every process follows, one of them seals all again."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Final

from bot.lease import ours, this_process
from bot.receive import place
from bot.settings import Settings
from storage import rotation, sealed
from storage.rotation import WrongKey
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

LEASE: Final = "reseal"
_LIFE: Final = 60.0  # seconds of the lease
_LOOK: Final = 30.0  # seconds between looks whether there is something to seal again
_MARK: Final = "key-mark"


def take_keys(work: Work, settings: Settings, *, made: bool = False) -> None:
    """The keys of these data, for this process. The first start leaves a mark that only its master key makes.

    `made`: the key file was missing and has just been made; over data of another key it is taken away again.
    """
    try:
        keys = rotation.known(work, sealed.keys().ring, settings.key_file)
    except WrongKey as error:
        raise WrongKey(_missed(settings) if made else _refused(settings, str(error))) from None
    mark = keys.look_up("master key")
    known = work.installation.get(_MARK)
    if known is None:
        work.installation.put(_MARK, mark)
    elif known != mark:
        raise WrongKey(_missed(settings) if made else _refused(settings))
    sealed.use(keys)


def _missed(settings: Settings) -> str:
    """What stands in its place would be in the way of the right key."""
    settings.key_file.unlink(missing_ok=True)
    return (
        f"Mất tệp khóa chính {settings.key_file}: dữ liệu ở đây được khóa bằng chìa trong tệp ấy. Đặt lại tệp khóa "
        "đã cất, hoặc gõ khóa từ tờ giấy: motcua key enter. Rồi chạy lại."
    )


def _refused(settings: Settings, why: str = "") -> str:
    reason = f" ({why})" if why else ""
    return (
        f"{settings.key_file} không phải khóa chính của dữ liệu này{reason}. "
        "Đặt lại đúng tệp khóa (MOTCUA_KEY_FILE) rồi chạy lại."
    )


def heed(work: Work) -> None:
    """Seal with the key that the others seal with; where the key file here lacks it, go on as before and say so."""
    try:
        if (keys := rotation.follow(work)) is not None:
            sealed.use(keys)
            log.info("sealing with key %s from now on", keys.active)
    except WrongKey:
        log.error("the data are sealed with a key that the key file here lacks: copy it from the other machine")  # noqa: TRY400


async def keep_sealing(database: Database) -> None:
    """Until cancelled: seal again what other keys have sealed; it takes no more than half of the time there is."""
    while True:
        try:
            while True:
                began = time.monotonic()
                if not await database.run(_some):
                    break
                await asyncio.sleep(max(0.01, time.monotonic() - began))
        except Exception as error:  # noqa: BLE001 - what is done stays done
            log.error("sealing again stumbled: %s at %s", type(error).__name__, place(error))  # noqa: TRY400
        await asyncio.sleep(_LOOK)


def _some(work: Work) -> bool:
    """In one process at a time, by lease."""
    at = rotation.progress(work)
    if at is None or at.ended:
        return False
    heed(work)
    if not ours(work, LEASE, _LIFE):
        return False
    again = rotation.step(work)
    if not again:
        work.leases.drop(LEASE, this_process())
        log.info("everything is sealed with key %s", at.to)
    after = rotation.progress(work)
    return again and after is not None and not _waits(after)


def _waits(at: rotation.Progress) -> bool:
    """A pass has found nothing, but it began too early to be the last one: the next look is soon enough."""
    return not at.table and not at.after and not at.found
