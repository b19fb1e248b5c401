"""What stands beside dossiers in other tables: read for all dossiers of a list at once, a statement a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conversations.staff_state import Officer
from conversations.state import Document
from domain.dossier import FINAL
from domain.fees import Charge
from storage.calls import Call
from storage.dossiers import Record
from storage.history import Entry
from storage.ratings import Rating
from storage.slips import Issued
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Beside:
    """By the dossier's id; calls by the person's, officers by their own. What is only for officers may be left out."""

    history: Mapping[str, Sequence[Entry]]
    charges: Mapping[str, Charge]
    answers: Mapping[str, Mapping[str, str]]
    ratings: Mapping[str, Rating]
    documents: Mapping[str, Sequence[Document]]
    slips: Mapping[str, Sequence[Issued]]
    calls: Mapping[str, Call]
    owners: Mapping[str, Officer | None]


def for_citizen(work: Work, records: Sequence[Record], answered: Sequence[str]) -> Beside:
    """What a citizen sees of these; answers only of those that are named."""
    ids = [record.id for record in records]
    over = [record.id for record in records if record.status in FINAL]
    return Beside(
        history=work.history.of_many(ids),
        charges=work.charges.of_many(ids),
        answers=work.drafts.answers_of(answered) if answered else {},
        ratings=work.ratings.of_many(over) if over else {},
        documents={},
        slips={},
        calls={},
        owners={},
    )


def for_staff(work: Work, records: Sequence[Record]) -> Beside:
    """What the officers of their office see of these."""
    ids = [record.id for record in records]
    owners = {record.owner for record in records if record.owner}
    return Beside(
        history=work.history.of_many(ids),
        charges=work.charges.of_many(ids),
        answers=work.drafts.answers_of(ids),
        ratings={},
        documents=work.drafts.documents_of(ids),
        slips=work.slips.of_many(ids),
        calls=work.calls.open_of_many([record.person for record in records]),
        owners={owner: work.officers.get(owner) for owner in owners},
    )
