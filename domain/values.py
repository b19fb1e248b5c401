"""Values as people write and read them in Vietnam: what was typed becomes a value, a value becomes words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Final

from msgspec import Struct

VIETNAM: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no summer time since 1975
LONGEST: Final = 500  # characters of one answer

_WEEKDAYS: Final = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_NEAR: Final = {-1: "hôm qua", 0: "hôm nay", 1: "ngày mai"}
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r" ?\n ?")
_GAP: Final = re.compile(r"\n{3,}")
_PHONE: Final = re.compile(r"(?:\+?84|0)(\d{9}|2\d{9})")
_DATE: Final = re.compile(
    r"(?:ngày\s*)?(\d{1,2})\s*(?:[/.\-\s]|tháng)\s*(\d{1,2})\s*(?:[/.\-\s]|năm)\s*(\d{4}|\d{2})", re.IGNORECASE
)
_MONTH: Final = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*(?:[/.\-\s]|năm)\s*(\d{4})", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:năm\s*)?(\d{4})", re.IGNORECASE)
_SOLID_DATE: Final = re.compile(r"(\d{2})(\d{2})(\d{4})")
_ID: Final = re.compile(r"\d{12}|\d{9}|[A-Z]{1,2}\d{6,8}")  # căn cước, old CMND, passport
_NUMBER: Final = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,15})(?:\s+\D{1,20})?")
_NAME_MARKS: Final = frozenset(" '’.-")


class Wrong(Struct, frozen=True):
    """What was typed is no such value; `key` stands under "wrong." in the texts."""

    key: str


class Reading(Struct, frozen=True):
    """What was typed, as it is stored.

    With `offers` nothing is recorded yet: they are stored values to choose from, the likeliest first, `labels` their
    words where those differ, and `why` is "calendar" or "spelling"; `value` is then what was typed, tidied, or empty
    where that is no value. `doubts` stand under "doubt." in the texts; the value may be recorded all the same.
    """

    value: str
    offers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    why: str = ""
    doubts: tuple[str, ...] = ()


def clean(text: str) -> str:
    """Composed letters, no invisible or direction marks, no runs of spaces; line breaks stay."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if text.isprintable():  # which is most of what people write
        return _SPACES.sub(" ", text).strip()
    seen = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return _GAP.sub("\n\n", _LINES.sub("\n", _SPACES.sub(" ", seen))).strip()


def fold(text: str) -> str:
    """Without accents, case or marks of punctuation at the ends: for comparing what people type."""
    letters = unicodedata.normalize("NFD", clean(text).casefold().replace("đ", "d"))
    return "".join(c for c in letters if not unicodedata.combining(c)).strip(" .,;:!?/[]")


def date_words(day: date) -> str:
    """Thứ Sáu 27/11/2026."""
    return f"{_WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def moment_words(at: datetime, now: datetime | None = None) -> str:
    """15 giờ 20, Thứ Hai 23/11/2026; beside `now` also "15 giờ 20 hôm nay". Leave it out of what is read later."""
    local = at.astimezone(VIETNAM)
    hour = f"{local.hour} giờ" + (f" {local.minute:02d}" if local.minute else "")
    if now is not None:
        near = _NEAR.get((local.date() - now.astimezone(VIETNAM).date()).days)
        if near:
            return f"{hour} {near}"
    return f"{hour}, {date_words(local.date())}"


def money_words(amount_vnd: int) -> str:
    return f"{amount_vnd:,} đồng".replace(",", ".")


def phone(text: str) -> str | None:
    """E.164, from 10 digits of a mobile or 11 of a landline; new prefixes appear, so none is refused."""
    digits = re.sub(r"[\s.\-()]", "", clean(text))
    found = _PHONE.fullmatch(digits)
    return None if found is None else f"+84{found[1]}"


def show_phone(e164: str) -> str:
    """0984 123 456, or 0239 3 855 123 for a landline."""
    local = "0" + e164.removeprefix("+84")
    if len(local) == 11:
        return f"{local[:4]} {local[4]} {local[5:8]} {local[8:]}"
    return f"{local[:4]} {local[4:7]} {local[7:]}"


def masked_phone(e164: str) -> str:
    """0984 … 456: enough for its owner to know it."""
    shown = show_phone(e164).split()
    return f"{shown[0]} … {shown[-1]}"


def parse(
    kind: str,
    text: str,
    *,
    choices: Sequence[str] = (),
    today: date,
    partial: bool = False,
    least: int | None = None,
    most: int | None = None,
) -> str | Wrong:
    """An answer to a question of this kind as it is stored, or what is wrong with it; written plainly, as officers do.

    What citizens say in their own words, domain/reading.py understands; its values are taken here as they are.
    `partial`: a date may be a month or a year alone. `least` and `most` bound a number.
    """
    typed = clean(text)
    if not typed:
        return Wrong("empty")
    if len(typed) > LONGEST:
        return Wrong("too-long")
    match kind:
        case "choice":
            return parse_choice(typed, choices)
        case "date":
            return parse_date(typed, today, partial=partial)
        case "person_name":
            return parse_name(typed)
        case "id_number":
            number = re.sub(r"[\s.\-]", "", typed).upper()
            return number if _ID.fullmatch(number) else Wrong("id-number")
        case "phone":
            return phone(typed) or Wrong("phone")
        case "number":
            return _parse_number(typed, least, most)
        case _:
            return typed


def parse_choice(text: str, choices: Sequence[str]) -> str | Wrong:
    """The choice meant: its label in any case and with or without accents, its number, or its beginning."""
    wanted = fold(text)
    labels = [fold(choice) for choice in choices]
    if wanted in labels:
        return choices[labels.index(wanted)]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(choices):
        return choices[int(wanted) - 1]
    begun = [choice for choice, label in zip(choices, labels, strict=True) if label.startswith(wanted)]
    return begun[0] if wanted and len(begun) == 1 else Wrong("choice")


def parse_date(text: str, today: date, *, partial: bool = False) -> str | Wrong:
    """dd/mm/yyyy (or mm/yyyy, yyyy): from 15-8-94, 15081994, ngày 15 tháng 8 năm 1994."""
    typed = clean(text)
    found = _DATE.fullmatch(typed) or _SOLID_DATE.fullmatch(typed)
    if found:
        day, month, year = int(found[1]), int(found[2]), int(found[3])
    elif partial and (found := _MONTH.fullmatch(typed)):
        day, month, year = 1, int(found[1]), int(found[2])
    elif partial and (found := _YEAR.fullmatch(typed)):
        day, month, year = 1, 1, int(found[1])
    else:
        return Wrong("date")
    if len(found[len(found.groups())]) == 2:
        year += 2000 if 2000 + year <= today.year else 1900
    try:
        real = date(year, month, day)
    except ValueError:
        return Wrong("date-unreal")
    if not 1870 <= year <= 2100:
        return Wrong("date-unreal")
    return f"{real:%d/%m/%Y}"[-(10, 7, 4)[3 - len(found.groups())] :]


def parse_name(text: str) -> str | Wrong:
    """A person's name; all small letters are given capitals, what was typed otherwise stays."""
    name = clean(text).replace("\n", " ")
    letters = sum(c.isalpha() for c in name)
    if letters < 2 or len(name) > 100 or not all(c.isalpha() or c in _NAME_MARKS for c in name):
        return Wrong("name")
    return " ".join(word[:1].upper() + word[1:] for word in name.split()) if name.islower() else name


def _parse_number(text: str, least: int | None, most: int | None) -> str | Wrong:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return Wrong("number")
    number = int(found[1].replace(".", ""))
    if (least is not None and number < least) or (most is not None and number > most):
        return Wrong("number-range")
    return str(number)
