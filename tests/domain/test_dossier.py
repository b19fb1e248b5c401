"""A dossier's life and who may push it on, whole tables at once."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from domain.dossier import (
    FINAL,
    OPEN,
    Accept,
    AnswerDraft,
    AskMoney,
    AskMore,
    Decision,
    Done,
    Extend,
    Fault,
    Forward,
    HandOver,
    Invite,
    Missed,
    NotAllowed,
    Post,
    Present,
    Process,
    Rebook,
    Refuse,
    ReturnUnsigned,
    SendBack,
    Settle,
    ShowDraft,
    Status,
    Stop,
    Submit,
    Supplement,
    Withdraw,
    decide,
    national,
    permit,
    possible,
)

SOON = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
ALL: tuple[Decision, ...] = (
    Supplement(("paper",)),
    Withdraw(),
    Accept(),
    AskMore((Fault("paper", "mờ"),)),
    Refuse("sai nơi"),
    Invite(SOON),
    Forward("Sở Nội vụ"),
    Done(SOON),
    HandOver(()),
    SendBack("không khớp"),
    Stop("quá hạn"),
    Process(),
    Present(),
    ReturnUnsigned("sai tên"),
    ShowDraft("slip"),
    AnswerDraft(agreed=True),
    Extend(SOON, "chờ xác minh"),
    AskMoney(8000),
    Settle(8000, "desk"),
    Missed(),
    Rebook(SOON),
    Post("VNPost", "RR123456789VN"),
)
AT_WORK = {
    "withdraw": "withdrawn",
    "ask-more": "pending",
    "refuse": "refused",
    "forward": "forwarded",
    "done": "done",
    "stop": "stopped",
    "show-draft": "drafted",
    "ask-money": "paying",
}
TABLE = {
    "submitted": {
        "withdraw": "withdrawn",
        "accept": "accepted",
        "ask-more": "incomplete",
        "refuse": "refused",
        "invite": "invited",
    },
    "incomplete": {"supplement": "submitted", "withdraw": "withdrawn", "refuse": "refused", "stop": "stopped"},
    "accepted": {**AT_WORK, "process": "processing", "present": "signing", "extend": "accepted"},
    "processing": {**AT_WORK, "present": "signing", "extend": "processing"},
    "signing": {**AT_WORK, "return-unsigned": "processing", "extend": "signing"},
    "drafted": {
        "withdraw": "withdrawn",
        "ask-more": "pending",
        "done": "done",
        "stop": "stopped",
        "show-draft": "drafted",
        "answer-draft": "processing",
        "ask-money": "paying",
        "extend": "drafted",
    },
    "paying": {"settle": "processing", "withdraw": "withdrawn", "stop": "stopped"},
    "pending": {"supplement": "accepted", "withdraw": "withdrawn", "stop": "stopped"},
    "invited": {
        "withdraw": "withdrawn",
        "accept": "accepted",
        "ask-more": "incomplete",
        "refuse": "refused",
        "invite": "invited",
        "stop": "stopped",
        "missed": "invited",
        "rebook": "invited",
    },
    "forwarded": {"done": "done", "stop": "stopped", "extend": "forwarded"},
    "done": {
        "done": "done",
        "hand-over": "handed-over",
        "send-back": "accepted",
        "missed": "done",
        "rebook": "done",
        "post": "posted",
    },
    "posted": {"hand-over": "handed-over", "send-back": "done"},
    "handed-over": {},
    "refused": {},
    "stopped": {},
    "withdrawn": {},
}


def _after(status: Status, decision: Decision) -> str | None:
    try:
        return decide(status, decision).value
    except NotAllowed:
        return None


def test_every_decision_in_every_status() -> None:
    table = {
        status.value: {d.__struct_config__.tag: after for d in ALL if (after := _after(status, d))} for status in Status
    }
    assert table == TABLE


def test_what_is_possible_is_what_decides() -> None:
    tags = {status.value: {kind.__struct_config__.tag for kind in possible(status)} for status in Status}  # type: ignore[attr-defined]
    assert tags == {status: set(row) for status, row in TABLE.items()}


def test_every_open_status_can_still_end() -> None:
    def ends(status: Status, seen: frozenset[Status]) -> bool:
        nexts = {decide(status, d) for d in ALL if type(d) in possible(status)} - seen
        return bool(nexts & FINAL) or any(ends(n, seen | {status}) for n in nexts)

    assert [status for status in OPEN if not ends(status, frozenset({status}))] == []


@pytest.mark.parametrize(("status", "reason"), [(Status.REFUSED, "final"), (Status.DONE, "status")])
def test_the_reason_says_whether_it_is_over(status: Status, reason: str) -> None:
    with pytest.raises(NotAllowed) as error:
        decide(status, Accept())
    assert error.value.reason == reason


def test_the_national_list() -> None:
    assert {status.value: national(status) for status in Status} == {
        "submitted": (1, "Mới đăng ký"),
        "invited": (1, "Mới đăng ký"),
        "accepted": (2, "Được tiếp nhận"),
        "refused": (3, "Không được tiếp nhận"),
        "forwarded": (4, "Đang xử lý"),
        "processing": (4, "Đang xử lý"),
        "drafted": (4, "Đang xử lý"),
        "signing": (4, "Đang xử lý"),
        "paying": (6, "Yêu cầu thực hiện nghĩa vụ tài chính"),
        "posted": (9, "Đã xử lý xong"),
        "incomplete": (5, "Yêu cầu bổ sung giấy tờ"),
        "pending": (5, "Yêu cầu bổ sung giấy tờ"),
        "withdrawn": (7, "Công dân yêu cầu rút hồ sơ"),
        "stopped": (8, "Dừng xử lý"),
        "done": (9, "Đã xử lý xong"),
        "handed-over": (10, "Đã trả kết quả"),
    }


def _refusal(kind: type, role: str, *, owner: bool, rounds: int = 0) -> str:
    try:
        permit(kind, role, owner=owner, rounds=rounds)
    except NotAllowed as error:
        return error.reason
    return ""


def test_an_acceptance_of_before_there_were_promises_is_still_read() -> None:
    rows = (b'{"type":"accept"}', msgspec.json.encode(Accept(12)))
    assert [msgspec.json.decode(row, type=Decision) for row in rows] == [Accept(), Accept(12)]


CITIZENS = (Submit, Supplement, Withdraw, Rebook)
OFFICERS = tuple({type(decision) for decision in ALL} - {*CITIZENS, AnswerDraft})


@pytest.mark.parametrize(
    ("role", "owner", "citizens", "officers"),
    [
        ("citizen", True, "", "staff-only"),
        ("citizen", False, "not-owner", "staff-only"),
        ("officer", True, "citizen-only", ""),
        ("officer", False, "citizen-only", "not-owner"),
        ("head", True, "citizen-only", ""),
        ("head", False, "citizen-only", ""),
        ("stranger", True, "staff-only", "staff-only"),
    ],
)
def test_who_may_do_what(role: str, owner: bool, citizens: str, officers: str) -> None:  # noqa: FBT001 - a table
    assert {_refusal(kind, role, owner=owner) for kind in CITIZENS} == {citizens}
    assert {_refusal(kind, role, owner=owner) for kind in OFFICERS} == {officers}


def test_a_draft_is_answered_by_either() -> None:
    assert [_refusal(AnswerDraft, role, owner=True) for role in ("citizen", "officer", "head")] == ["", "", ""]


@pytest.mark.parametrize(
    ("role", "rounds", "reason"), [("officer", 0, ""), ("officer", 1, "second-round"), ("head", 3, "")]
)
def test_asking_again_needs_the_head(role: str, rounds: int, reason: str) -> None:
    assert _refusal(AskMore, role, owner=True, rounds=rounds) == reason
