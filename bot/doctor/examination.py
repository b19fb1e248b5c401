"""The checks in their order, each within its time; what they find is told in lines, or as JSON."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

import httpx
import msgspec

from bot import office_facts
from bot.catalogue_diff import is_made
from bot.commands import say
from bot.doctor import (
    clocks,
    database,
    disk,
    keys,
    left_over,
    mail_and_sms,
    offices,
    options,
    papers,
    telegram_bots,
    web,
    zalo_account,
)
from bot.doctor.patient import SIGNS, Finding, Patient, bad, kind
from bot.receive import place
from bot.settings import Settings
from bot.world import build
from storage import key_ring, rotation, sealed
from storage.unit_of_work import Database, connect
from storage.work import Work

Check = Callable[[Patient], Awaitable[Sequence[Finding]]]

# A check more is a function in a file of its own and a line here.
CHECKS: Final[Mapping[str, Check]] = {
    "Cấu hình": options.check,
    "Cơ sở dữ liệu": database.check,
    "Khóa chính": keys.check,
    "Đĩa và kho tệp": disk.check,
    "Trang web": web.check,
    "Telegram": telegram_bots.check,
    "Zalo": zalo_account.check,
    "E-mail và SMS": mail_and_sms.check,
    "Ảnh và bản in": papers.check,
    "Đơn vị và cán bộ": offices.check,
    "Việc còn lại và sao lưu": left_over.check,
}
LAST: Final[Mapping[str, Check]] = {"Đồng hồ": clocks.check}  # they compare what the others were told
_PATIENCE: Final = 45.0  # seconds for one subject
_ANSWER: Final = 5.0  # seconds within which the database answers


async def doctor(settings: Settings, *, as_json: bool = False) -> int:
    """Print what was found; 1 where something is bad."""
    logging.getLogger().setLevel(logging.CRITICAL)  # what is wrong is said here, in words
    async with _at_hand(settings) as patient:
        names = [*CHECKS, *LAST]
        found = await asyncio.gather(*(_asked(check, patient) for check in CHECKS.values()))
        found += [await _asked(check, patient) for check in LAST.values()]
    told = dict(zip(names, found, strict=True))
    _tell_machines(told) if as_json else _tell(told)
    return int(any(finding.mark == "bad" for findings in found for finding in findings))


async def _asked(check: Check, patient: Patient) -> Sequence[Finding]:
    """A check that fails itself is a finding too."""
    try:
        return await asyncio.wait_for(check(patient), _PATIENCE)
    except Exception as error:  # noqa: BLE001 - the others go on
        words = f"Không kiểm tra được ({kind(error)} ở {place(error)})."
        return [bad(words, "Chạy lại: motcua doctor; vẫn vậy thì báo người phát triển dòng này")]


def _tell(told: Mapping[str, Sequence[Finding]]) -> None:
    for subject, findings in told.items():
        if findings:
            say(subject)
        for finding in findings:
            say(f"  {SIGNS[finding.mark]} {finding.words}")
            if finding.doing:
                say(f"      → {finding.doing}")
    every = [finding.mark for findings in told.values() for finding in findings]
    say(f"{every.count('good')} điều tốt, {every.count('warn')} điều cần để ý, {every.count('bad')} điều phải sửa.")


def _tell_machines(told: Mapping[str, Sequence[Finding]]) -> None:
    rows = [
        {"subject": subject, "mark": finding.mark, "words": finding.words, "doing": finding.doing}
        for subject, findings in told.items()
        for finding in findings
    ]
    say(msgspec.json.encode({"ok": all(row["mark"] != "bad" for row in rows), "findings": rows}).decode())


@asynccontextmanager
async def _at_hand(settings: Settings) -> AsyncIterator[Patient]:
    """Opened as far as that goes, without making or migrating anything."""
    async with httpx.AsyncClient(timeout=8.0, follow_redirects=False) as line:
        patient = Patient(settings, line, world=await asyncio.to_thread(build, settings))
        opened = await _database(settings)
        if opened is not None:
            patient.database = opened
            patient.sealed = await _keys(opened, settings)
            await _facts(patient)
        try:
            yield patient
        finally:
            if opened is not None:
                await opened.close()


async def _database(settings: Settings) -> Database | None:
    """None where there is none, or it is out of reach."""
    if not is_made(settings.database_url):
        return None
    made = connect(settings.database_url, lambda _: None)
    try:
        await asyncio.wait_for(made.run(lambda work: work.machine_now()), _ANSWER)
    except Exception:  # noqa: BLE001 - the check of the database says so
        await made.close()
        return None
    return made


async def _keys(opened: Database, settings: Settings) -> bool:
    """Whether the key file has the key of these data; it is neither made nor marked."""

    def take(work: Work) -> bool:
        ring = key_ring.read(settings.key_file)
        found = rotation.known(work, ring, settings.key_file)
        mark = work.installation.get("key-mark")
        if mark is not None and mark != found.look_up("master key"):
            return False
        sealed.use(found)
        return True

    try:
        return await opened.run(take)
    except (OSError, key_ring.BadKey, rotation.WrongKey):
        return False


async def _facts(patient: Patient) -> None:
    world, opened = patient.world, patient.database
    assert world is not None
    assert opened is not None
    try:
        await opened.run(world.read_offset)
        await opened.run(lambda work: office_facts.read(work, world))
    except Exception:  # noqa: BLE001 - of a database without tables the check of the database tells
        patient.world = world
