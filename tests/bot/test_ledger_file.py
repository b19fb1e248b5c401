"""`motcua ledger`: a file of the period, for whoever started the command alone."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from bot import command_line, ledger_file
from bot.app import opened
from bot.settings import Settings
from storage.sealed import Keys
from storage.work import Work
from tests.storage.make import NOW, citizen, dossier

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
SLIP = {
    "id": "0" * 32,
    "kind": "receipt",
    "number": 1,
    "who": "NGUYỄN THỊ HOA",
    "content": "Đăng ký khai sinh",
    "tracking_code": "K7P4",
    "issuer": {"name": "UBND xã Sơn Tiến", "desk": "Trung tâm", "place": "Sơn Tiến"},
    "by": "Thu",
}


@pytest.fixture
async def settings(sqlite_url: str, tmp_path: Path, keys: Keys) -> Settings:
    """With one dossier that was accepted."""
    made = Settings(data=tmp_path, database=sqlite_url, key_file=tmp_path / "keys" / "master.key")

    def add(work: Work) -> None:
        record = dossier(work, citizen(work), office="son-tien", accepted_at=NOW, official_code="H27-261127-0001")
        data = {"official_code": "H27-261127-0001", "slip": SLIP}
        work.history.add(record.id, NOW, "thu", "accept", ("submitted", "accepted"), data)

    async with opened(made) as app:
        await app.database.run(add)
    return made


async def test_a_spreadsheet_and_a_pdf_say_the_same(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, pdf = tmp_path / "so.xlsx", tmp_path / "so.PDF"
    for out in (sheet, pdf):
        assert await ledger_file.write(settings, FIRST, LAST, out, "") == 0
        assert f"Đã ghi 1 hồ sơ vào {out}" in capsys.readouterr().out
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (row,) = openpyxl.load_workbook(sheet).active.iter_rows(min_row=8, values_only=True)
    assert (row[1], row[4]) == ("H27-261127-0001", "NGUYỄN THỊ HOA")
    with pypdfium2.PdfDocument(pdf) as document:
        assert "NGUYỄN THỊ HOA" in document[0].get_textpage().get_text_bounded()


@pytest.mark.parametrize(
    ("out", "last", "office", "ends"),
    [
        ("so.docx", LAST, "", (2, "Tệp phải có đuôi .pdf hoặc .xlsx.")),
        ("so.pdf", date(2026, 10, 1), "", (2, "Ngày cuối phải từ ngày đầu trở đi.")),
        ("so.pdf", LAST, "ở đâu", (1, "Không có đơn vị ở đâu. Có: son-tien")),
        ("khong/co/so.pdf", LAST, "", (1, "Không ghi được tệp")),
        ("so.pdf", LAST, "thuc-hanh", (0, "Đã ghi 0 hồ sơ")),
    ],
)
async def test_mistakes_are_said(
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    out: str,
    last: date,
    office: str,
    ends: tuple[int, str],
) -> None:
    status, said = ends
    assert await ledger_file.write(settings, FIRST, last, tmp_path / out, office) == status
    assert said in capsys.readouterr().out


def test_the_command_wants_real_days(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["ledger", "--from", "2026-13-01", "--to", "2026-11-30", "--out", "so.pdf"])
    assert "invalid" in capsys.readouterr().err
