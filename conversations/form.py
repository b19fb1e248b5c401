"""The questions of a form: which of them stand, which comes next, and which groups are complete."""

from __future__ import annotations

from datetime import date
from typing import Final

from catalogue.conditions import holds
from catalogue.model import Procedure, Question
from conversations.plans import Block, base, in_row, plan, row_of
from conversations.state import Draft

UNASKED: Final = ("default", "copied")  # marks of answers that nobody was asked for
EXTRAS_DONE: Final = "extras-done"
MOST_ROWS: Final = 30


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
            if stands(question, draft, today):
                found.append(question)
        elif question.key == block.key:
            for row in range(1, rows(draft, block) + 1):
                asked = block.questions
                if block.optional and not draft.answers.get(block.key):
                    asked = asked[:1]  # the first opens the rest
                found += [q for q in (in_row(planned, a, row) for a in asked) if stands(q, draft, today)]
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


def stands(question: Question, draft: Draft, today: date) -> bool:
    """Whether the other answers leave this question standing."""
    return question.ask_when is None or holds(question.ask_when, draft.answers, today)


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
