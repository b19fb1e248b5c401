"""Who is expected today, who did not come, and handing over to whom the citizen named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from conversations.staff_state import CheckCollector, Decide, DossierFile
from conversations.state import Collector, Step
from domain.dossier import HandOver, Missed
from tests.conversations.desk_world import HOA, ID, NOW, Desk, dossier, labels, values

MAI = Collector("Trần Thị Mai", "+84984123456", "1234", "482913")


def done(**changes: object) -> DossierFile:
    return dossier(status="done", owner=HOA, appointment_at=NOW - timedelta(hours=1), **changes)


def test_today_s_appointments_in_their_order_and_without_names() -> None:
    early = done(official_code="H27.1-261123-0001")
    late = replace(
        dossier(status="invited", owner=None),
        id="b" * 16,
        tracking_code="K7P49XTM3WHAC",
        appointment_at=NOW + timedelta(hours=5),
    )
    desk = Desk(late, early)
    said = desk.type(HOA, "/lichhen")
    assert said[0].text == (
        "Lịch hẹn hôm nay: 2 người\n\n"
        "1. 8 giờ hôm nay · nhận kết quả · H27.1-261123-0001 · Xác nhận tình trạng hôn nhân\n\n"
        "2. 14 giờ hôm nay · gặp cán bộ · K7P4-9XTM-3WHAC · Xác nhận tình trạng hôn nhân"
    )
    assert values(said) == [f"d:open:{ID}", "d:open:bbbbbbbbbbbbbbbb"]
    assert desk.type(HOA, "Lịch hẹn")[0].text == said[0].text
    assert Desk().type(HOA, "/lichhen")[0].text == "Hôm nay không có ai hẹn đến."


def test_who_did_not_come_loses_the_appointment() -> None:
    desk = Desk(done())
    assert "Không đến" in labels(desk.press(HOA, "menu"))
    desk.press(HOA, "missed")
    assert desk.effects == [Decide(ID, 1, Missed())]


def test_it_is_too_early_to_miss_somebody() -> None:
    desk = Desk(done())
    desk.files[ID] = replace(desk.file, appointment_at=NOW + timedelta(hours=1))
    assert desk.press(HOA, "missed")[0].text.startswith("Chưa đến giờ hẹn")
    desk.files[ID] = replace(desk.file, appointment_at=None)
    assert "không còn giờ hẹn" in desk.press(HOA, "missed")[0].text
    assert "Không đến" not in labels(desk.press(HOA, "menu"))
    assert desk.effects == []


def test_the_card_counts_who_did_not_come() -> None:
    steps = (Step(NOW, "missed", "done"), Step(NOW, "rebook", "done"), Step(NOW, "missed", "done"))
    said = Desk(done(steps=steps)).press(HOA, "open")
    assert "Không đến theo hẹn 2 lần" in said[0].text
    assert "Có người nhận thay" not in said[0].text
    assert "Có người nhận thay" in Desk(done(collector=MAI)).press(HOA, "open")[0].text


def test_the_applicant_may_still_come() -> None:
    desk = Desk(done(collector=MAI))
    said = desk.press(HOA, "hand")
    assert labels(said) == ["Người nộp đến nhận", "Người được nhờ đến nhận", "Thôi"]
    assert "Trần Thị Mai, điện thoại 0984 123 456, bốn số cuối thẻ 1234" in said[0].text
    desk.type(HOA, "1")
    desk.press(HOA, "send")
    assert desk.effects == [Decide(ID, 1, HandOver(("Căn cước", "Bản án ly hôn")))]


def test_the_right_code_then_name_and_card() -> None:
    desk = Desk(done(collector=MAI))
    desk.press(HOA, "hand")
    assert "Gõ mã nhận 6 số" in desk.type(HOA, "Người được nhờ đến nhận")[0].text
    assert "đúng 6 chữ số" in desk.type(HOA, "48291")[0].text
    said = desk.type(HOA, "482 913")
    assert "Họ tên: Trần Thị Mai" in said[0].text
    assert "Bốn số cuối: 1234" in said[0].text
    assert "☐ Bản án ly hôn" in said[0].text
    desk.press(HOA, "send")
    originals = ("Căn cước", "Bản án ly hôn")
    assert desk.effects == [CheckCollector(ID, right=True), Decide(ID, 2, HandOver(originals, "collector"))]


def test_wrong_codes_are_counted_and_the_fifth_is_the_last() -> None:
    desk = Desk(done(collector=MAI))
    desk.press(HOA, "hand", "other")
    for left in (4, 3, 2, 1):
        assert f"Còn {left} lần" in desk.type(HOA, "000000")[0].text
    assert "không dùng được nữa" in desk.type(HOA, "111111")[0].text
    assert desk.effects == [CheckCollector(ID, right=False)] * 5
    said = desk.press(HOA, "hand", "other")
    assert "không dùng được nữa" in said[0].text
    assert labels(said) == ["Người nộp đến nhận"]


def test_a_collector_who_is_gone() -> None:
    desk = Desk(done(collector=MAI))
    desk.press(HOA, "hand", "other")
    desk.files[ID] = replace(desk.file, collector=None)
    assert "đã thôi nhờ" in desk.type(HOA, "482913")[0].text
    assert desk.effects == []


@pytest.mark.parametrize(
    ("collection", "words"),
    [
        ("in-person", "người nộp phải có mặt"),
        ("authorised", "Cần giấy ủy quyền"),
        ("anyone", "Không cần giấy"),
        (None, "cán bộ xác nhận"),
    ],
)
def test_the_clerk_reads_what_the_law_wants(collection: str | None, words: str) -> None:
    desk = Desk(done(collector=MAI), collection=collection)
    assert words in desk.press(HOA, "hand")[0].text
