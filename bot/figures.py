"""An office's figures out of the database, as they are; what may be published of them is in `published.py`."""

from __future__ import annotations

from collections.abc import Callable

from bot.scene import Scene
from conversations.render import text
from domain.figures import (
    Facts,
    Figures,
    Month,
    MonthFigures,
    WorkingDays,
    by_month,
    chosen,
    month_figures,
    month_of,
)


def counts(scene: Scene, office: str) -> bool:
    """Whether the office's dossiers are real: those of a place for practice are in no number."""
    return not scene.world.office(office).practice


def facts(scene: Scene, office: str, month: Month) -> list[Facts]:
    """Of all dossiers that the month's figures may count; none of an office for practice."""
    if not counts(scene, office):
        return []
    return scene.work.figures.between(office, month.starts, min(month.plus(1).starts, scene.now))


def reckon(scene: Scene, office: str, month: Month) -> MonthFigures:
    """The month's figures."""
    days = WorkingDays(scene.world.calendar(office))
    return month_figures(facts(scene, office, month), sectors_of(scene), month, scene.now, days)


def listed(scene: Scene, office: str, month: Month, name: str) -> list[str]:
    """The dossiers that one figure counts, the oldest first: by the rule that counts them."""
    return [each.dossier for each in chosen(facts(scene, office, month), name, month.seen(scene.now))]


def months(scene: Scene, office: str, last: Month, count: int) -> dict[Month, Figures]:
    """The figures of several months, the last one named."""
    since = last.plus(1 - count)
    known = scene.work.figures.between(office, since.starts, min(last.plus(1).starts, scene.now))
    asked = [since.plus(number) for number in range(count)]
    return by_month(known, asked, scene.now, WorkingDays(scene.world.calendar(office)))


def bounds(scene: Scene, office: str) -> tuple[Month, Month]:
    """The first month of which there can be figures, and the running one."""
    now, begun = month_of(scene.now), scene.work.figures.begun(office)
    return (now if begun is None else min(month_of(begun), now)), now


def sectors_of(scene: Scene) -> Callable[[str], str]:
    """The name of a procedure's sector; of a procedure that is no longer there "other"."""
    catalogue = scene.world.catalogue
    names = {id_: catalogue.sectors[procedure.sector].display_name for id_, procedure in catalogue.procedures.items()}
    other = text("figures.other")
    return lambda procedure: names.get(procedure, other)
