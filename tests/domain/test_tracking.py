"""Postal numbers: tidied, and by UPU S10 checked where they have its form."""

from __future__ import annotations

import pytest

from domain.tracking import tracking_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("RR 473 124 829 GB", "RR473124829GB"),  # the example of UPU S10
        ("rr473124829gb", "RR473124829GB"),
        ("EA123456785VN", "EA123456785VN"),
        ("RR473124828GB", None),
        ("EA123456784VN", None),
        ("1234567890123", "1234567890123"),
        ("VNPOST", None),
        ("1234567", None),
        ("đã gửi rồi", None),
        ("", None),
    ],
)
def test_numbers(typed: str, number: str | None) -> None:
    assert tracking_number(typed) == number
