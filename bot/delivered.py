"""Whether a draft of a result surely reached the citizen: their page has read past it, or the messenger took it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.outgoing import LIVE
from bot.scene import Scene
from domain.dossier import Status
from domain.values import VIETNAM
from storage.dossiers import Record


class Shown(NamedTuple):
    """Since when the citizen has the draft that waits for their answer, and whether that is proven."""

    at: datetime | None = None
    delivered: bool = False


def key(slip: str) -> str:
    """Under which a messenger's calls that carry this paper stand in the outbox."""
    return f"paper:{slip}"


def shown(scene: Scene, record: Record) -> Shown:
    """Of a dossier that waits for no answer there is nothing to tell."""
    if record.status != Status.DRAFTED:
        return Shown()
    entries = [entry for entry in scene.work.history.of(record.id) if entry.what == "show-draft"]
    if not entries:
        return Shown()
    return Shown(entries[-1].at.astimezone(VIETNAM), _proven(scene, record, str(entries[-1].data.get("slip", ""))))


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
