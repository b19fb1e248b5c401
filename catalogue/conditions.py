"""The closed grammar of conditions: what an answer must be for a question or a paper to matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from catalogue.model import Condition, Procedure, Question

_DAY = re.compile(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)?(\d{4})")


def holds(condition: Condition, answers: Mapping[str, str], today: date) -> bool:
    """Whether the condition is met; a missing answer counts as empty and has no age."""
    if condition.all is not None:
        return all(holds(part, answers, today) for part in condition.all)
    if condition.any is not None:
        return any(holds(part, answers, today) for part in condition.any)
    answer = answers.get(condition.field or "", "").strip()
    if condition.in_ is not None:
        return answer in condition.in_
    if condition.not_in is not None:
        return answer not in condition.not_in
    if condition.present is not None:
        return bool(answer) is condition.present
    if condition.not_matches is not None:
        return re.search(condition.not_matches, answer) is None
    years = age(answer, today)
    if years is None:
        return False
    if condition.age_lt is not None:
        return years < condition.age_lt
    return condition.age_gte is not None and years >= condition.age_gte


def age(answer: str, today: date) -> int | None:
    """Whole years since dd/mm/yyyy; of mm/yyyy or yyyy the latest day, so a child stays one."""
    found = _DAY.fullmatch(answer.strip())
    if found is None:
        return None
    year, month = int(found[3]), int(found[2] or 12)
    try:
        date(year, month, int(found[1] or 1))
    except ValueError:
        return None
    day = int(found[1] or 31)
    return today.year - year - ((today.month, today.day) < (month, day))


def fields_of(condition: Condition) -> set[str]:
    """The keys of the questions a condition looks at."""
    fields = {condition.field} if condition.field else set()
    return fields.union(*(fields_of(part) for part in (condition.all or ()) + (condition.any or ())))


def first_questions(procedure: Procedure) -> tuple[Question, ...]:
    """The questions whose answers may lead away, and those they hang on; one with a default need not be asked."""
    wanted: set[str] = set().union(*(fields_of(detour.when) for detour in procedure.detours))
    # A condition looks at earlier questions only, so one walk from the end closes the set.
    for question in reversed(procedure.questions):
        if question.key in wanted and question.ask_when is not None:
            wanted |= fields_of(question.ask_when)
    return tuple(q for q in procedure.questions if q.key in wanted and q.default is None)
