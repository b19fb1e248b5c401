"""An officer's own addresses, at which they hear of what waits while no page of theirs is open.

Said at the first that works: it goes to the next where one fails (see bot/outcomes.py). Added by their owner alone:
with a code for Zalo, with a code sent there for a number or an e-mail address.
"""

from __future__ import annotations

from typing import Final

from bot import push, reach
from bot.outgoing import send
from bot.scene import Scene
from conversations.messages import Message
from conversations.staff_state import Officer
from storage import outbox
from storage.chats import OFFICER, Chat

ZALO: Final = "zalo"
ORDER: Final = (ZALO, "telegram", reach.SMS, reach.EMAIL)  # the cheapest and surest first


def channels(scene: Scene) -> frozenset[str]:
    """On which an officer may have an address here."""
    zalo = {ZALO} if scene.world.settings.zalo_oa_id else set()
    return frozenset(zalo | (reach.channels(scene) & {reach.SMS, reach.EMAIL}))


def of(scene: Scene, officer: str) -> list[Chat]:
    """All of an officer's, in the order in which they are tried."""
    found = scene.work.chats.of_officer(officer)
    return sorted((chat for chat in found if chat.channel in ORDER), key=lambda chat: ORDER.index(chat.channel))


def usable(scene: Scene, officer: str) -> list[Chat]:
    """Those that may work now."""
    return [chat for chat in of(scene, officer) if _usable(scene, chat)]


def tell(scene: Scene, officer: Officer, message: Message, subject: str) -> Chat | None:
    """At the first address that may work, which it gives, and on closed pages."""
    own = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    push.beside(scene, own, subject, officer.office)
    return _first(scene, of(scene, officer.id), message, subject)


def changed(scene: Scene, officer: Officer, message: Message, but: str = "") -> None:
    """An address has come or gone, by whoever was on the page: said where the officer heard of things before."""
    way = next((chat for chat in usable(scene, officer.id) if chat.id != but), None)
    if way is not None:
        send(scene, way, [message], lane=outbox.NOTICE)
    scene.work.audit.add("login-address", scene.now, subject=officer.id)


def next_after(scene: Scene, failed: Chat, officer: Officer, message: Message, subject: str) -> Chat | None:
    """The same at the address behind one that failed."""
    ways = of(scene, officer.id)
    at = next((n for n, chat in enumerate(ways) if chat.id == failed.id), len(ways))
    return _first(scene, ways[at + 1 :], message, subject)


def everywhere(scene: Scene, officer: Officer, message: Message, subject: str) -> int:
    """At all of them, for a trial; gives how many."""
    ways = usable(scene, officer.id)
    for chat in ways:
        send(scene, chat, [message], lane=outbox.NOTICE, subject=subject)
    own = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    return len(ways) + push.beside(scene, own, subject, officer.office)


def _first(scene: Scene, ways: list[Chat], message: Message, subject: str) -> Chat | None:
    for chat in ways:
        if _usable(scene, chat):
            send(scene, chat, [message], lane=outbox.NOTICE, subject=subject)
            return chat
    return None


def _usable(scene: Scene, chat: Chat) -> bool:
    return not chat.unreachable and (chat.channel == "telegram" or chat.channel in channels(scene))
