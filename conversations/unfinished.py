"""What the person of an unfinished draft is told: that it is kept, that a deadline is near, that it will be deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from catalogue.model import Office, Procedure
from conversations import questions
from conversations.messages import Button, Message
from conversations.render import text
from conversations.state import Draft
from domain.draft_times import Keeping, Step, deadline_in_year, deadline_of
from domain.values import date_words

_FULL: Final = "%d/%m/%Y"  # as answers keep a whole date
_NEAR: Final = 60  # days within which a deadline is worth naming


def deadline(procedure: Procedure, answers: Mapping[str, str], today: date) -> date | None:
    """The last day on which the law wants it handed in, where the procedure and the answers tell."""
    if procedure.deadline_until is not None:
        month, day = map(int, procedure.deadline_until.split("-"))
        return deadline_in_year(month, day, today)
    if procedure.deadline_days is None or procedure.deadline_from is None:
        return None
    event = _day(answers.get(procedure.deadline_from, ""))
    return deadline_of(event, procedure.deadline_days) if event is not None else None


def words(step: Step, draft: Draft, procedure: Procedure, last: date | None, today: date) -> Message:
    """The message; `last`: the deadline, or when it is deleted the last day on which it is kept."""
    about = {"procedure": procedure.display_name, "applicant": questions.for_words(draft.applicant)}
    near = last is not None and 0 <= (last - today).days <= _NEAR
    day = {"day": date_words(last) if last else "", "days": (last - today).days if last else 0}
    limit = "\n" + text("unfinished.limit", day) if step == Step.MORNING and near else ""
    said = text(f"unfinished.{step}", about | day | {"limit": limit})
    resume, no = (
        Button(text("unfinished.button-resume"), f"resume:{draft.id}"),
        Button(text("unfinished.button-no"), "no:notify"),
    )
    return Message(said, (resume,) if step == Step.ANNOUNCE else (resume, no), template="unfinished")


def keeping(office: Office) -> Keeping:
    return Keeping(office.draft_announce_days, office.draft_keep_days)


def _day(answer: str) -> date | None:
    """A whole date; of a part of one nothing can be reckoned."""
    try:
        return datetime.strptime(answer.strip(), _FULL).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
