"""What no conversation can use: each gets a sentence that says what to do, and the place is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from conversations import photos
from conversations.messages import ContactShared, Edited, Event, FileSent, TextSent, Unsupported
from conversations.state import Say, State, Turn

LONGEST: Final = 2_000  # characters of one message
_UNSUPPORTED: Final[Mapping[str, str]] = {
    "sticker": "misfit.sticker",
    "location": "misfit.location",
    "contact": "misfit.contact",
    "video": "misfit.video",
    "voice": "misfit.voice",
    "empty-file": "misfit.empty-file",
    "too-large": "misfit.too-large",
}


def answer(state: State, event: Event) -> Turn | None:
    """None when a conversation may take it."""
    match event:
        case TextSent(words) if not words:
            return Turn(state, (Say("misfit.empty"),))
        case TextSent(words) if len(words) > LONGEST:
            return Turn(state, (Say("misfit.too-long"),))
        case Edited():
            return Turn(state, (Say("misfit.edited"),))
        case ContactShared():
            return Turn(state, (Say("misfit.contact"),))
        case Unsupported(kind):
            return Turn(state, (Say(_UNSUPPORTED.get(kind, "misfit.unknown")),))
        case FileSent(file) if file.media_type.startswith("audio/"):
            return Turn(state, (Say("misfit.voice"),))
        case FileSent(file) if file.media_type.startswith("video/"):
            return Turn(state, (Say("misfit.video"),))
        case _:
            return None


def homeless(state: State, event: FileSent) -> Turn:
    """A photo that belongs to no dossier."""
    if state.draft is not None:
        return photos.refused(state, event, "misfit.file-nowhere-draft")
    return photos.refused(state, event, "misfit.file-page" if state.talk.screen == "page" else "misfit.file-nowhere")
