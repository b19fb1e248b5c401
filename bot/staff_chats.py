"""Officers on a messenger: who a user is, and where on the live page what they did would have happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import remote
from bot.scene import Scene
from conversations.messages import Event, Inbound, Message
from conversations.staff_state import Officer
from handlers import telegram_door
from storage.chats import OFFICER


def officer_at(scene: Scene, inbound: Inbound) -> Officer | Sequence[Message]:
    """The officer whose chat this is, or what a stranger is told."""
    chat = scene.work.chats.find(inbound.channel, inbound.address)
    own = scene.work.chats.get(chat.mirrors) if chat is not None and chat.mirrors else None
    officer = scene.work.officers.get(own.address) if own is not None else None
    return officer or ()


def scene_of(scene: Scene, inbound: Inbound) -> Scene:
    """The scene that knows in which group it happened."""
    group = scene.work.chats.find(telegram_door.GROUP, inbound.group) if inbound.group else None
    return replace(scene, group=group.id if group else "")


def as_on_the_page(scene: Scene, officer: Officer, inbound: Inbound) -> Event:
    """The event with the ids of the live page's messages instead of the messenger's."""
    return remote.adopt(scene, inbound, scene.work.chats.open_staff(OFFICER, officer.id, scene.now).id)
