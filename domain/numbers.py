"""Numbers as people say and write them: identity numbers, phones, counts in words, sums of money."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from domain.values import Wrong, clean, fold, phone

# Provinces by which births were registered until 2025; the numbers are kept. From 101 on they are countries.
_PROVINCES: Final = frozenset(
    (
        1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40,
        42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82,
        83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
    )
)  # fmt: skip
_COUNTRIES: Final = 101
_DIGITS: Final = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9, "linh": 0, "le": 0,
}  # fmt: skip
_RUN: Final = r"\d[\d\s.\-]*\d"
_PASSPORT: Final = r"[A-Z]{1,2}\d{6,8}"
_SCALES: Final = {"k": 10**3, "nghin": 10**3, "ngan": 10**3, "tr": 10**6, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_SUM: Final = (
    r"(?P<many>\d{1,3}(?:\.\d{3})|\d{1,5}(?:[.,]\d{1,3})?|[a-z]+(?: [a-z]+){0,4}?)"
    r" ?(?P<scale>k|nghin|ngan|trieu|tr|ty|ti)(?: ?(?P<rest>ruoi|\d{1,3}))?(?: (?:dong|d|vnd))?"
)


def id_number(typed: str) -> str | Wrong:
    """12 digits, 9 of an old one, or a passport's; words before it don't matter."""
    solid = re.sub(r"[\s.\-]", "", clean(typed)).upper()
    if re.fullmatch(_PASSPORT, solid):
        return solid
    runs = [re.sub(r"\D", "", run) for run in re.findall(_RUN, clean(typed))]
    digits = runs[0] if len(runs) == 1 else solid if _plain(solid) else _spoken_digits(typed)
    if len(digits) in (9, 12):
        return digits
    if len(digits) < 6:
        return Wrong("id-number")
    return Wrong("id-short" if len(digits) < 12 else "id-long")


def id_doubts(number: str, born: str | None, sex: str | None) -> tuple[str, ...]:
    """What in a 12-digit number does not fit: its province, and the birth and the sex that were told.

    `born` may be a year alone. Numbers of other kinds say nothing of their owner.
    """
    if len(number) != 12 or not _plain(number):
        return ()
    province, century = int(number[:3]), int(number[3])
    doubts: list[str] = []
    if province not in _PROVINCES and province < _COUNTRIES:
        doubts.append("id-province")
    if born and born[-4:] != str(1900 + 100 * (century // 2) + int(number[4:6])):
        doubts.append("id-year")
    if sex in ("Nam", "Nữ") and (century % 2 == 0) != (sex == "Nam"):
        doubts.append("id-sex")
    return tuple(doubts)


def phone_number(typed: str) -> str | Wrong:
    """E.164; also said digit by digit in words."""
    text = clean(typed)
    found = phone(text) or phone(_spoken_digits(text))
    if found is not None:
        return found
    digits = sum(c.isdecimal() for c in text)
    return Wrong("phone" if digits < 6 else "phone-short" if digits < 10 else "phone-long" if digits > 10 else "phone")


def count(typed: str) -> int | None:
    """A whole number in digits or words, with a unit behind it or a sum of money: "hai bản", "540k", "2 triệu rưỡi"."""
    text = " ".join(fold(typed).split())
    if found := re.fullmatch(r"(\d{1,3}(?:\.\d{3})+|\d{1,12})(?: ?(?:m2|m3|[^\d\s]\D{0,20}))?", text):
        money = _sum(text)
        return money if money is not None else int(found[1].replace(".", ""))
    money = _sum(text)
    if money is not None:
        return money
    words = [] if any(c.isdecimal() for c in text) else text.split()
    for length in range(len(words), max(0, len(words) - 3), -1):
        number = spoken(words[:length])
        if number is not None:
            return number
    return None


def spoken(words: Sequence[str]) -> int | None:
    """A number below a thousand from words without accents: hai mươi mốt, hăm ba, mười lăm, một trăm linh năm."""
    if not words or len(words) > 6:
        return None
    if len(words) == 1 and words[0].isdecimal() and words[0].isascii():
        return int(words[0]) if len(words[0]) < 4 else None
    hundreds, rest = 0, list(words)
    if len(rest) > 1 and rest[1] == "tram" and rest[0] in _DIGITS:
        hundreds, rest = _DIGITS[rest[0]] * 100, rest[2:]
        if rest and rest[0] in ("linh", "le"):
            rest = rest[1:]
        if not rest:
            return hundreds
    ends = {**_DIGITS, "moi": 10}
    match rest:
        case [one] if one in _DIGITS and one not in ("linh", "le", "lam"):
            return hundreds + _DIGITS[one]
        case ["muoi"]:
            return hundreds + 10
        case ["muoi" | "ham" as ten, one] if one in ends:
            return hundreds + (10 if ten == "muoi" else 20) + ends[one]
        case [ten, "muoi"] if ten in _DIGITS:
            return hundreds + _DIGITS[ten] * 10
        case [ten, "muoi", one] | [ten, one] if _DIGITS.get(ten, 0) > 1 and one in _DIGITS:
            return hundreds + _DIGITS[ten] * 10 + _DIGITS[one]
    return None


def _sum(text: str) -> int | None:
    """Money, where a scale is named."""
    found = re.fullmatch(_SUM, text)
    if found is None:
        return None
    many, scale = found["many"], _SCALES[found["scale"]]
    if many[0].isdigit():
        whole = re.fullmatch(r"\d{1,3}(?:\.\d{3})+", many)
        amount = int(many.replace(".", "")) * scale if whole else round(float(many.replace(",", ".")) * scale)
    else:
        said = spoken(many.split())
        if said is None:
            return None
        amount = said * scale
    rest = found["rest"]
    if rest == "ruoi":
        amount += scale // 2
    elif rest:
        amount += int(rest) * scale // 10 ** len(rest)
    return amount


def _spoken_digits(typed: str) -> str:
    """Digits in words and figures, or nothing where another word is among them."""
    words = re.findall(r"\w+", fold(typed))
    found = [word if _plain(word) else str(_DIGITS.get(word, "")) for word in words]
    return "".join(found) if all(found) else ""


def _plain(text: str) -> bool:
    return text.isascii() and text.isdecimal()
