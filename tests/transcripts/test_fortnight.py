"""The fortnight of hai-tuan-o-ban.txt leaves numbers that add up, from history too, and slips that read right."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import msgspec
import pypdfium2
import pytest

from bot import figures, recount, slip_prints
from bot.recount import Recounted
from bot.scene import present
from documents.render_pdf import render
from documents.slip import Slip
from domain.figures import Figures, Month
from storage.sealed import Keys
from storage.work import Work
from tests.bot.whole import Whole, running
from tests.transcripts import script
from tests.transcripts.stage import perform
from tests.transcripts.test_transcripts import SCRIPTS

OFFICE = "son-tien"


class Seen(msgspec.Struct):
    """What the database holds when the fortnight is over."""

    recounted: Recounted
    slips: list[tuple[str, tuple[str, str], Slip]] = []  # the kind, the dossier's codes, the paper
    months: dict[Month, Figures] = {}


def look(work: Work, whole: Whole, seen: Seen) -> None:
    scene = present(work, whole.world)
    for dossier in work.figures.ids(OFFICE, "", 1000):
        recount.recount(work, dossier, seen.recounted)
        record = work.dossiers.get(dossier)
        assert record is not None
        rows = [row for row in work.history.of(dossier) if isinstance(row.data.get("slip"), dict)]
        codes = (record.tracking_code, (record.official_code or record.tracking_code).replace("-", ""))
        seen.slips += [(row.data["slip"]["kind"], codes, slip_prints.slip_of(scene, row)) for row in rows]
    recount.compare_figures(scene, OFFICE, seen.recounted)
    seen.months = figures.months(scene, OFFICE, Month(2026, 12), 2)


@pytest.fixture
def fortnight() -> script.Script:
    return SCRIPTS["hai-tuan-o-ban"]


async def test_the_fortnight_adds_up(fortnight: script.Script, sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    seen = Seen(Recounted([], {}))

    @asynccontextmanager
    async def opened(read: script.Script, url: str, folder: Path, at: datetime) -> AsyncIterator[Whole]:
        async with running(url, folder, undo=read.undo, at=at) as whole:
            yield whole
            await whole.run(lambda work: look(work, whole, seen))

    await perform(fortnight, [], sqlite_url, tmp_path, opened=opened)

    november, december = seen.months[Month(2026, 11)], seen.months[Month(2026, 12)]
    both = {name: november[name] + december[name] for name in ("received", "accepted", "refused", "stopped", "solved")}
    assert both == {"received": 10, "accepted": 8, "refused": 1, "stopped": 0, "solved": 8}
    assert november["withdrawn"] == 1
    assert both["received"] == both["solved"] + both["refused"] + november["withdrawn"]
    assert [
        month["on-time"] + month["late"] + month["extended"] + month["undated"] for month in seen.months.values()
    ] == [month["solved"] for month in seen.months.values()]
    assert (november["returned"], november["dissatisfied"], december["extended"]) == (1, 1, 1)
    assert seen.recounted.differences == {}, "history alone says the same"
    assert seen.recounted.dossiers == 10

    kinds = [kind for kind, _, _ in seen.slips]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "extension": 1,
        "receipt": 8,
        "refusal": 1,
        "supplement": 1,
    }
    for _, codes, slip in seen.slips:
        made = render("slip", msgspec.msgpack.encode(slip))
        words = _text(made)
        assert slip.head.title.casefold() in words.casefold()
        assert any(code in words.replace("-", "").replace(" ", "") for code in codes)


def _text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
