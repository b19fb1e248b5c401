"""`motcua audit`: who looked at what, and whether anything of it was changed, deleted or put in since it was sealed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from bot import command_audit
from bot.app import App, opened
from bot.commands import say
from bot.scene import Scene, present
from bot.settings import Settings
from bot.views import code_of
from domain import keeping
from domain.codes import find_official_code, find_tracking_code
from domain.values import VIETNAM
from storage.audit import Looked, Noted
from storage.seals import Fault, Place
from storage.work import Work

_DAYS: Final = 30  # shown where no day is named
_WORDS: Final = {
    "opened": "mở hồ sơ",
    "listed": "thấy trong danh sách",
    "papers": "xem giấy tờ",
    "bundle": "lấy bản in cả hồ sơ",
    "archive": "lấy gói nộp Cổng DVC",
    "slip": "in lại phiếu",
    "control": "in phiếu kiểm soát",
    "control-xlsx": "lấy phiếu kiểm soát (xlsx)",
    "ledger": "lấy sổ theo dõi",
    "helper": "người giúp mở hồ sơ",
    "login": "đăng nhập",
    "login-refused": "chặn một lần đăng nhập lạ",
    "login-held": "đăng nhập phải chờ vì xác nhận sai",
    "login-reset": "gỡ mọi địa chỉ và phiên",
    "login-telegram": "nối Telegram",
    "login-address": "thêm hoặc bỏ địa chỉ riêng",
    "session-ended": "đóng phiên",
    "command": "lệnh trên máy chủ",
    "guessing": "dò mã, bị chặn",
}
_HOW: Final = {
    "changed": "bị sửa",
    "deleted": "bị xóa",
    "inserted": "bị chèn vào",
    "seal": "dấu niêm bị sửa, xóa hoặc chèn",
    "end": "chuỗi niêm bị cắt: không còn mã đã biết",
}


async def show(settings: Settings, code: str, officer: str, day: date | None, office: str) -> int:
    """Who looked at what, the newest first: of one dossier, of one officer, on one day, or of the last 30 days."""
    async with opened(settings) as app:
        lines = await app.database.run(lambda work: _lines(present(work, app.world), code, officer, day, office))
    for line in lines if lines is not None else ["Không có hồ sơ mang mã này, hoặc không có cán bộ tên này."]:
        say(line)
    if lines == []:
        say("Không có gì được ghi.")
    return 0 if lines is not None else 1


async def check(settings: Settings, known: str) -> int:
    """Name everything that is not as it was sealed; 1 where there is something. `known`: a code of the chain's end."""
    async with opened(settings) as app:
        faults, code = await _checked(app, known)
    for fault in faults:
        say(_fault(fault))
    say(f"Mã cuối chuỗi niêm: {code or 'chưa có'}. " + (f"Có {len(faults)} chỗ sai." if faults else "Nguyên vẹn."))
    return 1 if faults else 0


async def _checked(app: App, known: str) -> tuple[list[Fault], str]:
    """In parts, so that a running program is not held up."""
    now, kept, place = app.world.now(), timedelta(days=keeping.AUDIT), Place()
    await app.database.run(lambda work: work.seals.seal(now))
    faults: list[Fault] = []
    found, code = not known, ""
    while True:
        part = await app.database.run(lambda work, at=place: work.seals.check(now, kept, at))  # type: ignore[misc]
        if not part.codes:
            break
        faults += part.faults
        found, code, place = found or known in part.codes, part.codes[-1], part.place
    faults += await app.database.run(lambda work: list(work.seals.strays()))
    return (faults if found else [*faults, Fault("seals", "end", known, place.last)]), code


def _fault(fault: Fault) -> str:
    row = f" dòng {fault.row}" if fault.row else ""
    return f"{fault.what}{row} (niêm {fault.seal}): {_HOW[fault.how]}"


def _lines(scene: Scene, code: str, officer: str, day: date | None, office: str) -> list[str] | None:
    work = scene.work
    dossier = ""
    if code:
        record = work.dossiers.by_code(find_tracking_code(code) or find_official_code(code) or code)
        if record is None:
            return None
        dossier = record.id
    names = {who: name for place in scene.world.catalogue.offices for who, name in work.officers.known(place).items()}
    of_office = work.officers.known(office) if office else names
    meant = [who for who in of_office if not officer or names[who] == officer] if officer or office else []
    if (officer or office) and not meant:
        return None
    since, until = _span(scene, day)
    command_audit.note(scene, "audit", dossier)
    looks = work.audit.looks(since, until, dossier=dossier, officers=meant)
    subjects = [dossier] if dossier else meant
    noted = work.audit.lines(since, until, subjects=subjects)
    told = [(one.at, _look_line(work, names, one)) for one in looks] + [(one.at, _line(names, one)) for one in noted]
    return [line for _, line in sorted(told, key=lambda one: one[0], reverse=True)]


def _span(scene: Scene, day: date | None) -> tuple[datetime, datetime]:
    if day is None:
        return scene.now - timedelta(days=_DAYS), scene.now + timedelta(days=1)
    begin = datetime.combine(day, time(), VIETNAM)
    return begin, begin + timedelta(days=1)


def _look_line(work: Work, names: dict[str, str], one: Looked) -> str:
    record = work.dossiers.get(one.dossier)
    about = code_of(record) if record is not None else one.dossier
    return f"{_moment(one.at)}  {names.get(one.officer, one.officer)}  {_WORDS.get(one.what, one.what)}  {about}"


def _line(names: dict[str, str], one: Noted) -> str:
    """Without what is sealed of it, but for which command it was and who gave it."""
    said = [_WORDS.get(one.what, one.what)]
    if one.what == command_audit.COMMAND:
        said += [str(one.data.get("what", "")), str(one.data.get("by", ""))]
    return f"{_moment(one.at)}  {names.get(one.subject, one.subject)}  {' · '.join(filter(None, said))}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
