"""What a citizen gets for a message: the page at once, or which procedures behind the buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from catalogue.model import Catalogue, Office, Procedure, RoutingQuestion
from catalogue.search import Search
from conversations import engine
from conversations.messages import TextSent
from conversations.state import DossierView, Draft, DraftLine, Known, Person, State, Talk

_NOW: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Nobody:
    """The world around a first message: no drafts, no dossiers, nobody to talk with."""

    catalogue: Catalogue
    search: Search
    now: datetime = _NOW
    channel: str = "bench"
    linkable: bool = False
    fresh: str = "0" * 16
    drafts: Sequence[DraftLine] = ()
    dossiers: Sequence[DossierView] = ()
    people: Sequence[Known] = ()
    call_open: bool = False

    def dossier_by_code(self, code: str) -> DossierView | None:
        """There is none."""

    def draft(self, draft_id: str) -> Draft | None:
        """There is none."""

    def procedure_of(self, dossier: DossierView) -> Procedure:
        return self.catalogue.procedures[dossier.procedure]

    def office(self, office_id: str) -> Office:
        return self.catalogue.offices[office_id]


def shown(text: str, world: Nobody) -> frozenset[str]:
    """The procedures one press away, or two where a question leads to another."""
    office = next(iter(world.catalogue.offices))
    turn = engine.turn(State(Talk("menu"), Person("nobody", office)), TextSent(text), world)
    said, _ = engine.words(turn, world)
    found: set[str] = set()
    for button in (button for message in said for button in message.buttons):
        kind, _, rest = button.value.partition(":")
        if kind == "open":
            found.add(rest)
        elif kind == "route":
            found |= _behind(world.catalogue.routing[rest.partition(":")[0]], world.catalogue)
    return frozenset(found)


def _behind(question: RoutingQuestion, catalogue: Catalogue) -> set[str]:
    found = {option.to for option in question.options if option.to is not None}
    for option in question.options:
        if option.ask is not None:
            found |= _behind(catalogue.routing[option.ask], catalogue)
    return found
