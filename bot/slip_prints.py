"""What slips, control slips and ledgers are printed from: history, read again each time."""

from __future__ import annotations

from typing import Final

import msgspec

from bot import ledgers
from bot.orders import PDF, XLSX, Order, Ready
from bot.scene import Scene
from bot.views import code_of
from catalogue.slips import Kind, SlipForm
from conversations import notices
from conversations.render import text
from documents import control, slip_made
from documents.control import About, Control
from documents.rows import facts_of
from documents.slip import Slip
from domain.values import VIETNAM
from storage.dossiers import Record
from storage.history import Entry

CONTROL: Final = {"control": PDF, "control-xlsx": XLSX}  # of one dossier, by media type
OF_OFFICE: Final = {"ledger": PDF, "ledger-xlsx": XLSX}  # of all dossiers of a period
KINDS: Final = frozenset({"slip", *CONTROL, *OF_OFFICE})
_NAMES: Final = {
    "receipt": "giay-tiep-nhan",
    "supplement": "phieu-bo-sung",
    "refusal": "phieu-tu-choi",
    "extension": "van-ban-gia-han",
    "stop": "thong-bao-dung",
}


def of(scene: Scene, wanted: Order) -> Ready | None:
    """What is printed; None when the dossier, or the officer who wanted a ledger, is gone."""
    if wanted.kind in OF_OFFICE:
        return ledgers.ready(scene, wanted, OF_OFFICE[wanted.kind])
    record = scene.work.dossiers.get(wanted.subject)
    if record is None:
        return None
    if wanted.kind in CONTROL:
        return _control(scene, record, wanted.kind)
    row = next((r for r in scene.work.history.of(record.id) if _is(r, wanted.paper)), None)
    if row is None:
        return None
    given = facts_of(row)
    assert given is not None
    made = slip_of(scene, row)
    code = code_of(record)
    whose = code if wanted.officer else notices.of_whom(code, record.body.applicant)
    about = {"title": made.head.title, "code": whose, "form": made.head.form}
    words = text("slips.again" if wanted.officer else f"slips.{given.kind}", about)
    return Ready(f"{_NAMES[given.kind]}-{code}.pdf", words, "slip", msgspec.msgpack.encode(made))


def slip_of(scene: Scene, row: Entry) -> Slip:
    """The slip that was issued with this row of history: the same whenever it is asked for."""
    given = facts_of(row)
    assert given is not None
    form = _form(scene, given.kind, row)
    return slip_made.made(given, row.data, row.at, form, scene.world.settings.address)


def _form(scene: Scene, kind: Kind, row: Entry) -> SlipForm:
    form = scene.world.catalogue.slips.on(kind, row.at.astimezone(VIETNAM).date())
    assert form is not None, "a slip is only issued where the law of its day has one"
    return form


def _is(row: Entry, paper: str) -> bool:
    given = facts_of(row)
    return given is not None and given.id == paper


def _control(scene: Scene, record: Record, kind: str) -> Ready:
    code = code_of(record)
    made = control_of(scene, record)
    ending = "xlsx" if kind == "control-xlsx" else "pdf"
    words = text("slips.control", {"code": code, "form": made.head.form})
    return Ready(f"phieu-kiem-soat-{code}.{ending}", words, kind, msgspec.msgpack.encode(made), CONTROL[kind])


def control_of(scene: Scene, record: Record) -> Control:
    """The dossier's whole way, from its history."""
    work = scene.work
    form = scene.world.catalogue.slips.on("control", scene.now.astimezone(VIETNAM).date())
    assert form is not None, "catalogue/slips.py checks that one is in force"
    rows = work.history.of(record.id)
    procedure = scene.procedure(record.catalogue_version)
    about = About(code_of(record), procedure.display_name, record.channel, work.officers.known(record.office))
    return control.control(about, rows, form, scene.world.office(record.office), scene.now)
