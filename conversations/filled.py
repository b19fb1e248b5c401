"""What a form is filled with besides what was asked: defaults, copies, and without what has become pointless."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from catalogue.conditions import holds
from catalogue.model import Procedure, Question
from conversations import form
from conversations.form import UNASKED
from conversations.plans import base, plan, pledge
from conversations.state import Draft
from domain.values import Wrong, parse


def of_person(
    procedure: Procedure, draft: Draft, person: str | None, detail: str, *, group: str | None = None, row: int = 1
) -> str:
    """What has been told of a person; empty where nothing was, or only for an officer to write."""
    for question in procedure.questions:
        if not person or question.person != person or question.detail != detail or group not in (None, question.group):
            continue
        key = question.key if row == 1 or not question.repeatable else f"{question.key}.{row}"
        if draft.answers.get(key) and draft.marks.get(key) != "desk":
            return draft.answers[key]
    return ""


def fits(question: Question, value: str, today: date) -> bool:
    """Whether a stored answer may stand under this question."""
    if not value:
        return question.optional
    if question.choices:
        return value in question.choices
    read = parse(question.kind, value, today=today, partial=question.partial_ok, least=question.min, most=question.max)
    return not isinstance(read, Wrong)


def settled(procedure: Procedure, draft: Draft, today: date) -> Draft:
    """With what need not be asked filled in, and without what the other answers have made pointless."""
    for _ in range(6):
        fresh = _settled(procedure, draft, today)
        if fresh == draft:
            break
        draft = fresh
    return draft


def final(procedure: Procedure, draft: Draft, today: date) -> Draft:
    """As it is handed in: nothing that was not asked for, and the pledge."""
    shown = {q.key for q in form.standing(procedure, draft, today)}
    answers = {key: value for key, value in draft.answers.items() if key in shown}
    answers |= {q.key: q.choices[0] for q in procedure.questions if pledge(q)}
    return replace(draft, answers=answers, marks={k: m for k, m in draft.marks.items() if k in shown})


def _settled(procedure: Procedure, draft: Draft, today: date) -> Draft:
    answers, marks = dict(draft.answers), dict(draft.marks)
    copies = _copies(procedure, draft, today)
    for key in [k for k, mark in marks.items() if mark == "copied" and k not in copies]:
        answers.pop(key, None)
        del marks[key]
    for key, value in copies.items():
        if key not in answers or marks.get(key) in UNASKED:
            answers[key], marks[key] = value, "copied"
    now = replace(draft, answers=answers, marks=marks)
    open_now = form.standing(procedure, now, today)
    shown = {q.key for q in open_now}
    known = {q.key for q in plan(procedure).order}
    # What a card said stays: another person of the form may be the same human.
    gone = {k for k in answers if base(k) in known and k not in shown and marks.get(k) != "card"}
    answers = {k: v for k, v in answers.items() if k not in gone}
    marks = {k: m for k, m in marks.items() if k in answers}
    for question in open_now:
        if question.default is not None and question.key not in answers:
            answers[question.key], marks[question.key] = question.default, "default"
    held = {f"detour:{n}" for n, d in enumerate(procedure.detours) if holds(d.when, answers, today)}
    flags = tuple(f for f in draft.flags if not f.startswith("detour:") or f in held)
    return replace(draft, answers=answers, marks=marks, flags=flags)


def _copies(procedure: Procedure, draft: Draft, today: date) -> dict[str, str]:
    """What other answers say already: of persons who are on the form, and in so many words."""
    copies: dict[str, str] = {}
    for same in procedure.same:
        if not holds(same.when, draft.answers, today):
            continue
        for question in form.standing(procedure, draft, today):
            if question.person == same.person and question.detail is not None:
                value = of_person(procedure, draft, same.is_, question.detail)
                if value and fits(question, value, today):
                    copies.setdefault(question.key, value)
    for question in plan(procedure).order:
        said = next((f.value for f in question.follows if holds(f.when, draft.answers, today)), None)
        if said is not None and form.stands(question, draft, today):
            copies.setdefault(question.key, said)
    return copies
