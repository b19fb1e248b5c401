"""Messengers' groups that show what the group of an office shows: joined by a code, left by the head, lost, back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from bot.invitations import GROUP_CODE
from bot.outgoing import send
from bot.say import desk_line, group_of, to_group, to_heads
from bot.scene import Scene
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from domain.figures import LOW
from domain.values import moment_words
from handlers import telegram_door
from storage import outbox
from storage.chats import GROUP, Chat

_NEWEST: Final = 30  # dossiers, and as many calls, whose cards a new group gets


class _Joined(msgspec.Struct, frozen=True):
    """What a group is known by: its own name stays at the messenger."""

    name: str
    at: datetime


def join(scene: Scene, officer: Officer, address: str, code: str) -> Message:
    """The group at this address joins the officer's office; gives the words for the officer."""
    work = scene.work
    group = group_of(scene, officer.office)
    office = scene.world.office(officer.office).short_name
    known = work.chats.find(telegram_door.GROUP, address)
    if known is not None and known.mirrors == group.id and not known.unreachable:
        return desk_line("group-known", office=office)
    if work.tokens.chat(code, GROUP_CODE) != group.id:
        return desk_line("group-code-wrong")
    if known is not None and known.mirrors not in (None, group.id):
        return desk_line("group-taken")
    work.tokens.spend(code, GROUP_CODE)
    chat = work.chats.open_mirror(telegram_door.GROUP, address, group.id, scene.now)
    work.chats.save(chat.id, msgspec.json.encode(_Joined(officer.name, scene.now)), 0)
    send(scene, chat, [desk_line("group-welcome", office=office)], lane=outbox.ANSWER)
    show_open(scene, chat, officer.office)
    joined = desk_line("group-joined", name=officer.name, office=office)
    to_heads(scene, officer.office, joined, but=officer.id)
    return joined


def leave(scene: Scene, officer: Officer) -> list[Message]:
    """The group in which the head says so; said elsewhere the only one, or those that can't be reached."""
    group = group_of(scene, officer.office)
    mirrors = scene.work.chats.mirrors_of(group.id)
    if scene.group:
        gone = [mirror for mirror in mirrors if mirror.id == scene.group]
    else:
        gone = mirrors if len(mirrors) == 1 else [mirror for mirror in mirrors if mirror.unreachable]
    if not gone:
        key = "group-none" if scene.group else "groups-many" if mirrors else "groups-none"
        return [desk_line(key, count=len(mirrors))]
    for chat in gone:
        forget(scene, chat)
        if not chat.unreachable:
            farewell = desk_line("group-farewell", office=scene.world.office(officer.office).short_name)
            send(scene, chat, [farewell], lane=outbox.ANSWER)
    return [desk_line("group-left", group=_named(chat)) for chat in gone]


def forget(scene: Scene, chat: Chat) -> None:
    """A group shows nothing any more, and what was on its way there is dropped."""
    scene.work.chats.release(chat.id)
    scene.work.cards.forget(chat.id)
    scene.work.outbox.drop(chat.id)


def show_open(scene: Scene, chat: Chat, office: str) -> None:
    """The cards of the newest open dossiers and calls are wanted in a messenger's group."""
    work = scene.work
    group = group_of(scene, office)
    dossiers = [f"dossier:{record.id}" for record in work.dossiers.newest_open(office, _NEWEST)]
    calls = [f"call:{call.id}" for call in work.calls.newest_open(office, _NEWEST)]
    calls += [f"call:{rating.dossier}" for rating in work.ratings.unanswered(office, LOW)]
    for subject in reversed((*calls, *dossiers)):
        if work.cards.known(subject, group.id):  # a talk that an officer began has no card of its own
            work.cards.want(subject, chat.id)


def lost(scene: Scene, chat: Chat, why: str) -> None:
    """Nothing can be written to a group: its office hears what to do."""
    office = office_of(scene, chat)
    if office:
        said = desk_line(f"group-lost-{'muted' if why == 'muted' else 'removed'}", group=_named(chat))
        to_heads(scene, office, said)
        to_group(scene, office, said)


def back(scene: Scene, chat: Chat) -> None:
    """A group can be written to again: it shows what it missed."""
    office = office_of(scene, chat)
    if office:
        show_open(scene, chat, office)
        to_heads(scene, office, desk_line("group-back", group=_named(chat)))


def office_of(scene: Scene, chat: Chat) -> str:
    """The office whose group a messenger's group shows, or empty."""
    group = scene.work.chats.get(chat.mirrors) if chat.mirrors else None
    return group.address if group is not None and group.channel == GROUP else ""


def _named(chat: Chat) -> str:
    if chat.state is None:
        return ""
    joined = msgspec.json.decode(chat.state, type=_Joined)
    return text("desk.group-named", {"name": joined.name, "at": moment_words(joined.at)})
