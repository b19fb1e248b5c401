"""What each proof allows; the table in docs/operating.md says the same."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.rights import EMAIL, FRESH, PHONE, RIGHTS, Proof, Right, allows, may

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
NUMBER = "+84984123456"
DOCS = Path(__file__).parents[2] / "docs" / "operating.md"


def proof(how: str, *, kind: str = PHONE, value: str = NUMBER, at: datetime = NOW) -> Proof:
    return Proof(kind, value, how, at)


@pytest.mark.parametrize("how", ["telegram", "sms", "zns", "clerk"])
def test_who_holds_the_telephone_may_everything(how: str) -> None:
    assert allows(how) == frozenset(Right)


def test_a_number_that_somebody_wrote_in_zalo_is_only_claimed() -> None:
    assert allows("zalo") == {Right.NOTIFY, Right.BARE}


def test_an_address_is_for_copies_only() -> None:
    assert allows("email") == {Right.NOTIFY}


@pytest.mark.parametrize("how", ["", "typed", "TELEGRAM", "portal"])
def test_what_is_not_in_the_table_allows_nothing(how: str) -> None:
    assert allows(how) == frozenset()
    assert not any(may([proof(how)], PHONE, NUMBER, right, NOW) for right in Right)


def test_a_proof_is_good_for_its_own_number_and_kind() -> None:
    known = [proof("telegram")]
    assert may(known, PHONE, NUMBER, Right.DETAILS, NOW)
    assert not may(known, PHONE, "+84984123457", Right.DETAILS, NOW)
    assert not may(known, EMAIL, NUMBER, Right.DETAILS, NOW)
    assert not may([], PHONE, NUMBER, Right.NOTIFY, NOW)


def test_a_number_may_have_gone_to_somebody_else_meanwhile() -> None:
    old = [proof("sms", at=NOW - FRESH)]
    assert not may(old, PHONE, NUMBER, Right.DETAILS, NOW)
    assert may(old, PHONE, NUMBER, Right.NOTIFY, NOW)
    assert may([proof("sms", at=NOW - FRESH + timedelta(seconds=1))], PHONE, NUMBER, Right.DETAILS, NOW)


def test_the_page_for_operators_shows_the_table() -> None:
    """One row a way of proving, one column a right; × where it is allowed."""
    rows = re.findall(r"^\| `(\w+)`[^|]*\|(.*)\|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {
        how: frozenset(right for right, cell in zip(Right, cells.split("|"), strict=True) if "×" in cell)
        for how, cells in rows
        if how in RIGHTS and cells.count("|") == len(Right) - 1
    }
    assert shown == dict(RIGHTS)
