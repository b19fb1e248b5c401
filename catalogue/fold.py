"""Vietnamese letters brought to one form: accents off for matching, tones apart for comparing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PLAIN = {
    "a": "àáảãạăằắẳẵặâầấẩẫậ",
    "e": "èéẻẽẹêềếểễệ",
    "i": "ìíỉĩị",
    "o": "òóỏõọôồốổỗộơờớởỡợ",
    "u": "ùúủũụưừứửữự",
    "y": "ỳýỷỹỵ",
    "d": "đð",  # ð: what old fonts and converters put in place of đ
}
_FOLD = str.maketrans({marked: plain for plain, all_marked in _PLAIN.items() for marked in all_marked})
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_TONES = {"\u0300": "1", "\u0301": "2", "\u0303": "3", "\u0309": "3", "\u0323": "3"}
_WORD = re.compile(r"[^\W_]+")
_FREE_Y = re.compile(r"^(h|k|l|m|s|t)y$")


def clean(text: str) -> str:
    """Lower case, composed (NFC), without invisible characters."""
    return unicodedata.normalize("NFC", _HIDDEN.sub("", text)).lower()


def fold(text: str) -> str:
    """Lower case without accents, đ as d."""
    return bare(clean(text))


def bare(cleaned: str) -> str:
    """A cleaned text without accents."""
    return cleaned.translate(_FOLD)


def words(text: str) -> list[str]:
    """The words of a cleaned text, accents kept."""
    return _WORD.findall(text)


@lru_cache(maxsize=20_000)
def tone_key(word: str) -> str:
    """The word with its tone behind it: hòa = hoà, lí = lý, and hỏi, ngã, nặng as one tone.

    People of the region write ngã as nặng or hỏi, as they speak.
    """
    tone, letters = "", []
    for mark in unicodedata.normalize("NFD", word):
        if mark in _TONES:
            tone = _TONES[mark]
        else:
            letters.append(mark)
    base = unicodedata.normalize("NFC", "".join(letters))
    return _FREE_Y.sub(r"\1i", base) + tone
