"""`motcua office`: an office's own facts, which of them are not sure yet, and writing them down."""

from __future__ import annotations

import json
from datetime import time
from typing import Any, Final

import msgspec

from bot import office_facts
from bot.app import App, opened
from bot.commands import say
from bot.settings import Settings
from catalogue.facts import Gap
from catalogue.faults import BadCatalogue
from catalogue.model import Office
from storage.work import Work

WORDS: Final = {
    "name": "Tên đầy đủ",
    "short_name": "Tên gọi ngắn",
    "desk": "Nơi tiếp nhận",
    "address": "Địa chỉ xã",
    "desk_address": "Địa chỉ bộ phận một cửa",
    "province": "Tỉnh, thành phố",
    "aliases": "Tên cũ, tên khác",
    "phones": "Điện thoại",
    "agency_id": "Mã định danh",
    "hours": "Giờ làm việc",
    "bank_account": "Tài khoản thu phí",
    "map_url": "Bản đồ",
    "digest_at": "Giờ gửi danh sách buổi sáng",
    "remind_after_working_days": "Nhắc người dân sau (ngày làm việc)",
    "slot_capacity": "Số người mỗi nửa giờ hẹn",
    "draft_announce_days": "Báo trước khi xóa hồ sơ dở (ngày)",
    "draft_keep_days": "Giữ hồ sơ dở (ngày)",
    "note": "Ghi chú",
}
_WHY: Final = {
    "provisional": "đang là mã tạm",
    "unsure": "chưa ai xác nhận",
    "unknown": "chưa biết",
}
_ONE_LINE: Final = ("agency_id", "hours", "bank_account")  # what is not JSON is a short form, however it looks
_SOON: Final = "Chương trình đang chạy sẽ dùng trong vòng nửa phút; không cần chạy lại."


def gap_words(gap: Gap) -> str:
    """What is missing, for whoever can say it."""
    return f"{WORDS[gap.fact]}: {_WHY[gap.why]}"


def doing(office: str, fact: str) -> str:
    """The command that mends it."""
    shown = {
        "agency_id": "H27.12.345",
        "phones": '"0239 3 123 456"',
        "hours": '"04-16 07:00-11:30 13:30-17:00; 10-16 07:30-11:30 13:30-17:00"',
        "bank_account": '"970436; 0123456789; Vietcombank; UBND XA …; Kế toán …, ngày …"',
    }
    return f"motcua office set --office {office} {fact} {shown.get(fact, chr(34) + '…' + chr(34))}"


async def office(settings: Settings, what: str, fact: str, value: str, place: str) -> int:
    """One of list, show, check, set, unset; the exit status."""
    async with opened(settings) as app:
        offices = app.world.catalogue.offices
        if place and place not in offices:
            say(f"Không có đơn vị {place}. Có: {', '.join(offices)}")
            return 1
        chosen = place or next(iter(offices))
        match what:
            case "list":
                for one in offices.values():
                    say(f"{one.id:20} {one.name}{_remark(one)}")
                return 0
            case "show":
                return await _show(app, chosen)
            case "check":
                return _check([offices[place]] if place else [one for one in offices.values() if not one.practice])
            case _:
                return await _write(app, chosen, fact, None if what == "unset" else value)


def _remark(office: Office) -> str:
    remarks = ["để tập"] if office.practice else []
    count = len(office_facts.missing(office))
    if count and not office.practice:
        remarks.append(f"{count} điều chưa chắc")
    return f"  ({', '.join(remarks)})" if remarks else ""


async def _show(app: App, office: str) -> int:
    written = await app.database.run(lambda work: office_facts.kept(work, office))
    found = app.world.catalogue.offices[office]
    missing = {gap.fact: gap for gap in office_facts.missing(found)}
    for fact in office_facts.FACTS:
        remark = f"   ! {_WHY[missing[fact].why]}" if fact in missing else ""
        remark += "   (đã ghi bằng lệnh)" if fact in written else ""
        say(f"{fact:26} {WORDS[fact]}: {_shown(getattr(found, fact))}{remark}")
    return 0


def _check(offices: list[Office]) -> int:
    found = [(one, gap) for one in offices for gap in office_facts.missing(one)]
    for one, gap in found:
        say(f"! {one.short_name}: {gap_words(gap)}.\n  → {doing(one.id, gap.fact)}")
    if not found:
        say("✓ Không còn điều gì chưa chắc.")
    return 1 if any(gap.why == "provisional" for _, gap in found) else 0


async def _write(app: App, office: str, fact: str, value: str | None) -> int:
    if fact not in office_facts.FACTS:
        say(f"Không có mục {fact or '(trống)'}. Có: {', '.join(office_facts.FACTS)}")
        return 1
    facts = {fact: None if value is None else _read(fact, value)}

    def write(work: Work) -> Office:
        return office_facts.write(work, app.world, office, facts)

    try:
        made = await app.database.run(write)
    except BadCatalogue as error:
        say(f"Chưa ghi. Chỗ: {error.key}\nCần: {error.expected}")
        return 1
    say(f"{made.short_name}. {WORDS[fact]}: {_shown(getattr(made, fact))}")
    say(_SOON)
    return 0


def _read(fact: str, value: str) -> Any:
    """What was typed: JSON where it is a list, a table or a number, else the bare words."""
    if fact in ("aliases", "phones", "hours", "bank_account", "agency_id") or value.isdigit():
        try:
            found = json.loads(value)
        except ValueError:
            found = value
        if fact in ("aliases", "phones") and not isinstance(found, list):
            return [part.strip() for part in value.split(",") if part.strip()]
        return found if isinstance(found, (dict, list)) or fact not in _ONE_LINE else value
    return value


def _shown(value: object) -> str:
    match value:
        case None:
            return "(chưa có)"
        case time():
            return f"{value:%H:%M}"
        case str() | int():
            return str(value)
        case _:
            return msgspec.json.encode(_plain(value)).decode()


def _plain(value: object) -> object:
    """Without what is a default, so that it can be read."""
    return msgspec.to_builtins(value)
