"""Short messages: pieces as the network counts them, and words without accents."""

from __future__ import annotations

import pytest

from domain.sms import plain, segments, shortened


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # two places each
        ("€" * 81, 2),
        ("a" * 152 + "€" * 77, 3),  # 153 + 153 would do, were a sign of two places split between two pieces
        ("ă" * 70, 1),
        ("ă" * 71, 2),
        ("ă" * 134, 2),
        ("ă" * 135, 3),
        ("😀" * 35, 1),  # a pair of UTF-16 units each
        ("😀" * 36, 2),
        ("😀" * 67, 3),  # 33 pairs a piece, not 33.5
        ("é" * 160, 1),  # of the GSM alphabet
        ("ê" * 71, 2),  # not of it
    ],
)
def test_pieces(text: str, pieces: int) -> None:
    assert segments(text) == pieces


@pytest.mark.parametrize(
    ("words", "bare"),
    [
        ("Hồ sơ đã được tiếp nhận, hẹn trả Thứ Sáu", "Ho so da duoc tiep nhan, hen tra Thu Sau"),
        ("ĐƯỜNG Nguyễn Ỷ", "DUONG Nguyen Y"),
        ("Ho\u0302\u0300 so\u031b", "Ho so"),  # accents written apart
        ("«Gặp» – “cán bộ”…", '"Gap" - "can bo"...'),
        ("số 1\u00a0000\u00a0₫ 😀", "so 1 000 d "),
        ("dòng\nmới", "dong\nmoi"),
    ],
)
def test_without_accents(words: str, bare: str) -> None:
    assert plain(words) == bare
    assert plain(bare) == bare


@pytest.mark.parametrize(
    "words", ["Hồ sơ của bạn đã có kết quả. " * 20, "Ho so cua ban da co ket qua. " * 20, "x" * 500]
)
def test_shortened_at_a_word(words: str) -> None:
    cut = shortened(words.strip(), 2)
    assert segments(cut) == 2
    kept = cut.rstrip(".…")
    assert words.startswith(kept)
    assert words[len(kept)] in " .x"
    assert shortened(cut, 2) == cut
