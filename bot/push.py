"""A line for a browser whose page is closed, beside what its chat shows: that there is something, never what."""

from __future__ import annotations

from typing import Final

from bot.outgoing import send
from bot.scene import Scene
from conversations.messages import Message
from conversations.render import text
from domain.codes import show
from storage import outbox
from storage.chats import Chat

CHANNEL: Final = "push"
_DOSSIERS: Final = frozenset({"dossier", "unopened"})


def beside(scene: Scene, chat: Chat, subject: str = "", office: str = "") -> bool:
    """For every browser that asked for it in this live chat; True where there is one."""
    found = scene.work.pushes.of(chat.id)
    if found:
        _tell(scene, found, words(scene, subject, office or chat.office))
    return bool(found)


def to_office(scene: Scene, office: str, subject: str, *, but: str = "") -> None:
    """For the officers of an office who are there, `but` whoever did it."""
    meant = [one.id for one in scene.work.officers.of_office(office) if not one.absent and one.id != but]
    found = scene.work.pushes.of_officers(meant) if meant else []
    if found:
        _tell(scene, found, words(scene, subject, office, staff=True))


def words(scene: Scene, subject: str, office: str, *, staff: bool = False) -> Message:
    """It may stand on a locked screen: the code, or that somebody calls."""
    kind, _, which = subject.partition(":")
    record = scene.work.dossiers.get(which) if kind in _DOSSIERS else None
    if record is not None:
        said = text("push.dossier", {"code": record.official_code or show(record.tracking_code)})
    elif kind == "call":
        said = text("push.call-staff" if staff else "push.call")
    else:
        said = text("push.draft" if kind == "draft" else "push.news")
    name = scene.world.office(record.office if record is not None else office).short_name
    return Message(said, speaker=text("push.title", {"office": name}), facts={"tag": subject or "news"})


def _tell(scene: Scene, found: list[str], message: Message) -> None:
    for push in found:
        chat = scene.work.chats.open_staff(CHANNEL, push, scene.now)  # of no person: what fails here is nobody's loss
        if not chat.unreachable:
            send(scene, chat, [message], lane=outbox.NOTICE)
