"""Messengers' chats that show what an officer's own chat, or the group of an office, shows on the live pages.

A messenger's group is somebody else's server and may have anybody in it: no personal data go there, and no files. What
is left out there goes to the private chats of those whose work it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from msgspec.structs import replace

from bot.outgoing import SILENCE, send
from bot.scene import Scene
from bot.views import code_of
from conversations.discreet import hidden
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from storage import outbox
from storage.calls import Call
from storage.chats import OFFICER, Chat
from storage.dossiers import Record

_PERSONAL: Final = frozenset({"date", "person_name", "id_number", "phone", "address"})  # kinds of answers
_SHORTEST: Final = 5  # letters; a shorter value would be any word
_DOSSIERS: Final = 10  # of one citizen, whose answers are looked for in the words


@dataclass(frozen=True, slots=True)
class _Matter:
    """What a line in the group is about."""

    office: str
    code: str  # of the dossier; empty for a call without one
    owner: str | None  # the officer whose work it is
    known: tuple[str, ...]  # what the citizen's dossiers hold of them


def line(
    scene: Scene, group: Chat, message: Message, beneath: Sequence[str], *, author: str = "", alert: bool = False
) -> None:
    """A line of an office's group, in the messengers' groups that mirror it."""
    mirrors = [mirror for mirror in scene.work.chats.mirrors_of(group.id) if not mirror.unreachable]
    matter = _matter(scene, beneath) if beneath and message.speaker else None
    shown = _for_everybody(message, matter)
    if alert and not mirrors:
        unseen(scene, message, beneath)
    for mirror in mirrors:
        if author and mirror.id == scene.group:
            continue  # it was written there
        subject = _carded(scene, group, mirror, beneath)
        if alert and subject and not scene.work.cards.message_of(subject, mirror.id):
            continue  # the card itself is still to come, and a new message alerts by itself
        send(scene, mirror, [shown], lane=outbox.NOTICE, subject=subject)
    left_out = bool(message.files) or message.text not in shown.text
    if matter is not None and (left_out or not mirrors):
        subject = next((s for s in beneath if scene.work.cards.known(s, group.id)), "")
        _in_full(scene, message, matter, subject, author)


def unseen(scene: Scene, message: Message, beneath: Sequence[str]) -> None:
    """An alert that no messenger's group can show: it reaches privately those whose work it is."""
    matter = _matter(scene, beneath)
    if matter is not None:
        for mirror in _concerned(scene, matter):
            send(scene, mirror, [replace(message, reply_to="")], lane=outbox.NOTICE, subject=beneath[0])


def private(
    scene: Scene, officer: Officer, own: Chat, messages: Sequence[Message], subject: str, *, album: str = ""
) -> None:
    """Lines for one officer, in the messengers' chats that mirror theirs; not while they work on a live page.

    What the photos of one `album` lead to in quick succession is said once, by the last.
    """
    if scene.on_page == officer.id:
        return
    lane = outbox.ANSWER if scene.actor == officer.id else outbox.NOTICE
    alone = [replace(message, reply_to="") for message in messages]  # the card is in another chat
    burst = f"album:{album}" if album else ""
    for mirror in _reachable(scene, own):
        if burst:
            scene.work.outbox.supersede(mirror.id, burst)
        # An answer to the papers is for the citizen; one to a question of the bot is for the bot.
        for papers, run in groupby(alone, key=lambda message: bool(message.files)):
            about = subject if papers else ""
            delay = SILENCE if burst else 0.0
            send(scene, mirror, list(run), lane=lane, subject=about, burst=burst, delay=delay)


def discreet(scene: Scene, message: Message, subject: str) -> Message:
    """A card as a messenger's group may show it: that of a call holds the citizen's own words."""
    if not subject.startswith("call:"):
        return message
    return _for_everybody(message, _matter(scene, [subject]))


def _for_everybody(message: Message, matter: _Matter | None) -> Message:
    words = hidden(message.text, matter.known if matter else ())
    if message.files:
        words = f"{words}\n{text('desk.files-elsewhere', {'count': len(message.files)})}".strip()
    speaker = " · ".join(filter(None, (message.speaker, matter.code if matter else "")))
    return replace(message, text=words, files=(), reply_to="", speaker=speaker)


def _carded(scene: Scene, group: Chat, mirror: Chat, beneath: Sequence[str]) -> str:
    """The first of these subjects that has a card there; where none has, one is made."""
    cards = scene.work.cards
    found = next((subject for subject in beneath if cards.known(subject, mirror.id)), "")
    if not found:
        found = next((subject for subject in beneath if cards.known(subject, group.id)), "")
        if found:
            cards.want(found, mirror.id)
    return found


def _in_full(scene: Scene, message: Message, matter: _Matter, subject: str, author: str) -> None:
    """The whole words and the files, for whoever has the dossier or call; for all who are there when nobody has."""
    about = text("desk.about-dossier", {"code": matter.code}) if matter.code else text("desk.about-call")
    whole = replace(message, text=f"{about}\n{message.text}".strip(), reply_to="")
    for mirror in _concerned(scene, matter, but=author):
        send(scene, mirror, [whole], lane=outbox.NOTICE, subject=subject)


def _concerned(scene: Scene, matter: _Matter, *, but: str = "") -> Iterator[Chat]:
    """The messengers' chats of whoever has a dossier or call; of all who are there when nobody has."""
    for officer in scene.work.officers.of_office(matter.office):
        meant = officer.id == matter.owner if matter.owner else not officer.absent
        own = scene.work.chats.look(OFFICER, officer.id) if meant and officer.id != but else None
        if own is not None:
            yield from _reachable(scene, own)


def _reachable(scene: Scene, own: Chat) -> Iterator[Chat]:
    return (mirror for mirror in scene.work.chats.mirrors_of(own.id) if not mirror.unreachable)


def _matter(scene: Scene, beneath: Sequence[str]) -> _Matter | None:
    call: Call | None = None
    record: Record | None = None
    for kind, _, subject in (one.partition(":") for one in beneath):
        if kind == "call":
            call = call or scene.work.calls.get(subject)
        else:
            record = record or scene.work.dossiers.get(subject)
    if call is not None and call.dossier and record is None:
        record = scene.work.dossiers.get(call.dossier)
    if record is not None:
        owner = record.owner or (call.owner if call else None)
        return _Matter(record.office, code_of(record), owner, tuple(_known(scene, record.person)))
    if call is not None:
        return _Matter(call.office, "", call.owner, tuple(_known(scene, call.person)))
    return None


def _known(scene: Scene, person: str) -> Iterator[str]:
    """What somebody's dossiers hold of them, in their own words."""
    for record in scene.work.dossiers.of_person(person)[:_DOSSIERS]:
        answers = scene.work.drafts.answers(record.id)
        kinds = {q.key: q.kind for q in scene.procedure(record.catalogue_version).questions}
        personal = [value for key, value in answers.items() if kinds.get(key.partition(".")[0]) in _PERSONAL]
        yield from (value for value in (record.body.applicant, *personal) if len(value) >= _SHORTEST)
