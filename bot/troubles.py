"""What nobody would notice in time, told to heads in their own chat: once when it begins, and weekly while it stays.

One process looks, every few minutes. Nothing of a person is told, only how many and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import exists, func, select

from bot import recovery
from bot.free_room import LITTLE, free
from bot.say import to_heads
from bot.scene import Scene
from conversations.messages import Message
from conversations.render import text
from domain.values import VIETNAM
from storage import tables as t
from storage.standing import standing
from storage.work import Work

REJECTED: Final = "rejected:"  # in `installation`, before a bot's name: its token was refused
_TOLD: Final = "troubles-told"  # what was told when, as JSON
_WEEK: Final = 7 * 86_400.0
_DAY: Final = 86_400.0  # seconds
_STUCK: Final = 1800.0
_BACKUP: Final = 3  # days
_QUIET: Final = 20  # events of a week, below which a day without any means nothing
_FROM: Final = 10  # o'clock
_MOST: Final = 20  # offices; where there are more, somebody watches the figures, and the first office's heads are told
_CHANNELS: Final = {"zalo": "Zalo", "telegram": "Telegram", "email": "e-mail", "sms": "SMS", "zns": "ZNS"}
_BOTS: Final = {"telegram-username": "bot người dân", "telegram-staff-username": "bot cán bộ"}


class Told(Struct, frozen=True):
    """When, and how much it was then."""

    at: float
    amount: int = 0


class Trouble(Struct, frozen=True):
    """`key` tells it from others; `amount` may grow, which is told after a day."""

    key: str
    words: str
    amount: int = 0


def look(scene: Scene) -> None:
    """Tell of what is new; what is over is forgotten without a word. Nobody misses anything of a trial."""
    work = scene.work
    if scene.world.settings.trial:
        return
    told = msgspec.json.decode(work.installation.get(_TOLD) or "{}", type=dict[str, Told])
    now = work.machine_now()
    found = {trouble.key: trouble for trouble in _all(scene, now)}
    kept = {key: at for key, at in told.items() if key in found}
    for trouble in found.values():
        if _due(trouble, kept.get(trouble.key), now):
            kept[trouble.key] = Told(now, trouble.amount)
            _tell(scene, trouble)
    if kept != told:
        work.installation.put(_TOLD, msgspec.json.encode(kept, order="sorted").decode())


def _due(trouble: Trouble, before: Told | None, now: float) -> bool:
    if before is None or now - before.at > _WEEK:
        return True
    return trouble.amount > before.amount and now - before.at > _DAY


def _tell(scene: Scene, trouble: Trouble) -> None:
    offices = [office.id for office in scene.world.catalogue.offices.values() if not office.practice]
    for office in offices if len(offices) <= _MOST else offices[:1]:
        to_heads(scene, office, Message(trouble.words))


def _all(scene: Scene, now: float) -> Iterator[Trouble]:
    yield from _aside(scene, now)
    for key, value in scene.work.installation.beginning_with(REJECTED).items():
        if value:
            bot = key.removeprefix(REJECTED)
            yield Trouble(key, text("trouble.rejected", {"bot": _BOTS.get(bot, bot)}))
    yield from _silence(scene, now)
    room = free(scene.world.settings.data)
    if room < LITTLE:
        yield Trouble("disk", text("trouble.disk", {"gigabytes": f"{room / 1e9:.1f}".replace(".", ",")}))
    yield from _backup(scene)


def _aside(scene: Scene, now: float) -> Iterator[Trouble]:
    stood = standing(scene.work, scene.now)
    events, jobs = sum(stood.events_aside.values()), sum(stood.jobs_aside.values())
    if events:
        yield Trouble("events", text("trouble.aside-events", {"count": events}), events)
    if jobs:
        yield Trouble("jobs", text("trouble.aside-jobs", {"count": jobs}), jobs)
    for lane in stood.lanes:
        if now - lane.oldest > _STUCK and lane.channel in _CHANNELS and lane.lane == 0:
            about = {"channel": _CHANNELS[lane.channel], "minutes": round((now - lane.oldest) / 60)}
            yield Trouble(f"stuck:{lane.channel}", text("trouble.stuck", about))


def _silence(scene: Scene, now: float) -> Iterator[Trouble]:
    """A channel on which we are called, and nobody has been since yesterday, on a day on which others were."""
    settings, here = scene.world.settings, scene.now.astimezone(VIETNAM)
    called = [
        *(("zalo",) if settings.zalo_oa_id else ()),
        *(("telegram",) if settings.telegram_webhook and settings.telegram_token else ()),
    ]
    office = next(iter(scene.world.catalogue.offices))
    if not called or here.hour < _FROM or not scene.world.calendar(office).is_working_day(here.date()):
        return
    heard = _heard(scene.work, now)
    if not any(newest > now - _DAY for newest, _ in heard.values()):
        return
    for channel in called:
        newest, count = heard.get(channel, (0.0, 0))
        if count >= _QUIET and newest < now - _DAY:
            yield Trouble(f"quiet:{channel}", text("trouble.quiet", {"channel": _CHANNELS[channel]}))


def _heard(work: Work, now: float) -> Mapping[str, tuple[float, int]]:
    """By channel: when the last event of the last eight days came, and how many did."""
    i = t.inbox.c
    recent = select(i.channel, func.max(i.received), func.count()).where(i.received > now - _WEEK - _DAY)
    rows = work.connection.execute(recent.group_by(i.channel))
    return {channel: (float(newest), int(count)) for channel, newest, count in rows}


def _backup(scene: Scene) -> Iterator[Trouble]:
    facts = recovery.facts(scene.work, scene.world.settings)
    if facts.backup_at is None:
        if scene.work.connection.scalar(select(exists().where(t.dossiers.c.accepted_at.is_not(None)))):
            yield Trouble("backup", text("trouble.no-backup"))
    elif (days := (datetime.now(UTC) - facts.backup_at).days) >= _BACKUP:
        yield Trouble("backup", text("trouble.backup", {"days": days}))
