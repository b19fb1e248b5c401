"""The control slip (Mẫu 06): who had a dossier when, who gave it to whom, and whether in time; from its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from catalogue.model import Office
from catalogue.slips import SlipForm
from conversations import linked
from conversations.state import Part
from documents.rows import facts_of, moment_in
from documents.slip import Head, issuer
from documents.slip_made import head
from domain.dossier import Status
from domain.replay import Row
from domain.values import VIETNAM

EARLY: Final = "Trước hạn"
IN_TIME: Final = "Đúng hạn"
LATE: Final = "Quá hạn"

_CITIZEN: Final = "Người nộp hồ sơ"
_DESK: Final = "Bộ phận tiếp nhận"
_CLOCK: Final = "Hệ thống"
_WORK: Final[Mapping[str, str]] = {  # what is a step of the work, and how it is called
    "submit": "Nộp hồ sơ",
    "supplement": "Nộp bổ sung",
    "withdraw": "Rút hồ sơ",
    "accept": "Tiếp nhận, hẹn trả kết quả",
    "ask-more": "Yêu cầu bổ sung, hoàn thiện",
    "refuse": "Từ chối tiếp nhận, giải quyết",
    "invite": "Mời đến làm việc",
    "forward": "Chuyển cơ quan có thẩm quyền",
    "process": "Chuyển xử lý",
    "present": "Trình ký",
    "return-unsigned": "Trả lại, chưa ký",
    "show-draft": "Gửi bản dự thảo cho người dân",
    "answer-draft": "Người dân trả lời bản dự thảo",
    "extend": "Gia hạn thời gian giải quyết",
    "ask-money": "Yêu cầu nghĩa vụ tài chính",
    "settle": "Hoàn thành nghĩa vụ tài chính",
    "done": "Có kết quả, chuyển về nơi trả",
    "missed": "Người dân không đến theo hẹn",
    "rebook": "Người dân đổi giờ hẹn",
    "post": "Gửi kết quả qua bưu chính",
    "hand-over": "Trả kết quả",
    "send-back": "Trả lại xử lý",
    "stop": "Dừng giải quyết",
    "claim": "Nhận việc",
    "pass": "Chuyển cho người khác",
    "take-over": "Lãnh đạo nhận thay",
    "give-back": "Trả lại việc",
    "part": "Tiến độ một phần (liên thông)",
}
_TO_CITIZEN: Final = frozenset({"ask-more", "refuse", "invite", "show-draft", "ask-money", "stop", "extend"})
_ANSWERS: Final = frozenset(
    {"accept", "ask-more", "refuse", "invite"}
)  # with them the office has answered in time or not
_ENDS: Final = frozenset({"done", "refuse", "stop", "forward"})
_RECEIVED: Final = {"": _CITIZEN, "collector": "Người nhận thay", "post": "Bưu chính"}


class Hop(Struct, frozen=True):
    """One step: what was done, from whom to whom, when, whether in time (empty: it has no time), and what was noted."""

    work: str
    giver: str
    receiver: str
    at: str
    result: str
    note: str


class Control(Struct, frozen=True):
    """`due` in words, empty where nothing was promised."""

    head: Head
    code: str
    content: str
    channel: str
    due: str
    hops: tuple[Hop, ...]
    made: str


_CHANNELS: Final = {"online": "Trực tuyến", "direct": "Trực tiếp", "post": "Bưu chính công ích"}


class About(Struct, frozen=True):
    """What the head of the slip says; `names` are the officers' by id, those who left too."""

    code: str
    content: str
    channel: str
    names: Mapping[str, str]


def control(about: About, rows: Sequence[Row], form: SlipForm, office: Office, now: datetime) -> Control:
    due = next((at for row in reversed(rows) if (at := moment_in(row, "due_at"))), None)
    day: date = now.astimezone(VIETNAM).date()
    return Control(
        head(form, issuer(office), day),
        about.code,
        about.content,
        _CHANNELS.get(about.channel, about.channel),
        when(due) if due else "",
        tuple(hops(rows, about.names)),
        when(now),
    )


def hops(rows: Sequence[Row], names: Mapping[str, str]) -> list[Hop]:
    """A step for each row that is one; corrections and decisions taken back are none."""
    found: list[Hop] = []
    answer_by: datetime | None = None
    due: datetime | None = None
    for row in rows:
        if row.what in _WORK:
            limit = answer_by if row.what in _ANSWERS and row.from_status == Status.SUBMITTED else None
            if limit is None and row.what in _ENDS:
                limit = due
            giver, receiver = _hands(row, names)
            found.append(Hop(_WORK[row.what], giver, receiver, when(row.at), in_time(row.at, limit), _note(row)))
        answer_by = moment_in(row, "answer_by") or answer_by
        due = moment_in(row, "due_at") or due
    return found


def in_time(at: datetime, limit: datetime | None) -> str:
    """On the last day it is in time; a day before, it is early."""
    if limit is None:
        return ""
    if at > limit:
        return LATE
    return IN_TIME if at.astimezone(VIETNAM).date() == limit.astimezone(VIETNAM).date() else EARLY


def when(at: datetime) -> str:
    """10 giờ 09, 23/11/2026."""
    here = at.astimezone(VIETNAM)
    return f"{here:%H} giờ {here:%M}, {here:%d/%m/%Y}"


def _hands(row: Row, names: Mapping[str, str]) -> tuple[str, str]:
    """From whom to whom."""
    actor = {"citizen": _CITIZEN, "clock": _CLOCK}.get(row.actor) or names.get(row.actor, "Cán bộ")
    owner = names.get(str(row.data.get("owner") or ""), "")
    before = names.get(str(row.data.get("before") or ""), "")
    match row.what:
        case "submit" | "supplement" | "withdraw" | "rebook":
            return _CITIZEN, _DESK
        case "claim":
            return _DESK, owner or actor
        case "pass" | "take-over":
            return before or _DESK, owner
        case "give-back":
            return actor, _DESK
        case "hand-over":
            return actor, _RECEIVED.get(str(row.data.get("to", "")), _CITIZEN)
        case "forward" | "part":
            return actor, str(row.data.get("to") or row.data.get("authority", ""))
        case "present":
            return actor, "Người ký"
        case "return-unsigned":
            return "Người ký", actor
        case "done":
            return actor, _DESK
        case "post":
            return actor, str(row.data.get("carrier") or "Bưu chính")
        case what if what in _TO_CITIZEN:
            return actor, _CITIZEN
        case _:
            return actor, ""


def _note(row: Row) -> str:
    data = row.data
    said = [str(data[key]) for key in ("reason", "newly", "remark", "instead", "tracking") if data.get(key)]
    if row.what == "accept" and data.get("official_code"):
        said.append(f"Số hồ sơ {data['official_code']}")
    until = moment_in(row, "until") if row.what == "extend" else None
    if until:
        said.append(f"Hẹn lại {when(until)}")
    if row.what == "part":
        status = linked.status_words(Part(str(data.get("key", "")), str(data.get("after", ""))))
        said += [f"{data.get('name', '')}: {status}", *filter(None, [str(data.get("note", ""))])]
    facts = facts_of(row)
    said += [f"{what}: {why}" for what, why in (facts.wants if facts else ())]
    return "; ".join(said)
