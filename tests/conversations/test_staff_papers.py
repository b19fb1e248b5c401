"""An officer sees clean copies first, what was kept in spite of what, and what to look at twice; nobody else does."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import hints, staff_papers
from conversations.messages import UNKNOWN_SIZE, Card, File, Finding
from conversations.render import text
from conversations.staff_state import SendBundle, ShowPapers
from tests.conversations.desk_world import BINH, HOA, ID, SHOWN, Desk, document, dossier, paper, procedure, question

MINE = dossier(owner=HOA)
CARD = Card("038199001234", "", "Nguyễn Văn Ân", "12/03/1999", "Nam", "Sơn Tiến", "01/01/2022")
FILLED = procedure(
    questions=[
        question("requester_name", "Họ và tên", "person_name", "Người yêu cầu", prefill="cccd.full_name"),
        question("requester_id", "Số định danh", "id_number", "Người yêu cầu", prefill="cccd.number"),
        question("mother_name", "Họ và tên mẹ", "person_name", "Người mẹ", prefill="cccd.full_name"),
        question("member_name", "Họ và tên", "person_name", "Người cùng đi", repeatable=True),
    ]
)


def test_papers_are_shown_whole_to_one_officer() -> None:
    facts, id_card, verdict, closing = staff_papers.messages(MINE, procedure())
    assert facts.text == (
        "Giấy tờ hồ sơ: Xác nhận tình trạng hôn nhân\n"
        f"Mã theo dõi {SHOWN}\nLàm cho: Nguyễn Văn An\n\n"
        "Người yêu cầu\nHọ và tên: Nguyễn Văn An\nSố điện thoại: 0984 123 456\nGiới tính: Nam\n\n"
        "Mục đích: Để kết hôn"
    )
    assert id_card.text == ("Căn cước của người yêu cầu (2 tệp)\n⚠ Máy thấy 1 tệp có thể chưa đạt, nhờ xem kỹ.")
    assert id_card.files == (
        File("ref-1", "image/jpeg", 1000, "can-cuoc-1.jpg"),
        File("ref-2", "image/jpeg", 1000, "can-cuoc-2.jpg"),
    )
    assert verdict.text == "Bản án ly hôn (1 tệp)"
    assert closing.text == ("Không có ảnh:\n- Giấy ủy quyền (không bắt buộc)\n\nXem xong, chọn việc cần làm:")
    assert [b.label for b in closing.buttons] == ["Tiếp nhận", "Yêu cầu bổ sung", "Từ chối", "Hồ sơ PDF", "Việc khác…"]


def test_a_paper_that_the_answers_call_for_is_missed() -> None:
    widowed = replace(MINE, answers={"purpose": "Tái hôn"})
    assert staff_papers.messages(widowed, procedure())[-1].text.splitlines()[:3] == [
        "Không có ảnh:",
        "- Giấy ủy quyền (không bắt buộc)",
        "- Trích lục khai tử của vợ",
    ]


def test_copies_come_first_and_the_originals_on_request() -> None:
    sent = replace(document(1, "can-cuoc"), copies=("copy-1",))
    scanned = replace(document(2, "ly-hon"), media_type="application/pdf", copies=("page-1", "page-2"))
    desk = Desk(replace(MINE, documents=(sent, scanned)))
    _, id_card, verdict, _ = staff_papers.messages(desk.file, desk.procedure)
    assert id_card.files == (File("copy-1", "image/jpeg", UNKNOWN_SIZE, "can-cuoc-1.jpg"),)
    assert [(b.label, b.value) for b in id_card.buttons] == [
        ("Ảnh gốc", f"d:raw:{ID}:can-cuoc"),
        ("PDF giấy này", f"d:bundle:{ID}:can-cuoc"),
    ]
    assert verdict.files == tuple(File(f"page-{n}", "image/jpeg", UNKNOWN_SIZE, f"ly-hon-1-{n}.jpg") for n in (1, 2))
    assert next((b.label, b.value) for b in verdict.buttons) == ("Tệp gốc", f"d:raw:{ID}:ly-hon")
    desk.press(HOA, "raw", "can-cuoc")
    assert desk.effects == [ShowPapers(ID, "can-cuoc")]
    (shown,) = staff_papers.originals(desk.file, desk.procedure, "can-cuoc")
    assert shown.files == (File("ref-1", "image/jpeg", 1000, "anh-goc-1.jpg"),)
    (as_sent,) = staff_papers.originals(desk.file, desk.procedure, "ly-hon")
    assert as_sent.files == (File("ref-2", "application/pdf", 1000, "anh-goc-1.pdf"),)
    (nothing,) = staff_papers.originals(desk.file, desk.procedure, "tu")
    assert nothing.text == "Giấy này không có ảnh."


def test_the_dossier_as_one_pdf_is_for_whoever_works_on_it() -> None:
    desk = Desk(MINE)
    desk.press(HOA, "bundle")
    assert desk.effects == [SendBundle(ID)]
    [refused] = desk.press(BINH, "bundle")
    assert refused.text == text("not-allowed.not-owner", {"owner": "Lê Thị Hoa"})
    assert desk.effects == [SendBundle(ID)]


def test_what_was_kept_in_spite_of_what_and_who_sent_it() -> None:
    finding = Finding(problems=("blurred", "glare"), soft=("glare",))
    used = replace(document(1, "can-cuoc"), finding=finding, used=True)
    unasked = replace(document(2, "can-cuoc"), finding=replace(finding, problems=("cut-off",)), by="Trần Thị Bé")
    _, shown, _ = staff_papers.messages(
        replace(MINE, documents=(used, unasked)), procedure(papers=[paper("can-cuoc", "Căn cước của người yêu cầu")])
    )
    assert shown.text == (
        "Căn cước của người yêu cầu (2 tệp)\n"
        "· Tệp 1: người dân vẫn dùng: ảnh mờ, ảnh lóa\n"
        "· Tệp 2: máy thấy: có thể thiếu mép giấy\n"
        "· Tệp 2: Trần Thị Bé gửi giúp"
    )


def test_marks_and_rows_stand_beside_the_answers() -> None:
    answers = {
        "requester_name": "Nguyễn Văn An",
        "requester_id": "038199001234",
        "member_name": "Lê Thị Ba",
        "member_name.2": "Lê Văn Tư",
    }
    marks = {"requester_name": "desk", "requester_id": "card", "member_name.2": "odd"}
    facts, *_ = staff_papers.messages(replace(MINE, answers=answers, marks=marks), FILLED)
    assert facts.text.splitlines()[3:] == [
        "⚠ Cán bộ ghi lại 1 mục cho đúng: Họ và tên (Người yêu cầu). Ghi bằng «Đề nghị sửa».",
        "",
        "Người yêu cầu",
        "Họ và tên: Nguyễn Văn An (⚠ cán bộ ghi lại cho đúng)",
        "Số định danh: 038199001234 (đọc từ mã QR của thẻ)",
        "",
        "Người cùng đi",
        "1. Họ và tên: Lê Thị Ba",
        "2. Họ và tên: Lê Văn Tư (⚠ người dân xác nhận đúng, dù máy thấy lạ)",
    ]


def test_a_card_that_says_something_else_than_the_form() -> None:
    sent = replace(document(1, "can-cuoc"), finding=Finding(card=CARD))
    told = {"requester_name": "Nguyễn Văn An", "requester_id": "038199009999", "mother_name": "Lê Thị Ba"}
    file = replace(MINE, answers=told)
    # An and Ân are the same without accents: somebody typed it so.
    assert hints.of(sent, file, FILLED, {}) == (
        "Mã QR trên thẻ ghi số 038199001234, tờ khai ghi 038199009999. Nhờ đối chiếu.",
    )
    file = replace(MINE, answers={**told, "requester_name": "Trần Thị Bé", "requester_id": CARD.number})
    assert hints.of(sent, file, FILLED, {}) == (
        "Mã QR trên thẻ ghi tên Nguyễn Văn Ân, tờ khai ghi Trần Thị Bé. Nhờ đối chiếu.",
    )
    mothers = replace(document(1, "can-cuoc"), finding=Finding(card=replace(CARD, name="LÊ THỊ BA")))
    assert hints.of(mothers, replace(MINE, answers=told), FILLED, {}) == ()


def test_other_hints_are_neutral() -> None:
    finding = Finding(software="Adobe Photoshop 24", title="giay-khai-sinh", named="Giấy khai sinh")
    sent = replace(document(1, "can-cuoc"), finding=replace(finding, problems=("wrong-paper",)))
    assert hints.of(sent, MINE, FILLED, {"document-1": "3333-3333-33333"}) == (
        "Tiêu đề máy đọc được là «Giấy khai sinh». Nhờ xem có đúng giấy cần không.",
        "Tệp ghi là đã qua phần mềm «Adobe Photoshop 24». Chưa nói lên điều gì, nhờ đối chiếu bản chính.",
        "Ảnh này cũng có trong hồ sơ 3333-3333-33333. Người trong nhà có thể dùng chung giấy.",
    )
    assert hints.of(document(1, "can-cuoc"), MINE, FILLED, {}) == ()


def test_a_pdf_without_pages_to_look_at_waits_behind_its_button() -> None:
    locked = replace(document(1, "ly-hon", "encrypted"), media_type="application/pdf")
    _, verdict, _ = staff_papers.messages(replace(MINE, documents=(locked,)), procedure())
    assert verdict.files == ()
    assert verdict.text.splitlines()[-1] == "· Tệp 1: chưa có bản xem được; cần thì bấm «Tệp gốc»"
    assert [b.label for b in verdict.buttons] == ["Tệp gốc"]


def test_the_form_that_is_filled_here_is_missed_only_on_paper() -> None:
    form = paper("to-khai", "Tờ khai", kind="form", required=False, min_photos=0)
    asked = procedure(papers=[form, paper("ly-hon", "Bản án ly hôn")])
    *_, closing = staff_papers.messages(replace(MINE, documents=()), asked)
    assert closing.text.splitlines()[:2] == ["Không có ảnh:", "- Bản án ly hôn"]
    assert staff_papers.missing(asked.papers[0], MINE) == ""
    _, sent, _ = staff_papers.messages(replace(MINE, documents=(document(1, "to-khai"),)), asked)
    assert sent.text == "Tờ khai (1 tệp)"


def test_members_of_a_household_are_read_one_a_line() -> None:
    rows = {"repeatable": True}
    asked = procedure(
        questions=[
            question("name", "Họ và tên", "person_name", "Người đề nghị"),
            question("member_name", "Thành viên: họ và tên", "person_name", "Thành viên hộ", **rows),
            question("member_dob", "Thành viên: ngày sinh", "date", "Thành viên hộ", **rows),
            question("died", "Ngày mất", "date", "Khi mất", detail="died", person="deceased"),
        ]
    )
    answers = {"member_name": "Lê Thị Ba", "member_dob": "1950", "member_name.2": "Lê Văn Tư", "died": "12/11/2026"}
    facts, *_ = staff_papers.messages(replace(MINE, answers=answers, marks={"member_dob.2": "desk"}), asked)
    assert facts.text.splitlines()[3:] == [
        "⚠ Cán bộ ghi lại 1 mục cho đúng: Thành viên: ngày sinh (Thành viên hộ, người thứ 2). Ghi bằng «Đề nghị sửa».",
        "",
        "Thành viên hộ",
        "1. họ và tên: Lê Thị Ba · ngày sinh: 1950",
        "2. họ và tên: Lê Văn Tư · ngày sinh: (⚠ cán bộ ghi lại cho đúng)",
        "",
        "Ngày mất: 12/11/2026 (dương lịch), tức mồng 4 tháng Mười năm Bính Ngọ",
    ]
