"""Slips: issued in the transaction of their decision, printed after it, and made again from history alone."""

from __future__ import annotations

from datetime import date

from bot import ledgers, printing
from bot.orders import Order
from bot.scene import Scene
from bot.slip_facts import SLIPPED
from bot.slip_prints import CONTROL, OF_OFFICE
from bot.views import code_of
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from documents.rows import facts_of
from documents.slip import Facts
from domain.dossier import NotAllowed, Role
from storage.dossiers import Record


def issue(scene: Scene, record: Record, given: Facts, number: int) -> None:
    """The row of the paper, and the order to print it; `number` is of the row of history that holds `given`."""
    scene.work.slips.add(record.id, given.kind, number, scene.now, slip=given.id)
    printing.add(scene, Order("slip", record.id, chat=record.chat, paper=given.id))


def order(scene: Scene, officer: Officer, record: Record, which: str) -> list[Message]:
    """Again for an officer: "control", "control-xlsx", or the how manieth slip of the dossier; the look is recorded."""
    kind, paper = which, ""
    if which not in CONTROL:
        rows = [row for row in scene.work.history.of(record.id) if row.what in SLIPPED]
        place = int(which) if which.isdecimal() else 0
        given = facts_of(rows[place - 1]) if 1 <= place <= len(rows) else None
        if given is None:
            return [Message(text("slips.none"))]
        kind, paper = "slip", given.id
    scene.work.history.look(record.id, officer.id, kind, scene.now)
    printing.add(scene, Order(kind, record.id, officer=officer.id, paper=paper))
    return [Message(text("slips.ordered", {"code": code_of(record)}))]


def order_ledger(scene: Scene, officer: Officer, first: date, last: date) -> list[Message]:
    """For the head alone, as a PDF, unless it is too long for one, and a spreadsheet; the look is recorded."""
    if officer.role != Role.HEAD:
        raise NotAllowed("head-only")
    lines = ledgers.count(scene, officer.office, (first, last))
    # a look at no dossier in particular: the days stand in its place
    scene.work.history.look(f"{first:%y%m%d}-{last:%y%m%d}", officer.id, "ledger", scene.now)
    kinds = [kind for kind in OF_OFFICE if kind == "ledger-xlsx" or lines <= ledgers.MOST_PRINTED]
    for kind in kinds:
        printing.add(scene, Order(kind, ledgers.subject(first, last), officer=officer.id))
    key = "slips.ledger-ordered" if len(kinds) > 1 else "slips.ledger-long"
    return [Message(text(key, {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}", "count": lines}))]
