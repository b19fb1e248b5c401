"""What happens to the addresses themselves: blocked, left, come back to, moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec

from bot import groups, ladder, own_data
from bot.say import desk_line, to_group, to_heads
from bot.scene import Scene
from conversations.messages import ByHand, ChatEvent, Left, Moved, Returned, Withdrew
from conversations.state import Talk
from handlers import telegram_door
from storage.chats import Chat

_BY_HAND: Final = timedelta(minutes=30)  # of silence after the last thing that an officer wrote past the bot


def changed(scene: Scene, channel: str, address: str, event: ChatEvent) -> None:
    """Note it and tell whom it concerns; a chat that is not known needs no note."""
    if isinstance(event, Moved):
        moved(scene, channel, address, event.address)
        return
    chat = scene.work.chats.find(channel, address)
    if chat is None:
        return
    match event:
        case Left(why):
            lost(scene, chat, why)
        case Returned():
            back(scene, chat)
        case ByHand():
            _by_hand(scene, chat)
        case Withdrew():
            own_data.erase(scene, chat)
            lost(scene, chat, "blocked")


def lost(scene: Scene, chat: Chat, why: str) -> None:
    """Nothing can be written to a chat ("blocked", "removed", "muted" or "gone"); who must know is told once."""
    known = chat.unreachable
    if known and (known != "muted" or why == "muted"):
        return
    scene.work.chats.mark(chat.id, why)
    if chat.channel == telegram_door.GROUP:
        groups.lost(scene, chat, why)
    elif chat.channel == telegram_door.STAFF:
        _officer_lost(scene, chat)


def back(scene: Scene, chat: Chat) -> None:
    """A chat can be written to again: it gets what it missed."""
    if not chat.unreachable:
        return
    scene.work.chats.mark(chat.id, "")
    if chat.channel == telegram_door.GROUP:
        groups.back(scene, chat)
    elif chat.person is not None:
        scene.work.chats.heard(chat.id)
        ladder.back(scene, chat)


def moved(scene: Scene, channel: str, old: str, new: str) -> None:
    """A chat has another address, such as a group that was upgraded; told twice it happens once."""
    work = scene.work
    chat = work.chats.move(channel, old, new)
    if chat is None:
        left = work.chats.find(channel, old)
        if left is not None and channel == telegram_door.GROUP:  # somebody joined the new one before we heard of it
            groups.forget(scene, left)
        return
    work.outbox.forget_ids(chat.id)
    work.cards.undrawn(chat.id)
    office = groups.office_of(scene, chat)
    if office:
        groups.show_open(scene, chat, office)


def _by_hand(scene: Scene, chat: Chat) -> None:
    """Two who answer at once confuse: the bot leaves it to the officer, until nothing came from there for a while."""
    if chat.person is None:
        return
    talk = Talk() if chat.state is None else msgspec.json.decode(chat.state, type=Talk)
    until = msgspec.structs.replace(talk, by_hand_until=scene.now + _BY_HAND)
    scene.work.chats.save(chat.id, msgspec.json.encode(until), 0)


def _officer_lost(scene: Scene, chat: Chat) -> None:
    own = scene.work.chats.get(chat.mirrors) if chat.mirrors else None
    officer = scene.work.officers.get(own.address) if own is not None else None
    if officer is not None:
        said = desk_line("officer-lost", name=officer.name)
        to_heads(scene, officer.office, said)
        to_group(scene, officer.office, said)
