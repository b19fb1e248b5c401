"""Cards: views of dossiers and calls in groups, drawn again while they lag behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.work import Work

_k = t.cards.c


@dataclass(frozen=True, slots=True)
class Card:
    """Where a subject ("dossier:<id>" or "call:<id>") is shown; `message` is empty until it was drawn first."""

    subject: str
    chat: str
    message: str
    wanted: int


class Cards:
    """One row a subject and chat."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def want(self, subject: str, chat: str | None = None) -> None:
        """Have every card of a subject drawn again; with `chat`, make one there first if there is none."""
        if chat is not None:
            known = self._c.scalar(select(_k.wanted).where(_k.subject == subject, _k.chat == chat))
            if known is None:
                self._c.execute(insert(t.cards).values(subject=subject, chat=chat, wanted=0, drawn=0))
        self._c.execute(update(t.cards).where(_k.subject == subject).values(wanted=_k.wanted + 1))
        self._work.touch("cards")

    def lagging(self, most: int = 50) -> Sequence[Card]:
        """Cards to draw, locked against another drawer."""
        rows = self._c.execute(
            select(_k.subject, _k.chat, _k.message, _k.wanted)
            .where(_k.drawn < _k.wanted)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return [Card(*row) for row in rows]

    def drawn(self, card: Card, message: str) -> None:
        """Note what is now shown."""
        self._c.execute(
            update(t.cards)
            .where(_k.subject == card.subject, _k.chat == card.chat)
            .values(message=message, drawn=card.wanted)
        )

    def message_of(self, subject: str, chat: str) -> str:
        """The message that shows a subject in a chat, or empty."""
        return self._c.scalar(select(_k.message).where(_k.subject == subject, _k.chat == chat)) or ""

    def known(self, subject: str, chat: str) -> bool:
        """Whether a subject has a card in a chat, drawn or still to be drawn."""
        return self._c.scalar(select(_k.wanted).where(_k.subject == subject, _k.chat == chat)) is not None

    def subject_at(self, chat: str, message: str) -> str:
        """What a message shows, or empty."""
        return self._c.scalar(select(_k.subject).where(_k.chat == chat, _k.message == message)) or ""
