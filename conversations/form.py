"""The questions of a form: their order, which of them stand, and what is filled in without being asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from catalogue.conditions import fields_of, holds
from catalogue.model import Condition, Procedure, Question
from conversations.state import Draft
from domain.values import Wrong, parse

UNASKED: Final = ("default", "copied")  # marks of answers that nobody was asked for
EXTRAS_DONE: Final = "extras-done"
MOST_ROWS: Final = 30


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


def rows(draft: Draft, block: Block) -> int:
    """How many rows there are; the first is always there."""
    begun = f"rows:{block.key}:"
    return max((int(f.removeprefix(begun)) for f in draft.flags if f.startswith(begun)), default=1)


def rows_done(block: Block) -> str:
    """The flag that says that no further row is wanted."""
    return f"rows-done:{block.key}"


def standing(procedure: Procedure, draft: Draft, today: date) -> tuple[Question, ...]:
    """Every question that the answers leave standing, in the order of asking."""
    planned = plan(procedure)
    found: list[Question] = []
    for question in planned.order:
        block = planned.blocks.get(question.key)
        if block is None:
            if _stands(question, draft, today):
                found.append(question)
        elif question.key == block.key:
            for row in range(1, rows(draft, block) + 1):
                asked = block.questions
                if block.optional and not draft.answers.get(block.key):
                    asked = asked[:1]  # the first opens the rest
                found += [q for q in (in_row(planned, a, row) for a in asked) if _stands(q, draft, today)]
    return tuple(found)


def is_extra(procedure: Procedure, question: Question) -> bool:
    """Whether it waits behind «Ghi thêm»: nobody needs it, and nothing hangs on it."""
    return question.key in plan(procedure).extras


def extras(procedure: Procedure, draft: Draft, today: date) -> tuple[Question, ...]:
    """What may still be added."""
    return tuple(q for q in standing(procedure, draft, today) if is_extra(procedure, q) and q.key not in draft.answers)


def open_(procedure: Procedure, draft: Draft, today: date) -> Question | Block | None:
    """What is asked next: a question, or whether a block wants another row; None where all is told."""
    asked = [q for q in standing(procedure, draft, today) if not is_extra(procedure, q)]
    for number, question in enumerate(asked):
        if question.key not in draft.answers:
            return question
        block = _ends(procedure, asked, number)
        if block is not None and _wants_more(draft, block):
            return block
    first = {q.key: plan(procedure).blocks[q.key] for q in standing(procedure, draft, today) if _opens(procedure, q)}
    return next((block for block in first.values() if _wants_more(draft, block)), None)


def passed(procedure: Procedure, draft: Draft, today: date) -> tuple[str, ...]:
    """The groups that are complete, up to the first that is not."""
    asked = [q for q in standing(procedure, draft, today) if not is_extra(procedure, q)]
    done: list[str] = []
    for group in plan(procedure).groups:
        own = [q for q in asked if q.group == group]
        blocks = {b.key: b for b in (plan(procedure).blocks.get(base(q.key)) for q in own) if b is not None}
        if any(q.key not in draft.answers for q in own) or any(_wants_more(draft, b) for b in blocks.values()):
            break
        if own:
            done.append(group)
    return tuple(done)


def parts(procedure: Procedure, draft: Draft, today: date) -> tuple[str, ...]:
    """The groups in which something is asked, without what leads the form."""
    planned = plan(procedure)
    asked = {
        q.group
        for q in standing(procedure, draft, today)
        if q.key not in planned.leads and q.key not in planned.extras and draft.marks.get(q.key) not in UNASKED
    }
    return tuple(group for group in planned.groups if group in asked)


def begins(procedure: Procedure, draft: Draft, question: Question, today: date) -> bool:
    """Whether a group begins with this question."""
    planned = plan(procedure)
    for other in standing(procedure, draft, today):
        if other.group != question.group or other.key in planned.leads or other.key in planned.extras:
            continue
        if draft.marks.get(other.key) not in UNASKED:
            return other.key == question.key
    return False


def told(procedure: Procedure, draft: Draft, today: date, group: str) -> tuple[Question, ...]:
    """The questions of a group that have an answer, in the order of the form."""
    order = {q.key: at for at, q in enumerate(procedure.questions)}
    own = [
        q
        for q in standing(procedure, draft, today)
        if q.group == group and (draft.answers.get(q.key) or draft.marks.get(q.key) == "desk")
    ]
    return tuple(sorted(own, key=lambda q: (row_of(q.key), order[base(q.key)])))


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
    shown = {q.key for q in standing(procedure, draft, today)}
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
    open_now = standing(procedure, now, today)
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
        for question in standing(procedure, draft, today):
            if question.person == same.person and question.detail is not None:
                value = of_person(procedure, draft, same.is_, question.detail)
                if value and fits(question, value, today):
                    copies.setdefault(question.key, value)
    for question in plan(procedure).order:
        said = next((f.value for f in question.follows if holds(f.when, draft.answers, today)), None)
        if said is not None and _stands(question, draft, today):
            copies.setdefault(question.key, said)
    return copies


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


def _stands(question: Question, draft: Draft, today: date) -> bool:
    return question.ask_when is None or holds(question.ask_when, draft.answers, today)


def _rowed(condition: Condition, own: set[str], row: int) -> Condition:
    field = f"{condition.field}.{row}" if condition.field in own else condition.field
    return replace(
        condition,
        field=field,
        all=None if condition.all is None else tuple(_rowed(c, own, row) for c in condition.all),
        any=None if condition.any is None else tuple(_rowed(c, own, row) for c in condition.any),
    )


def _ends(procedure: Procedure, asked: list[Question], number: int) -> Block | None:
    """The block that ends behind this question."""
    block = plan(procedure).blocks.get(base(asked[number].key))
    behind = plan(procedure).blocks.get(base(asked[number + 1].key)) if number + 1 < len(asked) else None
    return None if block is None or (behind is not None and behind.key == block.key) else block


def _opens(procedure: Procedure, question: Question) -> bool:
    return question.key in plan(procedure).blocks and is_extra(procedure, question)


def _wants_more(draft: Draft, block: Block) -> bool:
    """Whether it is still to be asked for another row."""
    return (
        bool(draft.answers.get(block.key) or draft.marks.get(block.key) == "desk")
        and rows_done(block) not in draft.flags
        and rows(draft, block) < MOST_ROWS
    )
