"""Which known changes of the law are near, so that the office can prepare for them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from catalogue.model import Catalogue, Change, Procedure

AHEAD: Final = 30  # days: what the office is warned of


def changes_ahead(catalogue: Catalogue, day: date, days: int = AHEAD) -> tuple[Change, ...]:
    """Changes that come on `day` or within so many days after it, the nearest first.

    A procedure whose own last day is near counts as one, even where nobody has written the change down.
    """
    until = day + timedelta(days=days)
    known = [change for change in catalogue.changes.values() if day <= change.on <= until]
    told = {(one, change.on) for change in known for one in change.procedures}
    ending = [
        _ending(it)
        for it in catalogue.procedures.values()
        if it.valid_to is not None
        and day <= it.valid_to + timedelta(days=1) <= until
        and (it.id, it.valid_to + timedelta(days=1)) not in told
    ]
    return tuple(sorted([*known, *ending], key=lambda change: (change.on, change.id)))


def successor_of(catalogue: Catalogue, procedure: Procedure, day: date) -> Procedure | None:
    """The procedure of the list that stands in for one that is no longer taken; None while it is, or if there is none.

    Where the successor has ended too, the one after it.
    """
    after = procedure
    while _ended(after, day) and after.successor is not None:
        after = catalogue.procedures[after.successor]
    return None if after is procedure or not after.valid_on(day) else after


def _ended(procedure: Procedure, day: date) -> bool:
    return procedure.valid_to is not None and day > procedure.valid_to


def _ending(it: Procedure) -> Change:
    assert it.valid_to is not None
    return Change(
        id=f"valid-to-{it.id}",
        on=it.valid_to + timedelta(days=1),
        what=f"Thủ tục “{it.display_name}” hết áp dụng.",
        procedures=(it.id,),
        confidence="high",
        source="",
    )
