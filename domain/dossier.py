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
    PROCESSING = "processing"  # with the officer who verifies and drafts
    DRAFTED = "drafted"  # the citizen looks at the draft of the result
    SIGNING = "signing"  # before whoever signs
    PAYING = "paying"  # cannot go on before money is paid
    FORWARDED = "forwarded"  # sent on to the authority that decides
    DONE = "done"  # result ready, to be collected
    POSTED = "posted"  # result on its way by post
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
    """All faults at once (Mẫu 02).

    `newly`: why this could not have been seen at the first look, where it is asked a second time.
    """

    faults: tuple[Fault, ...]
    newly: str = ""


class Refuse(Struct, frozen=True, tag="refuse"):
    """Refused with the reason and, where known, where to go instead (Mẫu 03)."""

    reason: str
    instead: str = ""


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
    """The result is handed over; `compared` are the originals that were compared.

    `to`: empty for the applicant, "collector" for whom they named, "post" where it was delivered.
    """

    compared: tuple[str, ...]
    to: str = ""


class SendBack(Struct, frozen=True, tag="send-back"):
    """The originals did not match at the desk: back to work, with the reason."""

    reason: str


class Stop(Struct, frozen=True, tag="stop"):
    """Processing ends without a result (Mẫu 05).

    `cause`: "asked" where the applicant wants it, "law" where the matter is no longer allowed; else empty, as where
    papers were waited for in vain.
    """

    reason: str
    cause: str = ""


class Process(Struct, frozen=True, tag="process"):
    """Handed to the officer who verifies and drafts."""


class Present(Struct, frozen=True, tag="present"):
    """Put before whoever signs."""


class ReturnUnsigned(Struct, frozen=True, tag="return-unsigned"):
    """Not signed: back to the officer, with the reason."""

    reason: str


class ShowDraft(Struct, frozen=True, tag="show-draft"):
    """The draft of the result goes to the citizen; `slip` is the issued paper it is."""

    slip: str


class AnswerDraft(Struct, frozen=True, tag="answer-draft"):
    """The draft is right, or is to be corrected as the remark says.

    `how`: the "citizen" said so, their "silence" counts as agreement, or the officer heard it by "phone".
    """

    agreed: bool
    remark: str = ""
    how: str = "citizen"


class Extend(Struct, frozen=True, tag="extend"):
    """The one extension, with an apology, before the due day (Mẫu 04)."""

    until: datetime
    reason: str


class AskMoney(Struct, frozen=True, tag="ask-money"):
    """It cannot go on before this is paid."""

    amount_vnd: int
    reason: str = ""


class Settle(Struct, frozen=True, tag="settle"):
    """What it waited for is paid. `how`: the way of paying, such as "desk" or a gateway's name."""

    amount_vnd: int
    how: str
    reference: str = ""


class Missed(Struct, frozen=True, tag="missed"):
    """The citizen did not come at the appointed moment."""


class Rebook(Struct, frozen=True, tag="rebook"):
    """Another moment for the appointment, as the citizen chose."""

    at: datetime


class Post(Struct, frozen=True, tag="post"):
    """The result is given to the post under a tracking number."""

    carrier: str
    tracking: str


Decision = (
    Submit
    | Supplement
    | Withdraw
    | Accept
    | AskMore
    | Refuse
    | Invite
    | Forward
    | Done
    | HandOver
    | SendBack
    | Stop
    | Process
    | Present
    | ReturnUnsigned
    | ShowDraft
    | AnswerDraft
    | Extend
    | AskMoney
    | Settle
    | Missed
    | Rebook
    | Post
)
QUIET: Final = (Process, Present, ReturnUnsigned)  # steps inside the office: history knows them, no notice goes out

_S: Final = Status

_AT_WORK: Final = (_S.ACCEPTED, _S.PROCESSING, _S.SIGNING)
_NEXT: Final[dict[type, dict[Status, Status]]] = {
    Supplement: {_S.INCOMPLETE: _S.SUBMITTED, _S.PENDING: _S.ACCEPTED},
    Withdraw: dict.fromkeys(
        (_S.SUBMITTED, _S.INCOMPLETE, _S.INVITED, _S.PENDING, _S.DRAFTED, _S.PAYING, *_AT_WORK), _S.WITHDRAWN
    ),
    Accept: dict.fromkeys((_S.SUBMITTED, _S.INVITED), _S.ACCEPTED),
    AskMore: {
        **dict.fromkeys((_S.SUBMITTED, _S.INVITED), _S.INCOMPLETE),
        **dict.fromkeys((*_AT_WORK, _S.DRAFTED), _S.PENDING),
    },
    Refuse: dict.fromkeys((_S.SUBMITTED, _S.INCOMPLETE, _S.INVITED, *_AT_WORK), _S.REFUSED),
    Invite: dict.fromkeys((_S.SUBMITTED, _S.INVITED), _S.INVITED),
    Forward: dict.fromkeys(_AT_WORK, _S.FORWARDED),
    Process: {_S.ACCEPTED: _S.PROCESSING},
    Present: dict.fromkeys((_S.ACCEPTED, _S.PROCESSING), _S.SIGNING),
    ReturnUnsigned: {_S.SIGNING: _S.PROCESSING},
    ShowDraft: dict.fromkeys((*_AT_WORK, _S.DRAFTED), _S.DRAFTED),
    AnswerDraft: {_S.DRAFTED: _S.PROCESSING},
    Extend: {status: status for status in (*_AT_WORK, _S.DRAFTED, _S.FORWARDED)},
    AskMoney: dict.fromkeys((*_AT_WORK, _S.DRAFTED), _S.PAYING),
    Settle: {_S.PAYING: _S.PROCESSING},
    Done: dict.fromkeys((*_AT_WORK, _S.DRAFTED, _S.FORWARDED, _S.DONE), _S.DONE),
    Missed: {status: status for status in (_S.INVITED, _S.DONE)},
    Rebook: {status: status for status in (_S.INVITED, _S.DONE)},
    Post: {_S.DONE: _S.POSTED},
    HandOver: dict.fromkeys((_S.DONE, _S.POSTED), _S.HANDED_OVER),
    SendBack: {_S.DONE: _S.ACCEPTED, _S.POSTED: _S.DONE},  # what the post brings back is ready all the same
    Stop: dict.fromkeys(
        (_S.INCOMPLETE, _S.PENDING, _S.INVITED, _S.DRAFTED, _S.PAYING, _S.FORWARDED, *_AT_WORK), _S.STOPPED
    ),
}

FINAL: Final = frozenset({_S.HANDED_OVER, _S.REFUSED, _S.STOPPED, _S.WITHDRAWN})
OPEN: Final = frozenset(set(Status) - FINAL)
BALL_WITH_CITIZEN: Final = frozenset({_S.INCOMPLETE, _S.PENDING, _S.INVITED, _S.DRAFTED, _S.PAYING, _S.DONE, _S.POSTED})
PAUSED: Final = frozenset({_S.INCOMPLETE, _S.PENDING, _S.PAYING})  # the office's clock does not run


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
    _S.PROCESSING: 4,
    _S.DRAFTED: 4,
    _S.SIGNING: 4,
    _S.FORWARDED: 4,
    _S.INCOMPLETE: 5,
    _S.PENDING: 5,
    _S.PAYING: 6,
    _S.WITHDRAWN: 7,
    _S.STOPPED: 8,
    _S.DONE: 9,
    _S.POSTED: 9,
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


def national_name(number: int) -> str:
    """The name of a status of the national list, by its number from 1 to 10."""
    return _NATIONAL_NAMES[number]


class Role(StrEnum):
    """Who acts. An officer's role is stored under the same word."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    HEAD = "head"


_STAFF: Final = frozenset({Role.OFFICER, Role.HEAD})
_EITHER: Final = frozenset({Role.CITIZEN}) | _STAFF
_MAY: Final[dict[type, frozenset[Role]]] = {
    **dict.fromkeys(_NEXT, _STAFF),
    **dict.fromkeys((Submit, Supplement, Withdraw, Rebook), frozenset({Role.CITIZEN})),
    AnswerDraft: _EITHER,
}


def permit(kind: type, role: str, *, owner: bool, rounds: int = 0, newly: str = "") -> None:
    """NotAllowed unless this role may take this kind of decision.

    `owner`: it is the citizen's own dossier, or the officer has claimed it; the head needs no claim. `rounds`: how
    often more was asked before: what was missed the first time is asked again only by the head, but for what is `newly`
    so, with its reason.
    """
    if role not in _MAY[kind]:
        raise NotAllowed("citizen-only" if role in _STAFF else "staff-only")
    if not owner and role != Role.HEAD:
        raise NotAllowed("not-owner")
    if kind is AskMore and rounds and role != Role.HEAD and not newly:
        raise NotAllowed("second-round")
