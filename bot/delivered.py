"""Whether a draft of a result surely reached the citizen: their page has read past it, or the messenger took it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.outgoing import LIVE
from bot.scene import Scene
from domain.dossier import Status
from domain.values import VIETNAM
from storage.dossiers import Record
from storage.history import Entry


class Shown(NamedTuple):
    """Since when the citizen has the draft that waits for their answer, and whether that is proven."""

    at: datetime | None = None
    delivered: bool = False


def key(slip: str) -> str:
    """Under which a messenger's calls that carry this paper stand in the outbox."""
    return f"paper:{slip}"


def shown(scene: Scene, record: Record) -> Shown:
    """Of a dossier that waits for no answer there is nothing to tell."""
    entry = _entry(scene, record)
    if entry is None:
        return Shown()
    return Shown(entry.at.astimezone(VIETNAM), _proven(scene, record, str(entry.data.get("slip", ""))))


def shown_at(scene: Scene, record: Record) -> datetime | None:
    """When the draft that waits for an answer went to the citizen."""
    entry = _entry(scene, record)
    return None if entry is None else entry.at


def _entry(scene: Scene, record: Record) -> Entry | None:
    """The row of history that tells of it."""
    if record.status != Status.DRAFTED:
        return None
    return next((e for e in reversed(scene.work.history.of(record.id)) if e.what == "show-draft"), None)


def _proven(scene: Scene, record: Record, slip: str) -> bool:
    work = scene.work
    chat = work.chats.get(record.chat)
    issued = work.slips.get(slip)
    if chat is None or issued is None or issued.file is None:
        return False
    if chat.channel in LIVE:
        number = work.messages.showing(chat.id, issued.file)
        return bool(number) and work.chats.read_up_to(chat.id) >= number
    return work.outbox.delivered(key(slip))
