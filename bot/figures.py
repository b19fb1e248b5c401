"""An office's figures out of the database, for officers as they are and for everybody as they may be published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from bot.scene import Scene
from conversations import public_figures
from conversations.public_figures import PublicPage
from conversations.render import text
from domain.figures import (
    Facts,
    Figures,
    Month,
    MonthFigures,
    WorkingDays,
    by_month,
    chosen,
    figures,
    grouped,
    month_of,
)
from domain.publish import Published

_SHOWN: Final = 12  # months on the public page


def counts(scene: Scene, office: str) -> bool:
    """Whether the office's dossiers are real: those of a place for practice are in no number."""
    return not scene.world.office(office).practice


def facts(scene: Scene, office: str, month: Month) -> list[Facts]:
    """Of all dossiers that the month's figures may count; none of an office for practice."""
    if not counts(scene, office):
        return []
    return scene.work.figures.between(office, month.starts, min(month.plus(1).starts, scene.now))


def reckon(scene: Scene, office: str, month: Month, among: Sequence[Facts] | None = None) -> MonthFigures:
    """The month's figures; `among` where the facts are at hand already."""
    known = facts(scene, office, month) if among is None else among
    days, period = WorkingDays(scene.world.calendar(office)), month.seen(scene.now)
    sector_of = sectors_of(scene)
    return MonthFigures(month, figures(known, period, days), grouped(known, sector_of, period, days))


def listed(scene: Scene, office: str, month: Month, name: str) -> list[str]:
    """The dossiers that one figure counts, the oldest first: by the rule that counts them."""
    return [each.dossier for each in chosen(facts(scene, office, month), name, month.seen(scene.now))]


def months(scene: Scene, office: str, last: Month, count: int) -> dict[Month, Figures]:
    """The figures of several months, the last one named."""
    since = last.plus(1 - count)
    known = scene.work.figures.between(office, since.starts, min(last.plus(1).starts, scene.now))
    asked = [since.plus(number) for number in range(count)]
    return by_month(known, asked, scene.now, WorkingDays(scene.world.calendar(office)))


def public(scene: Scene, office: str, month: Month) -> PublicPage | None:
    """What everybody may see; None for a month before the first dossier or after this one, and for practice."""
    if not counts(scene, office):
        return None
    now = month_of(scene.now)
    begun = scene.work.figures.begun(office)
    first = min(month_of(begun), now) if begun is not None else now
    if not first <= month <= now:
        return None
    shown: dict[Month, Published] = {}
    since = max(first, month.plus(1 - _SHOWN))
    known = scene.work.figures.between(office, since.starts, min(month.plus(1).starts, scene.now))
    own = at = reckon(scene, office, month, _of(known, month))
    while at.month >= since:
        shown[at.month] = public_figures.weighed(at.whole, at.sectors)[""]
        earlier = at.month.plus(-1)
        at = reckon(scene, office, earlier, _of(known, earlier))
    name = scene.world.office(office).name
    return public_figures.page(name, month, scene.now, own.whole, own.sectors, shown, (first, now))


def sectors_of(scene: Scene) -> Callable[[str], str]:
    """The name of a procedure's sector; of a procedure that is no longer there "other"."""
    catalogue = scene.world.catalogue
    names = {id_: catalogue.sectors[procedure.sector].display_name for id_, procedure in catalogue.procedures.items()}
    other = text("figures.other")
    return lambda procedure: names.get(procedure, other)


def _of(known: Sequence[Facts], month: Month) -> list[Facts]:
    """Those that the month's figures may count, of what was read for several."""
    ends = month.plus(1).starts
    return [f for f in known if f.submitted_at < ends and (f.closed_at is None or f.closed_at >= month.starts)]
