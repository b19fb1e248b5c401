"""A dossier's answers as its officers read, pick and write them: in the form's order, row after row."""

from __future__ import annotations

from datetime import date
from typing import Final

from catalogue.model import Procedure, Question
from conversations.plans import base, in_row, plan, pledge, question_of, row_of
from conversations.staff_state import DossierFile
from domain.reading import Reading, read
from domain.values import Wrong, parse

DESK: Final = "desk"
_LONGEST: Final = 12  # letters of a place


def answered(file: DossierFile, procedure: Procedure) -> tuple[Question, ...]:
    """The questions that were answered or left to an officer; the pledge is none that could be wrong."""
    planned = plan(procedure)
    given = {key for key, value in file.answers.items() if value}
    given |= {key for key, mark in file.marks.items() if mark == DESK}
    found: list[Question] = []
    for question in procedure.questions:
        block = planned.blocks.get(question.key)
        if block is None:
            found.append(question)
        elif question.key == block.key:
            own = {q.key for q in block.questions}
            last = max((row_of(key) for key in given if base(key) in own), default=0)
            found += [in_row(planned, q, row) for row in range(1, last + 1) for q in block.questions]
    return tuple(q for q in found if q.key in given and not pledge(q))


def place(procedure: Procedure, question: Question) -> str:
    """q12 for the twelfth question but one, q12.3 for its third row: short enough for a button."""
    keys = [q.key for q in procedure.questions]
    row = row_of(question.key)
    return f"q{keys.index(base(question.key))}" + (f".{row}" if row > 1 else "")


def key_at(procedure: Procedure, argument: str) -> str | None:
    """The key of paper p3, question q12 or its further row q12.3."""
    number, _, row = argument[1:].partition(".")
    at = int(number) if number.isdecimal() and len(argument) <= _LONGEST else -1
    if argument[:1] == "p" and 0 <= at < len(procedure.papers) and not row:
        return procedure.papers[at].key
    if argument[:1] == "q" and 0 <= at < len(procedure.questions):
        key = procedure.questions[at].key + (f".{row}" if row else "")
        return key if question_of(procedure, key) is not None else None
    return None


def written(question: Question, typed: str, today: date) -> Reading | Wrong:
    """What an officer typed, whose spelling is not doubted; `offers` are the days that a date may mean."""
    kind, choices, partial = question.kind, question.choices, question.partial_ok
    least, most = question.min, question.max
    found = read(kind, typed, today=today, choices=choices, partial=partial, least=least, most=most)
    if isinstance(found, Wrong):  # an officer may know better, such as the number of a passport
        plain = parse(kind, typed, today=today, choices=choices, partial=partial, least=least, most=most)
        return found if isinstance(plain, Wrong) else Reading(plain)
    if found.why != "calendar":
        return Reading(found.value or typed.strip())
    return Reading(found.offers[0]) if len(found.offers) == 1 else found
