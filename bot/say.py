"""Words for citizens, for the group of an office and for one officer, wherever they are read."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot import copies, ladder, mirrors, push
from bot.scene import Scene
from bot.views import code_of, dossier_file
from conversations import cards, practice
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from conversations.state import Contact
from domain.dossier import Role
from domain.values import show_phone
from storage.chats import DESK, GROUP, OFFICER, Chat
from storage.dossiers import Record
from storage.messages import Line
from storage.notices import State


def to_citizen(  # noqa: PLR0913 - what a notice may carry, named where it is given
    scene: Scene,
    chat: str,
    message: Message,
    subject: str = "",
    *,
    key: str = "",
    expects: bool = False,
    urgent: bool = False,
    kind: str = "",
    here: bool = False,
) -> bool:
    """News for whoever begun a dossier or call in this chat; `subject` is which of them it is about.

    It goes down the ladder until it has reached them (bot/ladder.py). `key`: under which the calls that carry it are
    looked up later. `kind`: the tag of the decision, or what else it is, as domain/ladder.py knows it; that says
    whether an answer is due (`expects`), and whether it is told at night as well (`urgent`), where these don't.
    `here`: it answers what was just done in this chat, and is told there first. False where nobody is told, since
    they want no news.
    """
    found = scene.work.chats.get(chat)
    assert found is not None
    if desk_chat(found):
        _by_phone(scene, found, message)
        return True
    message = practice.marked(scene.world.office(found.office), message) if found.office else message
    news = ladder.News(message, subject, kind, key, expects, urgent, here)
    copies.copy(scene, found, message, subject, kind=kind)
    state = ladder.tell(scene, found, news)
    if state == State.PHONE:
        stands = scene.work.dossiers.get(subject.removeprefix(ladder.DOSSIER))
        assert stands is not None, "only about a dossier somebody telephones"
        alert(scene, stands, "stopped-news")
    return state not in (State.PHONE, State.DROPPED)


def desk_chat(chat: Chat) -> bool:
    """Whether somebody is behind it who has no chat: an officer telephones, or prints for them."""
    return chat.channel == DESK


def by_phone(scene: Scene, chat: str) -> bool:
    """Whether what is said to this chat is told by an officer."""
    found = scene.work.chats.get(chat)
    return found is not None and desk_chat(found)


def _by_phone(scene: Scene, chat: Chat, message: Message) -> None:
    """To whoever has the dossier, else to the heads: never to the group, since names and numbers stand in it."""
    record = scene.work.dossiers.get(chat.address)
    assert record is not None, "a desk chat is made for a dossier"
    who = cards.person_words(dossier_file(scene, record), scene.procedure(record.catalogue_version))
    contact = record.body.contact or Contact(who)
    practising = scene.world.office(record.office).practice
    about = {
        "name": contact.name,
        "phone": show_phone(contact.phone),
        "code": code_of(record),
        "words": message.text,
    }
    key = (
        "practice.told"
        if practising
        else "entry.print"
        if message.files
        else "entry.call"
        if contact.phone
        else "entry.call-none"
    )
    line = Message(text(key, about), files=message.files)
    owner = scene.work.officers.get(record.owner) if record.owner else None
    if owner is None or owner.absent:
        to_heads(scene, record.office, line)
    else:
        to_officer(scene, owner, [line], subject=f"dossier:{record.id}")


def group_of(scene: Scene, office: str) -> Chat:
    """The group of an office."""
    return scene.work.chats.open_staff(GROUP, office, scene.now)


def card_of(scene: Scene, office: str, *subjects: str) -> str:
    """The message that shows the first of these subjects in the office's group, or empty."""
    group = group_of(scene, office)
    shown = (scene.work.cards.message_of(subject, group.id) for subject in subjects)
    return next(filter(None, shown), "")


def show_card(scene: Scene, office: str, subject: str, alert: Message | None = None) -> None:
    """A new card in the group of the office, and in the messengers' groups that mirror it; `alert` where none does."""
    group = group_of(scene, office)
    shown = scene.work.chats.mirrors_of(group.id)
    for chat in (group, *shown):
        scene.work.cards.want(subject, chat.id)
    if alert is not None:
        push.to_office(scene, office, subject)
        if all(chat.unreachable for chat in shown):
            mirrors.unseen(scene, alert, [subject])


def to_group(scene: Scene, office: str, message: Message, *beneath: str, author: str = "", alert: bool = False) -> None:
    """One line to everybody in the office's group, as an answer to the first card there is of these subjects.

    `alert`: the line only makes people look at the card.
    """
    group = group_of(scene, office)
    message = practice.marked(scene.world.office(office), message)
    if beneath:
        message = msgspec.structs.replace(message, reply_to=card_of(scene, office, *beneath))
    scene.work.messages.add(group.id, [Line(message, author)], scene.now)
    mirrors.line(scene, group, message, beneath, author=author, alert=alert)
    if beneath and not author and (alert or message.speaker):
        push.to_office(scene, office, beneath[0], but=scene.actor)


def alert(scene: Scene, record: Record, reason: str) -> None:
    """One line under the card, since an edited card alerts nobody."""
    line = cards.alert_line(dossier_file(scene, record), reason)
    to_group(scene, record.office, line, f"dossier:{record.id}", alert=True)


def to_officer(
    scene: Scene,
    officer: Officer,
    messages: Sequence[Message],
    *,
    own: bool = False,
    subject: str = "",
    album: str = "",
) -> None:
    """For one officer's eyes; `own` when the officer wrote it. `subject`: which dossier or call it is about.

    `album`: which album of the officer's it answers.
    """
    if not messages:
        return
    if subject and not own:
        messages = [practice.marked(scene.world.office(officer.office), message) for message in messages]
    group = group_of(scene, officer.office)
    private = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    author = officer.id if own else ""
    lines = [Line(message, author, officer.id, private.id) for message in messages]
    scene.work.messages.add(group.id, lines, scene.now)
    if not own:
        mirrors.private(scene, officer, private, messages, subject, album=album)
        if officer.id != scene.actor:
            push.beside(scene, private, subject, officer.office)


def to_heads(scene: Scene, office: str, message: Message, *, but: str = "") -> None:
    """For the eyes of an office's heads, `but` one of them."""
    message = practice.marked(scene.world.office(office), message)
    for officer in scene.work.officers.of_office(office):
        if officer.role == Role.HEAD and officer.id != but:
            to_officer(scene, officer, [message])


def desk_line(moment: str, **blanks: object) -> Message:
    """What the desk itself says: a text under "desk."."""
    return Message(text(f"desk.{moment}", blanks))
