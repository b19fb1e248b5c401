"""One question of a form as a line to be printed, several short ones side by side, or repeated ones as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Final

from msgspec import Struct

from catalogue.model import Question
from documents.dates_in_words import date_in_words
from domain.values import clean, money_words, show_phone

BREAK: Final = "\u200b"  # where a word that is longer than any real one may go on in the next line
LONGEST_WORD: Final = 30
_LONGEST_IN_TABLE: Final = 12
_LACKING: Final = re.compile(r"[^\n -\u05ff\u1d00-\u22ff\u2500-\u26ff\u2c60-\u2c7f\ufb00-\ufb4f]")
_VARIANTS: Final = re.compile(r"[\ufe00-\ufe0f]")
_ACROSS: Final = 72  # letters of 13 points side by side on one line
_SHORT: Final = frozenset({"choice", "date", "ethnicity", "id_number", "nationality", "number", "phone"})
_WRITTEN: Final = {
    "choice": 8,
    "date": 14,
    "ethnicity": 12,
    "id_number": 20,
    "nationality": 12,
    "number": 7,
    "phone": 16,
}
_FEW: Final = 12  # letters of a choice that may share its line
_KEPT_HINT: Final = 24  # a longer explanation is not needed once the answer is there
_WORDY: Final = re.compile(r"lý do|tóm tắt|nội dung|hoàn cảnh|danh sách|nguyên nhân", re.IGNORECASE)
_EMPTY_ROWS: Final = 4
_IN_WORDS: Final = "Ghi bằng chữ"


class Line(Struct, frozen=True):
    """`room`: dotted lines to write on; `choices`: boxes to tick; `typed` is what an officer is to write properly."""

    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    room: int = 0
    desk: bool = False
    typed: str = ""
    across: int = 0  # letters it takes where it may share its line; 0: it has one of its own


class Row(Struct, frozen=True, tag="row"):
    """Lines side by side."""

    lines: tuple[Line, ...]


class Table(Struct, frozen=True, tag="table"):
    """Answers that come once a person or a thing; `widths` are shares of the whole."""

    heads: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


def printed(question: Question, value: str) -> str:
    """A stored answer as a form shows it."""
    match question.kind:
        case "person_name":
            return value.upper()
        case "phone" if value.startswith("+84"):
            return show_phone(value)
        case "number" if value.isdecimal() and "đồng" in question.label:
            return money_words(int(value)).removesuffix(" đồng")
    return value


def answered(question: Question, group: str, answers: Mapping[str, str], desk: frozenset[str]) -> list[Line]:
    """Its line, and a second one where the value is said again in words."""
    label, hint = _label(question, group)
    value = shown(printed(question, clean(answers.get(question.key, ""))))
    if question.key in desk:
        typed = shown(answers.get(question.key, ""))
        return [Line(label, "", hint, room=1, desk=True, typed=typed)]
    if not value:
        return [Line(label, "", hint, room=2 if _wordy(question) else 1, across=_across(question, label, ""))]
    short = hint if len(hint) <= _KEPT_HINT else ""
    words = date_in_words(value) if question.kind == "date" and _wants_words(question) else ""
    line = Line(label, value, short, across=0 if words else _across(question, label + short, value))
    return [line, Line(_IN_WORDS, words)] if words else [line]


def empty(question: Question, group: str, *, alone: bool) -> list[Line]:
    """To be filled in by hand; `alone`: nothing above says already when it is asked."""
    label, hint = _label(question, group)
    if alone and when(question):
        hint = f"{hint} (ghi khi: {when(question)})".strip()
    if question.choices:
        across = len(label) + len(hint) + sum(len(choice) + 5 for choice in question.choices)
        return [Line(label, "", hint, question.choices, across=across if across <= _ACROSS // 2 else 0)]
    room = 3 if _wordy(question) else 1
    most = _ACROSS // 2 if question.kind in ("text", "address") else _ACROSS * 2 // 3
    if room == 1 and len(label) + len(hint) > most:
        room = 2
    words = [Line(_IN_WORDS, room=1)] if _wants_words(question) else []
    return [Line(label, "", hint, room=room, across=0 if hint or words else _across(question, label, "")), *words]


def when(question: Question) -> str:
    """In which case it is to be filled in, in words; where the words are no sentence for citizens, nothing."""
    words = question.ask_if or ""
    return "" if "_" in words else words[:1].lower() + words[1:]


def rows(lines: Iterable[Line]) -> list[Row]:
    """Short lines side by side as long as there is room."""
    done: list[Row] = []
    held: list[Line] = []
    for line in lines:
        if held and (not line.across or sum(one.across for one in held) + line.across > _ACROSS):
            done.append(Row(tuple(held)))
            held = []
        held.append(line)
        if not line.across:
            done.append(Row(tuple(held)))
            held = []
    return [*done, Row(tuple(held))] if held else done


def table(questions: Sequence[Question], answers: Mapping[str, str], desk: frozenset[str]) -> Table:
    """Row 1 has the bare keys, row n the keys with `.n`; without an answer there are rows to write in."""
    labels = [question.label.rstrip("?") for question in questions]
    said_before = {label.partition(": ")[0] for label in labels}
    if len(said_before) == 1 and all(": " in label for label in labels):
        labels = [label.partition(": ")[2] for label in labels]
    heads = tuple(label[:1].upper() + label[1:] for label in labels)
    found: list[tuple[str, ...]] = []
    for n in count(1):
        keys = [question.key if n == 1 else f"{question.key}.{n}" for question in questions]
        if not any(key in answers for key in keys):
            break
        found.append(tuple(_cell(q, key, answers, desk) for q, key in zip(questions, keys, strict=True)))
    if not any(any(row) for row in found):
        found = [("",) * len(questions)] * _EMPTY_ROWS
    widths = tuple(
        _width(q, head, column) for q, head, column in zip(questions, heads, zip(*found, strict=True), strict=True)
    )
    return Table(heads, widths, tuple(found))


def shown(text: str, longest: int = LONGEST_WORD) -> str:
    """As our type can print it: a box for what it has no letter for, and places to break in the longest words."""
    text = _LACKING.sub("□", _VARIANTS.sub("", clean(text)))
    return re.sub(rf"\S{{{longest},}}", lambda word: BREAK.join(word[0]), text)


def _label(question: Question, group: str) -> tuple[str, str]:
    """What is asked, without what its section says already; and its explanation, in brackets."""
    label, _, hint = question.label.rstrip("?").partition(" (")
    if hint and not hint.endswith(")"):
        return question.label.rstrip("?"), ""
    for whose in (group, group.removeprefix("Người ").removeprefix("Trẻ ")):
        label = label.removesuffix(f" của {whose[:1].lower()}{whose[1:]}")
    return label, f"({hint}" if hint else ""


def _wordy(question: Question) -> bool:
    return question.kind == "text" and _WORDY.search(question.label) is not None


def _wants_words(question: Question) -> bool:
    return "bằng chữ" in (question.note or "")


def _across(question: Question, label: str, value: str) -> int:
    if question.kind not in _SHORT or max(map(len, question.choices), default=0) > _FEW:
        return 0
    taken = len(label) + 2 + max(len(value) + 2, _WRITTEN[question.kind])
    return taken if taken <= _ACROSS * 2 // 3 else 0


def _cell(question: Question, key: str, answers: Mapping[str, str], desk: frozenset[str]) -> str:
    value = clean(answers.get(key, ""))
    if key in desk:
        return "(cán bộ ghi)"
    return shown(printed(question, value), _LONGEST_IN_TABLE)


def _width(question: Question, head: str, column: Iterable[str]) -> float:
    if question.kind == "date":
        return 10
    wide = max(max(map(len, column), default=0), len(head) / 2, *(len(word) for word in head.split()))
    return max(min(wide, 26), 16 if question.kind in ("text", "person_name") else 7)
