"""Capitals in what was typed without any."""

from __future__ import annotations

import pytest

from domain.names import place


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("thôn 3 xã sơn tiến", "Thôn 3 xã Sơn Tiến"),
        ("trung tâm y tế hương sơn, tỉnh hà tĩnh", "Trung tâm Y tế Hương Sơn, tỉnh Hà Tĩnh"),
        ("xã sơn thành, thành phố vinh", "Xã Sơn Thành, thành phố Vinh"),
        ("Thôn 3 xã sơn tiến", "Thôn 3 xã sơn tiến"),
        ("thon 3", "thon 3"),
    ],
)
def test_an_address_in_small_letters_gets_its_capitals(typed: str, kept: str) -> None:
    assert place(typed) == kept
    assert place(kept) == kept
