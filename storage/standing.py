"""How things stand: counts of what waits, what was set aside and who holds what; nothing of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import String, func, literal_column, or_, select

from storage import tables as t
from storage.outbox_statements import WAITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from storage.work import Work

_i, _j, _o, _d = t.inbox.c, t.jobs.c, t.outbox.c, t.dossiers.c
# Spelt out, as the conditions of partial indexes are.
_FAILED, _ASIDE, _PHONE = (literal_column(f"'{word}'", String) for word in ("failed", "aside", "phone"))


class Lane(Struct, frozen=True):
    """What waits for one channel in one lane: 0 answers, 1 notices, 2 bulk."""

    channel: str
    lane: int
    rows: int
    oldest: float  # a machine moment


class Held(Struct, frozen=True):
    """A lease: who holds it, and until which machine moment."""

    name: str
    holder: str
    until: float


class Standing(Struct, frozen=True):
    """What a look each quarter of a minute may cost: all of it stands in small indexes."""

    now: float
    events_failed: int
    events_aside: Mapping[str, int]  # by channel
    jobs_ripe: Mapping[str, int]  # by kind: their moment has come, and nobody has begun them
    jobs_aside: Mapping[str, int]
    lanes: Sequence[Lane]
    leases: Sequence[Held]
    to_telephone: int


def standing(work: Work, office_now: datetime) -> Standing:
    """Read it."""
    c, now = work.connection, work.machine_now()
    failed = select(func.count()).select_from(t.inbox).where(_i.status == _FAILED)
    aside = select(_i.channel, func.count()).where(_i.status == _ASIDE).group_by(_i.channel)
    waits = (_j.status == "waiting") & (_j.claimed_until < now) & or_(_j.due <= now, _j.due_at <= office_now)
    ripe = select(_j.kind, func.count()).where(waits).group_by(_j.kind)
    left = select(_j.kind, func.count()).where(_j.status == "aside").group_by(_j.kind)
    lanes = select(_o.channel, _o.lane, func.count(), func.min(_o.created)).where(WAITS)
    leases = select(t.leases.c.name, t.leases.c.holder, t.leases.c.until).where(t.leases.c.until > now)
    phone = select(func.count()).select_from(t.notices).where(t.notices.c.status == _PHONE)
    return Standing(
        now,
        int(c.scalar(failed) or 0),
        {channel: int(count) for channel, count in c.execute(aside)},
        {kind: int(count) for kind, count in c.execute(ripe)},
        {kind: int(count) for kind, count in c.execute(left)},
        [Lane(*row) for row in c.execute(lanes.group_by(_o.channel, _o.lane).order_by(_o.channel, _o.lane))],
        [Held(*row) for row in c.execute(leases.order_by(t.leases.c.name))],
        int(c.scalar(phone) or 0),
    )


def counted(work: Work) -> tuple[Mapping[tuple[str, str], int], int]:
    """Dossiers by office and status, and open drafts. At a million of them this reads a whole index: ask seldom."""
    c = work.connection
    rows = c.execute(select(_d.office, _d.status, func.count()).group_by(_d.office, _d.status))
    drafts = select(func.count()).select_from(t.drafts).where(t.drafts.c.dossier.is_(None))
    return {(office, status): int(count) for office, status, count in rows}, int(c.scalar(drafts) or 0)
