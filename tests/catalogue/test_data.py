"""What the data files hold: all procedures, and everything that belongs to them."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date

from catalogue.load import load
from catalogue.model import Catalogue


def test_all_41_procedures_load_in_the_order_of_the_list(loaded: Catalogue) -> None:
    assert [p.seq for p in loaded.procedures.values()] == list(range(1, 42))
    assert Counter(p.sector for p in loaded.procedures.values()) == {
        "hanh-chinh-tu-phap": 18,
        "noi-vu": 6,
        "lao-dong-tbxh": 7,
        "quoc-phong": 3,
        "nong-nghiep": 3,
        "tai-nguyen-moi-truong": 3,
        "giao-duc-dao-tao": 1,
    }


def test_nothing_of_the_facts_is_dropped(loaded: Catalogue) -> None:
    procedures = loaded.procedures.values()
    # Added: the phone number that one form forgets, and five questions which procedure it is.
    assert sum(len(p.questions) for p in procedures) == 878 + 1 + 5
    assert sum(q.ask_when is not None for p in procedures for q in p.questions) == 139
    assert sum(len(p.papers) for p in procedures) == 219
    assert sum(paper.required_when is not None for p in procedures for paper in p.papers) == 46
    assert sum(len(p.legal_basis) for p in procedures) == 300
    assert sum(len(p.code_candidates) for p in procedures) == 13
    assert len(loaded.life_events) == 21
    assert sum(bool(r.triggers) for r in loaded.routing.values()) == 9


def test_the_name_is_the_lists_own_spelling(loaded: Catalogue) -> None:
    changed = loaded.procedures["thay-doi-cai-chinh-ho-tich"]
    assert changed.name == "Thủ tục thay đổi, cải cách, bổ sung hộ tịch"
    assert "  " in loaded.procedures["cong-nhan-thoat-ngheo"].name


def test_what_is_not_sure_is_not_known(loaded: Catalogue) -> None:
    birth = loaded.procedures["khai-sinh"]
    assert birth.known("fee")
    assert birth.confidence_of("fee") == "medium"
    assert birth.known("processing")
    assert birth.confidence_of("processing") == "high"
    assert not birth.known("level")
    split = loaded.procedures["tach-hop-thua-dat"]
    assert split.fee.amount_vnd is None
    assert not split.known("fee")
    disaster = loaded.procedures["khoi-phuc-san-xuat-thien-tai"]
    assert disaster.processing.working_days == 15
    assert not disaster.known("processing")  # the number is there, its confidence is low


def test_a_version_is_valid_from_and_to(loaded: Catalogue) -> None:
    birth = loaded.procedures["khai-sinh"]
    assert birth.valid_on(date(2026, 11, 23))
    assert not birth.valid_on(date(2025, 6, 30))


def test_look_ups_by_sector_event_and_code(loaded: Catalogue) -> None:
    assert [p.id for p in loaded.in_sector("giao-duc-dao-tao")] == ["thanh-lap-nhom-tre"]
    assert "khai-tu" in [p.id for p in loaded.in_life_event("mat-nguoi-than")]
    assert loaded.outside_by_code("1.000894").name == "Đăng ký kết hôn"


def test_outside_entries_say_whose_work_it_is(loaded: Catalogue) -> None:
    assert loaded.outside["dang-ky-ket-hon"].own_commune
    assert not loaded.outside["dang-ky-thuong-tru"].own_commune
    assert loaded.outside["can-cuoc"].code is None


def test_offices_keep_what_is_provisional_apart(loaded: Catalogue) -> None:
    office = loaded.offices["son-tien"]
    assert {phone.confidence for phone in office.phones} == {"low"}
    assert office.agency_id.provisional
    assert not office.known("bank_account")
    assert office.serves("khai-sinh")
    assert not office.practice
    assert loaded.offices["thuc-hanh"].practice


def test_hours_follow_the_season(loaded: Catalogue) -> None:
    office = loaded.offices["son-tien"]
    assert office.hours_on(date(2026, 6, 1)).starts == "04-16"
    assert office.hours_on(date(2026, 11, 23)).starts == "10-16"
    assert office.hours_on(date(2027, 1, 4)).starts == "10-16"


def test_holidays_of_three_years(loaded: Catalogue) -> None:
    off = loaded.holidays.off
    assert date(2026, 11, 24) in off
    assert date(2027, 4, 16) in off
    assert date(2028, 5, 2) in off
    assert all(day.weekday() < 5 for day in off)
    assert all(day.weekday() >= 5 for day in loaded.holidays.worked)


def test_emergency_numbers(loaded: Catalogue) -> None:
    assert {e.id: e.number for e in loaded.emergencies.values()} == {
        "fire": "114",
        "crime": "113",
        "medical": "115",
        "child": "111",
        "self-harm": "115",
    }


def test_loading_is_quick() -> None:
    load()
    begun = time.process_time()
    load()
    assert time.process_time() - begun < 0.25
