"""A procedure's page: what is known, what is not, what has become of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from catalogue.model import Catalogue, Procedure
from conversations import page
from conversations.effects import CallOfficer
from conversations.messages import Pressed
from tests.conversations.world import TODAY, World, catalogue, until


def shown(procedure: str) -> World:
    world = World()
    world.says(Pressed(f"open:{procedure}"))
    return world


@pytest.mark.parametrize(
    ("procedure", "first"),
    [
        ("xoa-dang-ky-cho-thue-dat", "Thủ tục này đã được thay thế, nay làm theo mã 1.012766."),
        ("quyen-su-dung-han-che-thua-dat-lien-ke", "Thủ tục này đã được gộp, nay làm theo mã 1.013833."),
        ("lien-thong-khai-sinh-bhyt", "Thủ tục này đã được thay thế, nay làm theo mã 3.000722."),
        ("cap-doi-hien-vat-khen-thuong", "Thủ tục này chưa chắc còn áp dụng. Bạn hỏi cán bộ trước"),
        ("khai-tu", "Xin chia buồn cùng gia đình."),
        ("mai-tang-dot-xuat", "Xin chia buồn cùng gia đình."),
        ("khai-sinh", "Đăng ký khai sinh"),
    ],
)
def test_the_first_line(procedure: str, first: str) -> None:
    assert shown(procedure).text.splitlines()[0].startswith(first)


def test_what_is_unknown_is_never_guessed() -> None:
    assert "Thời gian: cán bộ sẽ xác nhận" in shown("giay-khen-dot-xuat").text
    assert "Lệ phí: cán bộ sẽ xác nhận" in shown("tach-hop-thua-dat").text
    assert "Giấy tờ: cán bộ sẽ xác nhận" in shown("khoi-phuc-san-xuat-thien-tai").text


def test_a_fee_of_medium_confidence_is_left_to_the_officer() -> None:
    assert "10.000 đồng (theo nghị quyết của HĐND tỉnh, cán bộ xác nhận)" in shown("xac-nhan-tinh-trang-hon-nhan").text


@pytest.mark.parametrize(
    ("procedure", "label"),
    [
        ("khai-sinh", "Nộp hồ sơ"),
        ("nhan-cha-me-con", "Chuẩn bị hồ sơ và hẹn gặp"),
        ("tach-hop-thua-dat", "Gửi hồ sơ để xã chuyển"),
        ("giay-khen-gia-dinh", "Nộp thay tập thể"),
        ("ket-hon-yeu-to-nuoc-ngoai-bien-gioi", "Hẹn gặp cán bộ"),
        ("ba-me-viet-nam-anh-hung", "Gặp cán bộ"),
    ],
)
def test_the_first_button(procedure: str, label: str) -> None:
    assert shown(procedure).labels[0] == label


def test_who_decides_and_who_must_come() -> None:
    assert "Nơi quyết định: Văn phòng đăng ký đất đai" in shown("tach-hop-thua-dat").text
    assert "Người cần có mặt: Người nhận hoặc người được nhận" in shown("nhan-cha-me-con").text


def test_only_what_everybody_needs_has_a_line_of_its_own() -> None:
    lines = shown("khai-tu").text.splitlines()
    assert [line for line in lines if line.startswith("- ") and "đồng" not in line] == [
        "- Tờ khai đăng ký khai tử (không phải viết tay: tôi hỏi rồi điền giúp)",
        "- Căn cước, CCCD hoặc giấy tờ tùy thân có ảnh còn giá trị của người yêu cầu (xã tra được thì không cần)",
    ]
    rest = next(line for line in lines if line.startswith("Tùy trường hợp còn cần: "))
    assert "Giấy báo tử hoặc giấy tờ thay Giấy báo tử; " in rest
    assert rest.endswith("; Văn bản ủy quyền")


@pytest.mark.parametrize("procedure", [p for p in catalogue().procedures.values() if not page.leads_to_clerk(p, TODAY)])
def test_no_paper_is_left_out(procedure: Procedure) -> None:
    words = page.papers_words(procedure)
    assert [p.key for p in procedure.papers if page.paper_short(p).split(": ")[0][:60] not in words] == []


def test_asides_stand_beside_the_legal_basis() -> None:
    world = shown("khai-sinh")
    assert "Căn cước/CCCD; Bản chính Giấy chứng sinh" in world.text
    assert "Văn bản ủy quyền (nếu có)" in world.text
    world.says("[Căn cứ pháp lý]")
    assert "- Ông, bà, người thân thích khác (không cần giấy ủy quyền" in world.text
    assert "- Căn cước/CCCD (hoặc căn cước điện tử trên VNeID)" in world.text


def test_the_legal_basis_stands_behind_a_button() -> None:
    world = shown("khai-tu")
    assert "Luật Hộ tịch" not in world.text
    assert world.says("[Căn cứ pháp lý]") == ("page.legal",)
    assert "- Luật Hộ tịch" in world.text
    assert world.says("[Quay lại thủ tục]") == ("page.procedure",)


def test_not_taken_here() -> None:
    world = World()
    offices = {**catalogue().offices}
    offices["son-tien"] = replace(offices["son-tien"], procedures=("khai-tu",))
    world.catalogue = Catalogue(**{f: getattr(catalogue(), f) for f in Catalogue.__slots__} | {"offices": offices})
    world.says(Pressed("open:khai-sinh"))
    assert "hiện không nhận việc này" in world.text
    assert world.says(Pressed("start:khai-sinh")) == ("call.opened",)
    assert world.effects == [CallOfficer("Xin hẹn gặp: Đăng ký khai sinh")]


def test_no_cheerful_signs_where_somebody_died() -> None:
    for procedure in ("khai-tu", "dang-ky-lai-khai-tu", "mai-tang-dot-xuat", "mai-tang-bao-tro-xa-hoi"):
        assert not set("!🎉😊✅👍") & set(shown(procedure).text)


def test_what_is_no_longer_in_force_says_so_and_leads_to_an_officer() -> None:
    world = World()
    until(world, "xac-nhan-tinh-trang-hon-nhan", TODAY - timedelta(days=1))
    world.says(Pressed("open:xac-nhan-tinh-trang-hon-nhan"))
    assert world.text.startswith("Thủ tục này hiện không áp dụng.")
    assert [b.value for b in world.buttons if b.value.startswith("start:")] == []
    world.says(Pressed("start:xac-nhan-tinh-trang-hon-nhan"))
    assert [type(effect) for effect in world.effects] == [CallOfficer]


def test_its_last_day_still_counts() -> None:
    world = World()
    until(world, "xac-nhan-tinh-trang-hon-nhan", TODAY)
    world.says(Pressed("open:xac-nhan-tinh-trang-hon-nhan"))
    assert [b.value for b in world.buttons if b.value.startswith("start:")] == ["start:xac-nhan-tinh-trang-hon-nhan"]
