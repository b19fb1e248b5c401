"""Copies of all news by e-mail, for whoever asked for them: beside what is told in a chat, never instead of it.

What one decision brings, its notice and soon after it the printed slip, comes as one mail: the first waits a moment for
the second.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from bot import rungs
from bot.outgoing import send
from bot.scene import Scene
from conversations import mail_words
from conversations.messages import Message
from storage import outbox
from storage.chats import Chat
from storage.persons import told_of

WAITS: Final = 20.0  # seconds: a slip is printed in one or two, in five when the printer's process has to start


def copy(scene: Scene, chat: Chat, message: Message, subject: str, *, kind: str = "") -> None:
    """Send `message` by mail as well, if the chat's person wants that; not where they are told by mail anyway."""
    told = told_of(chat.settings)
    if told.stopped or scene.world.office(chat.office).practice:
        return
    there = rungs.copied_to(scene, chat, told)
    if there is None:
        return
    burst = f"copy {subject}"
    facts = {**message.facts, mail_words.COPY: "yes"}
    message = replace(message, template=message.template or kind, facts=facts)
    waiting = scene.work.outbox.supersede(there.id, burst)
    together = (*waiting, (f"{len(waiting)}", message))
    messages = [one for _, one in together]
    send(scene, there, messages, lane=outbox.BULK, subject=subject, burst=burst, remarks=together, delay=WAITS)
