"""Codes of the National Portal in both styles, agencies compared, and statuses that agree or do not."""

from __future__ import annotations

from datetime import date

import pytest

from domain.codes import find_official_code
from domain.dossier import Status, national, national_name
from domain.portal import STATUSES, PortalCode, differs, read_code, same_agency
from domain.values import Wrong


@pytest.mark.parametrize(
    ("typed", "code", "agency", "day"),
    [
        ("000.12.33.H27-210722-0001", "000.12.33.H27-210722-0001", "000.12.33.H27", date(2021, 7, 22)),
        ("H27.12.33-261122-0001", "H27.12.33-261122-0001", "H27.12.33", date(2026, 11, 22)),
        (" h27.12.33 – 261122 – 00015 ", "H27.12.33-261122-00015", "H27.12.33", date(2026, 11, 22)),
    ],
)
def test_both_styles_are_read(typed: str, code: str, agency: str, day: date) -> None:
    read = read_code(typed)
    assert read == PortalCode(code, agency, day)
    assert find_official_code(code) == code  # what is noted is found again when it is typed


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("", "code-shape"),
        ("H27-261122-0001", "code-shape"),
        ("H27.12.33-261122-001", "code-shape"),
        ("H27.12.33-261122-0001 và nữa", "code-shape"),
        ("K7P4-9XTM-3WHAC", "code-shape"),
        ("12.33.45-261122-0001", "code-agency"),
        ("H27.H28.33-261122-0001", "code-agency"),
        ("H27.12.33-261322-0001", "code-day"),
        ("H27.12.33-260230-0001", "code-day"),
    ],
)
def test_what_is_no_code_is_told_apart(typed: str, wrong: str) -> None:
    assert read_code(typed) == Wrong(wrong)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("H27.12.33", "H27.12.33", True),
        ("000.33.12.H27", "H27.12.33", True),
        ("H27.12.33.000", "000.33.12.h27", True),
        ("H27.12.33", "H27.12.34", False),
        ("H27.12.33", "H28.12.33", False),
        ("H27.12.33", "H27.12", False),
    ],
)
def test_agencies_are_compared_whatever_their_style(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert same_agency(one, other) is same
    assert same_agency(other, one) is same


def test_every_status_agrees_with_its_own_number_alone() -> None:
    for status in Status:
        assert [number for number in STATUSES if not differs(status, number)] == [national(status)[0]]
        assert not differs(status, 0)


def test_the_national_list_has_ten_names() -> None:
    assert len({national_name(number) for number in STATUSES}) == 10
    assert {national(status)[1] for status in Status} <= {national_name(number) for number in STATUSES}
