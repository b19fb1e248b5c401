"""Officers who are away, or leave for good: what they held goes back to the group."""

from __future__ import annotations

from typing import Final

from bot import own_contacts
from bot.claims import set_owner
from bot.say import alert, desk_line, to_group, to_officer
from bot.scene import Scene
from bot.views import dossier_file
from conversations import cards
from conversations.messages import Message
from conversations.staff_state import Officer
from domain.dossier import NotAllowed, Role
from storage.chats import OFFICER

_FEW: Final = 3  # dossiers of an absent officer that get a line each


def mark(scene: Scene, officer: Officer, who: str, *, absent: bool) -> list[Message]:
    """Oneself, or for the head anybody of the office: away or back."""
    other = scene.work.officers.get(who)
    if other is None or other.office != officer.office:
        raise NotAllowed("gone")
    if other.id != officer.id and officer.role != Role.HEAD:
        raise NotAllowed("head-only")
    scene.work.officers.absent(other.id, absent=absent)
    if absent:
        _lapse(scene, other, officer)
    words = [desk_line("absent" if absent else "present", name=other.name)]
    if other.id != officer.id:
        to_officer(scene, other, words)
    return words


def leave(scene: Scene, officer: Officer) -> None:
    """No longer staff: every door closes."""
    _lapse(scene, officer, officer)
    scene.work.officers.leave(officer.id, scene.now)
    chat = scene.work.chats.find(OFFICER, officer.id)
    if chat is not None:
        scene.work.tokens.revoke(chat.id)
        own_contacts.left(scene, officer.id)
        for mirror in scene.work.chats.mirrors_of(chat.id):
            scene.work.chats.release(mirror.id)
            scene.work.outbox.drop(mirror.id)


def _lapse(scene: Scene, owner: Officer, actor: Officer) -> None:
    records = scene.work.dossiers.of_owner(owner.id)
    for record in records:
        set_owner(scene, record, None, actor, "lapse")
        if len(records) <= _FEW:
            alert(scene, scene.again(record), "lapsed")
    if len(records) > _FEW:
        files = [dossier_file(scene, scene.again(record)) for record in records]
        to_group(scene, owner.office, cards.lapsed_line(owner, files))
