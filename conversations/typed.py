"""What was typed under a question of the form: a value, something to choose or to confirm first, or no answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from catalogue.model import Procedure, Question
from conversations import drafts, filled, picks, plans, spoken
from conversations.state import Context, Draft, Pending
from domain.numbers import id_doubts
from domain.reading import AS_TYPED, Reading, read
from domain.values import Wrong, fold, parse_choice

DOUBT: Final = "doubt."  # begins `Pending.why` where one value waits for a "yes, that is right"
AS_IT_IS: Final = (f"{DOUBT}unaccented", f"{DOUBT}unlisted")  # nothing is wrong with the value but its spelling
WRONG: Final = "wrong."  # ... and where what was typed is no value, and may be left to an officer

_PAST: Final = ("born", "died", "issued")
_SEX: Final[Mapping[str, str]] = {"mother": "Nữ", "wife": "Nữ", "father": "Nam", "husband": "Nam"}
_DOUBLE: Final = ("number", "born", "sex")  # details that an ID number repeats
_UNKNOWN: Final = re.compile(
    r"(?:(?:da|em|toi|tui|minh|chau|thi|chac) )*(?:khong|ko|k|chua|chang|quen)(?: (?:con|co|ai))?"
    r" ?(?:nho|biet|ro|co|mat|het)?(?: (?:ngay|ro|nua|roi|a|gi|nho|so|ten|dau|chinh xac|dau a))*"
)
_GROWN: Final = 14  # years
_FORGOTTEN: Final = re.compile(r"\b(?:nho|biet|ro|quen)\b")
_TOLD: Final = ("text", "address", "person_name", "id_number")  # a date has words of its own


def reading(question: Question, typed: str, ctx: Context) -> Reading | Wrong:
    """As `domain.reading` has it, with what is known of this question."""
    bank = question.person is None and question.key.startswith("bank")  # written as the bank writes it
    if question.kind in _TOLD and not question.choices and forgotten(typed):
        return Wrong("unknown")
    if question.kind == "address" and not any(c.isalpha() for c in typed):
        return Wrong("address")
    meant = _meant(question, typed)
    if meant is None:
        return Wrong("name-missing")
    found = read(
        question.kind,
        meant,
        today=drafts.today_of(ctx),
        choices=question.choices,
        partial=question.partial_ok,
        least=question.min,
        most=question.max,
        past=question.detail in _PAST,
        both=question.detail == "died",
        spelling=AS_TYPED if bank else ctx.catalogue.spelling,
    )
    if isinstance(found, Reading) and bank:
        return Reading(found.value)
    return found


def pending(
    draft: Draft, procedure: Procedure, question: Question, typed: str, found: Reading, today: date
) -> Pending | None:
    """What is to be chosen or confirmed before it is recorded."""
    if found.offers:
        return Pending(question.key, typed, found.offers, found.labels, found.why)
    doubts = (*found.doubts, *_doubts(draft, procedure, question, found.value), *_young(question, found.value, today))
    if not doubts:
        return None
    return Pending(question.key, typed, (found.value,), (), f"doubt.{doubts[0]}")


def plain(question: Question, typed: str, ctx: Context) -> str:
    """The value exactly as typed, tidied; empty where that is none."""
    found = reading(question, typed, ctx)
    return "" if isinstance(found, Wrong) else found.value


def half_spelt(question: Question, typed: str, ctx: Context) -> bool:
    """Whether even the spellings that were offered leave a word without its accents."""
    found = reading(question, typed, ctx)
    return isinstance(found, Reading) and "unaccented-part" in found.doubts


def left_out(question: Question, typed: str) -> bool:
    """Whether somebody passes over a question that need not be answered."""
    if question.kind == "choice" and any(fold(choice).startswith(fold(typed)) for choice in question.choices):
        return False
    return fold(typed) in ("bo qua", "khong", "ko", "k") or spoken.has_none(typed) or unknown(typed)


def unknown(typed: str) -> bool:
    """That somebody does not know or remember: "em không nhớ ạ"."""
    return _UNKNOWN.fullmatch(fold(typed)) is not None


def forgotten(typed: str) -> bool:
    """That somebody does not know it; "không có" alone may be the answer."""
    return unknown(typed) and _FORGOTTEN.search(fold(typed)) is not None


def for_the_desk(question: Question) -> bool:
    """Whether an officer can write it for them; a choice or a number one knows."""
    return question.kind not in ("choice", "number", "phone")


def _young(question: Question, value: str, today: date) -> tuple[str, ...]:
    """Whoever asks for something themselves is no child."""
    asks = question.detail == "born" and question.person == "requester"
    return ("age-young",) if asks and int(value[-4:]) > today.year - _GROWN else ()


def _doubts(draft: Draft, procedure: Procedure, question: Question, value: str) -> tuple[str, ...]:
    """Whether an ID number fits the birth and the sex of the same person."""
    if question.detail not in _DOUBLE or not question.person:
        return ()
    row = plans.row_of(question.key)

    def told(detail: str) -> str:
        if question.detail == detail:
            return value
        return filled.of_person(procedure, draft, question.person, detail, group=question.group, row=row)

    number, born, sex = (told(detail) for detail in _DOUBLE)
    found = id_doubts(number, born or None, sex or _SEX.get(question.person)) if number else ()
    return tuple(doubt for doubt in found if doubt != "id-province")


def picked(typed: str, question: Question) -> str:
    """The choice meant in other words, or what was typed."""
    return picks.pick(typed, question.choices) or typed


def _meant(question: Question, typed: str) -> str | None:
    """The answer within the polite words around it; None where they are all there is."""
    match question.kind:
        case "person_name":
            return spoken.name(typed)
        case "phone":
            return spoken.phone(typed)
        case "choice":
            begins = {True: ("co",), False: ("khong", "chua"), None: ()}[spoken.yes_or_no(typed, fact=True)]
            if not isinstance(parse_choice(typed, question.choices), Wrong):
                return typed
            fitting = [choice for choice in question.choices if fold(choice).split(" ")[0].strip(",") in begins]
            if len(fitting) == 1:
                return fitting[0]
            plain = spoken.plain(typed)
            bare = plain if len(plain) > 1 or plain == typed else typed  # "ở nhà" is not "ông"
            return bare if not isinstance(parse_choice(bare, question.choices), Wrong) else picked(typed, question)
        case _:
            return typed
