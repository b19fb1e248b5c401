"""The ledger (Mẫu 07): one line for each dossier that was officially accepted in a period; made from history alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from catalogue.model import Office
from catalogue.slips import SlipForm
from documents.rows import facts_of, moment_in
from documents.slip import Head, issuer
from documents.slip_made import head
from domain.dossier import Status
from domain.replay import Row
from domain.values import VIETNAM, show_phone

COLUMNS: Final = (
    "STT",
    "Mã hồ sơ",
    "Tên thủ tục hành chính",
    "Số lượng hồ sơ (bộ)",
    "Tên cá nhân, tổ chức",
    "Địa chỉ, số điện thoại",
    "Cơ quan chủ trì giải quyết",
    "Nhận hồ sơ",
    "Hẹn trả kết quả",
    "Trả kết quả",
    "Phương thức nhận kết quả",
    "Ký nhận",
    "Ghi chú",
)
TOGETHER: Final = (7, 10)  # the columns under "Nhận và trả kết quả"
_CHANNELS: Final = {"online": "Nộp trực tuyến", "direct": "Nộp trực tiếp", "post": "Nộp qua bưu chính"}
_WAYS: Final = {"": "Trực tiếp", "collector": "Người nhận thay", "post": "Bưu chính"}
_ENDS: Final = {
    Status.REFUSED: "Từ chối giải quyết",
    Status.STOPPED: "Dừng giải quyết",
    Status.WITHDRAWN: "Người dân rút hồ sơ",
    Status.FORWARDED: "Đã chuyển cơ quan có thẩm quyền",
}


class Entry(Struct, frozen=True):
    """One line; moments stay moments, so that a spreadsheet sorts them."""

    code: str
    content: str
    who: str
    contact: str
    authority: str
    accepted_at: datetime
    due_at: datetime | None
    returned_at: datetime | None
    way: str
    note: str


class Ledger(Struct, frozen=True):
    """`period` in words; `first` and `last` are days."""

    head: Head
    period: str
    entries: tuple[Entry, ...]


def ledger(
    entries: Sequence[Entry], form: SlipForm, office: Office, period: tuple[date, date], now: datetime
) -> Ledger:
    first, last = period
    words = f"Từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"
    return Ledger(head(form, issuer(office), now.astimezone(VIETNAM).date()), words, tuple(entries))


def entry(rows: Sequence[Row], channel: str) -> Entry | None:
    """A dossier's line from its history, up to now; None where it was never accepted."""
    accepted = next((row for row in rows if row.what == "accept"), None)
    if accepted is None:
        return None
    facts = facts_of(accepted)
    over = next((row for row in reversed(rows) if row.what == "hand-over"), None)
    due = next((at for row in reversed(rows) if (at := moment_in(row, "due_at"))), None)
    forward = next((row for row in reversed(rows) if row.what == "forward"), None)
    phone = show_phone(facts.phone) if facts and facts.phone else ""
    return Entry(
        code=str(accepted.data.get("official_code", "")),
        content=facts.content if facts else "",
        who=facts.who if facts else "",
        contact=", ".join(filter(None, (facts.address if facts else "", phone))),
        authority=str(forward.data.get("to", "")) if forward else (facts.issuer.name if facts else ""),
        accepted_at=accepted.at.astimezone(VIETNAM),
        due_at=due and due.astimezone(VIETNAM),
        returned_at=over.at.astimezone(VIETNAM) if over else None,
        way=_WAYS.get(str(over.data.get("to", "")), "") if over else "",
        note="; ".join(_notes(rows, channel)),
    )


def _notes(rows: Sequence[Row], channel: str) -> list[str]:
    """How it came, what was asked again or put off, how it ended, and whether it was late."""
    said = [_CHANNELS.get(channel, channel)]
    if any(row.what == "ask-more" for row in rows):
        said.append("Có bổ sung")
    if any(row.what == "extend" for row in rows):
        said.append("Có gia hạn")
    end = _ENDS.get(Status(rows[-1].to_status))
    if end:
        said.append(end)
    if _late(rows):
        said.append("Quá hạn")
    return said


def _late(rows: Sequence[Row]) -> bool:
    """The result was ready after the moment that was promised then."""
    due: datetime | None = None
    late = False
    for row in rows:
        if row.what == "done":
            late = due is not None and row.at > due
        due = moment_in(row, "due_at") or due
    return late


def cells(book: Ledger) -> list[tuple[str, ...]]:
    """The lines as words, in the order of COLUMNS."""
    return [
        (
            str(number),
            one.code,
            one.content,
            "01",
            one.who,
            one.contact,
            one.authority,
            _short(one.accepted_at),
            _short(one.due_at),
            _short(one.returned_at),
            one.way,
            "",
            one.note,
        )
        for number, one in enumerate(book.entries, 1)
    ]


def _short(at: datetime | None) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if at else ""
