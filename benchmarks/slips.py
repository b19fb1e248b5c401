"""Slips and ledgers: how long they take in the worker's process."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Final

import msgspec

from benchmarks.table import Row
from catalogue.load import load
from catalogue.model import Catalogue
from catalogue.slips import Kind
from documents import ledger, render_pdf, sheets_xlsx, slip_made
from documents.ledger import Entry
from documents.slip import Facts, issuer

SLIP_MS: Final = 30
LEDGER_S: Final = 3
LINES: Final = 3000
_AT: Final = datetime(2026, 11, 23, 3, 9, tzinfo=UTC)
_ADDRESS: Final = "https://motcua.sontien.hatinh.gov.vn"
_KINDS: Final[tuple[Kind, ...]] = ("receipt", "supplement", "refusal", "extension", "stop")
_ROUNDS: Final = 9
_WORDS: Final = ("Nguyễn", "Thị", "Hoa", "Thôn", "xã", "Sơn Tiến", "Đức", "Thượng", "Hà Tĩnh", "Lộc", "Bình", "Trường")


def measure() -> list[Row]:
    """CPU of all its threads, the middle one of many, each one only once; a ledger from its plain data to its bytes."""
    catalogue, dice = load(), random.Random(0)
    rows = []
    for kind in _KINDS:
        payloads = [_slip(catalogue, kind, dice) for _ in range(_ROUNDS)]
        kilobytes = len(render_pdf.render("slip", payloads[0])) / 1000
        rows.append(Row(f"slip, {kind}", f"{kilobytes:.0f} kB", _ms(payloads[1:]), SLIP_MS, "ms"))
    book = _ledger(catalogue, dice)
    rows.append(Row(f"ledger of {LINES} as XLSX", "", _seconds("ledger-xlsx", book), LEDGER_S, "s"))
    rows.append(Row(f"ledger of {LINES} as PDF", "", _seconds("ledger", book), None, "s"))
    return rows


def _ms(payloads: Sequence[bytes]) -> float:
    times = []
    for payload in payloads:
        before = time.process_time()
        render_pdf.render("slip", payload)
        times.append((time.process_time() - before) * 1000)
    return median(times)


def _seconds(kind: str, payload: bytes) -> float:
    before = time.process_time()
    render = sheets_xlsx.render if kind in sheets_xlsx.KINDS else render_pdf.render
    render(kind, payload)
    return time.process_time() - before


def _said(dice: random.Random) -> str:
    return " ".join(dice.choices(_WORDS, k=dice.randint(3, 12)))


def _slip(catalogue: Catalogue, kind: Kind, dice: random.Random) -> bytes:
    procedure = dice.choice([*catalogue.procedures.values()])
    office = next(iter(catalogue.offices.values()))
    form = catalogue.slips.on(kind, _AT.date())
    assert form is not None
    papers = tuple(paper.name for paper in procedure.papers)
    wants = tuple((paper, _said(dice)) for paper in papers)
    facts = Facts(
        f"{dice.getrandbits(128):032x}",
        kind,
        dice.randint(1, 900),
        _said(dice).upper(),
        procedure.display_name,
        "K7P4-9XTM-3WHAC",
        issuer(office),
        "Thu",
        address=_said(dice),
        phone="+84984123456",
        papers=papers,
        wants=wants,
        time=procedure.processing.text,
        accepted_at=_AT,
        due_before=_AT,
    )
    data = {"official_code": "H27.XX.YY-261123-0001", "due_at": _AT.isoformat(), "reason": _said(dice)}
    return msgspec.msgpack.encode(slip_made.made(facts, {**data, "until": _AT.isoformat()}, _AT, form, _ADDRESS))


def _ledger(catalogue: Catalogue, dice: random.Random) -> bytes:
    office = next(iter(catalogue.offices.values()))
    names = [procedure.display_name for procedure in catalogue.procedures.values()]
    entries = [
        Entry(
            f"H27.XX.YY-2611{number % 28 + 1:02d}-{number:04d}",
            dice.choice(names),
            _said(dice).upper(),
            f"{_said(dice)}, 0984 123 456",
            office.name,
            _AT + timedelta(minutes=number),
            _AT + timedelta(days=3),
            _AT + timedelta(days=2),
            "Trực tiếp",
            "Nộp trực tuyến",
        )
        for number in range(LINES)
    ]
    form = catalogue.slips.on("ledger", _AT.date())
    assert form is not None
    period = date(2026, 11, 1), date(2026, 11, 30)
    return msgspec.msgpack.encode(ledger.ledger(entries, form, office, period, _AT))
