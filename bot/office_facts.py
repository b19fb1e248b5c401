"""An office's facts as whoever runs this installation has written them: kept in the database, laid over offices.toml.

In the database, so that every process has the same, an update of the program does not lose them, and a back-up holds
them. A process that wrote one has it at once, all others within half a minute (the sweep in bot/app.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from bot.world import World, calendar_of
from catalogue import facts as laid
from catalogue.faults import BadCatalogue
from catalogue.model import Office
from storage.work import Work

__all__ = ["FACTS", "checked", "kept", "missing", "read", "write"]

FACTS: Final = laid.FACTS
PREFIX: Final = "office:"  # in `installation`: such a key and the office's id
missing = laid.gaps


def kept(work: Work, office: str) -> dict[str, Any]:
    """What was written over the file."""
    body = work.installation.get(PREFIX + office)
    return msgspec.json.decode(body, type=dict[str, Any]) if body else {}


def checked(world: World, office: str, facts: Mapping[str, Any]) -> Office:
    """The office as it would be with these facts, values as in TOML or JSON. Raises BadCatalogue; changes nothing."""
    if office not in world.filed:
        raise BadCatalogue("offices", "id", f"expected one of {', '.join(world.filed)}")
    made = laid.laid_over(world.filed[office], facts)
    laid.with_offices(world.catalogue, [made])
    return made


def write(work: Work, world: World, office: str, facts: Mapping[str, Any]) -> Office:
    """Keep these facts beside those written before; None takes one back to the file's. Raises BadCatalogue."""
    now = {name: value for name, value in {**kept(work, office), **facts}.items() if value is not None}
    made = checked(world, office, now)
    work.installation.put(PREFIX + office, msgspec.json.encode(now, order="sorted").decode() if now else "")
    work.afterwards.append(lambda: _take(world, {office: made}))
    return made


def read(work: Work, world: World) -> None:
    """Take over what any process has written. What no longer fits the files is left out; `motcua doctor` says so."""
    written = work.installation.beginning_with(PREFIX)
    if written == world.written:
        return
    offices: dict[str, Office] = {}
    for office, filed in world.filed.items():
        body = written.get(PREFIX + office, "")
        try:
            facts = msgspec.json.decode(body, type=dict[str, Any]) if body else {}
            offices[office] = laid.laid_over(filed, facts)
        except (BadCatalogue, msgspec.MsgspecError):
            offices[office] = filed
    changed = {office: made for office, made in offices.items() if world.catalogue.offices[office] != made}

    def take() -> None:
        _take(world, changed)
        world.written = written

    work.afterwards.append(take)


def _take(world: World, offices: Mapping[str, Office]) -> None:
    if not offices:
        return
    world.catalogue = laid.with_offices(world.catalogue, offices.values())
    world.search.move(world.catalogue)
    for office in offices.values():
        world.calendars[office.id] = calendar_of(office, world.catalogue)
