"""Addresses at which somebody can be told something and says nothing: e-mail, SMS, Zalo's messages by phone number.

Their chats are rows like any other, so that the outbox, its lanes and its pace serve them too; nobody writes there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot import outbound
from bot.outgoing import send
from bot.scene import Scene
from conversations.messages import Message
from handlers import zalo_door
from storage import outbox
from storage.chats import Chat
from storage.outbox import Row

EMAIL: Final = outbound.EMAIL
SMS: Final = outbound.SMS
ZNS: Final = zalo_door.ZNS


def channels(scene: Scene) -> frozenset[str]:
    """Those that are set up here."""
    settings = scene.world.settings
    here = {EMAIL: settings.smtp_url, SMS: settings.sms_gateway, ZNS: _zns(scene)}
    return frozenset(channel for channel, given in here.items() if given)


def chat(scene: Scene, channel: str, address: str) -> Chat:
    """The chat of an e-mail address (small letters) or a phone number (E.164) on one of these channels."""
    return scene.work.chats.open_staff(channel, address, scene.now)


def to_email(scene: Scene, email: str, message: Message, *, key: str = "", subject: str = "") -> bool:
    """An answer by mail; False where there is no mail server, or its owner wants no mails of ours."""
    return _to(scene, EMAIL, email, message, key, subject)


def to_phone(scene: Scene, phone: str, message: Message, *, key: str = "", subject: str = "") -> bool:
    """An answer to a number: through Zalo where it has the template, else by SMS; False where there is neither."""
    if templated(scene, message) and _to(scene, ZNS, phone, message, key, subject):
        return True
    return _to(scene, SMS, phone, message, key, subject)


def instead(scene: Scene, row: Row) -> None:
    """Zalo does not take it: an answer that somebody waits for goes by SMS. News have a ladder of their own."""
    if row.channel == ZNS and row.lane == outbox.ANSWER:
        _to(scene, SMS, row.address, row.message, "", row.subject)


def templated(scene: Scene, message: Message) -> bool:
    """Whether Zalo has approved words for this here."""
    return message.template in _zns(scene)


def _zns(scene: Scene) -> Collection[str]:
    """Kinds of message for which Zalo has approved a template."""
    return scene.world.settings.zns_kinds


def _to(scene: Scene, channel: str, address: str, message: Message, key: str, subject: str) -> bool:
    if channel not in channels(scene):
        return False
    found = chat(scene, channel, address)
    if found.unreachable:
        return False
    send(scene, found, [message], lane=outbox.ANSWER, subject=subject, key=key)
    return True
