"""Slips as PDF: what stands on them, that nothing is cut off, that the QR is read, and that they are made the same."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
import pypdfium2
import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image

from catalogue.load import load
from catalogue.model import Catalogue, Office
from catalogue.slips import Kind
from documents import render_pdf, slip_made
from documents.slip import Facts, Field, Items, Slip, Words, day_words, issuer, moment, phones, place_name
from domain.values import LONGEST, VIETNAM

AT: Final = datetime(2026, 11, 23, 10, 9, tzinfo=VIETNAM)
KINDS: Final[tuple[Kind, ...]] = ("receipt", "supplement", "refusal", "extension", "stop")
ADDRESS: Final = "https://motcua.sontien.hatinh.gov.vn"
NAME: Final = "NGUYỄN THỊ HOÀNG PHƯƠNG THẢO NGUYÊN ĐẶNG VŨ ÁNH NGUYỆT QUỲNH KHUÊ TRƯƠNG ĐOÀN ĐỨC THƯỢNG TRƯỜNG KHƯƠNG"
DATA: Final = {
    "official_code": "H27.XX.YY-261123-0001",
    "due_at": (AT + timedelta(days=4)).isoformat(),
    "wait_until": (AT + timedelta(days=9)).isoformat(),
    "until": (AT + timedelta(days=10)).isoformat(),
    "reason": "Cần xác minh nơi cư trú trước đây.",
    "instead": "Công an xã Sơn Tiến",
}


@cache
def catalogue() -> Catalogue:
    return load()


@cache
def office() -> Office:
    return catalogue().offices["son-tien"]


def facts(kind: Kind, **changes: Any) -> Facts:
    usual = Facts(
        "0123456789abcdef0123456789abcdef",
        kind,
        7,
        "NGUYỄN THỊ HOA",
        "Cấp giấy xác nhận tình trạng hôn nhân",
        "K7P4-9XTM-3WHAC",
        issuer(office()),
        "Lê Thị Thu",
        address="Thôn 1, xã Sơn Tiến, tỉnh Hà Tĩnh",
        phone="+84984123456",
        papers=("Tờ khai (điền trực tuyến)", "Căn cước (2 tệp)"),
        wants=(("Căn cước", "Ảnh mờ, không đọc được số"), ("Họ tên", "Khác với giấy tờ")),
        originals=("căn cước",),
        time="3 ngày làm việc",
        collect="tại Trung tâm Phục vụ hành chính công xã Sơn Tiến",
        accepted_at=AT,
        due_before=AT + timedelta(days=4),
    )
    return replace(usual, **changes)


def made(kind: Kind, data: dict[str, Any] = DATA, at: datetime = AT, **changes: Any) -> Slip:
    form = catalogue().slips.on(kind, at.date())
    assert form is not None
    return slip_made.made(facts(kind, **changes), data, at, form, ADDRESS)


def pdf(slip: Slip) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(render_pdf.render("slip", msgspec.msgpack.encode(slip)))


def words(document: pypdfium2.PdfDocument) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("receipt", ("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mẫu số 01", "Số thứ tự: 7", "NGƯỜI NỘP HỒ SƠ")),
        ("supplement", ("PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "Mẫu số 02", "1) Căn cước. Lý do: Ảnh mờ")),
        ("refusal", ("PHIẾU TỪ CHỐI TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ", "Mẫu số 03", "Công an xã Sơn Tiến")),
        ("extension", ("VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN", "Mẫu số 04", "Kính gửi: Ông/Bà NGUYỄN THỊ HOA")),
        (
            "stop",
            ("THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "Mẫu số 05", "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", "Người lập: Lê Thị Thu"),
        ),
    ],
)
def test_each_slip_can_be_read_and_copied(kind: Kind, said: tuple[str, ...]) -> None:
    with pdf(made(kind)) as document:
        assert len(document) == 1
        read = words(document)
    common = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "UBND XÃ SƠN TIẾN", "Sơn Tiến, ngày 23 tháng 11 năm 2026")
    for expected in (*common, "H27.XX.YY-261123-0001", *said):
        assert expected in read


def test_a_receipt_says_when_to_come_in_the_law_s_words() -> None:
    values = {part.label: part.value for part in made("receipt").parts if isinstance(part, Field)}
    assert values["4. Thời gian nhận hồ sơ"] == "10 giờ 09 phút, ngày 23 tháng 11 năm 2026"
    assert values["5. Thời gian trả kết quả"] == "10 giờ 09 phút, ngày 27 tháng 11 năm 2026"
    assert values["3. Thời gian giải quyết hồ sơ theo quy định"] == "3 ngày làm việc"
    unknown = made("receipt", {key: value for key, value in DATA.items() if key != "due_at"})
    assert Field("5. Thời gian trả kết quả", "cán bộ sẽ báo") in unknown.parts


def test_a_receipt_tells_the_code_by_which_the_dossier_is_followed() -> None:
    with pdf(made("receipt")) as document:
        assert "Mã theo dõi: K7P4-9XTM-3WHAC." in words(document)


def test_an_extension_tells_the_old_moment_and_the_new_one() -> None:
    values = {part.label: part.value for part in made("extension").parts if isinstance(part, Field)}
    assert values["Thời gian hẹn trả kết quả"] == "10 giờ 09 phút, ngày 27 tháng 11 năm 2026"
    assert values["Thời gian trả kết quả mới"] == "10 giờ 09 phút, ngày 03 tháng 12 năm 2026"


def test_all_faults_stand_in_one_list() -> None:
    (items,) = [part for part in made("supplement").parts if isinstance(part, Items)]
    assert items.items == ("Căn cước. Lý do: Ảnh mờ, không đọc được số", "Họ tên. Lý do: Khác với giấy tờ")


def test_a_refusal_names_no_other_place_where_none_is_known() -> None:
    slip = made("refusal", {**DATA, "instead": ""})
    assert not any(isinstance(part, Field) and "có thể nộp" in part.label for part in slip.parts)


def test_only_the_head_signs_as_the_head() -> None:
    assert [(sign.title, sign.name) for sign in made("stop").signers] == [("Thủ trưởng cơ quan, đơn vị", "")]
    assert made("stop", head=True).signers[0].name == "Lê Thị Thu"
    assert not any("Người lập" in note for note in made("stop", head=True).notes)
    assert [sign.name for sign in made("receipt").signers] == ["NGUYỄN THỊ HOA", "Lê Thị Thu"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_names_stay_on_the_paper(kind: Kind) -> None:
    long = ("xóm Thượng Trường, " * 40)[:LONGEST]
    papers = tuple(sorted({p.name for q in catalogue().procedures.values() for p in q.papers}, key=len)[-12:])
    content = max((q.display_name for q in catalogue().procedures.values()), key=len)
    data = {**DATA, "reason": "k" * LONGEST, "instead": long}
    wants = tuple((paper, long) for paper in papers)
    with pdf(made(kind, data, who=NAME, address=long, papers=papers, wants=wants, content=content)) as document:
        read = words(document)
        assert NAME.split()[-1] in read
        for page in document:
            width, height = page.get_size()
            text = page.get_textpage()
            for index in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(index)
                assert -0.5 <= left <= right <= width - 20, text.get_text_range(index, 1)  # the margin is 36 points
                assert 0 <= bottom <= top <= height
    signed = "THỦ TRƯỞNG CƠ QUAN" if kind in ("extension", "stop") else "NGƯỜI TIẾP NHẬN HỒ SƠ"
    assert signed in read


@pytest.mark.parametrize("address", [ADDRESS, "http://127.0.0.1:8080"])
def test_the_qr_opens_the_check_page(address: str) -> None:
    slip = replace(made("receipt"), link=f"{address}/xem/{facts('receipt').id}")
    with pdf(slip) as document:
        picture = document[0].render(scale=200 / 72).to_pil()  # as a plain office scanner sees it
    gray = picture.convert("L").resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.BILINEAR)
    for seen in (picture, gray):
        assert [found.text for found in zxingcpp.read_barcodes(seen)] == [slip.link]


def test_the_same_slip_is_the_same_file() -> None:
    first, second = (render_pdf.render("slip", msgspec.msgpack.encode(made("receipt"))) for _ in range(2))
    assert first == second


def test_what_somebody_typed_prints_literally() -> None:
    typed = '#set page(fill: red) $x$ "quoted" \\ <b>'
    with pdf(made("refusal", {**DATA, "reason": typed})) as document:
        assert typed in words(document)


def test_a_paper_of_a_practice_desk_says_so() -> None:
    practice = catalogue().offices["thuc-hanh"]
    form = catalogue().slips.on("receipt", AT.date())
    assert form is not None
    with pdf(slip_made.made(facts("receipt", issuer=issuer(practice)), DATA, AT, form, ADDRESS)) as document:
        read = words(document)
    assert "BẢN TẬP, KHÔNG CÓ GIÁ TRỊ" in read
    assert "Cần hỏi" not in read  # it has no telephone


def test_before_the_new_circular_the_old_one_is_printed() -> None:
    slip = made("extension", at=datetime(2025, 9, 14, 9, 0, tzinfo=VIETNAM))
    assert (slip.head.form, slip.head.title) == ("Mẫu số 04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả")
    assert slip.number == "07/PXL-UBND"


def test_days_are_written_as_on_papers_of_the_state() -> None:
    assert day_words(date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert day_words(date(2026, 3, 15)) == "ngày 15 tháng 3 năm 2026"
    assert moment(AT) == "10 giờ 09 phút, ngày 23 tháng 11 năm 2026"
    assert place_name(office()) == "Sơn Tiến"
    assert phones(office()) == "0984 721 482, 0326 854 319"


def test_words_of_a_letter_are_whole_sentences() -> None:
    for kind in KINDS:
        for part in made(kind).parts:
            if isinstance(part, Words) and not part.middle:
                assert part.text.endswith((".", ":"))
                assert "  " not in part.text


def test_a_page_is_as_large_as_the_form_wants() -> None:
    with pdf(made("receipt")) as document:
        assert [round(side / 72 * 25.4) for side in document[0].get_size()] == [148, 210]


def test_thousands_of_slips_come_out_of_history_as_they_went_in() -> None:
    """What is kept is JSON, and read again by whoever prints: nothing may depend on what is not in it."""
    dice = random.Random(6)
    words_ = ("Nguyễn", "Thị", "Hoa", "Đức", '"x"', "\\", "#", "\n", "Thượng", "…", "ạ" * 40)

    def said(most: int) -> str:
        return " ".join(dice.choices(words_, k=dice.randint(0, most)))

    for number in range(10_000):
        kind = dice.choice(KINDS)
        at = AT + timedelta(minutes=dice.randint(-600_000, 600_000))
        form = catalogue().slips.on(kind, at.date())
        if form is None:
            continue
        given = facts(
            kind,
            number=number,
            who=said(9),
            address=said(9),
            papers=tuple(said(4) for _ in range(dice.randint(0, 3))),
            wants=tuple((said(3), said(5)) for _ in range(dice.randint(0, 3))),
            accepted_at=dice.choice((None, AT)),
        )
        row = {**DATA, "reason": said(9)}
        kept = msgspec.json.decode(msgspec.json.encode({**row, "slip": msgspec.to_builtins(given)}))
        again = slip_made.made(msgspec.convert(kept["slip"], Facts), kept, at, form, ADDRESS)
        assert again == slip_made.made(given, row, at, form, ADDRESS)
