"""The question how satisfied somebody is, asked where a dossier ends: five plain buttons."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from conversations.messages import Button, Message
from conversations.render import short, text

STARS: Final = (5, 4, 3, 2, 1)


def stars_words(stars: int) -> str:
    """Rất hài lòng … Rất không hài lòng."""
    return text(f"rating.stars-{stars}")


def question(*, grief: bool) -> str:
    """In few words; where somebody died without cheer."""
    return text("rating.ask-grief" if grief else "rating.ask")


def star_buttons(dossier: str) -> tuple[Button, ...]:
    return tuple(Button(short(stars_words(stars)), f"rate:{dossier}:{stars}") for stars in STARS)


def with_question(notice: Message, dossier: str, *, grief: bool) -> Message:
    """The notice of the end, and the question beneath it."""
    words = f"{notice.text}\n\n{question(grief=grief)}"
    return replace(notice, text=words, buttons=(*star_buttons(dossier), *notice.buttons))
