"""Where a person can be told: their chats, and behind them a proven phone and e-mail address, in the ladder's order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot import proving, reach
from bot.scene import Scene
from conversations.messages import Message
from conversations.state import Told
from domain.ladder import CHATS, Address, ordered
from storage.chats import Chat


class Rung(NamedTuple):
    """An address; one at which nothing was ever sent has no chat yet."""

    address: Address
    chat: Chat | None = None
    value: str = ""

    def opened(self, scene: Scene) -> Chat:
        """Its chat, made where there is none."""
        return self.chat or reach.chat(scene, self.address.channel, self.value)


def of(scene: Scene, chat: Chat, told: Told, message: Message, *, here: bool = False) -> tuple[Rung, ...]:
    """For news that was made for this chat; `here`: which answers what was done there, and is told there first."""
    known = {rung.address.id: rung for rung in _all(scene, chat, told, message)}
    order = ordered((rung.address for rung in known.values()), first=chat.id if here else "", origin=chat.id)
    return tuple(known[address.id] for address in order)


def _all(scene: Scene, chat: Chat, told: Told, message: Message) -> Iterator[Rung]:
    others = [] if chat.person is None else scene.work.chats.of_person(chat.person)
    for one in others or [chat]:
        if one.channel in CHATS or one.id == chat.id:
            yield Rung(Address(one.id, one.channel, one.id == told.chat, not one.unreachable, one.heard_at), one)
    if chat.person is not None and not scene.world.office(chat.office).practice:
        copied = copied_to(scene, chat, told)
        for rung in _numbers(scene, chat.person, told, message):
            if copied is None or rung.chat is None or rung.chat.id != copied.id:
                yield rung


def _numbers(scene: Scene, person: str, told: Told, message: Message) -> Iterator[Rung]:
    """Invented people have none; nor is anything written to a real number about an invented dossier."""
    channels = reach.channels(scene)
    phone = proving.phone_of(scene, person) if channels & {reach.SMS, reach.ZNS} else ""
    email = proving.email_of(scene, person) if reach.EMAIL in channels else ""
    for channel, value in ((reach.ZNS, phone), (reach.SMS, phone), (reach.EMAIL, email)):
        if not value or channel not in channels or (channel == reach.ZNS and not reach.templated(scene, message)):
            continue
        chat = scene.work.chats.find(channel, value)
        if chat is None:
            yield Rung(Address(channel, channel, told.chat == channel), None, value)
        else:
            yield Rung(Address(chat.id, channel, told.chat in (channel, chat.id), not chat.unreachable), chat, value)


def copied_to(scene: Scene, chat: Chat, told: Told) -> Chat | None:
    """Where a copy of everything goes by e-mail (bot/copies.py): that is no rung then, for it would be told twice."""
    if chat.person is None or not told.copies or reach.EMAIL not in reach.channels(scene):
        return None
    address = proving.email_of(scene, chat.person)
    there = reach.chat(scene, reach.EMAIL, address) if address else None
    return None if there is None or there.unreachable or told.chat in (there.id, reach.EMAIL) else there
