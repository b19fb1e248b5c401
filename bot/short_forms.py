"""Whether a short message that somebody shows is one of ours: nothing of it is kept, so it is made again."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from bot import one_time, outbound
from bot.scene import Scene
from conversations.render import text
from domain.codes import find_official_code, find_tracking_code
from domain.words import bare

_DIGITS: Final = re.compile(r"\b\d{6}\b")
_CODES: Final = ("one-time.prove", "one-time.code")  # texts that anybody may be sent who types a number


def told_at(scene: Scene, words: str, person: str = "") -> datetime | None:
    """When news of the dossier it names was told in these words; with `person` only theirs is looked at."""
    code = find_tracking_code(words) or find_official_code(words)
    record = scene.work.dossiers.by_code(code) if code else None
    if record is None:
        return None
    said = bare(words)
    for notice in scene.work.notices.of(f"dossier:{record.id}"):
        if person in ("", notice.person):
            for attempt in scene.work.notices.attempts(notice.id):
                chat = scene.work.chats.get(attempt.chat) if attempt.channel == outbound.SMS else None
                made = outbound.shaped(scene, chat, [notice.message], notice.subject) if chat is not None else ()
                if any(bare(one.text) == said for one in made):
                    return notice.made_at
    return None


def sends_a_code(scene: Scene, words: str) -> bool:
    """Whether these are the words under which codes are sent, whatever the code is."""
    said = bare(_DIGITS.sub("000000", words))
    offices = {office.short_name for office in scene.world.catalogue.offices.values()}
    blanks = [{"office": name, "code": "000000", "minutes": one_time.MINUTES} for name in offices]
    return any(said == bare(text(key, about)) for key in _CODES for about in blanks)
