"""`motcua portal export` and `import`: codes and national statuses, for programs that know the portal and us."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from bot import command_audit, disk_words, portal
from bot.app import opened
from bot.commands import say
from bot.scene import Scene, present
from bot.settings import Settings
from domain.codes import find_official_code, normalise, show
from domain.dossier import national, national_name
from domain.portal import STATUSES, differs, read_code
from domain.values import VIETNAM, Wrong, clean, fold
from storage.dossiers import Record
from storage.work import Work

_COLUMNS: Final = ("code", "status", "at")
_MOST: Final = 20_000  # lines of one file
_TOGETHER: Final = 100  # lines noted in one transaction
_SHOWN: Final = 20  # lines of a report that name something


class Line(Struct, frozen=True):
    """One dossier as the portal has it; `code` is the portal's, or ours."""

    number: int
    code: str
    status: int
    at: datetime | None


class Report(Struct, frozen=True):
    """How it went: how many were new, what differs (with our own status in words), and what nobody knows."""

    changed: int = 0
    differing: tuple[tuple[Line, str], ...] = ()
    unknown: tuple[Line, ...] = ()


class BadFile(Exception):
    """A line is not as it must be: nothing of the file is noted."""


async def export(settings: Settings, since: str) -> int:
    """A JSON line for each dossier whose status has changed since then; no name, no answer."""
    try:
        moment = _moment(since)
    except ValueError:
        say(f"--since cần là ngày hoặc giờ ISO 8601, như 2026-11-23 hoặc 2026-11-23T10:00, đang là {since!r}.")
        return 1
    async with opened(settings) as app:
        await app.database.run(lambda work: command_audit.note(present(work, app.world), "portal export"))
        for line in await app.database.run(lambda work: list(exported(present(work, app.world), moment))):
            say(line)
    return 0


async def import_(settings: Settings, file: Path) -> int:
    """Note what the file says; then say how it went. 1 where the file is not as it must be: then nothing is noted."""
    try:
        lines = read(await asyncio.to_thread(file.read_bytes))
    except OSError as error:
        say(f"Không đọc được tệp {file}: {disk_words.why(error)}.")
        return 1
    except BadFile as error:
        say(f"Chưa ghi gì. {error}")
        return 1
    async with opened(settings) as app:
        report = Report()
        for some in batched(lines):
            report = await app.database.run(
                lambda work, some=some, so_far=report: note(present(work, app.world), some, so_far)  # type: ignore[misc]
            )
    for line in told(report, len(lines)):
        say(line)
    return 0


def batched(lines: list[Line]) -> Iterator[list[Line]]:
    """A running server is not kept waiting for long: so many lines are one transaction."""
    return (lines[start : start + _TOGETHER] for start in range(0, len(lines), _TOGETHER))


def read(data: bytes) -> list[Line]:
    """CSV with a heading `code,status[,at]`, or JSON lines with these keys. Raises BadFile, naming line and fault."""
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("Tệp phải là UTF-8.") from None
    if not words.strip():
        raise BadFile("Tệp không có dòng nào.")
    rows = list(_json(words) if words.lstrip().startswith("{") else _csv(words))
    if not rows:
        raise BadFile("Tệp không có dòng nào.")
    if len(rows) > _MOST:
        raise BadFile(f"Tệp có {len(rows)} dòng, nhiều nhất {_MOST}.")
    lines = [_line(number, row) for number, row in rows]
    seen: dict[str, int] = {}
    for line in lines:
        if line.code in seen:
            raise BadFile(f"Dòng {line.number}: mã {line.code} đã có ở dòng {seen[line.code]}.")
        seen[line.code] = line.number
    return lines


def _json(words: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(words.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line)
        except msgspec.DecodeError:
            raise BadFile(f"Dòng {number}: không phải JSON.") from None
        if not isinstance(row, dict):
            raise BadFile(f"Dòng {number}: cần một đối tượng JSON.")
        yield number, row


def _csv(words: str) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(words))
    named = [name.strip().lower() for name in reader.fieldnames or ()]
    if not {"code", "status"} <= set(named):
        raise BadFile("Dòng 1: cần các cột code,status hoặc code,status,at.")
    reader.fieldnames = named
    for row in reader:
        if None in row or None in row.values():
            raise BadFile(f"Dòng {reader.line_num}: số cột không khớp dòng đầu.")
        yield reader.line_num, row


def _line(number: int, row: dict[str, Any]) -> Line:
    extra = [key for key in row if key not in _COLUMNS]
    if extra:
        raise BadFile(f"Dòng {number}: không có cột {extra[0]!r}; chỉ có {', '.join(_COLUMNS)}.")
    code = _code(str(row.get("code") or ""))
    if not code:
        raise BadFile(f"Dòng {number}: code không phải mã hồ sơ: {row.get('code')!r}.")
    status = _status(row.get("status"))
    if not status:
        raise BadFile(f"Dòng {number}: status cần là số 1 đến 10 hoặc tên trạng thái, đang là {row.get('status')!r}.")
    try:
        at = _moment(str(row["at"])) if row.get("at") else None
    except ValueError:
        raise BadFile(f"Dòng {number}: at cần là giờ ISO 8601, đang là {row['at']!r}.") from None
    return Line(number, code, status, at)


def _code(typed: str) -> str:
    """The portal's or our official code, or a tracking code as it is stored."""
    read_ = read_code(typed)
    if isinstance(read_, Wrong):
        return normalise(typed) or find_official_code(typed) or ""
    return read_.code


def _status(given: Any) -> int:
    """0 where it is no status."""
    words = clean(str(given)) if isinstance(given, int | str) and not isinstance(given, bool) else ""
    if words.isdecimal() and len(words) < 3 and int(words) in STATUSES:
        return int(words)
    return next((n for n in STATUSES if words and fold(national_name(n)) == fold(words)), 0)


def _moment(words: str) -> datetime:
    """ISO 8601; without a zone it is Vietnam's. Raises ValueError."""
    at = datetime.fromisoformat(words.strip())
    return at.replace(tzinfo=VIETNAM) if at.tzinfo is None else at


def exported(scene: Scene, since: datetime) -> Iterator[str]:
    offices = [o.id for o in scene.world.catalogue.offices.values() if not o.practice]
    for record, at in scene.work.portals.moved(since, offices):
        yield msgspec.json.encode(_line_of(scene, record, at)).decode()


def _line_of(scene: Scene, record: Record, at: datetime) -> dict[str, Any]:
    procedure = scene.procedure(record.catalogue_version)
    number, name = national(record.status)
    noted = record.body.portal
    return {
        "tracking_code": show(record.tracking_code),
        "official_code": record.official_code,
        "portal_code": noted.code if noted is not None else None,
        "procedure": procedure.successor_code or procedure.code,
        "office": record.office,
        "status": number,
        "status_name": name,
        "at": at.astimezone(VIETNAM).isoformat(),
        "portal_status": noted.status or None if noted is not None else None,
        "differs": noted is not None and differs(record.status, noted.status),
    }


def note(scene: Scene, lines: Iterable[Line], report: Report) -> Report:
    """What these lines say is noted; gives the report with them."""
    changed, differing, unknown = 0, [], []
    for line in lines:
        record = _found(scene.work, line.code, scene)
        if record is None:
            unknown.append(line)
            continue
        changed += portal.imported(scene, record, line.code, line.status, line.at or scene.now)
        if differs(record.status, line.status):
            differing.append((line, national(record.status)[1]))
    return Report(report.changed + changed, (*report.differing, *differing), (*report.unknown, *unknown))


def told(report: Report, count: int) -> Iterator[str]:
    """What was noted, what differs, and which codes nobody knows."""
    unknown = len(report.unknown)
    yield f"Đã đọc {count} dòng: ghi mới {report.changed}, không đổi {count - report.changed - unknown}."
    if report.differing:
        yield f"Khác trạng thái ở đây: {len(report.differing)}"
    for line, here in report.differing[:_SHOWN]:
        yield f"  {line.code}: Cổng {national_name(line.status)}, ở đây {here}"
    if report.unknown:
        yield f"Không biết mã: {unknown}"
    for line in report.unknown[:_SHOWN]:
        yield f"  dòng {line.number}: {line.code}"


def _found(work: Work, code: str, scene: Scene) -> Record | None:
    """Practice dossiers are on no portal."""
    record = work.dossiers.get(work.portals.by_any_code(code) or "", lock=True)
    return None if record is None or scene.world.office(record.office).practice else record
