"""Officers on a messenger: who a user is, and what they did as if they had done it on the live page.

Who is staff comes from our own list, by a one-time link: being in a group gives nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from bot import addresses, groups, log_in, remote, sessions
from bot.invitations import JOIN
from bot.outgoing import send
from bot.say import card_of, desk_line, group_of, to_officer
from bot.scene import ELSEWHERE, Scene
from conversations import staff_commands
from conversations.messages import ChatEvent, Event, FileSent, Inbound, Message, Pressed, Started, TextSent
from conversations.render import text
from conversations.staff_state import WAITING_FOR_WORDS, Officer, StaffTalk
from handlers import telegram_door
from storage import outbox
from storage.chats import OFFICER, Chat
from storage.sessions import Browser

_AGAIN: Final = timedelta(minutes=1)  # after which a stranger is told anew that this is no place for them
_talk = msgspec.json.Decoder(StaffTalk).decode


@dataclass(frozen=True, slots=True)
class Met:
    """An officer who did something, and where."""

    scene: Scene
    officer: Officer
    event: Event


def meet(scene: Scene, inbound: Inbound) -> Met | Sequence[Message]:
    """The officer and what they did; where there is nothing more to do, all that they are told."""
    event = inbound.event
    assert not isinstance(event, ChatEvent)
    chat = scene.work.chats.find(inbound.channel, inbound.address)
    if chat is not None and not inbound.group:
        addresses.back(scene, chat)  # whoever writes here can be written to
    if isinstance(event, Started) and event.payload and not inbound.group:
        return _link(scene, inbound, event.payload)
    officer = _officer_at(scene, chat)
    coded = _code_of_link(scene, chat, inbound)
    if coded:
        return coded
    if officer is None or chat is None:
        return _stranger(scene, chat, inbound)
    scene = replace(scene, actor=officer.id)
    if inbound.group:
        return _in_group(scene, officer, inbound, event)
    return Met(scene, officer, _in_private(scene, officer, chat, inbound))


def heard(scene: Scene, inbound: Inbound, said: Sequence[Message]) -> Sequence[Message]:
    """What an officer is told at once; in a group, that what goes on in private can't reach them, where it can't."""
    chat = scene.work.chats.find(inbound.channel, inbound.address)
    goes_on = len(said) > 1 or any(message.buttons or message.files for message in said)
    if inbound.group and goes_on and chat is not None and chat.unreachable:
        return (desk_line("unreachable"),)
    return said


def _officer_at(scene: Scene, chat: Chat | None) -> Officer | None:
    own = scene.work.chats.get(chat.mirrors) if chat is not None and chat.mirrors else None
    return scene.work.officers.get(own.address) if own is not None else None


def _link(scene: Scene, inbound: Inbound, token: str) -> Met | Sequence[Message]:
    """The link that a head passed on: from now on this user is that officer, whoever they were before.

    An officer who has an address already confirms it there: a link may have been read by somebody else.
    """
    work = scene.work
    spent = work.tokens.spend(token, JOIN)
    own = work.chats.get(spent) if spent else None
    officer = work.officers.get(own.address) if own is not None else None
    if own is None or officer is None:
        return _link_is_old(scene, inbound)
    ways = [way for way in log_in.confirming(scene, officer) if way.address != inbound.address]
    if ways:
        return _confirmed_first(scene, inbound, officer, ways)
    scene = replace(scene, actor=officer.id)
    sessions.join_telegram(scene, officer, inbound.address)
    return Met(scene, officer, Started())


def _confirmed_first(scene: Scene, inbound: Inbound, officer: Officer, ways: list[Chat]) -> Sequence[Message]:
    chat = scene.work.chats.open_staff(inbound.channel, inbound.address, scene.now)
    asked = log_in.ask(scene, officer, Browser("Telegram"), ways, inbound.address)
    if asked is None:
        return _link_is_old(scene, inbound)
    key = "telegram-digits" if asked.digits else "telegram-code"
    said = Message(text(f"sessions.{key}", {"digits": asked.digits, "where": sessions.where(asked.way)}))
    send(scene, chat, [said], lane=outbox.ANSWER)
    return (said,)


def _code_of_link(scene: Scene, chat: Chat | None, inbound: Inbound) -> Sequence[Message]:
    """The code that a link asked for, typed here; nothing where it is something else."""
    if chat is None or inbound.group or not isinstance(inbound.event, TextSent):
        return ()
    said = log_in.by_code(scene, chat, inbound.event.text)
    if said:
        send(scene, chat, said, lane=outbox.ANSWER)
    return said


def _link_is_old(scene: Scene, inbound: Inbound) -> Sequence[Message]:
    chat = scene.work.chats.open_staff(inbound.channel, inbound.address, scene.now)
    known = _officer_at(scene, chat)
    said = desk_line("link-old-known", name=known.name) if known else desk_line("link-old")
    send(scene, chat, [said], lane=outbox.ANSWER)
    return (said,)


def _stranger(scene: Scene, chat: Chat | None, inbound: Inbound) -> Sequence[Message]:
    """Told how to get in, where they wrote privately: once a minute at most. A press gets its answer, no message."""
    told = (desk_line("stranger"),)
    if inbound.group or isinstance(inbound.event, Pressed):
        return told
    chat = chat or scene.work.chats.open_staff(inbound.channel, inbound.address, scene.now)
    before = datetime.fromisoformat(chat.state.decode()) if chat.state else None
    if before is None or scene.now - before >= _AGAIN:
        scene.work.chats.save(chat.id, scene.now.isoformat().encode(), 0)
        send(scene, chat, told, lane=outbox.ANSWER)
    return told


def _in_group(scene: Scene, officer: Officer, inbound: Inbound, event: Event) -> Met | Sequence[Message]:
    """Presses, commands and answers to cards; what officers say to each other is none of our business."""
    code = _code(event)
    if code:
        return _told(scene, officer, groups.join(scene, officer, inbound.group, code))
    found = scene.work.chats.find(telegram_door.GROUP, inbound.group)
    joined = found is not None and found.mirrors == group_of(scene, officer.office).id
    scene = replace(scene, group=found.id if found is not None and found.mirrors else ELSEWHERE)
    here = found if joined else None
    match event:
        case TextSent(words) if words.lstrip().startswith("/"):
            return Met(scene, officer, TextSent(words))
        case TextSent(words, reply_to):
            card = _card(scene, officer, here, reply_to)
            if card:
                return Met(scene, officer, TextSent(words, card))
        case FileSent(reply_to=reply_to):
            card = _card(scene, officer, here, reply_to)
            if card:
                adopted = _adopted(scene, officer, inbound)
                return Met(scene, officer, msgspec.structs.replace(adopted, reply_to=card))
        case Pressed(value, message_id):
            return Met(scene, officer, Pressed(value, _card(scene, officer, here, message_id)))
        case Started():
            return Met(scene, officer, Started())
        case _:
            return Met(scene, officer, event)
    return _told(scene, officer, desk_line("not-a-card")) if reply_to else ()


def _in_private(scene: Scene, officer: Officer, chat: Chat, inbound: Inbound) -> Event:
    """An answer to papers or to a citizen's words is an answer to their card, unless the bot waits for words."""
    event = _adopted(scene, officer, inbound)
    match event:
        case TextSent(reply_to=reply_to) | FileSent(reply_to=reply_to):
            card = "" if _awaited(scene, officer) else _card(scene, officer, chat, reply_to)
            return msgspec.structs.replace(event, reply_to=card)
        case Pressed(value):
            return Pressed(value)
        case _:
            return event


def _adopted(scene: Scene, officer: Officer, inbound: Inbound) -> Event:
    return remote.adopt(scene, inbound, scene.work.chats.open_staff(OFFICER, officer.id, scene.now).id)


def _card(scene: Scene, officer: Officer, chat: Chat | None, message_id: str) -> str:
    """The live page's message that shows what a messenger's message is about; empty when it is about nothing."""
    if chat is None or not message_id:
        return ""
    work = scene.work
    subject = work.cards.subject_at(chat.id, message_id) or work.outbox.subject_at(chat.id, message_id)
    return card_of(scene, officer.office, subject) if subject else ""


def _awaited(scene: Scene, officer: Officer) -> bool:
    own = scene.work.chats.find(OFFICER, officer.id)
    return own is not None and own.state is not None and _talk(own.state).screen in WAITING_FOR_WORDS


def _code(event: Event) -> str:
    """The code with which a group is to join, or empty."""
    match event:
        case Started(payload):
            return payload
        case TextSent(words):
            command = staff_commands.command(words.strip()) if words.lstrip().startswith("/") else None
            return command[1] if command and command[0] == "nhom" else ""
        case _:
            return ""


def _told(scene: Scene, officer: Officer, said: Message) -> Sequence[Message]:
    """Whoever did it hears privately."""
    to_officer(scene, officer, [said])
    return (said,)
