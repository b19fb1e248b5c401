"""A dossier's answers as somebody types them into the portal's form: each asked field once, in the form's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Final

from msgspec import Struct

from catalogue.conditions import holds
from catalogue.model import Procedure, Question
from conversations.plans import in_row, plan, pledge
from conversations.render import text
from domain.values import clean

DESK: Final = "desk"  # the mark of an answer that an officer is to write properly


class Field(Struct, frozen=True):
    """One box. `value` is ready to be typed; `stored` is the answer as the program keeps it.

    `row` counts the people or things of a group that is asked again for each; 0 where it is not. `desk`: an officer
    writes it, and `stored` is what the citizen made of it.
    """

    key: str
    label: str
    kind: str
    group: str
    value: str
    stored: str = ""
    row: int = 0
    required: bool = False
    on_form: bool = True
    desk: bool = False

    @property
    def to_type(self) -> bool:
        """Whether the portal wants it and we have nothing to copy."""
        return not self.value and (self.required or self.desk)


def fields(
    procedure: Procedure, answers: Mapping[str, str], marks: Mapping[str, str], today: date
) -> tuple[Field, ...]:
    """What the answers leave standing: the form's groups where they first come up, then what is not on the form.

    `today` is the day on which it was handed in, from which ages are reckoned.
    """
    on_form = [q for q in procedure.questions if q.on_form and not pledge(q)]
    made: list[Field] = []
    for group in dict.fromkeys(q.group for q in on_form):
        mine = [q for q in on_form if q.group == group]
        made += _run(procedure, mine, group, answers, marks, today)
    beside = [q for q in procedure.questions if not q.on_form and not pledge(q)]
    made += _run(procedure, beside, text("portal-archive.beside"), answers, marks, today)
    made += [_field(q, q.key, q.group, answers, marks) for q in procedure.questions if pledge(q)]
    return tuple(made)


def copied(question: Question, value: str) -> str:
    """A stored answer as a form of the portal takes it: names in capitals as on paper, a phone in digits alone."""
    value = clean(value)
    if question.kind == "person_name":
        return value.upper()
    if question.kind == "phone" and value.startswith("+84"):
        return "0" + value.removeprefix("+84")
    return value


def _run(
    procedure: Procedure,
    questions: list[Question],
    group: str,
    answers: Mapping[str, str],
    marks: Mapping[str, str],
    today: date,
) -> Iterator[Field]:
    """Rows one after another, each with all its questions."""
    planned = plan(procedure)
    for repeated, some in groupby(questions, key=lambda q: q.group if q.repeatable else ""):
        run = list(some)
        for row in range(1, _rows(run, answers, marks) + 1) if repeated else (1,):
            for question in run:
                asked = in_row(planned, question, row)
                if asked.ask_when is None or holds(asked.ask_when, answers, today):
                    yield _field(asked, asked.key, group, answers, marks, row if repeated else 0)


def _rows(questions: list[Question], answers: Mapping[str, str], marks: Mapping[str, str]) -> int:
    """How many people or things were told; the first is always there."""
    keys = {q.key for q in questions}
    told = [key.partition(".") for key in (*answers, *marks)]
    return max((int(row) for base, _, row in told if base in keys and row.isdecimal()), default=1)


def _field(
    question: Question, key: str, group: str, answers: Mapping[str, str], marks: Mapping[str, str], row: int = 0
) -> Field:
    stored = clean(answers.get(key, ""))
    desk = marks.get(key) == DESK
    return Field(
        key=key,
        label=question.label.rstrip("?"),
        kind=question.kind,
        group=group,
        value="" if desk else copied(question, stored),
        stored=stored,
        row=row,
        required=question.required and not question.optional,
        on_form=question.on_form,
        desk=desk,
    )
