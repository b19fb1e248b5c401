"""What people type, read as they mean it: a value, spellings or days to choose from, or what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from domain import names, numbers
from domain.calendars import both_calendars, calendar_of
from domain.dates import read_date
from domain.spelling import AsTyped, Spelling
from domain.values import LONGEST, Reading, Wrong, clean, parse_choice

__all__ = ["AS_TYPED", "Reading", "both_calendars", "calendar_of", "read"]

AS_TYPED: Final = AsTyped()


def read(  # noqa: PLR0913 - a question's own limits, each by name
    kind: str,
    typed: str,
    *,
    today: date,
    choices: Sequence[str] = (),
    partial: bool = False,
    least: int | None = None,
    most: int | None = None,
    past: bool = False,
    both: bool = False,
    spelling: Spelling = AS_TYPED,
) -> Reading | Wrong:
    """An answer to a question of this kind.

    `partial`: a date may be a month or a year alone; `past`: it lies not in the future; `both`: it is always offered by
    both calendars, unless one was named. `least` and `most` bound a number.
    """
    text = clean(typed)
    if not text:
        return Wrong("empty")
    if len(text) > LONGEST:
        return Wrong("too-long")
    match kind:
        case "choice":
            return _plain(parse_choice(text, choices))
        case "date":
            return read_date(text, today, partial=partial, past=past, both=both)
        case "person_name":
            return _name(text, spelling)
        case "id_number":
            return _id_number(text)
        case "phone":
            return _plain(numbers.phone_number(text))
        case "number":
            return _number(text, least, most)
        case "ethnicity" | "nationality":
            return _listed(kind, text, spelling)
        case _:
            return _words(text, spelling, place=kind == "address")


def _plain(value: str | Wrong) -> Reading | Wrong:
    return value if isinstance(value, Wrong) else Reading(value)


def _name(text: str, spelling: Spelling) -> Reading | Wrong:
    name = names.tidy(text)
    guess = spelling.name(" ".join(text.split()) if isinstance(name, Wrong) else name)
    if isinstance(name, Wrong):  # VNI leaves digits in a name
        return Reading("", guess.spellings, (), "spelling") if guess.spellings else name
    if not guess.bare:
        return Reading(name)
    doubts = ("unaccented", "unaccented-part") if guess.part and guess.spellings else ("unaccented",)
    return Reading(name, guess.spellings, (), "spelling" if guess.spellings else "", doubts)


def _id_number(text: str) -> Reading | Wrong:
    number = numbers.id_number(text)
    return number if isinstance(number, Wrong) else Reading(number, doubts=numbers.id_doubts(number, None, None))


def _number(text: str, least: int | None, most: int | None) -> Reading | Wrong:
    number = numbers.count(text)
    if number is None:
        return Wrong("number")
    if (least is not None and number < least) or (most is not None and number > most):
        return Wrong("number-range")
    return Reading(str(number))


def _listed(kind: str, text: str, spelling: Spelling) -> Reading:
    listed = spelling.listed(kind, text)
    if listed is None:
        return Reading(text)
    if listed.entry:
        return Reading(listed.entry)
    return Reading(text, listed.near, (), "spelling" if listed.near else "", ("unlisted",))


def _words(text: str, spelling: Spelling, *, place: bool) -> Reading:
    guess = spelling.words(text, place=place)
    if not guess.bare:
        return Reading(names.place(text) if place else text)
    doubts = ("unaccented", "unaccented-part") if guess.part else ("unaccented",)
    return Reading(text, guess.spellings, (), "spelling" if guess.spellings else "", doubts)
