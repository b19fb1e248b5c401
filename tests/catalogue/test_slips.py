"""The slips' numbers and titles are those of the circular that is in force on the day."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from catalogue.load import BadCatalogue, load
from catalogue.slips import Kind, Slips

LAST_OLD = date(2025, 9, 14)
FIRST_NEW = date(2025, 9, 15)
TODAY = date(2026, 11, 23)
STOP = """kind = "stop"
number = "05"
title = "Thông báo dừng giải quyết hồ sơ"
circular = "Thông tư số 03/2025/TT-VPCP"
valid_from = 2025-09-15"""


@pytest.fixture(scope="module")
def slips() -> Slips:
    return load().slips


@pytest.mark.parametrize(
    ("kind", "number", "title"),
    [
        ("receipt", "01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
        ("supplement", "02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
        ("refusal", "03", "Phiếu từ chối tiếp nhận, giải quyết hồ sơ"),
        ("extension", "04", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"),
        ("stop", "05", "Thông báo dừng giải quyết hồ sơ"),
        ("control", "06", "Phiếu kiểm soát quá trình giải quyết hồ sơ"),
        ("ledger", "07", "Sổ theo dõi hồ sơ"),
    ],
)
@pytest.mark.parametrize("day", [FIRST_NEW, TODAY])
def test_the_circular_of_2025(slips: Slips, kind: Kind, number: str, title: str, day: date) -> None:
    form = slips.on(kind, day)
    assert form is not None
    assert (form.number, form.title, form.circular) == (number, title, "Thông tư số 03/2025/TT-VPCP")


@pytest.mark.parametrize(
    ("kind", "number", "title"),
    [
        ("receipt", "01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
        ("extension", "04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
        ("control", "05", "Phiếu kiểm soát quá trình giải quyết hồ sơ"),
        ("ledger", "06", "Sổ theo dõi hồ sơ"),
    ],
)
def test_the_circular_before_it(slips: Slips, kind: Kind, number: str, title: str) -> None:
    form = slips.on(kind, LAST_OLD)
    assert form is not None
    assert (form.number, form.title, form.circular) == (number, title, "Thông tư số 01/2018/TT-VPCP")


def test_a_stop_had_no_slip_before(slips: Slips) -> None:
    assert slips.on("stop", LAST_OLD) is None


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('kind = "stop"', 'kind = "end"', "slips[4].kind: expected one of receipt, supplement, refusal, "),
        ('paper = "a5"', 'paper = "a6"', "slips[0].paper: expected one of a5, a4, a4-landscape, "),
        ('symbol = "TTPVHCC"', 'sign = "TTPVHCC"', "slips[0].sign: unknown key, expected one of id, kind, "),
        (
            "valid_to = 2025-09-14",
            "valid_to = 2018-01-01",
            "slips[7].valid_to: expected a day from 2018-11-23 on, got 2018-01-01",
        ),
        (
            "valid_to = 2025-09-14",
            "",
            'slips[0].valid_from: expected no day on which "2018-01" is in force, too, got 2025-09-15',
        ),
        (
            STOP,
            f"{STOP}\nvalid_to = 2026-01-01",
            'slips: expected one of kind "stop" without valid_to',
        ),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, error: str) -> None:
    folder = shutil.copytree(Path("catalogue"), tmp_path / "catalogue", ignore=shutil.ignore_patterns("*.py"))
    file = folder / "slips.toml"
    words = file.read_text(encoding="utf-8")
    assert old in words
    file.write_text(words.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadCatalogue) as caught:
        load(folder)
    assert str(caught.value).startswith(f"slips.toml: {error}")
