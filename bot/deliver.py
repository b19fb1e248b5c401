"""Cards are drawn where they lag behind, and the outbox is sent: order, pace and retries are its business alone."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from typing import Final, Protocol

from bot.outgoing import LIVE
from bot.scene import Scene, present
from bot.views import call_file, dossier_file
from bot.world import World
from conversations import cards
from conversations.messages import Message, Sent, TryLater, Undeliverable
from storage.cards import Card
from storage.messages import Line
from storage.outbox import TRIES, Row
from storage.unit_of_work import Database

log = logging.getLogger(__name__)

_BACK_OFF: Final = (1, 5, 15, 60, 300, 900, 3600)  # seconds after each failed try


class Sender(Protocol):
    """One messenger's way out; raises TryLater or Undeliverable."""

    async def send(self, address: str, message: Message) -> Sent: ...


class Deliverer:
    """Serves the live pages' cards, and the outbox of the channels it has senders for."""

    def __init__(self, database: Database, world: World, senders: Mapping[str, Sender]) -> None:
        self._database = database
        self._world = world
        self._senders = senders
        self._name = secrets.token_hex(8)

    async def once(self) -> bool:
        """Draw and send what waits; True when there was something."""
        drawn = await self._database.run(lambda work: draw(present(work, self._world)))
        if not self._senders:
            return drawn
        rows = await self._database.run(lambda work: work.outbox.claim(self._senders.keys(), self._name))
        await asyncio.gather(*(self._send(row) for row in rows))
        return drawn or bool(rows)

    async def sweep(self) -> None:
        """Rows whose claimer has died."""
        await self._database.run(lambda work: work.outbox.release())

    async def _send(self, row: Row) -> None:
        try:
            sent = await self._senders[row.channel].send(row.address, row.message)
        except TryLater as error:
            seconds = error.seconds
            await self._database.run(lambda work: work.outbox.later(row.id, seconds, "asked to wait"))
        except Undeliverable as error:
            reason = str(error)
            await self._database.run(lambda work: work.outbox.failed(row.id, reason))
        except Exception as error:  # noqa: BLE001 - a sender may fail in ways of its library's own
            kind = type(error).__name__
            log.warning("message %d on %s not sent: %s", row.id, row.channel, kind)
            if row.attempts >= TRIES:
                await self._database.run(lambda work: work.outbox.failed(row.id, kind))
            else:
                wait = _BACK_OFF[min(row.attempts, len(_BACK_OFF)) - 1]
                await self._database.run(lambda work: work.outbox.later(row.id, wait, kind))
        else:
            await self._database.run(lambda work: work.outbox.sent(row.id, sent.message_id))


def draw(scene: Scene) -> bool:
    """Draw the cards that lag behind in groups on live pages: newest state only, new ones at the end."""
    work = scene.work
    lagging = work.cards.lagging()
    for card in lagging:
        group = work.chats.get(card.chat)
        assert group is not None
        assert group.channel in LIVE  # groups on messengers get their own drawer with their messenger
        message, shown = _card(scene, card), card.message
        if message is not None and shown:
            work.messages.edit(card.chat, int(shown), message)
        elif message is not None:
            shown = str(work.messages.add(card.chat, [Line(message)], scene.now))
        work.cards.drawn(card, shown)
    return bool(lagging)


def _card(scene: Scene, card: Card) -> Message | None:
    """None when its subject is gone."""
    kind, _, subject = card.subject.partition(":")
    if kind == "dossier":
        record = scene.work.dossiers.get(subject)
        if record is None:
            return None
        procedure = scene.procedure(record.catalogue_version)
        return cards.dossier_card(dossier_file(scene, record), procedure, scene.now)
    call = scene.work.calls.get(subject)
    return cards.call_card(call_file(scene.work, call)) if call is not None else None
