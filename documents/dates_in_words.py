"""A day as the forms of civil status want it: in figures, and once more in words."""

from __future__ import annotations

import re
from typing import Final

_DAY: Final = re.compile(r"(?:(?:(\d{2})/)?(\d{2})/)?(\d{4})")
_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def date_in_words(value: str) -> str:
    """Of dd/mm/yyyy, mm/yyyy or yyyy; nothing of anything else.

    >>> date_in_words("15/08/1994")
    'ngày mười lăm tháng tám năm một nghìn chín trăm chín mươi tư'
    """
    found = _DAY.fullmatch(value)
    if found is None:
        return ""
    parts = [("ngày", found[1]), ("tháng", found[2]), ("năm", found[3])]
    return " ".join(f"{name} {_month(n) if name == 'tháng' else number(n)}" for name, n in parts if n)


def _month(figures: str) -> str:
    return "tư" if int(figures) == 4 else number(figures)


def number(figures: str) -> str:
    """0 to 9999 as it is read out."""
    n = int(figures)
    thousands, hundreds, rest = n // 1000, n // 100 % 10, n % 100
    words = []
    if thousands:
        words.append(f"{_DIGITS[thousands]} nghìn")
    if hundreds or (thousands and rest):
        words.append(f"{_DIGITS[hundreds]} trăm")
    if rest or not words:
        words.append(f"linh {_DIGITS[rest]}" if words and rest < 10 else _below_hundred(rest))
    return " ".join(words)


def _below_hundred(n: int) -> str:
    tens, ones = divmod(n, 10)
    if tens == 0:
        return _DIGITS[ones]
    last = {0: "", 5: "lăm"}.get(ones, _DIGITS[ones])
    if tens > 1:
        last = {1: "mốt", 4: "tư"}.get(ones, last)
    return f"{'mười' if tens == 1 else f'{_DIGITS[tens]} mươi'} {last}".strip()
