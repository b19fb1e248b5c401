"""A reckoning in words, a line a step: what an officer holds against the calendar on the wall."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.render import text
from domain.clock import Term
from domain.reckoning import Reckoning, Step
from domain.values import date_words, moment_words


def lines(reckoning: Reckoning, term: Term) -> Iterator[str]:
    """How long it may take, every step, and the due moment."""
    yield text("clock.term", {"term": term_words(term)})
    for step in reckoning.steps[:-1]:
        yield text("clock.line", {"day": f"{date_words(step.day):20}", "what": _what(step, term)})
    if reckoning.due_at is None:
        yield text("clock.unknown")
    else:
        yield text("clock.due", {"at": moment_words(reckoning.due_at)})


def term_words(term: Term) -> str:
    """3 ngày làm việc."""
    if not term.known:
        return text("clock.term-unknown")
    if term.same_day:
        return text("clock.term-same-day")
    if term.working_days is not None:
        return text("clock.term-working-days", {"days": term.working_days})
    return text("clock.term-calendar-days", {"days": term.calendar_days})


def _what(step: Step, term: Term) -> str:
    which = ""
    match step.what:
        case "holiday" | "worked" if step.name:
            which = "-named"
        case "received" if term.same_day:
            which = "-same-day"
        case "resumed" if term.policy == "restart":
            which = "-restart"
    return text(f"clock.step-{step.what}{which}", {"number": step.number, "name": step.name})
