"""Whether words or a code are ours, and where we write from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Final

from bot import limits, short_forms
from bot.scene import Scene, present
from bot.world import World
from conversations.impostors import OVER, Genuine, lines, verdict
from conversations.render import text
from domain.values import VIETNAM, show_phone
from domain.words import bare
from handlers.web_official import Page
from storage.unit_of_work import Database

_WEB: Final = re.compile(r"/xem/([A-Za-z0-9_-]{8,40})")
_CHECK: Final = 8  # characters of a notice's code
_TELEGRAM: Final = "telegram-username"  # in `installation`, once the citizens' bot has run
_MOST: Final = 4_000  # characters that are looked through


def genuine(scene: Scene, words: str, *by: str, person: str = "") -> Genuine:
    """By the text of a notice, by the code under it, by the address in a slip's QR.

    Our words can be guessed, with somebody's name and the next official code in them: whether somebody else was told
    that is answered a few times only. `by` is who asks, as bot/limits.py counts; `person`: whose own news is theirs.
    """
    words = words[:_MOST]
    paper = _WEB.search(words)
    issued = scene.work.slips.get(paper[1]) if paper else None
    if issued is not None:
        return Genuine("paper", issued.issued_at.astimezone(VIETNAM))
    plain, codes = bare(words), _codes(words)
    if short_forms.sends_a_code(scene, words):
        return Genuine("code")
    made, told = scene.work.notices.made_at, short_forms.told_at
    own = (made(plain, codes, person) or told(scene, words, person)) if person else None
    if own is None and by and not limits.allowed(scene, limits.TRUST, *by):
        return Genuine(OVER)
    at = own or made(plain, codes) or told(scene, words)
    return Genuine("notice", at.astimezone(VIETNAM)) if at is not None else Genuine()


def official(scene: Scene) -> Mapping[str, str]:
    """The places that are on, by kind; see conversations/impostors.py."""
    settings, office = scene.world.settings, scene.world.office("")
    username = scene.work.installation.get(_TELEGRAM)
    phones = [show_phone("+84" + phone.number[1:]) for phone in office.phones]
    places = {
        "web": settings.address,
        "telegram": f"@{username}" if username and settings.telegram_token else "",
        "zalo": f"zalo.me/{settings.zalo_oa_id}" if settings.zalo_oa_id else "",
        "email": parseaddr(settings.mail_from)[1],
        "sms": settings.sms_sender,
        "phone": ", ".join(phones),
    }
    return {kind: place for kind, place in places.items() if place}


def _codes(words: str) -> list[str]:
    """What may be a code in it: alone, or as the group that follows the word for it."""
    found = {"".join(filter(str.isalnum, part)).upper() for part in re.split(r"[\s:;,.()«»\"']+", words)}
    return [code for code in found if len(code) == _CHECK]


class OfficialWords:
    """What handlers/web_official.py asks for."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world

    async def page(self) -> Page:
        """Of the first office: nobody knows whose citizen reads it."""
        places = await self._database.run(lambda work: official(present(work, self._world)))
        office = {"office": self._world.office("").name}
        return Page(
            title=text("impostors.page-title", office),
            only=text("impostors.page-only", office),
            places=tuple(lines(places)),
            never=text("impostors.page-never"),
            paste=text("impostors.page-paste"),
            check=text("impostors.page-check"),
            qr=text("impostors.page-qr"),
        )

    async def verdict(self, words: str, network: str) -> str:
        by = f"net:{network or '?'}"  # where nobody can tell, all count as one
        found = await self._database.run(lambda work: genuine(present(work, self._world), words, by))
        return verdict(found, words)
