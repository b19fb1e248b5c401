"""What a procedure's data alone say of its form: the order of asking, its groups, and what comes in rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from catalogue.conditions import fields_of
from catalogue.model import Condition, Procedure, Question

_NUMBER: Final = re.compile(r"^(?:\d+|[IVX]+)[.)]\s*")


class Block(Struct, frozen=True):
    """Questions of one group that are asked again for each further person or thing."""

    group: str
    questions: tuple[Question, ...]

    @property
    def key(self) -> str:
        return self.questions[0].key

    @property
    def optional(self) -> bool:
        return all(q.optional for q in self.questions)

    @property
    def people(self) -> bool:
        """Whether its rows are people rather than things."""
        return any(q.kind == "person_name" for q in self.questions)


class Plan(Struct, frozen=True):
    """What a procedure's data alone decide. `order` is that of asking, `leads` come before all groups."""

    procedure: Procedure
    order: tuple[Question, ...]
    leads: frozenset[str]
    groups: tuple[str, ...]
    extras: frozenset[str]
    blocks: Mapping[str, Block]  # by the key of each of their questions


_PLANS: Final[dict[str, Plan]] = {}  # the newest version of each procedure that was looked at


def plan(procedure: Procedure) -> Plan:
    known = _PLANS.get(procedure.id)
    if known is None or known.procedure is not procedure:
        known = _PLANS[procedure.id] = _plan(procedure)
    return known


def title(group: str) -> str:
    """A group's name without the number that it has on paper."""
    return _NUMBER.sub("", group)


def pledge(question: Question) -> bool:
    """A pledge is made by handing in."""
    return question.choices == ("Tôi cam đoan",)


def row_of(key: str) -> int:
    """Which row of a repeatable group an answer belongs to; 1 also where there are no rows."""
    number = key.rpartition(".")[2] if "." in key else ""
    return int(number) if number.isdecimal() else 1


def base(key: str) -> str:
    return key.partition(".")[0]


def question_of(procedure: Procedure, key: str) -> Question | None:
    """The question with this key, also one of a further row."""
    row = row_of(key)
    found = next((q for q in procedure.questions if q.key == base(key)), None)
    if found is None or (row > 1 and not found.repeatable) or key not in (found.key, f"{found.key}.{row}"):
        return None
    return in_row(plan(procedure), found, row)


def in_row(planned: Plan, question: Question, row: int) -> Question:
    """The question as it stands in this row; it looks at the answers of its own row."""
    if row == 1:
        return question
    own = {q.key for q in planned.blocks[question.key].questions}
    when = None if question.ask_when is None else _rowed(question.ask_when, own, row)
    return replace(question, key=f"{question.key}.{row}", ask_when=when)


def _plan(procedure: Procedure) -> Plan:
    asked = [q for q in procedure.questions if not pledge(q)]
    given = {q.key for q in asked if q.default is not None or q.repeatable}
    leads = {field for detour in procedure.detours for field in fields_of(detour.when)} - given
    for question in reversed(asked):  # a condition looks at earlier questions only
        if question.key in leads and question.ask_when is not None:
            leads |= fields_of(question.ask_when) - given
    groups = tuple(dict.fromkeys(q.group for q in asked))
    order = sorted(asked, key=lambda q: -1 if q.key in leads else groups.index(q.group))
    blocks: dict[str, Block] = {}
    for group in groups:
        own = tuple(q for q in asked if q.group == group and q.repeatable)
        blocks |= {q.key: Block(group, own) for q in own}
    deciding = _deciding(procedure)
    extras = {q.key for q in asked if q.optional and q.key not in deciding | leads and q.key not in blocks}
    extras |= {block.key for block in blocks.values() if block.optional}
    return Plan(procedure, tuple(order), frozenset(leads), groups, frozenset(extras), blocks)


def _deciding(procedure: Procedure) -> set[str]:
    """Questions whose answers other questions or papers hang on."""
    conditions = [
        *(q.ask_when for q in procedure.questions if not q.optional),
        *(p.required_when for p in procedure.papers),
        *(s.when for s in procedure.same),
    ]
    return {field for condition in conditions if condition is not None for field in fields_of(condition)}


def _rowed(condition: Condition, own: set[str], row: int) -> Condition:
    field = f"{condition.field}.{row}" if condition.field in own else condition.field
    return replace(
        condition,
        field=field,
        all=None if condition.all is None else tuple(_rowed(c, own, row) for c in condition.all),
        any=None if condition.any is None else tuple(_rowed(c, own, row) for c in condition.any),
    )
