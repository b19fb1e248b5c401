"""Files that a messenger keeps for us: known at once under an id of ours, fetched afterwards (bot/fetch.py)."""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from bot import keeping
from bot.scene import Scene
from conversations.messages import (
    UNKNOWN_SIZE,
    UNKNOWN_TYPE,
    ChatEvent,
    Event,
    File,
    FileSent,
    Inbound,
    NotYet,
    Refused,
)
from storage.files import Store
from storage.unit_of_work import Database

log = logging.getLogger(__name__)

_SOON: Final = 5.0  # seconds after which a file that is on its way is asked for again
_BY_ANOTHER_NAME: Final[Mapping[str, str]] = {
    "application/x-pdf": "application/pdf",
    "image/heif": "image/heic",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "application/octet-stream": UNKNOWN_TYPE,
    "binary/octet-stream": UNKNOWN_TYPE,
}


class Wanted(msgspec.Struct, frozen=True):
    """Who sent a file, and which document it is if it is one: then it is checked when it has come."""

    channel: str
    address: str
    document: str = ""
    paper: str = ""
    card: bool = False


def kind(channel: str) -> str:
    """The kind of job that fetches a file: one a channel, since not every process has every messenger at hand."""
    return f"fetch {channel}"


def adopt(scene: Scene, inbound: Inbound, chat: str) -> Event:
    """The event with our own id for its file; `chat` is who may see the file."""
    event = inbound.event
    assert not isinstance(event, ChatEvent)
    if not isinstance(event, FileSent):
        return event
    remote = f"{inbound.channel} {event.file.ref}"
    ours = scene.work.files.expect(remote, described(event.file), chat, inbound.event_id, scene.now)
    _fetch(scene, ours.ref, Wanted(inbound.channel, inbound.address))
    return msgspec.structs.replace(event, file=ours)


def described(file: File) -> File:
    """A file as its messenger describes it, in the words that conversations know; what is not told is unknown."""
    said = file.media_type.partition(";")[0].strip().lower()
    media_type = _BY_ANOTHER_NAME.get(said, said)
    if not media_type:
        named = mimetypes.guess_type(file.name, strict=False)[0] or UNKNOWN_TYPE
        media_type = _BY_ANOTHER_NAME.get(named, named)
    size = file.size if file.size > 0 else UNKNOWN_SIZE  # no messenger passes on an empty file
    return msgspec.structs.replace(file, media_type=media_type, size=size)


def let_go(scene: Scene, event: Event, effects: Sequence[object], kept: Collection[File] = ()) -> None:
    """A file that nothing came of is neither fetched nor kept: whoever sent it was asked to send it again.

    `kept` are files of which something may still come.
    """
    if not isinstance(event, FileSent) or event.file in kept:
        return
    if all(getattr(effect, "file", None) != event.file for effect in effects):
        scene.work.files.forget([event.file.ref])
        scene.work.jobs.drop(_key(event.file.ref))


def forget(scene: Scene, files: Sequence[File]) -> None:
    """Nobody wants these any more, whether their bytes are here or not."""
    scene.work.files.forget([file.ref for file in files])
    for file in files:
        scene.work.jobs.drop(_key(file.ref))
        scene.work.jobs.add("drop-file", file.ref)


def check_when_here(scene: Scene, wanted: Wanted, ref: str) -> bool:
    """Whether a document's bytes are yet to come: then its check follows them."""
    if not scene.work.files.remote(ref):
        return False
    _fetch(scene, ref, wanted)
    return True


def _fetch(scene: Scene, ref: str, wanted: Wanted) -> None:
    scene.work.jobs.add(kind(wanted.channel), ref, key=_key(ref), payload=msgspec.json.encode(wanted))


def _key(ref: str) -> str:
    return f"fetch:{ref}"


class Loader:
    """The bytes of our files, for whoever sends or shows them."""

    def __init__(self, database: Database, store: Store) -> None:
        self._database = database
        self._store = store

    async def load(self, ref: str) -> bytes:
        """Raises NotYet while they are on their way to us, Refused when they will never be here."""
        found = await self._database.run(lambda work: (work.files.get(ref), work.files.remote(ref)))
        known, remote = found
        if known is None:
            raise Refused("gone")
        if remote:
            raise NotYet(_SOON)
        try:
            return await keeping.get(self._store, ref, known[1])
        except FileNotFoundError:
            log.error("the bytes of file %s are gone from the store", ref)  # noqa: TRY400 - there is nothing more to say
            raise Refused("gone") from None
