"""Why the database can't be opened, for whoever starts the program: a pulled plug, a full disk, a damaged file."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

from bot.settings import Settings

_RESTORE: Final = (
    "Đừng xóa gì. Dừng chương trình, chép cả thư mục dữ liệu sang ổ khác, rồi lấy lại bản sao lưu gần nhất: "
    "chạy lại lệnh cài, thêm --restore TỆP-SAO-LƯU (docs/office-pc.md, mục 4); không cài bằng lệnh ấy thì "
    "motcua restore vào một chỗ còn trống (docs/operating.md)."
)
_WORDS: Final = {
    sqlite3.SQLITE_CORRUPT: f"Tệp dữ liệu {{file}} bị hỏng. {_RESTORE}",
    sqlite3.SQLITE_NOTADB: f"Tệp {{file}} không còn là tệp dữ liệu: đã hỏng, hoặc bị chép đè. {_RESTORE}",
    sqlite3.SQLITE_FULL: "Ổ đĩa chứa {file} đã đầy. Dọn chỗ trống rồi chạy lại; dữ liệu đã ghi vẫn còn nguyên.",
    sqlite3.SQLITE_CANTOPEN: "Không mở được {file}. Xem ổ đĩa đã cắm chưa, và quyền của thư mục ấy.",
    sqlite3.SQLITE_READONLY: "Không ghi được {file}: tệp hoặc ổ đĩa chỉ cho đọc. Sửa quyền rồi chạy lại.",
    sqlite3.SQLITE_IOERR: f"Đọc hay ghi {{file}} bị lỗi: ổ đĩa có thể sắp hỏng, hoặc đã đầy. {_RESTORE}",
    sqlite3.SQLITE_BUSY: "Một chương trình khác giữ {file} quá lâu. Xem có hai bản đang chạy hay phần mềm diệt vi-rút.",
}
_PRIMARY: Final = 0xFF  # the low byte of an extended code


def words(error: DBAPIError, settings: Settings) -> str | None:
    """What to do about it; None where it is about something else."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        said = _WORDS.get((getattr(cause, "sqlite_errorcode", None) or 0) & _PRIMARY)
        return said.format(file=settings.data / "motcua.sqlite3") if said else None
    return None
