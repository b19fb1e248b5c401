"""The control slip and the ledger, from a history written by hand; read back from PDF and spreadsheet."""

from __future__ import annotations

import io
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
import openpyxl
import pypdfium2
import pytest
from msgspec.structs import replace

from catalogue.load import load
from documents import control, ledger, render_pdf, sheets_xlsx
from documents.control import EARLY, IN_TIME, LATE, About, Control
from documents.ledger import COLUMNS, Entry, Ledger
from documents.sheet_lines import BREAK
from domain.values import VIETNAM

AT: Final = datetime(2026, 11, 23, 10, 9, tzinfo=VIETNAM)
CATALOGUE: Final = load()
OFFICE: Final = CATALOGUE.offices["son-tien"]
NAMES: Final = {"thu": "Lê Thị Thu", "minh": "Trần Văn Minh", "ha": "Phạm Thị Hà"}
SLIP: Final = {
    "id": "0" * 32,
    "kind": "receipt",
    "number": 1,
    "who": "NGUYỄN THỊ HOA",
    "content": "Cấp giấy xác nhận tình trạng hôn nhân",
    "tracking_code": "K7P4-9XTM-3WHAC",
    "issuer": {"name": "UBND xã Sơn Tiến", "desk": "Trung tâm", "place": "Sơn Tiến"},
    "by": "Lê Thị Thu",
    "address": "Thôn 1, xã Sơn Tiến",
    "phone": "+84984123456",
}

ASKED: Final = {"slip": {**SLIP, "kind": "supplement", "wants": [["Căn cước", "Ảnh mờ"]]}}


@dataclass(frozen=True, slots=True)
class Done:
    """A row of history."""

    number: int
    at: datetime
    actor: str
    what: str
    from_status: str
    to_status: str
    data: Mapping[str, Any] = field(default_factory=dict)


def hours(after: float) -> datetime:
    return AT + timedelta(hours=after)


def told(after: float) -> str:
    return hours(after).isoformat()


HISTORY: Final = (
    Done(1, AT, "citizen", "submit", "", "submitted", {"answer_by": told(23)}),
    Done(2, hours(1), "thu", "claim", "submitted", "submitted", {"owner": "thu", "before": None}),
    Done(3, hours(2), "thu", "ask-more", "submitted", "incomplete", ASKED),
    Done(4, hours(30), "citizen", "supplement", "incomplete", "submitted", {"answer_by": told(50)}),
    Done(
        5,
        hours(49),
        "thu",
        "accept",
        "submitted",
        "accepted",
        {"official_code": "X-1", "due_at": told(96), "slip": SLIP},
    ),
    Done(6, hours(50), "thu", "pass", "accepted", "accepted", {"owner": "minh", "before": "thu"}),
    Done(7, hours(51), "minh", "show-draft", "accepted", "accepted", {"slip": "0" * 32}),
    Done(7, hours(51), "minh", "propose", "accepted", "accepted", {"key": "name"}),
    Done(
        8,
        hours(60),
        "ha",
        "extend",
        "accepted",
        "accepted",
        {"until": told(120), "due_at": told(120), "reason": "Xác minh"},
    ),
    Done(9, hours(121), "minh", "done", "accepted", "done", {"due_at": told(120)}),
    Done(10, hours(130), "thu", "hand-over", "done", "handed-over", {"to": "collector", "due_at": told(120)}),
)


def slip() -> Control:
    form = CATALOGUE.slips.on("control", AT.date())
    assert form is not None
    about = About("X-1", "Cấp giấy xác nhận tình trạng hôn nhân", "online", NAMES)
    return control.control(about, HISTORY, form, OFFICE, hours(140))


def test_each_step_names_who_gave_it_to_whom_and_when() -> None:
    hops = control.hops(HISTORY, NAMES)
    assert [(hop.giver, hop.receiver) for hop in hops] == [
        ("Người nộp hồ sơ", "Bộ phận tiếp nhận"),
        ("Bộ phận tiếp nhận", "Lê Thị Thu"),
        ("Lê Thị Thu", "Người nộp hồ sơ"),
        ("Người nộp hồ sơ", "Bộ phận tiếp nhận"),
        ("Lê Thị Thu", ""),
        ("Lê Thị Thu", "Trần Văn Minh"),
        ("Trần Văn Minh", "Người nộp hồ sơ"),
        ("Phạm Thị Hà", "Người nộp hồ sơ"),
        ("Trần Văn Minh", "Bộ phận tiếp nhận"),
        ("Lê Thị Thu", "Người nhận thay"),
    ]
    assert hops[0].at == "10 giờ 09, 23/11/2026"
    assert hops[2].note == "Căn cước: Ảnh mờ"
    assert hops[7].note == "Xác minh; Hẹn lại 10 giờ 09, 28/11/2026"


def test_a_step_is_measured_by_the_moment_promised_when_it_was_taken() -> None:
    results = [hop.result for hop in control.hops(HISTORY, NAMES)]
    assert results == ["", "", EARLY, "", IN_TIME, "", "", "", LATE, ""]


@pytest.mark.parametrize(("after", "result"), [(-25, EARLY), (-2, IN_TIME), (0, IN_TIME), (1, LATE)])
def test_the_last_day_is_in_time(after: float, result: str) -> None:
    assert control.in_time(hours(after), AT) == result


def test_whoever_has_left_is_still_named_and_nobody_is_invented() -> None:
    assert control.hops(HISTORY[1:2], {})[0].receiver == "Cán bộ"


def test_the_control_slip_can_be_read() -> None:
    with pypdfium2.PdfDocument(render_pdf.render("control", msgspec.msgpack.encode(slip()))) as document:
        read = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    for expected in ("PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", "Mẫu số 06", "Quá hạn", "Trần Văn Minh"):
        assert expected in read


def sheet(kind: str, made: Control | Ledger) -> Any:
    return openpyxl.load_workbook(io.BytesIO(sheets_xlsx.render(kind, msgspec.msgpack.encode(made)))).active


def test_the_control_slip_as_a_spreadsheet_says_the_same() -> None:
    rows = [*sheet("control-xlsx", slip()).iter_rows(min_row=12, values_only=True)]
    hops = control.hops(HISTORY, NAMES)
    assert [(row[0], row[1], row[2], row[3] or "") for row in rows] == [
        (number, hop.work, hop.giver, hop.receiver) for number, hop in enumerate(hops, 1)
    ]


def entry() -> Entry:
    made = ledger.entry(HISTORY, "online")
    assert made is not None
    return made


def book(entries: list[Entry]) -> Ledger:
    form = CATALOGUE.slips.on("ledger", AT.date())
    assert form is not None
    return ledger.ledger(entries, form, OFFICE, (date(2026, 11, 1), date(2026, 11, 30)), hours(140))


def test_a_line_of_the_ledger_is_what_happened() -> None:
    assert entry() == Entry(
        "X-1",
        "Cấp giấy xác nhận tình trạng hôn nhân",
        "NGUYỄN THỊ HOA",
        "Thôn 1, xã Sơn Tiến, 0984 123 456",
        "UBND xã Sơn Tiến",
        hours(49),
        hours(120),
        hours(130),
        "Người nhận thay",
        "Nộp trực tuyến; Có bổ sung; Có gia hạn; Quá hạn",
    )


def test_only_what_was_accepted_is_in_the_ledger() -> None:
    assert ledger.entry(HISTORY[:4], "online") is None


def test_what_came_to_no_result_says_so() -> None:
    stopped = (*HISTORY[:5], Done(6, hours(55), "thu", "stop", "accepted", "stopped", {"reason": "Rút"}))
    made = ledger.entry(stopped, "direct")
    assert made is not None
    assert (made.returned_at, made.note) == (None, "Nộp trực tiếp; Có bổ sung; Dừng giải quyết")
    forwarded = (*HISTORY[:5], Done(6, hours(55), "thu", "forward", "accepted", "forwarded", {"to": "Công an xã"}))
    made = ledger.entry(forwarded, "post")
    assert made is not None
    assert made.authority == "Công an xã"


def test_the_ledger_as_a_spreadsheet_can_be_sorted_and_is_never_a_formula() -> None:
    tricky = replace(entry(), who='=HYPERLINK("http://a.b","x")', contact="+84 984")
    made = sheet("ledger-xlsx", book([entry(), tricky]))
    heads = [made.cell(7, column).value or made.cell(6, column).value for column in range(1, 14)]
    assert heads == [*COLUMNS]
    first, second = ([cell.value for cell in row] for row in made.iter_rows(min_row=8, max_row=9))
    assert first[:3] == [1, "X-1", "Cấp giấy xác nhận tình trạng hôn nhân"]
    assert first[7] == hours(49).replace(tzinfo=None)
    assert made.cell(8, 8).number_format == "hh:mm dd/mm/yyyy"
    assert second[4] == '=HYPERLINK("http://a.b","x")'
    assert made.cell(9, 5).data_type == "s"  # words, not "f"
    assert [second[5], second[9]] == ["+84 984", hours(130).replace(tzinfo=None)]


def test_a_long_ledger_is_one_pdf_whose_pages_are_numbered_through() -> None:
    entries = [replace(entry(), code=f"H27.XX.YY-261123-{number:04d}") for number in range(450)]
    with pypdfium2.PdfDocument(render_pdf.render("ledger", msgspec.msgpack.encode(book(entries)))) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    assert pages[0].count("SỔ THEO DÕI HỒ SƠ") == 1
    assert all("Mã hồ sơ" in page and "SỔ THEO DÕI" not in page for page in pages[1:])
    assert [f"Trang {number}" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
    together = "".join(letter for letter in "".join(pages) if letter.isalnum())
    assert all(f"261123{number:04d}" in together for number in range(450))


def test_an_empty_ledger_says_so() -> None:
    with pypdfium2.PdfDocument(render_pdf.render("ledger", msgspec.msgpack.encode(book([])))) as document:
        read = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert "Không có hồ sơ nào được tiếp nhận trong thời gian này." in read
    assert sheet("ledger-xlsx", book([])).max_row == 7


def test_nothing_runs_into_the_next_column() -> None:
    long = replace(entry(), code="000.00.12.H27-261123-0001", who="NGUYỄN" * 9, contact="x" * 90)
    with pypdfium2.PdfDocument(render_pdf.render("ledger", msgspec.msgpack.encode(book([long] * 3)))) as document:
        text = document[0].get_textpage()
        drawn = [n for n in range(text.count_chars()) if text.get_text_range(n, 1).strip(f" \r\n{BREAK}")]
        boxes = [text.get_charbox(n) for n in drawn]
    rows: dict[int, list[tuple[float, float]]] = {}
    for left, bottom, right, _ in boxes:
        rows.setdefault(round(bottom), []).append((left, right))
    for letters in rows.values():
        wide = sorted(box for box in letters if box[1] - box[0] > 1)
        assert all(after[0] > before[1] - 1.5 for before, after in itertools.pairwise(wide))
