"""Forms, papers and dossiers as PDF: read back as a reader would, and looked over for what runs off the page."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.load import load
from catalogue.model import Procedure
from documents import render_pdf, sheet, worker
from documents.bundle import Bundle, BundlePaper, OnePaper, Photo
from documents.sheet import Sheet
from documents.sheet_lines import Row
from documents.shrink import MOST_BYTES, Small, shrunk

TODAY = date(2026, 11, 22)
MM = 72 / 25.4
HOSTILE = "#let x = 1; $a^2$ \\n \"quoted\" 'x' <tag> [b] *b* _i_ `c` @ref //c /*x*/ ~ = - + {y}"
UNPRINTABLE = "😀👨‍👩‍👧 漢字 ไทย عربي \x00\u202e\ud800"

CATALOGUE = load()
OFFICE = CATALOGUE.offices["son-tien"]
BIRTH = CATALOGUE.procedures["khai-sinh"]
POOR = CATALOGUE.procedures["cong-nhan-ho-ngheo"]


def examples(procedure: Procedure, **changes: str) -> dict[str, str]:
    return {q.key: q.example for q in procedure.questions if q.example} | changes


def form(made: Sheet) -> bytes:
    return render_pdf.render("form", msgspec.msgpack.encode(made))


def filled(procedure: Procedure, answers: Mapping[str, str], marks: Mapping[str, str] | None = None) -> bytes:
    return form(sheet.filled(procedure, answers, marks or {}, OFFICE, TODAY, code="7K3M-9XQ2"))


def texts(pdf: bytes) -> list[str]:
    """Page by page, in the order of the file."""
    document = pypdfium2.PdfDocument(pdf)
    found = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return found


def bare(text: str) -> str:
    """Without what a line's end does to spaces and hyphens."""
    return re.sub(r"[\s\u200b\u00ad\ufffe\x02-]", "", text)


def in_order(pdf: bytes, made: Sheet) -> list[str]:
    """What of a sheet was not found behind what stands before it."""
    text = bare("".join(texts(pdf)))
    at, missing = 0, []
    for words in wanted(made):
        found = text.find(bare(words), at)
        if found < 0:
            missing.append(words)
        else:
            at = found + len(bare(words))
    return missing


def wanted(made: Sheet) -> Iterator[str]:
    yield from (*made.forms, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", made.title.upper())
    yield from (made.about, made.addressee)
    for section in made.sections:
        yield from (section.title, section.hint)
        for part in section.parts:
            if isinstance(part, Row):
                for line in part.lines:
                    yield from (line.label, line.hint, line.value, *line.choices, line.typed)
            else:
                yield from part.heads
                for row in part.rows:
                    yield from row
    yield made.pledge
    for signer in made.signers:
        yield from (signer.title.upper(), signer.note, signer.name)


def over_the_edge(pdf: bytes, left: float = 30, right: float = 15) -> list[str]:
    """Words that stand outside the margins, in mm; above and below there are page numbers and a foot."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        lines = page.get_textpage()
        width = page.get_width()
        for n in range(lines.count_rects()):
            x0, y0, x1, y1 = lines.get_rect(n)
            sides = x0 < left * MM - 2 or x1 > width - right * MM + 4  # a space may hang over the edge
            if sides or y0 < 6 * MM or y1 > page.get_height() - 5 * MM:
                found.append(lines.get_text_bounded(x0, y0, x1, y1))
    document.close()
    return found


@pytest.mark.parametrize("procedure", CATALOGUE.procedures.values(), ids=lambda p: p.id)
def test_every_form_can_be_printed_blank_filled_and_as_a_sample(procedure: Procedure) -> None:
    made = sheet.blank(procedure, OFFICE)
    pdf = form(made)
    assert in_order(pdf, made) == []
    assert over_the_edge(pdf) == []
    assert len(texts(pdf)) <= (3 if procedure.id == "tro-cap-xa-hoi-hang-thang" else 2)

    made = sheet.filled(procedure, examples(procedure), {}, OFFICE, TODAY)
    pdf = form(made)
    assert in_order(pdf, made) == []
    assert over_the_edge(pdf) == []
    assert len(texts(pdf)) <= 2

    made = sheet.sample(procedure, OFFICE, TODAY)
    pdf = form(made)
    assert in_order(pdf, made) == []
    assert bare("MẪU ĐIỀN SẴN – chỉ để tham khảo") in bare(texts(pdf)[0])
    assert len(texts(pdf)) <= 2


@pytest.mark.parametrize("name", ["khai-sinh", "khai-tu", "xac-nhan-tinh-trang-hon-nhan", "cong-nhan-ho-ngheo"])
def test_a_common_form_fits_on_one_page(name: str) -> None:
    procedure = CATALOGUE.procedures[name]
    assert len(texts(filled(procedure, examples(procedure)))) == 1


def test_a_form_reads_as_it_looks() -> None:
    (page,) = texts(filled(POOR, examples(POOR, requester_name="Trần Thị Lý"), {"reason": "desk"}))
    assert page == (
        "Mẫu số 01 kèm Quyết định 24/2021/QĐ-TTg CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc "
        "GIẤY ĐỀ NGHỊ RÀ SOÁT Công nhận hộ nghèo, hộ cận nghèo phát sinh trong năm "
        "Kính gửi: Ủy ban nhân dân xã Sơn Tiến, tỉnh Hà Tĩnh "
        "Người đề nghị Họ và tên người đề nghị (đại diện hộ): TRẦN THỊ LÝ "
        "Giới tính: Nữ Sinh ngày, tháng, năm: 09/09/1975 Dân tộc: Kinh Số CCCD/số định danh: 042175001234 "
        "Ngày cấp: 12/05/2021 Nơi thường trú: Thôn 4, xã Sơn Tiến, tỉnh Hà Tĩnh "
        "Nơi ở hiện tại: Thôn 4, xã Sơn Tiến, tỉnh Hà Tĩnh "
        "Hộ gia đình Đề nghị rà soát: Hộ nghèo, hộ cận nghèo "
        "Thành viên hộ STT Họ và tên Giới tính Ngày sinh Quan hệ với chủ hộ Tình trạng "
        "1 NGUYỄN VĂN TÚ Nam 01/01/2010 Con Đang đi học "
        "Lý do đề nghị: (cán bộ ghi) Người dân gõ: “Chồng bị tai nạn, không còn thu nhập chính” "
        f"{sheet.PLEDGED} Làm tại: xã Sơn Tiến, ngày 22 tháng 11 năm 2026 "
        "NGƯỜI ĐỀ NGHỊ (Ký, ghi rõ họ, chữ đệm, tên) TRẦN THỊ LÝ Mã hồ sơ: 7K3M-9XQ2"
    )


def test_a_form_without_questions_is_only_signed() -> None:
    (page,) = texts(filled(msgspec.structs.replace(BIRTH, questions=()), {}))
    assert page.endswith("NGƯỜI KHAI (Ký, ghi rõ họ, chữ đệm, tên) Mã hồ sơ: 7K3M-9XQ2")


def test_a_pdf_says_its_name_its_language_and_its_structure() -> None:
    raw = pypdfium2.raw
    for made, title in [
        (sheet.filled(BIRTH, {}, {}, OFFICE, TODAY), "Tờ khai đăng ký khai sinh"),
        (sheet.blank(BIRTH, OFFICE), "Tờ khai đăng ký khai sinh – mẫu trống"),
        (sheet.sample(BIRTH, OFFICE, TODAY), "Tờ khai đăng ký khai sinh – mẫu điền sẵn"),
    ]:
        document = pypdfium2.PdfDocument(form(made))
        assert document.get_metadata_value("Title") == title
        assert raw.FPDFCatalog_IsTagged(document) == 1
        room = (ctypes.c_ushort * 16)()
        size = raw.FPDFCatalog_GetLanguage(document, room, ctypes.sizeof(room))
        assert bytes(room)[: size - 2].decode("utf-16-le") == "vi-VN"
        document.close()


def test_typists_marks_print_as_they_were_typed() -> None:
    answers = examples(POOR, requester_name="O'Nguyễn #hash $x$", permanent_address=HOSTILE, reason=HOSTILE)
    answers |= {"member_name.2": HOSTILE, "member_relation.2": "$x$"}
    made = sheet.filled(POOR, answers, {}, OFFICE, TODAY)
    pdf = form(made)
    assert in_order(pdf, made) == []
    assert bare(f"Nơi thường trú: {HOSTILE}") in bare(texts(pdf)[0])


def test_what_is_far_too_long_goes_on_in_the_next_line_and_page() -> None:
    endless = " ".join(["W" * 170, "Thôn Đồng Bến Thượng" * 6, HOSTILE, UNPRINTABLE])
    for procedure in (BIRTH, POOR):
        answers = {q.key: endless for q in procedure.questions if q.kind != "choice"}
        answers |= {f"member_name.{n}": endless for n in range(2, 12)}
        pdf = filled(procedure, answers, {procedure.questions[0].key: "desk"})
        assert over_the_edge(pdf) == []
        assert "".join(texts(pdf)).count("NGƯỜI ") == 1  # the signature is there, and once


def test_a_large_household_goes_on_under_the_same_heads() -> None:
    members = {f"member_name.{n}": f"Nguyễn Văn Thành Viên {n}" for n in range(2, 41)}
    first, second, *_ = texts(filled(POOR, examples(POOR) | members))
    assert [page.count("STT Họ và tên") for page in (first, second)] == [1, 1]


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from([q.key for q in BIRTH.questions]), st.text(max_size=120)))
def test_anything_at_all_can_be_printed(answers: dict[str, str]) -> None:
    assert over_the_edge(filled(BIRTH, answers)) == []


def picture(seed: int, width: int = 1500, height: int = 2000) -> bytes:
    """A grainy page."""
    dice = np.random.default_rng(seed)
    page = np.full((height, width, 3), 235, np.uint8)
    for y in range(100, height - 60, 50):
        cv2.putText(page, "Nguyen Van An 0123456789", (90, y), cv2.FONT_HERSHEY_COMPLEX, 1, (30, 30, 60), 2)
    grain = dice.integers(0, 20, page.shape, dtype=np.uint8)
    return cv2.imencode(".jpg", cv2.add(page, grain), [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()


def dossier(*papers: BundlePaper) -> Bundle:
    answers = examples(BIRTH)
    return Bundle(
        procedure=BIRTH.display_name,
        office=OFFICE.name,
        code="7K3M-9XQ2",
        official_code="H27.xx.yy-261122-0001",
        applicant="Nguyễn Thị Hoa",
        submitted_at="15 giờ 20, Chủ Nhật 22/11/2026",
        sheet=sheet.filled(BIRTH, answers, {}, OFFICE, TODAY),
        papers=papers,
        beside=sheet.beside(BIRTH, {"requester_phone": "+84984123456"}, TODAY),
        hints=("Số định danh trên thẻ khác số đã khai.",),
    )


def test_a_dossier_is_a_cover_the_form_and_each_photo_on_its_page() -> None:
    papers = (
        BundlePaper("Giấy chứng sinh", (Photo(picture(1)), Photo(picture(2), ("blurred", "glare")))),
        BundlePaper("Giấy tờ chứng minh nơi cư trú", note="Cán bộ tra trên cơ sở dữ liệu"),
        BundlePaper("Giấy chứng nhận kết hôn", (Photo(picture(3, 1600, 1000)),), hints=("Tệp ảnh ghi tên Photoshop.",)),
    )
    pdf = render_pdf.render("bundle", msgspec.msgpack.encode(dossier(*papers)))
    cover, filled_in, *photos = texts(pdf)
    assert cover == (
        "UBND XÃ SƠN TIẾN MÃ HỒ SƠ 7K3M-9XQ2 HỒ SƠ THỦ TỤC HÀNH CHÍNH Đăng ký khai sinh "
        "Người nộp NGUYỄN THỊ HOA Nộp lúc 15 giờ 20, Chủ Nhật 22/11/2026 Số hồ sơ H27.xx.yy-261122-0001 "
        "Trong tập này TT Giấy tờ Ảnh Ghi chú Trang 1 Tờ khai đăng ký khai sinh 2 "
        "2 Giấy chứng sinh 2 ảnh 2 vẫn dùng: mờ, lóa 3 "
        "3 Giấy tờ chứng minh nơi cư trú – Cán bộ tra trên cơ sở dữ liệu – 4 Giấy chứng nhận kết hôn 1 5 "
        "Cần xem kỹ – Số định danh trên thẻ khác số đã khai. – Giấy chứng nhận kết hôn: Tệp ảnh ghi tên Photoshop. "
        "Người dân còn cho biết Số điện thoại liên hệ 0984 123 456 "
        "Ảnh trong tập này đã thu nhỏ để in; ảnh gốc nằm trong hồ sơ điện tử. Ghi chú và điều cần xem kỹ do máy nêu để "
        "gợi ý, không thay việc đối chiếu bản chính. Hồ sơ 7K3M-9XQ2 Trang 1/5"
    )
    assert filled_in.endswith("NGUYỄN THỊ HOA Hồ sơ 7K3M-9XQ2 Trang 2/5")
    assert photos == [
        "Giấy chứng sinh ảnh 1/2 Hồ sơ 7K3M-9XQ2 Trang 3/5",
        "Giấy chứng sinh ảnh 2/2 Ảnh người dân vẫn dùng: mờ, lóa Hồ sơ 7K3M-9XQ2 Trang 4/5",
        "Giấy chứng nhận kết hôn ảnh 1/1 Lưu ý: Tệp ảnh ghi tên Photoshop. Hồ sơ 7K3M-9XQ2 Trang 5/5",
    ]
    assert over_the_edge(pdf, left=15) == []


def test_the_pages_of_a_dossier_are_small() -> None:
    papers = tuple(BundlePaper(f"Giấy {n}", (Photo(picture(n)),)) for n in range(6))
    pdf = render_pdf.render("bundle", msgspec.msgpack.encode(dossier(*papers)))
    assert len(pdf) / len(texts(pdf)) <= 200_000


def test_a_dossier_may_be_without_a_form_and_without_papers() -> None:
    empty = Bundle("Đăng ký khai tử", OFFICE.name, "7K3M-9XQ2", "Lê Văn Bình", "hôm nay")
    (cover,) = texts(render_pdf.render("bundle", msgspec.msgpack.encode(empty)))
    assert cover.startswith("UBND XÃ SƠN TIẾN MÃ HỒ SƠ 7K3M-9XQ2")


def test_hints_and_names_of_strangers_stay_on_the_cover() -> None:
    paper = BundlePaper(
        HOSTILE * 3 + "W" * 200, (Photo(picture(1), ("blurred",)),), hints=(UNPRINTABLE[:-1], "W" * 300) * 4
    )
    made = msgspec.structs.replace(dossier(paper), applicant="W" * 200, hints=(HOSTILE,) * 30)
    pdf = render_pdf.render("bundle", msgspec.msgpack.encode(made))
    assert over_the_edge(pdf, left=15) == []


def test_one_paper_by_itself() -> None:
    small = cv2.imencode(".jpg", np.full((400, 300, 3), 200, np.uint8))[1].tobytes()
    paper = OnePaper(
        "Đăng ký khai sinh", "7K3M-9XQ2", BundlePaper("Giấy chứng sinh", (Photo(small), Photo(b"no JPEG")))
    )
    pdf = render_pdf.render("paper", msgspec.msgpack.encode(paper))
    assert texts(pdf) == [
        "Giấy chứng sinh ảnh 1/2 Mã hồ sơ: 7K3M-9XQ2 Trang 1/2",
        "Giấy chứng sinh ảnh 2/2 (Không mở được ảnh này.) Mã hồ sơ: 7K3M-9XQ2 Trang 2/2",
    ]
    assert small in pdf  # what is small already is not pressed a second time


def test_a_photo_is_made_as_small_as_a_page_may_be() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (3000, 2200, 3), dtype=np.uint8)
    worst = shrunk(cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes())
    assert worst is not None
    assert len(worst.jpeg) <= MOST_BYTES
    assert (worst.width / worst.height) == pytest.approx(2200 / 3000, rel=0.01)
    usual = shrunk(picture(1))
    assert usual is not None
    assert max(usual.width, usual.height) >= 1400  # 140 dots an inch at least
    little = cv2.imencode(".jpg", np.full((40, 30), 200, np.uint8))[1].tobytes()
    assert shrunk(little) == Small(little, 30, 40)
    assert [shrunk(b""), shrunk(b"\xff\xd8\xff\xe0 no more")] == [None, None]


def test_the_worker_renders() -> None:
    pdf = worker.rendered("form", msgspec.msgpack.encode(sheet.blank(BIRTH, OFFICE)))
    assert pdf[:5] == b"%PDF-"
    with pytest.raises(ValueError, match="slide-show"):
        render_pdf.render("slide-show", b"")


def test_templates_fetch_nothing_and_the_type_may_be_given_on() -> None:
    folder = Path(render_pdf.__file__).parent
    sources = [path.read_text() for path in (folder / "templates").glob("*.typ")]
    assert [source for source in sources if "@preview" in source] == []
    assert sorted(path.name for path in (folder / "fonts").iterdir()) == [
        "LiberationSerif-Bold.ttf",
        "LiberationSerif-BoldItalic.ttf",
        "LiberationSerif-Italic.ttf",
        "LiberationSerif-Regular.ttf",
        "OFL.txt",
    ]
