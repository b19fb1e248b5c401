"""Who may hand in for whom: whose own consent is asked, how it is given, and how long it is good for."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

LIFE: Final = timedelta(days=30)  # a consent is good for one dossier, and no longer than this
AFTERWARDS: Final = timedelta(days=7)  # what has ended may still be read: the last news, and the rating
ABLE_FROM: Final = 15  # years: from then on people act for themselves (Civil Code 2015, Article 21.4)
WORDING: Final = "2026-11"  # which words of consent were agreed to; another year and month when they change


class Relation(StrEnum):
    """Who a helper is to the person they hand in for."""

    RELATIVE = "relative"
    VILLAGE_HEAD = "village-head"
    OTHER = "other"


class Way(StrEnum):
    """How a person consents: a code on their own phone, their voice, a signed sheet, or before an officer."""

    CODE = "code"
    VOICE = "voice"
    SHEET = "sheet"
    DESK = "desk"


class Standing(StrEnum):
    """Where a consent stands. Only GIVEN is one; AT_DESK waits for an officer, who sees the person before accepting."""

    ASKED = "asked"  # a code was sent
    CHECKING = "checking"  # the signed sheet is being looked at
    AT_DESK = "desk"
    GIVEN = "given"
    REVOKED = "revoked"
    EXPIRED = "expired"
    OVER = "over"  # the dossier has come to its end, and some days have passed


OPENS: Final = frozenset({Standing.GIVEN, Standing.AT_DESK})  # what lets a helper see the dossier
ENDED: Final = frozenset({Standing.REVOKED, Standing.EXPIRED, Standing.OVER})


def able(years: int | None) -> bool:
    """Whether somebody of this age acts for themselves, so that nobody hands in for them without being asked to.

    For a child the parents act, and the child's own consent is not asked; an age nobody knows makes nobody a child.
    """
    return years is None or years >= ABLE_FROM
