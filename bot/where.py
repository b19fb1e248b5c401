"""Where a person is told: as they are shown it, and what they are told of what they missed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from bot import ladder, linking, one_time, reach, rungs
from bot.rungs import Rung
from bot.scene import Scene
from conversations.messages import Message
from conversations.render import button, text
from conversations.state import Address
from domain.ladder import CHATS, PAGES, REMINDER
from domain.mail import masked
from domain.rights import PHONE
from domain.values import masked_phone
from storage.chats import Chat
from storage.jobs import Job
from storage.notices import KEPT, Notice, State
from storage.persons import told_of

JOB: Final = "missed-news"
_MOST: Final = 10  # notices told again after a stop, the newest
_PAGE: Final = "web"


def addresses(scene: Scene, chat: Chat) -> Sequence[Address]:
    """All that the person of this chat has, in the order in which it is tried; a phone is one address."""
    told = told_of(chat.settings)
    found = [_shown(chat, rung) for rung in rungs.of(scene, chat, told, Message(""))]
    copied = rungs.copied_to(scene, chat, told)
    if copied is not None:
        label = text("where.by-copies", {"email": masked(copied.address)})
        found.append(Address(copied.id, reach.EMAIL, label))
    return list({one.chat if one.channel in CHATS else one.label: one for one in reversed(found)}.values())[::-1]


def ways(scene: Scene, chat: Chat) -> frozenset[str]:
    """Channels on which this person may add an address."""
    if scene.world.office(chat.office).practice:
        return frozenset()
    found = {place for place in linking.places(scene, chat) if place != _PAGE}
    if one_time.can_send(scene, PHONE):
        found.add("phone")
    if reach.EMAIL in reach.channels(scene):
        found.add("email")
    return frozenset(found)


def offered(scene: Scene, chat: Chat, message: Message) -> Message:
    """Whoever has handed in on the page, and can be told nowhere else, is asked where before they leave."""
    if chat.channel not in PAGES or not ways(scene, chat) or len(addresses(scene, chat)) > 1:
        return message
    words = f"{message.text}\n\n{text('where.submitted')}"
    return msgspec.structs.replace(message, text=words, buttons=(*message.buttons, button("where")))


def give_missed(scene: Scene, chat: Chat) -> Message:
    """What was not told while they wanted no news comes in a moment, behind this."""
    count = len(_missed(scene, chat))
    if count:
        scene.work.jobs.add(JOB, chat.id)
    missed = text("where.missed" if count else "where.missed-none", {"count": count})
    return Message(f"{text('where.resumed')} {missed}", (button("where"), button("menu")))


def missed(scene: Scene, job: Job) -> None:
    """Tell it."""
    scene.work.jobs.done(job.id)
    chat = scene.work.chats.get(job.subject)
    if chat is None or told_of(chat.settings).stopped:
        return
    for notice in _missed(scene, chat):
        ladder.again(scene, notice, chat)


def _missed(scene: Scene, chat: Chat) -> Sequence[Notice]:
    if chat.person is None:
        return ()
    untold = scene.work.notices.of_person(chat.person, scene.now - KEPT, State.DROPPED, State.PHONE, State.LOST)
    return [notice for notice in untold if notice.told is None and not notice.kind.endswith(REMINDER)][-_MOST:]


def _shown(chat: Chat, rung: Rung) -> Address:
    address = rung.address
    known = rung.chat.address if rung.chat is not None else rung.value
    key = rung.chat.id if rung.chat is not None else ""
    label = text("where.name-web-other") if address.channel == chat.channel == _PAGE and key != chat.id else ""
    if address.channel == reach.EMAIL:
        label = text("where.by-email", {"email": masked(known)})
    elif address.channel not in CHATS:
        label = text("where.by-phone", {"phone": masked_phone(known)})
    return Address(key, address.channel, label, address.chosen, address.well, key == chat.id)
