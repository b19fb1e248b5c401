"""A chat of a citizens' channel at which an officer is alerted: the code comes from the officer's own page."""

from __future__ import annotations

from bot import own_ways
from bot.linking_words import place
from bot.say import to_officer
from bot.scene import Scene
from conversations.messages import Message
from conversations.render import button, text
from conversations.staff_state import Officer
from storage.chats import Chat


def ask(scene: Scene, subject: str, code: str) -> Message:
    """Whose it is, before this chat hears of the office's work."""
    officer = _of(scene, subject)
    if officer is None:
        return Message(text("linking.wrong-code"))
    about = {"name": officer.name, "office": scene.world.office(officer.office).short_name}
    return Message(
        text("linking.officer-ask", about), (button("alert-yes", f"alertok:{code}"), button("join-no", "nojoin"))
    )


def agreed(scene: Scene, chat: Chat, subject: str) -> Message:
    """They are told on their page as well: a code may have been read by somebody else."""
    officer = _of(scene, subject)
    if officer is None:
        return Message(text("linking.wrong-code"))
    scene.work.chats.alerts(chat.id, officer.id)
    to_officer(scene, officer, [Message(text("linking.officer-told", {"where": place("on", chat.channel)}))])
    told = {"where": place("on", chat.channel), "name": officer.name}
    own_ways.changed(scene, officer, Message(text("contact.added-told", told), template="staff"), chat.id)
    return Message(text("linking.officer-done", {"office": scene.world.office(officer.office).short_name}))


def release(scene: Scene, chat_id: str) -> None:
    """Nobody is alerted there any more."""
    scene.work.chats.alerts(chat_id, None)


def _of(scene: Scene, subject: str) -> Officer | None:
    return scene.work.officers.get(subject.removeprefix("officer:"))
