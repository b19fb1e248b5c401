"""The recovery key on paper, before a real office accepts its first dossier; and what is known of back-ups.

A machine that burns takes its key along, and then no back-up can be read. So a real installation accepts nothing until
somebody has printed the key and typed two groups of it back. Citizens may hand in before that.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import exists, select

from bot.scene import Scene
from bot.settings import Settings
from documents.recovery_sheet import RecoverySheet
from domain.dossier import NotAllowed
from domain.values import VIETNAM, date_words
from storage import paper_key, rotation
from storage import tables as t
from storage.sealed import Keys, keys
from storage.work import Work

PAPER: Final = "key-paper"  # in the installation: the number of the key that is on paper, and since when
BACKUP: Final = "backup-at"
TROUBLE: Final = "backup-trouble"
PROVEN: Final = "restore-proven-at"
_BEFORE: Final = "before"  # this installation is older than the rule, and works already


@dataclass(frozen=True, slots=True)
class Facts:
    """What an operator has to know; moments are None where it never was."""

    backup_at: datetime | None  # of the last back-up that was written whole and read back
    backup_trouble: str  # why the last one failed, in words
    proven_at: datetime | None  # when a restore elsewhere was proven
    paper: bool  # the key that seals now was confirmed to be on paper
    needed: bool  # until that is so, nothing is accepted
    rotation: rotation.Progress | None  # of sealing again, once the key was changed


def facts(work: Work, settings: Settings) -> Facts:
    """For `motcua doctor`, `motcua key status` and the set-up page."""
    get = work.installation.get
    return Facts(
        _moment(get(BACKUP)),
        get(TROUBLE) or "",
        _moment(get(PROVEN)),
        confirmed(work) == keys().active,
        needed(work, settings),
        rotation.progress(work),
    )


def adopt(work: Work, settings: Settings) -> None:
    """Once: an office that accepted dossiers before this rule goes on; it is only reminded."""
    if needed(work, settings):
        accepted = select(exists().where(t.dossiers.c.accepted_at.is_not(None)))
        if work.connection.scalar(accepted):
            work.installation.put(PAPER, _BEFORE)


def needed(work: Work, settings: Settings) -> bool:
    """Whether this is a real installation whose key nobody has confirmed to be on paper."""
    return not settings.trial and work.installation.get(PAPER) is None


def must_be_on_paper(scene: Scene, office: str) -> None:
    """NotAllowed, before an office accepts a dossier that it could not read again."""
    if needed(scene.work, scene.world.settings) and not scene.world.office(office).practice:
        raise NotAllowed("key-paper")


def confirmed(work: Work) -> int:
    """The number of the newest key that was confirmed to be on paper; 0 where none was."""
    number = (work.installation.get(PAPER) or "").partition(" ")[0]
    return int(number) if number.isdecimal() else 0


def sheet(settings: Settings, place: str, made: datetime) -> bytes:
    """The sheet, as PDF; takes a third of a second, so call it in a thread. `place` is the office's name."""
    from documents import render_pdf  # noqa: PLC0415 - typst, and only here

    day = date_words(made.astimezone(VIETNAM).date())
    data = RecoverySheet(place, settings.public_url, keys().active, _groups(keys()), day)
    return render_pdf.render("recovery", msgspec.msgpack.encode(data))


def asked() -> tuple[int, int]:
    """Which two groups are to be typed back, 1-based; the same until the key changes, so that nobody tries them all."""
    drawn = int(keys().look_up(f"groups of key {keys().active}"), 16)
    first = drawn % paper_key.GROUPS
    second = (first + 1 + drawn // paper_key.GROUPS % (paper_key.GROUPS - 1)) % paper_key.GROUPS
    return min(first, second) + 1, max(first, second) + 1


def confirm(work: Work, typed: tuple[str, str], at: datetime) -> int:
    """Note that the key is on paper; gives the number of the group that was typed wrong, 0 where both are right."""
    shown = _groups(keys())
    for group, words in zip(asked(), typed, strict=True):
        if not hmac.compare_digest(shown[group - 1], paper_key.group(words)):
            return group
    work.installation.put(PAPER, f"{keys().active} {at.isoformat()}")
    return 0


def _groups(of: Keys) -> tuple[str, ...]:
    return paper_key.groups(of.active, of.ring.master(of.active))


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None
