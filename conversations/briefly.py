"""The short form of a message, for SMS: the dossier's code, what to do, and where to ask. No names, no matter.

Whoever picks the telephone up may read it, and a network carries it in the clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from conversations.messages import Message
from conversations.render import TEXTS, text
from domain import sms

MOST: Final = 2  # pieces; each is paid for, and some telephones show them in the wrong order
# Kinds whose words are a short message already, such as a one-time code.
AS_IS: Final = frozenset({"code", "staff", "short"})


class About(Struct, frozen=True):
    """What a short message may name. `due` and `at` are days and moments in words; empty: not known, not said."""

    office: str
    code: str = ""
    due: str = ""
    at: str = ""
    link: str = ""
    phone: str = ""
    practice: bool = False


def short(message: Message, about: About, *, plain: bool) -> str:
    """At most two pieces, without accents where `plain`. Where it is too long the way to ask goes before the words."""
    as_is = message.template in AS_IS
    words = message.text if as_is else _words(message.template, about)
    if about.practice and not as_is:
        words = text("sms.practice", {"words": words})
    words = " ".join(words.split())
    for end in ("",) if as_is else _ends(about):
        told = _spelt(f"{words} {end}".strip(), plain=plain)
        if sms.segments(told) <= MOST:
            return told
    return sms.shortened(_spelt(words, plain=plain), MOST)


def _spelt(words: str, *, plain: bool) -> str:
    return sms.plain(words) if plain else words


def _words(kind: str, about: About) -> str:
    blanks = {"office": about.office, "code": about.code, "due": about.due, "at": about.at}
    said = text(_key(kind, about, blanks), blanks)
    return said[:1].upper() + said[1:]


def _key(kind: str, about: About, blanks: Mapping[str, str]) -> str:
    """The fullest form for which all is known."""
    if not about.code:
        return "sms.news-none"
    full = (f"sms.{kind}-{what}" for what in ("due", "at") if blanks[what])
    return next((key for key in (*full, f"sms.{kind}") if key in TEXTS), "sms.news")


def _ends(about: About) -> tuple[str, ...]:
    """The ways to ask, the fullest first; none where nothing else fits."""
    blanks = {"link": about.link, "phone": about.phone}
    keys = ["ends-both"] if about.link and about.phone else []
    keys += [f"ends-{what}" for what in ("phone", "link") if blanks[what]]
    return (*(text(f"sms.{key}", blanks) for key in keys), "")
