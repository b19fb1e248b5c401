"""`motcua clock`: the office's time, and, where an installation is only being tried out, moving it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from bot import digest
from bot.app import App, opened
from bot.commands import say
from bot.scene import present
from bot.settings import Settings
from conversations.render import text
from domain.values import VIETNAM, moment_words
from storage.work import Work

_PASSED: Final = re.compile(r"\+(\d{1,4})([dhm])")
_UNITS: Final = {"d": "days", "h": "hours", "m": "minutes"}
_RESET: Final = "reset"


async def clock(settings: Settings, to: str) -> int:
    """Show it, or move it: +3d, +2h, +30m, a moment, or back to the real time."""
    if to and not settings.trial:
        say(text("clock.real"))
        return 1
    async with opened(settings) as app:
        return await _move(app, to) if to else _show(app)


def _show(app: App) -> int:
    key = "clock.office-moved" if app.world.offset else "clock.office"
    say(text(key, {"at": moment_words(app.world.now()), "offset": _length(app.world.offset)}))
    return 0


async def _move(app: App, to: str) -> int:
    passed = timedelta() if to == _RESET else _passed(to, app.world.now())
    if passed is None:
        say(text("clock.unread", {"given": to}))
        return 1
    if to != _RESET and passed <= timedelta():
        say(text("clock.backwards"))
        return 1

    def put(work: Work) -> None:
        app.world.read_offset(work)
        offset = timedelta() if to == _RESET else app.world.offset + passed
        work.installation.put("office-offset", str(offset.total_seconds()))
        app.world.offset = offset
        if to == _RESET:  # the next list was planned for a day that is far away now
            for office in app.world.catalogue.offices:
                digest.plan(present(work, app.world), office, anew=True)

    await app.database.run(put)
    if to == _RESET:
        say(text("clock.reset"))
    _show(app)
    say(text("clock.taken-over"))
    return 0


def _passed(to: str, now: datetime) -> timedelta | None:
    """How far on; None where it can't be read."""
    if found := _PASSED.fullmatch(to):
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        at = datetime.fromisoformat(to)
    except ValueError:
        return None
    return (at.replace(tzinfo=VIETNAM) if at.tzinfo is None else at) - now


def _length(offset: timedelta) -> str:
    """3 ngày 2 giờ 5 phút."""
    minutes = round(offset.total_seconds() / 60)
    parts = ((minutes // 1440, "ngày"), (minutes // 60 % 24, "giờ"), (minutes % 60, "phút"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 phút"
