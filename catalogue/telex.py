"""Telex and VNI keystrokes made into the letters they stand for: Nguyeenx, Nguye6n4 -> Nguyễn."""

from __future__ import annotations

import re
import unicodedata

from catalogue.keystrokes import decoded

_SHAPES = {
    "aa": "â", "ee": "ê", "oo": "ô", "aw": "ă", "ow": "ơ", "uw": "ư", "dd": "đ",
    "a6": "â", "e6": "ê", "o6": "ô", "a8": "ă", "o7": "ơ", "u7": "ư", "d9": "đ",
}  # fmt: skip
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TONES |= dict(zip("12345", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI = r"\D*\d"
_VOWELS = frozenset("aăâeêioôơuưy")
_MARKED = frozenset("ăâêôơư")


def letters(typed: str) -> str | None:
    """One word as its typist meant it, or None where its keys are plain letters or make no syllable."""
    word = typed.lower()
    if decoded(word) is None:
        return None
    plain, tone = _keys(word)
    for keys, letter in _SHAPES.items():
        plain = _shaped(plain, keys, letter)
    plain = re.sub("uo(?=[a-z])|uơ(?=[a-z])|ưo", "ươ", plain) if {"ư", "ơ"} & {*plain} else plain
    if not all(c.isalpha() for c in plain):
        return None
    meant = unicodedata.normalize("NFC", _toned(plain, tone))
    return meant.upper() if typed.isupper() else meant.capitalize() if typed[0].isupper() else meant


def _keys(word: str) -> tuple[str, str]:
    """Letters and marks of shape, and the tone's mark apart; the last key of tone counts."""
    tones = "12345" if re.match(_VNI, word) else "sfrxj"
    first = next((n for n, c in enumerate(word) if c in _VOWELS), len(word))
    vowels = [n for n, c in enumerate(word) if n >= first and c in "aeiouyw"]
    begin = vowels[0] + 1 if vowels else len(word)
    found = [c for c in word[begin:] if c in tones]
    rest = word[:begin] + "".join(c for c in word[begin:] if c not in tones)
    return rest, _TONES[found[-1]] if found else ""


def _shaped(plain: str, keys: str, letter: str) -> str:
    """The key of shape stands right behind its letter, or at the end of the syllable."""
    head, mark = keys[0], keys[1]
    joined = plain.replace(keys, letter)
    if joined != plain or mark not in plain[1:]:
        return joined
    late = re.sub(rf"{head}([a-zăâêôơư]*){mark}(\w*)$", rf"{letter}\1\2", plain)
    return late if late != plain and (mark.isdigit() or mark in ("w", head)) else plain


def _toned(plain: str, tone: str) -> str:
    """The tone on the vowel that carries it, as in hòa and thủy."""
    if not tone:
        return plain
    spans = [n for n, c in enumerate(plain) if c in _VOWELS]
    if len(spans) > 1 and (plain.startswith("qu") or (plain.startswith("gi") and spans[0] == 1)):
        spans = spans[1:]
    marked = [n for n in spans if plain[n] in _MARKED]
    ends_in_vowel = spans[-1] == len(plain) - 1
    at = marked[-1] if marked else spans[-1] if not ends_in_vowel else spans[max(0, len(spans) - 2)]
    return plain[: at + 1] + tone + plain[at + 1 :]
