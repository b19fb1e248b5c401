"""An officer adds, tries and takes back addresses of their own; each is proven before anything goes there."""

from __future__ import annotations

from bot import linking, one_time, own_ways, reach
from bot.scene import Scene
from conversations import nudges, staff_contact
from conversations.contact_state import (
    AddZalo,
    AskContact,
    ContactEffect,
    DropContact,
    OwnWay,
    ProveContact,
    TryContacts,
)
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from domain import mail
from domain.rights import EMAIL
from domain.values import masked_phone
from storage.chats import OFFICER, Chat

PURPOSE = "officer"
_CHANNELS = {"phone": reach.SMS, "email": reach.EMAIL}


def views(scene: Scene, officer: Officer) -> tuple[OwnWay, ...]:
    """All of them, in the order in which they are tried."""
    ways = own_ways.of(scene, officer.id)
    return tuple(OwnWay(way.id, way.channel, _masked(way.channel, way.address), not way.unreachable) for way in ways)


def carry_out(scene: Scene, officer: Officer, effect: ContactEffect) -> list[Message]:
    """Do it; gives the words for the officer."""
    match effect:
        case AddZalo():
            return [Message(text("contact.zalo", {"code": linking.make_for_officer(scene, officer)}))]
        case AskContact(kind, value):
            sent = one_time.ask(scene, _own(scene, officer), PURPOSE, kind, value)
            where = {"where": _where(_CHANNELS[kind], value)}
            return [Message(text("contact.code-sent", where) if sent else text("contact.code-held"))]
        case ProveContact(code):
            return _prove(scene, officer, code)
        case DropContact(chat):
            return _drop(scene, officer, chat)
        case TryContacts():
            message = nudges.trial(officer.office, officer.name)
            count = own_ways.everywhere(scene, officer, message, "")
            return [Message(text("contact.tried", {"count": count}) if count else text("contact.tried-none"))]


def left(scene: Scene, officer: str) -> None:
    """No longer staff: nothing of the office's work goes there any more."""
    for chat in scene.work.chats.of_officer(officer):
        scene.work.chats.alerts(chat.id, None)
    own = scene.work.chats.find(OFFICER, officer)
    if own is not None:
        scene.work.pushes.drop_of(own.id)


def _prove(scene: Scene, officer: Officer, code: str) -> list[Message]:
    checked = one_time.check(scene, _own(scene, officer), code, PURPOSE)
    if checked.state != "ok":
        return [Message(text("contact.code-bad" if checked.state == "wrong" else "contact.code-over"))]
    channel = reach.EMAIL if checked.kind == EMAIL else reach.SMS
    chat = reach.chat(scene, channel, checked.target)
    scene.work.chats.alerts(chat.id, officer.id)
    if chat.unreachable:
        scene.work.chats.mark(chat.id, "")
    told = {"where": _where(channel, checked.target), "name": officer.name}
    own_ways.changed(scene, officer, Message(text("contact.added-told", told), template="staff"), chat.id)
    return [Message(text("contact.added", {"where": _where(channel, checked.target)})), _listed(scene, officer)]


def _drop(scene: Scene, officer: Officer, chat_id: str) -> list[Message]:
    mine = next((chat for chat in own_ways.of(scene, officer.id) if chat.id == chat_id), None)
    if mine is None:
        return [Message(text("contact.gone")), _listed(scene, officer)]
    told = {"where": _where(mine.channel, mine.address), "name": officer.name}
    own_ways.changed(scene, officer, Message(text("contact.dropped-told", told), template="staff"))
    scene.work.chats.alerts(mine.id, None)
    return [Message(text("contact.dropped", {"where": _where(mine.channel, mine.address)})), _listed(scene, officer)]


def _listed(scene: Scene, officer: Officer) -> Message:
    key, blanks, buttons = staff_contact.listed(views(scene, officer), own_ways.channels(scene))
    return Message(text(key, blanks), buttons)


def _own(scene: Scene, officer: Officer) -> Chat:
    return scene.work.chats.open_staff(OFFICER, officer.id, scene.now)


def _where(channel: str, address: str) -> str:
    return text(f"contact.on-{channel}", {"label": _masked(channel, address)})


def _masked(channel: str, address: str) -> str:
    if channel == reach.EMAIL:
        return mail.masked(address)
    return masked_phone(address) if channel == reach.SMS else ""
