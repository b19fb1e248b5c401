"""Letters: accents off, tones apart, invisible characters gone."""

from __future__ import annotations

import unicodedata

import pytest

from catalogue.fold import fold, tone_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đăng ký KHAI SINH", "dang ky khai sinh"),
        ("khuyết tật", "khuyet tat"),
        (unicodedata.normalize("NFD", "Hộ nghèo, thửa đất"), "ho ngheo, thua dat"),
        ("ðường Ðất", "duong dat"),
        ("trích\u200b lục\ufeff", "trich luc"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(("one", "other"), [("hòa", "hoà"), ("thủy", "thuỷ"), ("lí", "lý"), ("xã", "xạ"), ("sĩ", "sỹ")])
def test_two_spellings_have_one_key(one: str, other: str) -> None:
    assert tone_key(one) == tone_key(other)


@pytest.mark.parametrize(("one", "other"), [("ma", "má"), ("hộ", "họ"), ("quy", "qui"), ("thửa", "thừa")])
def test_other_words_keep_other_keys(one: str, other: str) -> None:
    assert tone_key(one) != tone_key(other)
