"""Links to the upload page: good for one draft and a short time, or for one paper that somebody else is to send."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.scene import Scene
from conversations import page
from conversations.effects import MakeLink
from conversations.messages import Message
from conversations.render import text
from domain.values import moment_words
from storage.chats import Chat

UPLOAD: Final = "upload"  # what a token is for
OWN_LIFE: Final = 30 * 60.0  # seconds
HELPER_LIFE: Final = 2 * 86_400.0


def link(scene: Scene, chat: Chat, wanted: MakeLink) -> Message | None:
    """Make one; gives the words that carry it."""
    draft = scene.work.drafts.get(wanted.draft, chat.person or "")
    if draft is None:
        return None
    life = HELPER_LIFE if wanted.paper else OWN_LIFE
    token = scene.work.tokens.make(UPLOAD, chat.id, life, f"{draft.id}:{wanted.paper}")
    address = f"{scene.world.settings.address}/gui/{token}"
    if not wanted.paper:
        return Message(text("upload.link", {"link": address, "minutes": round(OWN_LIFE / 60)}))
    procedure = scene.procedure(draft.version)
    names = {paper.key: page.paper_short(paper) for paper in procedure.papers}
    until = moment_words(scene.now + timedelta(seconds=life))
    about = {"link": address, "paper": names.get(wanted.paper, wanted.paper), "until": until}
    return Message(text("upload.helper-link", about))
