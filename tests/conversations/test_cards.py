"""Cards, alerts and papers: exact words, no personal data where the whole group reads, buttons within the limit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from catalogue.load import load
from catalogue.model import Procedure
from conversations import cards
from conversations.messages import Button
from conversations.staff_buttons import DECIDES, main_actions, other_actions
from conversations.staff_state import CallFile, DossierFile
from conversations.state import Want
from domain.dossier import FINAL, Accept, AskMoney, Post, Status, possible
from tests.conversations.desk_world import BINH, CODE, HEAD, HOA, ID, NOW, SHOWN, Desk, dossier, procedure

OFFICIAL = "H27.XX.YY-261123-0001"
MINE = dossier(owner=HOA)


def test_a_new_card() -> None:
    card = cards.dossier_card(dossier(), procedure(), NOW)
    assert card.text == (
        "🟢 Xác nhận tình trạng hôn nhân\n"
        f"Mã theo dõi {SHOWN}\n"
        "Chờ kiểm tra\n"
        "2 giấy tờ (3 tệp) · nộp 8 giờ, Thứ Hai 23/11/2026\n"
        "Trả lời chậm nhất 8 giờ, Thứ Tư 25/11/2026\n"
        "Chưa ai nhận việc"
    )
    assert card.buttons == (Button("Nhận việc", f"d:claim:{ID}"), Button("Việc khác…", f"d:menu:{ID}"))
    assert card.card == f"dossier:{ID}"


def test_a_card_says_all_that_matters() -> None:
    file = replace(
        MINE,
        status="accepted",
        official_code=OFFICIAL,
        due_at=NOW + timedelta(days=4),
        held=Accept(),
        twin=CODE,
        rounds=1,
        correction=Want("name", "Nguyễn Văn Ân"),
        call_open=True,
    )
    card = cards.dossier_card(file, procedure(), NOW)
    assert card.text == (
        "🟢 Xác nhận tình trạng hôn nhân\n"
        f"Số {OFFICIAL} · mã theo dõi {SHOWN}\n"
        "Đã tiếp nhận, đang xử lý\n"
        "2 giấy tờ (3 tệp) · nộp 8 giờ, Thứ Hai 23/11/2026\n"
        "Hẹn trả Thứ Sáu 27/11/2026\n"
        "Người giữ việc: Lê Thị Hoa\n"
        "⏳ «Tiếp nhận»: đã ghi, chưa báo người dân, còn hoàn tác được\n"
        f"⚠ Có thể trùng với {SHOWN}\n"
        "Đã yêu cầu bổ sung 1 lần\n"
        "Đang chờ người dân đồng ý sửa một mục\n"
        "💬 Đang trao đổi với người dân"
    )
    assert card.buttons == (
        Button("Hoàn tác", f"d:undo:{ID}"),
        Button("Báo ngay", f"d:now:{ID}"),
        Button("Xem hồ sơ trùng", f"d:open:{CODE}"),
    )


@pytest.mark.parametrize("status", list(Status))
def test_no_card_and_no_alert_holds_personal_data(status: Status) -> None:
    file = replace(MINE, status=status, official_code=OFFICIAL, due_at=NOW, appointment_at=NOW)
    seen = cards.dossier_card(file, procedure(), NOW).text + cards.alert_line(file, "said").text
    personal = [value for value in (*file.answers.values(), file.applicant) if value in seen]
    assert personal == []


@pytest.mark.parametrize(
    ("status", "intake", "actions"),
    [
        ("submitted", "full", ("accept", "more", "refuse", "papers", "menu")),
        ("submitted", "collective-intake", ("accept", "more", "refuse", "papers", "menu")),
        ("submitted", "collect-then-appointment", ("invite", "accept", "more", "refuse", "papers", "menu")),
        ("submitted", "info", ("invite", "accept", "more", "refuse", "papers", "menu")),
        ("incomplete", "full", ("stop", "papers", "menu")),
        ("accepted", "full", ("done", "process", "more", "papers", "menu")),
        ("processing", "full", ("done", "sign", "more", "papers", "menu")),
        ("signing", "full", ("done", "unsigned", "papers", "menu")),
        ("drafted", "full", ("phoned", "silent", "papers", "menu")),
        ("accepted", "collect-and-forward", ("forward", "more", "stop", "papers", "menu")),
        ("pending", "full", ("stop", "papers", "menu")),
        ("invited", "collect-then-appointment", ("accept", "invite", "more", "refuse", "papers", "menu")),
        ("forwarded", "collect-and-forward", ("done", "stop", "papers", "menu")),
        ("done", "full", ("hand", "back", "redate", "papers", "menu")),
        ("handed-over", "full", ()),
        ("withdrawn", "full", ()),
    ],
)
def test_a_card_offers_the_likeliest_first(status: str, intake: str, actions: tuple[str, ...]) -> None:
    assert main_actions(replace(MINE, status=status), intake) == actions


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("intake", ["full", "collect-and-forward", "info"])
def test_card_and_menu_together_offer_every_decision_that_is_possible(status: Status, intake: str) -> None:
    file = replace(MINE, status=status, appointment_at=NOW)
    offered = (*main_actions(file, intake), *other_actions(file, intake, HOA))
    kinds = {DECIDES[action] for action in offered if action in DECIDES}
    apart = {AskMoney, Post}  # wait for a confirmed fee, or the citizen's wish
    assert kinds == {kind for kind in possible(status) if kind in DECIDES.values()} - apart
    assert len(offered) == len(set(offered))


@pytest.mark.parametrize(
    ("status", "left", "sign"),
    [
        ("submitted", timedelta(hours=3), "🟢"),
        ("submitted", timedelta(minutes=20), "🟡"),
        ("submitted", timedelta(0), "🔴"),
        ("accepted", timedelta(days=2), "🟢"),
        ("accepted", timedelta(minutes=20), "🟡"),
        ("accepted", timedelta(days=-1), "🔴"),
        ("incomplete", timedelta(days=-1), "⚪"),
        ("done", timedelta(days=-1), "⚪"),
        ("refused", timedelta(days=-1), "⚫"),
    ],
)
def test_the_sign_follows_the_clock(status: str, left: timedelta, sign: str) -> None:
    file = replace(MINE, status=status, answer_by=NOW + left, due_at=NOW + left)
    assert cards.sign(file, NOW) == sign


@pytest.mark.parametrize(
    ("status", "appointment", "words"),
    [
        ("invited", True, "Hẹn gặp 9 giờ, Thứ Hai 23/11/2026"),
        ("done", True, "Hẹn nhận kết quả 9 giờ, Thứ Hai 23/11/2026"),
        ("incomplete", False, "Đang chờ người dân"),
        ("accepted", False, "Chưa có ngày hẹn trả"),
        ("stopped", False, "Đã khép lại"),
    ],
)
def test_the_moment_that_matters_next(status: str, appointment: bool, words: str) -> None:  # noqa: FBT001 - a table
    file = replace(MINE, status=status, appointment_at=NOW if appointment else None)
    assert cards.clock_words(file) == words


@pytest.mark.parametrize(
    ("file", "reason", "line"),
    [
        (MINE, "supplemented", f"Lê Thị Hoa: người dân đã bổ sung – {SHOWN}"),
        (dossier(), "submitted", f"Cả nhóm: hồ sơ mới – {SHOWN}"),
        (
            replace(MINE, owner=HEAD, official_code=OFFICIAL),
            "overdue",
            f"Phạm Thị Lan: đã quá hẹn trả – {OFFICIAL}",
        ),
    ],
)
def test_an_alert_names_the_owner(file: DossierFile, reason: str, line: str) -> None:
    assert cards.alert_line(file, reason).text == line


@pytest.mark.parametrize(
    "reason",
    [
        "submitted",
        "supplemented",
        "withdrawn",
        "agreed",
        "declined",
        "said",
        "lapsed",
        "passed",
        "answer-soon",
        "answer-late",
        "due-soon",
        "overdue",
        "visit",
        "unanswered",
        "undelivered",
    ],
)
def test_every_reason_for_an_alert_has_one_line(reason: str) -> None:
    assert len(cards.alert_line(MINE, reason).text.splitlines()) == 1


def test_a_promise_of_the_clerks_own_is_named_with_the_decision() -> None:
    words = [cards.decision_words(Accept(days)) for days in (None, 12)]
    assert words == ["Tiếp nhận", "Tiếp nhận, hẹn 12 ngày làm việc"]


def test_a_call_nobody_answered_goes_to_the_head() -> None:
    assert [cards.call_alert(head).text for head in (HEAD, None)] == [
        "Phạm Thị Lan: người dân cần gặp cán bộ đã chờ hơn hai giờ làm việc",
        "Cả nhóm: người dân cần gặp cán bộ đã chờ hơn hai giờ làm việc",
    ]


def test_a_call_has_a_card() -> None:
    call = CallFile("call0call0call0c", "Hỏi về\nlệ phí", NOW, "son-tien", dossier=CODE)
    card = cards.call_card(call)
    assert card.text == (
        "☎ Người dân cần gặp cán bộ\nVề: Hỏi về lệ phí\nTừ 9 giờ, Thứ Hai 23/11/2026\n"
        f"Chưa ai trả lời. Trả lời thẻ này để nhắn cho người dân.\nHồ sơ {SHOWN}"
    )
    assert card.buttons == (
        Button("Nhắn người dân", "c:answer:call0call0call0c"),
        Button("Kết thúc trao đổi", "c:end:call0call0call0c"),
    )
    closed = cards.call_card(replace(call, open=False, owner="Lê Thị Hoa", dossier=""))
    assert (closed.text, closed.buttons, closed.card) == (
        "☎ Đã kết thúc trao đổi\nVề: Hỏi về lệ phí\nTừ 9 giờ, Thứ Hai 23/11/2026\nNgười trả lời: Lê Thị Hoa",
        (),
        "call:call0call0call0c",
    )
    known = replace(call, dossiers=(OFFICIAL, SHOWN))
    assert cards.call_card(known).text.splitlines()[-1] == f"Hồ sơ khác người này đang có ở đây: {OFFICIAL}, {SHOWN}"
    alone = cards.call_card(replace(known, dossier="")).text
    assert alone.splitlines()[-1] == f"Hồ sơ người này đang có ở đây: {OFFICIAL}, {SHOWN}"
    assert SHOWN not in cards.call_card(replace(known, dossier="", open=False)).text
    missed = cards.call_card(replace(call, open=False, dossier=""))
    assert missed.text.splitlines()[-1] == "Chưa cán bộ nào trả lời"


def test_what_an_absent_officer_leaves_is_one_message() -> None:
    line = cards.lapsed_line(HOA, [dossier(id=f"dossier{n:09}") for n in range(10)])
    assert line.text.splitlines()[0] == "Lê Thị Hoa vắng: 10 hồ sơ cần người nhận."
    assert line.text.splitlines()[1] == f"1. {SHOWN} · Xác nhận tình trạng hôn nhân"
    assert line.text.splitlines()[-1] == "…và 2 hồ sơ nữa, xem trong /homnay hoặc tìm bằng /tim."
    assert [b.value for b in line.buttons] == [f"d:open:dossier{n:09}" for n in range(8)]
    assert line.buttons[0].label == f"1. {SHOWN}"


def test_a_search_names_whose_dossier_it_is() -> None:
    assert cards.person_words(dossier(), procedure()) == "Nguyễn Văn An"
    own = dossier(applicant="self", answers={"phone": "+84984123456", "name": "Trần Thị Bé"})
    assert cards.person_words(own, procedure()) == "Trần Thị Bé"
    assert cards.person_words(replace(own, answers={}), procedure()) == "chính người nộp"


PROCEDURES = tuple(load().procedures.values())


@pytest.mark.parametrize("real", PROCEDURES, ids=lambda p: p.id)
def test_every_button_of_every_procedure_fits_and_is_told_apart(real: Procedure) -> None:
    desk = Desk(replace(MINE, answers={q.key: q.default or "có" for q in real.questions}, twin=CODE))
    desk.procedure = real
    desk.colleagues = [HOA, BINH, HEAD, replace(BINH, id="x" * 32, name="Người mới")]
    seen = []
    for status in set(Status) - FINAL:
        desk.files[ID] = replace(desk.file, status=status)
        actions = ("more", "answers", "fix", "refuse", "stop", "back", "invite", "done", "pass", "menu")
        seen += [[button for said in desk.press(HOA, action) for button in said.buttons] for action in actions]
        seen.append(list(cards.dossier_card(desk.file, real, NOW).buttons))
    too_long = [b.value for row in seen for b in row if len(b.value.encode()) > 64]
    alike = [b.label for row in seen for b in row if [o.label for o in row].count(b.label) > 1]
    assert (too_long, alike) == ([], [])
