"""Periods as officers type them."""

from __future__ import annotations

from datetime import date

import pytest

from conversations.periods import period

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("", date(2026, 11, 1), date(2026, 11, 30)),
        ("11/2026", date(2026, 11, 1), date(2026, 11, 30)),
        ("thang 2 nam 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("thang 10", date(2026, 10, 1), date(2026, 10, 31)),
        ("12", date(2025, 12, 1), date(2025, 12, 31)),  # this year's is yet to come
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("nam 2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("01/11-15/11", date(2026, 11, 1), date(2026, 11, 15)),
        ("1/11 - 15/11/2025", date(2025, 11, 1), date(2025, 11, 15)),
        ("tu ngay 20/12 den 10/01", date(2025, 12, 20), date(2026, 1, 10)),
        ("20/12/2025-10/1/2026", date(2025, 12, 20), date(2026, 1, 10)),
        ("01/12-05/12", date(2025, 12, 1), date(2025, 12, 5)),
        ("23/11", TODAY, TODAY),
    ],
)
def test_what_is_meant(words: str, first: date, last: date) -> None:
    assert period(words, TODAY) == (first, last)


@pytest.mark.parametrize("words", ["hom qua", "13/2026", "31/02-01/03", "15/11/2026-01/11/2026", "0", "0001", "1/1-"])
def test_what_is_none(words: str) -> None:
    assert period(words, TODAY) is None
