"""`motcua due`: when a result is due, and each step of how that is reckoned."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Final

from bot.settings import Settings
from bot.world import World, build
from catalogue.fold import fold
from catalogue.model import Procedure
from conversations import reckoned
from conversations.render import text
from domain.clock import Pause
from domain.reckoning import reckon
from domain.values import VIETNAM

_NEAR: Final = 5  # procedures that are named where it isn't clear which is meant


class Unclear(Exception):
    """What was written cannot be used; says what was expected."""


def due(settings: Settings, procedure: str, received: str, office: str, paused: str) -> int:
    """Print the steps and the due moment."""
    world = build(settings)
    try:
        lines = _lines(world, procedure, received, office, paused)
    except Unclear as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _lines(world: World, name: str, received: str, office: str, paused: str) -> list[str]:
    offices = world.catalogue.offices
    if office and office not in offices:
        raise Unclear(f"Không có đơn vị {office}. Có: {', '.join(offices)}")
    procedure = _procedure(world, name, office)
    received_at = _moment(received)
    pause = _pause(paused) if paused else None
    if pause is not None and not received_at <= pause.since <= pause.until:
        raise Unclear("--paused phải sau lúc nhận, và viết lúc bắt đầu chờ trước lúc người dân bổ sung.")
    holidays = world.catalogue.holidays
    names = {day.on: day.name for day in (*holidays.days_off, *holidays.working_days)}
    term = procedure.processing.term
    reckoning = reckon(world.calendar(office), received_at, term, pause=pause, names=names)
    unsure = [text("clock.unsure")] if term.known and not procedure.known("processing") else []
    return [procedure.display_name, *reckoned.lines(reckoning, term), *unsure]


def _procedure(world: World, name: str, office: str) -> Procedure:
    """By id, by a part of its name, or by what people call it."""
    known = world.catalogue.procedures
    if name in known:
        return known[name]
    meant = [it for it in known.values() if fold(name) in fold(it.display_name)]
    if len(meant) == 1:
        return meant[0]
    found = world.search.find(name, office=office or None)
    if found.ranked and found.confident:
        return known[found.ranked[0].id]
    near = "\n".join(f"  {hit.id}  {known[hit.id].display_name}" for hit in found.ranked[:_NEAR])
    raise Unclear(f"Chưa rõ thủ tục «{name}»." + (f" Có phải một trong các thủ tục này?\n{near}" if near else ""))


def _moment(words: str) -> datetime:
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        raise Unclear(f"Chưa hiểu «{words}». Viết như 2026-11-23T10:00") from None
    return at.replace(tzinfo=VIETNAM) if at.tzinfo is None else at.astimezone(VIETNAM)


def _pause(words: str) -> Pause:
    since, dots, until = words.partition("..")
    if not dots:
        raise Unclear(f"Chưa hiểu «{words}». Viết --paused 2026-11-25T10:00..2026-11-30T10:00")
    return Pause(_moment(since), _moment(until))
