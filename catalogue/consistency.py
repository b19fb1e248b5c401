"""Answers that do not agree with each other, or that mean something, found before anything is sent."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date

from catalogue.conditions import fields_of, holds
from catalogue.model import Consistency, Procedure

_DAY = re.compile(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)?(\d{4})")
_BLANK = re.compile(r"\{(\w+)\}")
_NAMED_BLANK = re.compile(r"(ngày )?\{(\w+)\}")


def failed(procedure: Procedure, answers: Mapping[str, str], today: date) -> tuple[Consistency, ...]:
    """The rules to speak about: of several about the same answers only the first, and nothing told of doubtful ones."""
    found: dict[frozenset[str], Consistency] = {}
    for rule in procedure.consistency:
        if _fails(rule, answers, today):
            found.setdefault(frozenset(fields(rule)), rule)
    doubtful = frozenset[str]().union(*(keys for keys, rule in found.items() if not rule.tell))
    return tuple(rule for keys, rule in found.items() if not (rule.tell and keys & doubtful))


def fields(rule: Consistency) -> tuple[str, ...]:
    """The questions a rule is about, where one may be answered anew."""
    if rule.before or rule.differ:
        return rule.before or rule.differ or ()
    if rule.field:
        return (rule.field,)
    return tuple(sorted(fields_of(rule.when))) if rule.when else ()


def blanks(text: str) -> tuple[str, ...]:
    return tuple(_BLANK.findall(text))


def words(text: str, answers: Mapping[str, str]) -> str:
    """The text with each `{key}` filled from the answers; "ngày {key}" reads well for a mere month or year too."""

    def filled(blank: re.Match[str]) -> str:
        answer = answers.get(blank[2], "").strip() or "…"
        if not blank[1] or span(answer) is None:
            return (blank[1] or "") + answer
        return ("năm ", "tháng ", "ngày ")[answer.count("/")] + answer

    return _NAMED_BLANK.sub(filled, text)


def _fails(rule: Consistency, answers: Mapping[str, str], today: date) -> bool:
    if rule.when is not None and not holds(rule.when, answers, today):
        return False
    given = {key: answers.get(key, "").strip() for key in fields(rule)}
    if rule.differ is not None:
        first, second = (" ".join(given[key].casefold().split()) for key in rule.differ)
        return first == second != ""
    if rule.before is None and rule.field is None:
        return True
    spans = {key: span(value) for key, value in given.items()}
    if rule.before is not None:
        start, end = (spans[key] for key in rule.before)
        return start is not None and end is not None and not _in_order(rule, start, end)
    day = spans[rule.field or ""]
    return day is not None and not _in_time(rule, day, today)


def _in_order(rule: Consistency, start: tuple[date, date], end: tuple[date, date]) -> bool:
    """Whether some reading of both fits."""
    longest, shortest = _years(start[0], end[1]), _years(start[1], end[0])
    return (
        start[0] <= end[1]
        and (rule.years is None or longest >= rule.years)
        and (rule.below is None or shortest < rule.below)
    )


def _in_time(rule: Consistency, day: tuple[date, date], today: date) -> bool:
    if rule.within_days is not None:
        return (today - day[1]).days <= rule.within_days
    old, young = _years(day[0], today), _years(day[1], today)
    return (rule.age_from is None or old >= rule.age_from) and (rule.age_to is None or young <= rule.age_to)


def span(answer: str) -> tuple[date, date] | None:
    """The first and the last day that dd/mm/yyyy, mm/yyyy or yyyy may mean; None where it is no date."""
    found = _DAY.fullmatch(answer.strip())
    if found is None:
        return None
    year, month = int(found[3]), int(found[2] or 0)
    try:
        if found[1]:
            return date(year, month, int(found[1])), date(year, month, int(found[1]))
        return date(year, month or 1, 1), date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    except ValueError:
        return None


def _years(start: date, end: date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
