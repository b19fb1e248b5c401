"""What one version of a procedure says otherwise than another, as far as a citizen or an officer notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from catalogue.model import Catalogue, Procedure
from domain.values import money_words

Kind = Literal["added", "removed", "changed"]

# Told by their own words; whatever else differs is told by the name of its key.
_OWN: Final = frozenset(
    ["papers", "questions", "fee", "processing", "display_name", "valid_from", "valid_to", "result", "summary"],
)
_HARMLESS: Final = frozenset(
    ["aliases", "sources", "confidence", "notes", "related", "seq", "number", "life_events", "apart"]
)


class Difference(msgspec.Struct, frozen=True):
    """`what`: paper, question, fee, time and so on; `name`: which of them."""

    what: str
    kind: Kind
    name: str = ""
    before: str = ""
    after: str = ""


def compare(old: Procedure, new: Procedure) -> tuple[Difference, ...]:
    """In the order in which people ask: papers, fee, time, questions, and the rest."""
    return (
        *_papers(old, new),
        *_fee(old, new),
        *_changed("time", old.processing.text, new.processing.text),
        *_term(old, new),
        *_questions(old, new),
        *_changed("name", old.display_name, new.display_name),
        *_changed("valid", _validity(old), _validity(new)),
        *_changed("result", old.result, new.result),
        *_changed("summary", old.summary, new.summary),
        *_rest(old, new),
    )


def days_off(old: Catalogue, new: Catalogue) -> tuple[Difference, ...]:
    """Days on which due dates are counted otherwise."""
    before, after = _days(old), _days(new)
    gone = (Difference("day-off", "removed", str(day), name) for day, name in before.items() if day not in after)
    more = (Difference("day-off", "added", str(day), after=name) for day, name in after.items() if day not in before)
    return (*gone, *more)


def _days(catalogue: Catalogue) -> Mapping[date, str]:
    holidays = catalogue.holidays
    return {day.on: day.name for day in (*holidays.days_off, *holidays.working_days)}


def _changed(what: str, before: object, after: object, name: str = "") -> Iterator[Difference]:
    if before != after:
        yield Difference(what, "changed", name, _shown(before), _shown(after))


def _papers(old: Procedure, new: Procedure) -> Iterator[Difference]:
    before, after = {p.key: p for p in old.papers}, {p.key: p for p in new.papers}
    for key, paper in before.items():
        if key not in after:
            yield Difference("paper", "removed", paper.name)
    for key, paper in after.items():
        was = before.get(key)
        if was is None:
            yield Difference("paper", "added", paper.name, after="bắt buộc" if paper.required else "khi cần")
            continue
        yield from _changed("paper-name", was.name, paper.name, was.name)
        if (was.required, was.required_when) != (paper.required, paper.required_when):
            yield Difference("paper-needed", "changed", paper.name, _needed(was.required), _needed(paper.required))
        if (was.min_photos, was.max_photos) != (paper.min_photos, paper.max_photos):
            photos = [f"{one.min_photos} đến {one.max_photos}" for one in (was, paper)]
            yield Difference("paper-photos", "changed", paper.name, *photos)


def _needed(required: bool) -> str:  # noqa: FBT001 - one word of two
    return "bắt buộc" if required else "tùy trường hợp"


def _fee(old: Procedure, new: Procedure) -> Iterator[Difference]:
    yield from _changed("fee", _money(old.fee.amount_vnd), _money(new.fee.amount_vnd))
    yield from _changed("fee-note", old.fee.note, new.fee.note)
    before = {item.case: item.amount_vnd for item in old.fee.items}
    after = {item.case: item.amount_vnd for item in new.fee.items}
    for case in dict.fromkeys((*before, *after)):
        yield from _changed("fee-case", _money(before.get(case)), _money(after.get(case)), case)
    yield from _changed("fee-exempt", old.fee.exempt_for, new.fee.exempt_for)


def _money(amount: int | None) -> str:
    return "cán bộ xác nhận" if amount is None else money_words(amount)


def _term(old: Procedure, new: Procedure) -> Iterator[Difference]:
    """Where the words stay and the clock goes otherwise."""
    if old.processing.term != new.processing.term and old.processing.text == new.processing.text:
        yield from _changed("time", _days_of(old), _days_of(new))


def _days_of(it: Procedure) -> str:
    time = it.processing
    counted = f"{time.working_days} ngày làm việc" if time.working_days is not None else f"{time.calendar_days} ngày"
    return f"{counted}, {time.clock_policy}" + (", trong ngày" if time.same_day else "")


def _questions(old: Procedure, new: Procedure) -> Iterator[Difference]:
    before, after = {q.key: q for q in old.questions}, {q.key: q for q in new.questions}
    for key, question in before.items():
        if key not in after:
            yield Difference("question", "removed", question.label)
    for key, question in after.items():
        was = before.get(key)
        if was is None:
            yield Difference("question", "added", question.label)
            continue
        yield from _changed("question-words", was.ask or was.label, question.ask or question.label, question.label)
        yield from _changed("question-choices", was.choices, question.choices, question.label)
        if (was.optional, was.ask_when, was.kind) != (question.optional, question.ask_when, question.kind):
            yield Difference("question-asked", "changed", question.label)


def _validity(it: Procedure) -> str:
    return f"từ {it.valid_from:%d/%m/%Y}" + (f" đến {it.valid_to:%d/%m/%Y}" if it.valid_to else "")


def _rest(old: Procedure, new: Procedure) -> Iterator[Difference]:
    for name in Procedure.__struct_fields__:
        if name not in _OWN and name not in _HARMLESS and getattr(old, name) != getattr(new, name):
            yield Difference("other", "changed", name)
    if any(getattr(old, name) != getattr(new, name) for name in _HARMLESS):
        yield Difference("search", "changed")


def _shown(value: object) -> str:
    return value if isinstance(value, str) else ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
