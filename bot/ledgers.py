"""The ledger of a period: for the head's own chat alone, or for a file on the office's own machine."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from bot.orders import PDF, Order, Ready
from bot.scene import Scene
from catalogue.model import Office
from conversations.render import text
from documents import ledger
from documents.ledger import Entry, Ledger
from domain.values import VIETNAM

MOST_PRINTED: Final = 9_000  # lines of one PDF; a spreadsheet takes them all
_BETWEEN: Final = ".."


def subject(first: date, last: date) -> str:
    """A period as an order names it."""
    return f"{first.isoformat()}{_BETWEEN}{last.isoformat()}"


def ready(scene: Scene, wanted: Order, media_type: str) -> Ready | None:
    """None where whoever wanted it is no longer staff."""
    officer = scene.work.officers.get(wanted.officer)
    if officer is None:
        return None
    begin, _, end = wanted.subject.partition(_BETWEEN)
    period = date.fromisoformat(begin), date.fromisoformat(end)
    made = book(scene, scene.world.office(officer.office), period)
    pdf = media_type == PDF
    name = f"so-theo-doi-{period[0]:%y%m%d}-{period[1]:%y%m%d}.{'pdf' if pdf else 'xlsx'}"
    about = {"first": f"{period[0]:%d/%m/%Y}", "last": f"{period[1]:%d/%m/%Y}", "count": len(made.entries)}
    return Ready(name, text("slips.ledger", about), wanted.kind, msgspec.msgpack.encode(made), media_type)


def book(scene: Scene, office: Office, period: tuple[date, date]) -> Ledger:
    """Each dossier accepted in these days, the last one included, as history tells of it until now."""
    form = scene.world.catalogue.slips.on("ledger", min(period[1], scene.now.astimezone(VIETNAM).date()))
    form = form or scene.world.catalogue.slips.on("ledger", scene.now.astimezone(VIETNAM).date())
    assert form is not None, "catalogue/slips.py checks that one is in force"
    entries: list[Entry] = []
    for channel, rows in scene.work.slips.ledger(office.id, *_moments(period)):
        one = ledger.entry(rows, channel)
        if one is not None:
            entries.append(one)
    return ledger.ledger(entries, form, office, period, scene.now)


def count(scene: Scene, office: str, period: tuple[date, date]) -> int:
    """How many lines it has."""
    return scene.work.slips.accepted(office, *_moments(period))


def _moments(period: tuple[date, date]) -> tuple[datetime, datetime]:
    begin, end = (datetime.combine(day, time(), VIETNAM) for day in period)
    return begin, end + timedelta(days=1)
