"""What a messenger says back of our own messages: it settles calls of which nobody knows whether they were taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from unicodedata import normalize

import msgspec
from sqlalchemy import Select, func, select, update

from conversations.messages import Message
from storage import outbox_statements as statements
from storage import tables as t
from storage.outbox import ASKED_TO_WAIT

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.work import Work

_o = t.outbox.c
_decode: Final = msgspec.json.Decoder(Message).decode
_HEARD: Final = "echo "  # in `installation`, before the channel: when its last echo came
_OFTEN: Final = 600.0  # seconds in which that is noted once
_RELIABLE: Final = 86_400.0  # seconds for which it shows that echoes come
_RECENT: Final = 2_000  # rows, among which one is looked for whose call has just ended
_SKEW: Final = 120.0  # seconds by which their clock and ours may differ


class Echoes:
    """Rows of the outbox are told by the words that went out; two that say the same are settled in order."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def heard(self, channel: str) -> None:
        """One has come: they do come there."""
        now = self._work.machine_now()
        if not self.come(channel) or now - self._last(channel) > _OFTEN:
            self._work.installation.put(_HEARD + channel, f"{now:.0f}")

    def come(self, channel: str) -> bool:
        """Whether what was taken there is echoed, as far as the last day shows."""
        return self._work.machine_now() - self._last(channel) < _RELIABLE

    def settle(self, chat: str, message_id: str, words: str, at: float) -> bool:
        """The messenger has this message of ours; False where nothing of ours says that there.

        `at`: the machine moment at which it says it took it.
        """
        if self._sent(chat, message_id):
            return True
        said = plainly(words)
        for row, body, created in self._c.execute(self._open(chat)).all():
            if created <= at + _SKEW and _says(said, _decode(body)):
                self._work.outbox.sent(row, message_id)
                self._work.notices.taken(row)
                self._work.touch("outbox")
                return True
        return False

    def settled(self, row: int) -> bool:
        """Whether a row's echo came before its call had ended."""
        return self._c.scalar(select(_o.status).where(_o.id == row)) == "sent"

    def doubt(self, channel: str, but: Collection[str], seconds: float) -> None:
        """What others than `but` had begun to send when they died: their echoes are waited for before anything goes.

        Called by who alone may send there.
        """
        now = self._work.machine_now()
        held = statements.CLAIMED & _o.claimed_by.not_in(but)
        left = (_o.status == "unknown") & _o.ended.is_(None) & (_o.created > now - _RELIABLE)  # see Outbox.release
        lost = (_o.channel == channel) & (held | left)
        again = {"status": "waiting", "not_before": now + seconds, "error": ASKED_TO_WAIT}
        self._c.execute(update(t.outbox).where(lost).values(again))

    def notices(self, chat: str, message_ids: Collection[str]) -> list[str]:
        """Which notices these messages of ours were to give."""
        here = (_o.chat == chat) & _o.provider_id.in_(message_ids) & statements.ABOUT
        return list(self._c.scalars(select(_o.notice).where(here, _o.notice.is_not(None)).distinct()))

    def _open(self, chat: str) -> Select[int, bytes, float]:
        """What a call has carried, or carries now, and of which nobody knows yet what came of it."""
        newest = select(func.max(_o.id)).scalar_subquery()
        called = statements.OPEN & (_o.attempts > 0)
        unknown = (_o.status == "unknown") & (_o.id > newest - _RECENT)
        rows = select(_o.id, _o.body, _o.created).where(_o.chat == chat, called | unknown, _o.body.is_not(None))
        return rows.order_by(_o.id).with_for_update()

    def _sent(self, chat: str, message_id: str) -> bool:
        newest = select(func.max(_o.id)).scalar_subquery()
        here = (_o.chat == chat) & (_o.provider_id == message_id) & (_o.id > newest - _RECENT)
        return self._c.scalar(select(_o.id).where(here).limit(1)) is not None

    def _last(self, channel: str) -> float:
        return float(self._work.installation.get(_HEARD + channel) or 0.0)


def plainly(words: str) -> str:
    """As it reads: without what is between the letters on their way, and without the choices beneath."""
    return " ".join(normalize("NFC", words).replace("\u200b", "").split())


def _says(said: str, message: Message) -> bool:
    """Whether these are the message's words; where its buttons were not taken they stand beneath."""
    words = plainly(f"{message.speaker}:\n{message.text}" if message.speaker else message.text)
    return said == words or (bool(message.buttons) and bool(words) and said.startswith(f"{words} "))
