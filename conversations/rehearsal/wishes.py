"""Which answers bring something about: a question to be asked, a paper to be wanted, a detour, a doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import islice, product
from typing import Final

from catalogue import consistency
from catalogue.conditions import fields_of, holds
from catalogue.model import Condition, Consistency, Procedure, Question
from conversations import plans
from conversations.rehearsal.robot import TYPED, typed

_AGES: Final = (10, 400, 1500, 3000, 5000, 6000, 7000, 15000, 24000, 30000)  # days: from a baby to the very old
_MOST: Final = 4000  # assignments that are tried
_DEEP: Final = 6  # questions that hang on each other
_WORD: Final = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)+")

Answers = Mapping[str, str]


def bringing(
    procedure: Procedure, fields: Iterable[str], so: Callable[[Answers], bool], today: date
) -> tuple[dict[str, str], ...]:
    """Answers with which `so` holds, together with those that have these questions asked; likeliest first, few."""
    keys = sorted({key for key in fields if plans.question_of(procedure, key) is not None})
    options = [(key, (*_candidates(procedure.question(key), today), *_named(procedure, key))) for key in keys]
    found: list[dict[str, str]] = []
    for values in islice(product(*(each for _, each in options)), _MOST):
        answers = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
        if not so(answers):
            continue
        asked = _asked(procedure, answers, today, _DEEP)
        if asked is not None and asked not in found:
            found.append(asked)
        if len(found) == 3:
            break
    return tuple(found)


def when(procedure: Procedure, condition: Condition | None, today: date, *, so: bool = True) -> tuple[Answers, ...]:
    """Answers with which a condition holds, or does not."""
    if condition is None:
        return ({},) if so else ()
    return bringing(procedure, fields_of(condition), lambda given: holds(condition, given, today) is so, today)


def asking(procedure: Procedure, question: Question, today: date) -> tuple[Answers, ...]:
    """Answers with which this question is asked."""
    return when(procedure, question.ask_when, today)


def doubting(procedure: Procedure, rule: Consistency, today: date) -> tuple[Answers, ...]:
    """Answers that fail this rule; then, since a doubt hides what is only told, some that fail no other beside it."""
    keys = {*consistency.fields(rule), *(fields_of(rule.when) if rule.when else ())}
    beside = {
        key
        for other in procedure.consistency
        if keys & {*consistency.fields(other)}
        for key in consistency.fields(other)
    }

    def fails(given: Answers) -> bool:
        return rule in consistency.failed(procedure, given, today)

    return (*bringing(procedure, keys, fails, today), *bringing(procedure, keys | beside, fails, today))


def _candidates(question: Question, today: date) -> tuple[str | None, ...]:
    """Answers worth trying; empty: passed over or left to an officer; None: not asked."""
    if question.choices:
        return (*question.choices, None)
    match question.kind:
        case "date":
            more = [(today - timedelta(days=age)).strftime("%d/%m/%Y") for age in _AGES]
        case "number":
            more = ["1", "0", "7", "40", "100", "1950", "1990", "2025"]
        case "id_number":
            more = ["042094001235"]
        case _:
            more = [TYPED[question.kind], "Lào", "1950", "2025"]
    return (*dict.fromkeys((typed(question), *more)), "", None)


def _named(procedure: Procedure, key: str) -> list[str]:
    """Words that a condition on this answer looks for."""
    conditions = [led.when for led in procedure.detours]
    conditions += [
        c for c in (*(q.ask_when for q in procedure.questions), *(p.required_when for p in procedure.papers)) if c
    ]
    patterns = [c.not_matches for c in conditions if c.field == key and c.not_matches]
    return [word for pattern in patterns for word in _WORD.findall(pattern)]


def _asked(procedure: Procedure, answers: Answers, today: date, deep: int) -> dict[str, str] | None:
    """These answers and those their questions hang on; None where that cannot be, as far as is seen."""
    wanted = dict(answers)
    for key in answers:
        condition = procedure.question(key).ask_when
        if condition is None or holds(condition, wanted, today):
            continue
        if deep == 0:
            return None
        options = when(procedure, condition, today)
        fitting = next((more for more in options if all(wanted.get(k, v) == v for k, v in more.items())), None)
        if fitting is None:
            return None
        wanted |= fitting
    return wanted
