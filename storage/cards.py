"""Cards: views of dossiers and calls in groups, drawn again while they lag behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage import tables as t
from storage.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from storage.work import Work

_k = t.cards.c
_LAGS = _k.drawn < _k.wanted
_MESSAGE_OF = Prepared(select(_k.message).where(_k.subject == bindparam("about"), _k.chat == bindparam("in_chat")))
_SUBJECT_AT = Prepared(select(_k.subject).where(_k.chat == bindparam("in_chat"), _k.message == bindparam("at")))
_WANT = Prepared(update(t.cards).where(_k.subject == bindparam("about")).values(wanted=_k.wanted + 1))
_DRAWN = Prepared(
    update(t.cards)
    .where(_k.subject == bindparam("about"), _k.chat == bindparam("in_chat"))
    .values(message=bindparam("at"), drawn=bindparam("as_wanted"))
)
# Whoever changes cards also writes into their groups. All lock the groups first: the other way round two of them would
# wait for each other, at PostgreSQL for a whole second.
_GROUPS_OF = Prepared(
    select(t.chats.c.id)
    .where(t.chats.c.id.in_(select(_k.chat).where(_k.subject == bindparam("about"))))
    .order_by(t.chats.c.id)
    .with_for_update()
)
_PRESSED = Prepared(update(t.cards).where(_k.subject == bindparam("about")).values(pressed=_k.wanted))


@dataclass(frozen=True, slots=True)
class Card:
    """Where a subject ("dossier:<id>" or "call:<id>") is shown; `message` is empty until it was drawn first."""

    subject: str
    chat: str
    message: str
    wanted: int


@dataclass(frozen=True, slots=True)
class Lag:
    """A card that lags behind in a group that is reached by calls."""

    chat: str
    subject: str
    shown: bool  # else it is to be drawn first
    pressed: bool  # an officer has pressed a button and looks on


class Cards:
    """One row a subject and chat."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection
        self._wanted: set[str] = set()

    def want(self, subject: str, chat: str | None = None) -> None:
        """Have every card of a subject drawn again; with `chat`, make one there first if there is none."""
        if subject not in self._wanted and self._c.dialect.name != "sqlite":
            _GROUPS_OF.rows(self._c, {"about": subject})
        if chat is not None:
            known = self._c.scalar(select(_k.wanted).where(_k.subject == subject, _k.chat == chat))
            if known is None:
                self._c.execute(insert(t.cards).values(subject=subject, chat=chat, wanted=0, drawn=0))
        _WANT.many(self._c, [{"about": subject}])
        self._wanted.add(subject)
        self._work.touch("cards")

    def pressed(self) -> None:
        """Whatever was wanted in this transaction, an officer has wanted who looks on."""
        if self._wanted:
            _PRESSED.many(self._c, [{"about": subject} for subject in sorted(self._wanted)])

    def lagging(self, channels: Collection[str] = (), most: int = 50) -> Sequence[Card]:
        """Cards to draw (only those in groups on these channels, if any are named), locked against another drawer.

        The older card first, so that those of one turn are redrawn in the same order whatever the database.
        """
        wanted = select(_k.subject, _k.chat, _k.message, _k.wanted).where(_LAGS)
        if channels:
            wanted = wanted.join(t.chats, t.chats.c.id == _k.chat).where(t.chats.c.channel.in_(channels))
        if self._c.dialect.name != "sqlite":
            chats = wanted.with_only_columns(_k.chat).distinct().order_by(_k.chat).limit(most)
            behind = list(self._c.scalars(chats))  # no more than are drawn now: all others need not wait
            if not behind:
                return []
            groups = select(t.chats.c.id).where(t.chats.c.id.in_(behind)).order_by(t.chats.c.id)
            self._c.execute(groups.with_for_update())
            wanted = wanted.where(_k.chat.in_(behind))
        wanted = wanted.order_by(_k.chat, func.length(_k.message), _k.message)
        rows = self._c.execute(wanted.limit(most).with_for_update(of=t.cards, skip_locked=True))
        return [Card(*row) for row in rows]

    def lags(self, channels: Collection[str], most: int = 500) -> Sequence[Lag]:
        """What there is to draw in groups that are reached by calls, and can be."""
        rows = self._c.execute(
            select(_k.chat, _k.subject, _k.message, _k.pressed > _k.drawn)
            .join(t.chats, t.chats.c.id == _k.chat)
            .where(_LAGS, t.chats.c.channel.in_(channels), t.chats.c.unreachable == "")
            .order_by(_k.message != "", _k.pressed.desc())
            .limit(most)
        )
        return [Lag(chat, subject, bool(message), bool(pressed)) for chat, subject, message, pressed in rows]

    def lag_of(self, subject: str, chat: str) -> Card | None:
        """The card of a subject in a chat, if it lags behind."""
        here = select(_k.subject, _k.chat, _k.message, _k.wanted).where(_k.subject == subject, _k.chat == chat, _LAGS)
        row = self._c.execute(here).first()
        return None if row is None else Card(*row)

    def drawn(self, card: Card, message: str) -> None:
        """Note what is now shown."""
        values = {"about": card.subject, "in_chat": card.chat, "at": message, "as_wanted": card.wanted}
        _DRAWN.many(self._c, [values])

    def lost(self, card: Card) -> None:
        """Its message is there no more: it is drawn anew."""
        here = (_k.subject == card.subject) & (_k.chat == card.chat) & (_k.message == card.message)
        self._c.execute(update(t.cards).where(here).values(message="", drawn=0, wanted=_k.wanted + 1))
        self._work.touch("cards")

    def message_of(self, subject: str, chat: str) -> str:
        """The message that shows a subject in a chat, or empty."""
        row = _MESSAGE_OF.first(self._c, {"about": subject, "in_chat": chat})
        return row[0] if row else ""

    def known(self, subject: str, chat: str) -> bool:
        """Whether a subject has a card in a chat, drawn or still to be drawn."""
        return self._c.scalar(select(_k.wanted).where(_k.subject == subject, _k.chat == chat)) is not None

    def undrawn(self, chat: str) -> None:
        """The messages that showed the cards of a chat are out of reach: each will be drawn as a new one."""
        self._c.execute(update(t.cards).where(_k.chat == chat).values(message=""))

    def forget(self, chat: str) -> None:
        """No cards in this chat any more."""
        self._c.execute(delete(t.cards).where(_k.chat == chat))

    def subject_at(self, chat: str, message: str) -> str:
        """What a message shows, or empty."""
        if not message:
            return ""  # cards that were not drawn yet have no message
        row = _SUBJECT_AT.first(self._c, {"in_chat": chat, "at": message})
        return row[0] if row else ""
