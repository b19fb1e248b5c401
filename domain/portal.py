"""What is known of a dossier on the National Portal: its code there, and whether the two statuses agree."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from msgspec import Struct

from domain.dossier import Status, national
from domain.values import Wrong, clean

# Both styles of an agency's id: the province first (H27.12.33) or, older, last with 000 in front (000.33.12.H27).
_CODE: Final = re.compile(r"((?:[0-9A-Z]{1,4}\.)+[0-9A-Z]{1,4})-(\d{2})(\d{2})(\d{2})-(\d{4,5})")
_ROOT: Final = re.compile(r"[A-Z]\d{2}")
_DASHES: Final = re.compile(r"\s*[-‐‑‒–—]\s*")
STATUSES: Final = range(1, 11)  # the numbers of the national list


class PortalCode(Struct, frozen=True):
    """A dossier's official code as it is written, and what it says: which agency, received on which day."""

    code: str
    agency: str
    day: date


def read_code(typed: str) -> PortalCode | Wrong:
    """One code and nothing else; the keys of Wrong stand under "staff.portal-" in the texts."""
    words = _DASHES.sub("-", clean(typed)).upper().replace(" ", "")
    found = _CODE.fullmatch(words)
    if found is None:
        return Wrong("code-shape")
    if sum(_ROOT.fullmatch(part) is not None for part in found[1].split(".")) != 1:
        return Wrong("code-agency")
    try:
        day = date(2000 + int(found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return Wrong("code-day")
    return PortalCode(words, found[1], day)


def same_agency(one: str, other: str) -> bool:
    """Whether two ids name the same agency, in whichever style each is written; empty levels don't count."""
    return _levels(one) == _levels(other)


def differs(status: Status, noted: int) -> bool:
    """Whether the portal's status, where one is noted (0: none), is another one than ours in the national list."""
    return noted != 0 and noted != national(status)[0]


def _levels(agency: str) -> tuple[str, ...]:
    parts = agency.upper().split(".")
    if _ROOT.fullmatch(parts[-1]) is not None and _ROOT.fullmatch(parts[0]) is None:
        parts.reverse()
    while parts and set(parts[-1]) <= {"0"}:
        parts.pop()
    return tuple(parts)
