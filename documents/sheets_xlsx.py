"""The ledger and the control slip as spreadsheets; run in the worker's process."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import msgspec

from documents.control import Control
from documents.ledger import COLUMNS, TOGETHER, Ledger
from documents.slip import Head
from domain.values import VIETNAM

if TYPE_CHECKING:
    from datetime import datetime

    import xlsxwriter

KINDS: Final = ("control-xlsx", "ledger-xlsx")
_FACE: Final = {"font_name": "Times New Roman", "font_size": 12}
_CELL: Final = {**_FACE, "font_size": 11, "border": 1, "valign": "top", "text_wrap": True}
_WIDTHS: Final = (6, 25, 36, 9, 26, 38, 24, 17, 17, 17, 16, 10, 26)  # characters
_MOMENTS: Final = (7, 8, 9)
_STEPS: Final = ("TT", "Nội dung công việc", "Người giao", "Người nhận", "Thời gian", "Kết quả", "Ghi chú")
_STEP_WIDTHS: Final = (6, 32, 26, 26, 20, 14, 44)


def render(kind: str, payload: bytes) -> bytes:
    """An XLSX of the msgpack of a Control or a Ledger."""
    match kind:
        case "control-xlsx":
            return _control(msgspec.msgpack.decode(payload, type=Control))
        case "ledger-xlsx":
            return _ledger(msgspec.msgpack.decode(payload, type=Ledger))
        case _:
            raise ValueError(kind)


class _Book:
    """One sheet, whose words are never taken for formulas or links: what people typed stands there as they typed it."""

    def __init__(self, name: str, widths: Iterable[int], *, landscape: bool) -> None:
        import xlsxwriter  # noqa: PLC0415 - heavy, and only the worker needs it

        self._out = BytesIO()
        self._book: xlsxwriter.Workbook = xlsxwriter.Workbook(self._out, {"in_memory": True, "constant_memory": False})
        self.sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.set_paper(9)  # A4
        if landscape:
            self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.plain = self.format(_FACE)
        self.cell = self.format(_CELL)
        self.bold = self.format({**_CELL, "bold": True, "align": "center", "valign": "vcenter"})
        self.moment = self.format({**_CELL, "num_format": "hh:mm dd/mm/yyyy", "align": "center"})

    def format(self, look: dict[str, Any]) -> Any:
        return self._book.add_format(look)

    def head(self, head: Head, last: int) -> None:
        """The first four lines, over all columns up to `last`."""
        middle = last // 2
        look = {**_FACE, "align": "center", "text_wrap": True}
        bold = self.format({**look, "bold": True})
        self.sheet.merge_range(0, 0, 0, middle, head.authority.upper(), self.format(look))
        self.sheet.merge_range(0, middle + 1, 0, last, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold)
        self.sheet.merge_range(1, 0, 1, middle, head.desk.upper(), bold)
        self.sheet.merge_range(1, middle + 1, 1, last, "Độc lập - Tự do - Hạnh phúc", bold)
        form = self.format({**look, "italic": True, "align": "right"})
        self.sheet.merge_range(2, 0, 2, last, f"{head.form} – {head.circular}", form)
        title = f"{head.title.upper()}{' (BẢN TẬP)' if head.practice else ''}"
        self.sheet.merge_range(3, 0, 3, last, title, self.format({**look, "bold": True, "font_size": 15}))

    def words(self, row: int, cells: Iterable[str], look: Any) -> None:
        for column, words in enumerate(cells):
            self.sheet.write_string(row, column, words, look)

    def when(self, row: int, column: int, at: datetime | None) -> None:
        if at is None:
            self.sheet.write_blank(row, column, None, self.moment)
        else:
            self.sheet.write_datetime(row, column, at.astimezone(VIETNAM).replace(tzinfo=None), self.moment)

    def done(self) -> bytes:
        self._book.close()
        return self._out.getvalue()


def _ledger(book: Ledger) -> bytes:
    made = _Book("Sổ theo dõi hồ sơ", _WIDTHS, landscape=True)
    last = len(COLUMNS) - 1
    made.head(book.head, last)
    made.sheet.merge_range(4, 0, 4, last, book.period, made.format({**_FACE, "italic": True, "align": "center"}))
    first, end = TOGETHER
    made.sheet.merge_range(5, first, 5, end - 1, "Nhận và trả kết quả", made.bold)
    for column, name in enumerate(COLUMNS):
        if first <= column < end:
            made.sheet.write_string(6, column, name, made.bold)
        else:
            made.sheet.merge_range(5, column, 6, column, name, made.bold)
    for number, one in enumerate(book.entries, 1):
        row = 6 + number
        words = (one.code, one.content, "01", one.who, one.contact, one.authority)
        made.sheet.write_number(row, 0, number, made.cell)
        for column, cell in enumerate(words, 1):
            made.sheet.write_string(row, column, cell, made.cell)
        for column, at in zip(_MOMENTS, (one.accepted_at, one.due_at, one.returned_at), strict=True):
            made.when(row, column, at)
        for column, cell in enumerate((one.way, "", one.note), 10):
            made.sheet.write_string(row, column, cell, made.cell)
    made.sheet.freeze_panes(7, 2)
    made.sheet.repeat_rows(5, 6)
    return made.done()


def _control(slip: Control) -> bytes:
    made = _Book("Phiếu kiểm soát", _STEP_WIDTHS, landscape=True)
    made.head(slip.head, len(_STEPS) - 1)
    told = (
        ("Mã số hồ sơ", slip.code),
        ("Thủ tục", slip.content),
        ("Cơ quan (bộ phận) giải quyết", slip.head.authority),
        ("Hình thức nộp", slip.channel),
        ("Hẹn trả kết quả", slip.due or "chưa hẹn"),
    )
    for row, (label, value) in enumerate(told, 4):
        made.sheet.write_string(row, 0, f"{label}: {value}", made.plain)
    made.words(10, _STEPS, made.bold)
    for number, hop in enumerate(slip.hops, 1):
        made.sheet.write_number(10 + number, 0, number, made.cell)
        for column, cell in enumerate((hop.work, hop.giver, hop.receiver, hop.at, hop.result, hop.note), 1):
            made.sheet.write_string(10 + number, column, cell, made.cell)
    made.sheet.freeze_panes(11, 0)
    return made.done()
