"""A dossier made again from its history alone: its state, its slips, and the facts that figures are reckoned from.

Nothing here looks at the dossier's row: that both say the same is what `motcua replay` and the tests compare. Statuses
are not taken from the rows either but follow from the decisions, by the same rules that allowed them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import msgspec
from msgspec import Struct

from domain.dossier import (
    FINAL,
    PAUSED,
    Accept,
    AskMore,
    Decision,
    Done,
    Extend,
    SendBack,
    Status,
    Submit,
    Withdraw,
    decide,
)
from domain.figures import LOW, Facts, answers

SLACK: Final = timedelta(minutes=5)  # rows bear the moment their event came at, and two at once cross
KEPT: Final = "keep-paper"  # the row of a draft or result that an officer sent as a file
_FIXED: Final = ("official_code", "catalogue_version")  # once known they stay
_STANDING: Final = ("answer_by", "due_at")  # kept until a row names another moment
_PASSING: Final = ("appointment_at", "wait_until")  # gone when a decision's row does not name one


class Broken(Exception):
    """The history contradicts itself; the words say how."""


class Row(Protocol):
    """One row of history."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def from_status(self) -> str: ...
    @property
    def to_status(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class Issued(Struct, frozen=True):
    """A paper that the office gave out: its kind, by which row of history, and when."""

    kind: str
    number: int
    at: datetime


class Replayed(Struct):
    """What the rows say that a dossier is."""

    status: Status = Status.SUBMITTED
    owner: str | None = None
    channel: str = "online"
    catalogue_version: str | None = None
    official_code: str | None = None
    submitted_at: datetime | None = None
    answer_by: datetime | None = None
    answered_at: datetime | None = None
    answered_late: bool | None = None
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    extended_from: datetime | None = None
    appointment_at: datetime | None = None
    paused_at: datetime | None = None
    wait_until: datetime | None = None
    done_at: datetime | None = None
    closed_at: datetime | None = None
    rounds: int = 0
    stars: int = 0
    rating_answered_at: datetime | None = None
    slips: list[Issued] = []

    def facts(self, dossier: str, procedure: str) -> Facts:
        """For the figures."""
        assert self.submitted_at is not None
        assert self.answer_by is not None
        return Facts(
            dossier,
            procedure,
            self.status,
            self.submitted_at,
            self.answer_by,
            channel=self.channel,
            answered_at=self.answered_at,
            answered_late=self.answered_late,
            accepted_at=self.accepted_at,
            due_at=self.due_at,
            extended=self.extended_from is not None,
            done_at=self.done_at,
            closed_at=self.closed_at,
            rounds=self.rounds,
            stars=self.stars,
        )


def replay(rows: Iterable[Row]) -> Replayed:
    """Row after row. Broken where one is missing, does not follow from the one before, or goes back in time."""
    made = Replayed()
    count, last = 0, None
    for row in rows:
        count += 1
        if row.number != count:
            raise Broken(f"row {row.number} where {count} was expected")
        if last is not None and row.at < last - SLACK:
            raise Broken(f"row {row.number} is older than the one before it")
        last = row.at
        if "type" in row.data:
            _decided(made, row)
        else:
            _noted(made, row)
        paper = row.data if row.what == KEPT else row.data.get("slip")
        if isinstance(paper, Mapping):
            made.slips.append(Issued(paper["kind"], row.number, row.at))
        if made.status != row.to_status:
            raise Broken(f"row {row.number}: {row.what} leads to {made.status}, the row says {row.to_status}")
    if not count:
        raise Broken("no rows")
    return made


def _decided(made: Replayed, row: Row) -> None:
    decision: Decision = msgspec.convert(row.data, Decision, strict=False)
    before, due = made.status, made.due_at
    if isinstance(decision, Submit):
        if row.number != 1:
            raise Broken(f"row {row.number}: handed in twice")
        made.submitted_at, after = row.at, Status.SUBMITTED
        made.channel = row.data.get("channel", made.channel)
    else:
        after = decide(before, decision)
        if row.from_status != before:
            raise Broken(f"row {row.number} begins at {row.from_status}, the one before ended at {before}")
    if made.answered_at is None and answers(before, after, withdrawn=isinstance(decision, Withdraw)):
        made.answered_at, made.answered_late = row.at, made.answer_by is not None and row.at > made.answer_by
    made.status = after
    _moments(made, row.data, whole=True)
    match decision:
        case Accept():
            made.accepted_at = row.at
        case AskMore():
            made.rounds += 1
        case Done():
            made.done_at = made.done_at or row.at
        case SendBack():
            made.done_at = made.done_at if after == Status.DONE else None  # what the post brings back is ready
        case Extend():
            made.extended_from = due
        case _:
            pass
    if after in FINAL:
        made.closed_at = row.at
    if after not in PAUSED:
        made.paused_at = None
    elif after != before:
        made.paused_at = row.at


def _noted(made: Replayed, row: Row) -> None:
    """What is no decision leaves the status as it is; it may move moments, the owner, or be the citizen's rating."""
    if row.from_status != row.to_status:
        raise Broken(f"row {row.number}: {row.what} is no decision and changes the status")
    _moments(made, row.data, whole=False)
    if "owner" in row.data and "before" in row.data:
        if row.data["before"] != made.owner:
            raise Broken(f"row {row.number}: {row.what} takes it from {row.data['before']}, but {made.owner} had it")
        made.owner = row.data["owner"]
    if row.what == "rate":
        was, made.stars = made.stars, int(row.data["stars"])
        if made.stars <= LOW and not 0 < was <= LOW:  # to another low one the answer still counts
            made.rating_answered_at = None
    elif row.what == "rate-answered":
        made.rating_answered_at = row.at


def _moments(made: Replayed, data: Mapping[str, Any], *, whole: bool) -> None:
    """What a row fixed. `whole`: it names all that stands after it, so that what it does not name is gone."""
    for name in _FIXED:
        if name in data:
            setattr(made, name, data[name])
    for name in _STANDING:
        if name in data:
            setattr(made, name, _at(data[name]))
    for name in _PASSING:
        if name in data or whole:
            setattr(made, name, _at(data.get(name)))


def _at(value: object) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value))
