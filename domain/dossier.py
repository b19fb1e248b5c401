"""A dossier's life: the statuses, the decisions, and one table of which may follow which."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct


class NotAllowed(Exception):
    """A rule forbids it; `reason` is a key under "not-allowed." in the texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Status(StrEnum):
    """Where a dossier stands."""

    SUBMITTED = "submitted"  # at the desk, not yet officially accepted
    INCOMPLETE = "incomplete"  # more papers wanted, before acceptance
    ACCEPTED = "accepted"  # has its official code, receipt and due date
    PENDING = "pending"  # more papers wanted, after acceptance
    INVITED = "invited"  # the citizen is to come in person before it can go on
    FORWARDED = "forwarded"  # sent on to the authority that decides
    DONE = "done"  # result ready, to be collected
    HANDED_OVER = "handed-over"
    REFUSED = "refused"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


class Fault(Struct, frozen=True):
    """One paper or answer that must be given again, and why, in plain words."""

    key: str
    reason: str


class Submit(Struct, frozen=True, tag="submit"):
    """The citizen hands the dossier in."""


class Supplement(Struct, frozen=True, tag="supplement"):
    """The citizen hands in what was asked for again; `keys` are the papers and answers given."""

    keys: tuple[str, ...]


class Withdraw(Struct, frozen=True, tag="withdraw"):
    """The citizen takes the dossier back."""


class Accept(Struct, frozen=True, tag="accept"):
    """Officially accepted: code, receipt and due date follow.

    `working_days`: the clerk's own promise, where the catalogue does not know how long it takes.
    """

    working_days: int | None = None


class AskMore(Struct, frozen=True, tag="ask-more"):
    """All faults at once (Mẫu 02)."""

    faults: tuple[Fault, ...]


class Refuse(Struct, frozen=True, tag="refuse"):
    """Refused with the reason and, where known, where to go instead (Mẫu 03)."""

    reason: str


class Invite(Struct, frozen=True, tag="invite"):
    """The citizen must come in person at this moment, with the originals."""

    at: datetime


class Forward(Struct, frozen=True, tag="forward"):
    """Sent on to the authority that decides; nothing is promised about the result."""

    to: str


class Done(Struct, frozen=True, tag="done"):
    """The result is ready; to be collected from this moment on."""

    pickup_at: datetime


class HandOver(Struct, frozen=True, tag="hand-over"):
    """The result is handed over; `compared` are the originals that were compared."""

    compared: tuple[str, ...]


class SendBack(Struct, frozen=True, tag="send-back"):
    """The originals did not match at the desk: back to work, with the reason."""

    reason: str


class Stop(Struct, frozen=True, tag="stop"):
    """Processing ends without a result (Mẫu 05)."""

    reason: str


Decision = (
    Submit | Supplement | Withdraw | Accept | AskMore | Refuse | Invite | Forward | Done | HandOver | SendBack | Stop
)

_S: Final = Status

_NEXT: Final[dict[type, dict[Status, Status]]] = {
    Supplement: {_S.INCOMPLETE: _S.SUBMITTED, _S.PENDING: _S.ACCEPTED},
    Withdraw: dict.fromkeys((_S.SUBMITTED, _S.INCOMPLETE, _S.INVITED, _S.ACCEPTED, _S.PENDING), _S.WITHDRAWN),
    Accept: dict.fromkeys((_S.SUBMITTED, _S.INVITED), _S.ACCEPTED),
    AskMore: {_S.SUBMITTED: _S.INCOMPLETE, _S.INVITED: _S.INCOMPLETE, _S.ACCEPTED: _S.PENDING},
    Refuse: dict.fromkeys((_S.SUBMITTED, _S.INCOMPLETE, _S.INVITED, _S.ACCEPTED), _S.REFUSED),
    Invite: dict.fromkeys((_S.SUBMITTED, _S.INVITED), _S.INVITED),
    Forward: {_S.ACCEPTED: _S.FORWARDED},
    Done: dict.fromkeys((_S.ACCEPTED, _S.FORWARDED, _S.DONE), _S.DONE),
    HandOver: {_S.DONE: _S.HANDED_OVER},
    SendBack: {_S.DONE: _S.ACCEPTED},
    Stop: dict.fromkeys((_S.INCOMPLETE, _S.PENDING, _S.ACCEPTED, _S.INVITED, _S.FORWARDED), _S.STOPPED),
}

FINAL: Final = frozenset({_S.HANDED_OVER, _S.REFUSED, _S.STOPPED, _S.WITHDRAWN})
OPEN: Final = frozenset(set(Status) - FINAL)
BALL_WITH_CITIZEN: Final = frozenset({_S.INCOMPLETE, _S.PENDING, _S.INVITED, _S.DONE})


def decide(status: Status, decision: Decision) -> Status:
    """The status that follows, or NotAllowed."""
    after = _NEXT.get(type(decision), {}).get(status)
    if after is None:
        raise NotAllowed("final" if status in FINAL else "status")
    return after


def possible(status: Status) -> frozenset[type]:
    """The kinds of decision that this status allows."""
    return frozenset(kind for kind, table in _NEXT.items() if status in table)


# The national list of statuses, used when systems exchange dossiers: number and name as printed there.
_NATIONAL: Final[dict[Status, int]] = {
    _S.SUBMITTED: 1,
    _S.INVITED: 1,
    _S.ACCEPTED: 2,
    _S.REFUSED: 3,
    _S.FORWARDED: 4,
    _S.INCOMPLETE: 5,
    _S.PENDING: 5,
    _S.WITHDRAWN: 7,
    _S.STOPPED: 8,
    _S.DONE: 9,
    _S.HANDED_OVER: 10,
}
_NATIONAL_NAMES: Final[dict[int, str]] = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}


def national(status: Status) -> tuple[int, str]:
    """The status in the national list: its number and its name."""
    number = _NATIONAL[status]
    return number, _NATIONAL_NAMES[number]


class Role(StrEnum):
    """Who acts. An officer's role is stored under the same word."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    HEAD = "head"


_STAFF: Final = frozenset({Role.OFFICER, Role.HEAD})
_MAY: Final[dict[type, frozenset[Role]]] = {
    Submit: frozenset({Role.CITIZEN}),
    Supplement: frozenset({Role.CITIZEN}),
    Withdraw: frozenset({Role.CITIZEN}),
    Accept: _STAFF,
    AskMore: _STAFF,
    Refuse: _STAFF,
    Invite: _STAFF,
    Forward: _STAFF,
    Done: _STAFF,
    HandOver: _STAFF,
    SendBack: _STAFF,
    Stop: _STAFF,
}


def permit(kind: type, role: str, *, owner: bool, rounds: int = 0) -> None:
    """NotAllowed unless this role may take this kind of decision.

    `owner`: it is the citizen's own dossier, or the officer has claimed it; the head needs no claim. `rounds`: how
    often more was asked before: what was missed the first time is asked again only by the head.
    """
    if role not in _MAY[kind]:
        raise NotAllowed("citizen-only" if role in _STAFF else "staff-only")
    if not owner and role != Role.HEAD:
        raise NotAllowed("not-owner")
    if kind is AskMore and rounds and role != Role.HEAD:
        raise NotAllowed("second-round")
