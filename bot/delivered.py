"""Whether a draft of a result surely reached the citizen: their page has read past it, or the messenger took it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from bot.outgoing import LIVE
from bot.scene import Scene
from domain.dossier import ShowDraft, Status
from domain.ladder import CHATS
from domain.values import VIETNAM
from storage.dossiers import Record
from storage.history import Entry

_SHOWN: Final = str(ShowDraft.__struct_config__.tag)


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


def _taken(scene: Scene, record: Record) -> bool:
    """Whether the notice that carried it was read on a page, or taken by a messenger; a mail server is no reader."""
    work = scene.work
    carried = [notice for notice in work.notices.of(f"dossier:{record.id}") if notice.kind == _SHOWN]
    if not carried:
        return False
    newest = carried[-1]
    if newest.page and newest.number and work.chats.read_up_to(newest.page) >= newest.number:
        return True
    states: dict[str, set[str]] = {}
    for attempt in work.notices.attempts(newest.id):
        if attempt.channel in CHATS:
            states.setdefault(attempt.chat, set()).add(attempt.status)
    return any(of_chat == {"sent"} for of_chat in states.values())


def _proven(scene: Scene, record: Record, slip: str) -> bool:
    work = scene.work
    if _taken(scene, record):
        return True
    chat = work.chats.get(record.chat)
    issued = work.slips.get(slip)
    if chat is None or issued is None or issued.file is None:
        return False
    if chat.channel in LIVE:
        number = work.messages.showing(chat.id, issued.file)
        return bool(number) and work.chats.read_up_to(chat.id) >= number
    return work.outbox.delivered(key(slip))
