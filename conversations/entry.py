"""A dossier that a clerk enters for whoever stands at the desk or wrote by post, while it is being put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from catalogue.model import Procedure
from conversations.messages import File
from conversations.state import Document

DIRECT: Final = "direct"
POST: Final = "post"


class EntryPhoto(Struct, frozen=True):
    """One photo or PDF; `paper` is empty while nobody has said what it is."""

    file: File
    paper: str = ""


class Entry(Struct, frozen=True):
    """What was told so far. `phone`: None not asked yet, empty none; `days`: -1 not asked, 0 none promised."""

    procedure: str = ""
    channel: str = ""
    name: str = ""
    phone: str | None = None
    photos: tuple[EntryPhoto, ...] = ()
    photos_done: bool = False
    days: int = -1

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(photo.file.ref for photo in self.photos)


class EnterDossier(Struct, frozen=True, tag=True):
    """Make a dossier of it, the officer's own and accepted at once."""

    entry: Entry


class Brought(Struct, frozen=True, tag=True):
    """What was asked for again was brought to the desk, or came by post: the ball is with the office."""

    dossier: str


class HoldFile(Struct, frozen=True, tag=True):
    """Keep a file that waits in what the officer is putting together."""

    file: File


def answers(entry: Entry, procedure: Procedure) -> Mapping[str, str]:
    """Where the form asks for the name and the phone of who hands in, they are told already."""
    told = {"name": entry.name, "phone": entry.phone or ""}
    return {
        question.key: told[question.detail]
        for question in procedure.questions
        if question.person == "requester" and question.detail in told and told[question.detail]
    }


def documents(entry: Entry, ids: Mapping[str, str]) -> tuple[Document, ...]:
    """The photos as documents; `ids` by the file's ref."""
    return tuple(Document(ids[p.file.ref], p.paper, p.file.ref, p.file.media_type, p.file.size) for p in entry.photos)


def file_of(document: Document) -> File:
    """The document's own file, as it was sent."""
    return File(document.ref, document.media_type, document.size)
