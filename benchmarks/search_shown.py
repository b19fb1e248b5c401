"""What a citizen gets for a message: the page at once, or which procedures behind the buttons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from catalogue.model import Catalogue, RoutingQuestion
from catalogue.search import Search
from conversations import engine
from conversations.messages import TextSent
from conversations.rehearsal.pretend import Pretend

_NOW: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def nobody(catalogue: Catalogue, search: Search) -> Pretend:
    """The world around a first message: no drafts, no dossiers, nobody to talk with."""
    return Pretend(catalogue, search, _NOW, office=next(iter(catalogue.offices)))


def shown(text: str, world: Pretend) -> frozenset[str]:
    """The procedures one press away, or two where a question leads to another."""
    turn = engine.turn(world.state, TextSent(text), world)
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
