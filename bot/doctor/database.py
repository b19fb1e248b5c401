"""The database: reached, whole, at the right migration, and not growing where it should not."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import make_url, text

from bot.doctor.patient import Finding, Patient, bad, good, warn
from storage.migrate import HEAD
from storage.work import Work

_SLOW: Final = 0.5  # seconds for one small transaction
_WAL: Final = 200_000_000  # bytes: SQLite's second file is put back at each checkpoint
_PATIENCE: Final = 20.0  # seconds for reading every page
_LONG: Final = 300  # seconds
_NEARLY: Final = 0.8


async def check(patient: Patient) -> list[Finding]:
    if patient.database is None:
        return [_away(patient)]
    began = time.monotonic()
    known = await patient.database.run(_version)
    took = time.monotonic() - began
    found = [_migration(known)]
    if took > _SLOW:
        found.append(warn(f"Cơ sở dữ liệu trả lời chậm: {took:.1f} giây.", "Xem đĩa và tải của máy"))
    url = make_url(patient.settings.database_url)
    if url.get_backend_name() == "sqlite":
        found += await asyncio.to_thread(lambda: list(_sqlite(Path(url.database or ""))))
    else:
        found += await patient.database.run(lambda work: list(_postgres(work)))
    return found


def _away(patient: Patient) -> Finding:
    if patient.settings.database_url.startswith("sqlite"):
        return warn("Chưa có cơ sở dữ liệu: sẽ tự tạo ở lần chạy đầu.", "motcua run")
    return bad("Không kết nối được PostgreSQL.", "Kiểm tra MOTCUA_DATABASE và máy chủ cơ sở dữ liệu")


def _version(work: Work) -> str:
    return str(work.connection.scalar(text("SELECT version_num FROM alembic_version")))


def _migration(known: str) -> Finding:
    if known == HEAD:
        return good(f"Cơ sở dữ liệu trả lời; lược đồ {known}, đúng bản.")
    if known < HEAD:
        return warn(f"Lược đồ {known}, chương trình này cần {HEAD}.", "motcua migrate, rồi chạy lại các tiến trình")
    return bad(f"Lược đồ {known} mới hơn chương trình này ({HEAD}).", "Cài bản mới của chương trình")


def _sqlite(file: Path) -> Iterator[Finding]:
    """By a connection of its own that cannot write."""
    wal = file.with_name(file.name + "-wal")
    size, journal = file.stat().st_size, wal.stat().st_size if wal.exists() else 0
    words = f"SQLite {file}: {size / 1e6:.0f} MB, nhật ký {journal / 1e6:.0f} MB."
    yield warn(words, "Chạy lại chương trình để nhật ký được gộp vào") if journal > _WAL else good(words)
    ends = time.monotonic() + _PATIENCE
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
        connection.set_progress_handler(lambda: int(time.monotonic() > ends), 10_000)
        try:
            said = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
        except sqlite3.OperationalError:
            yield good(f"Kiểm tra tệp: {_PATIENCE:.0f} giây đầu không thấy hỏng (tệp lớn, chưa hết).")
            return
    if said == ["ok"]:
        yield good("Kiểm tra tệp: nguyên vẹn.")
    else:
        yield bad(
            "Tệp cơ sở dữ liệu hỏng.",
            "Dừng chương trình, giữ nguyên tệp, khôi phục bản sao lưu (motcua restore); thay đĩa",
        )


def _postgres(work: Work) -> Iterator[Finding]:
    c = work.connection
    size = int(c.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    yield good(f"PostgreSQL: {size / 1e6:.0f} MB.")
    old = c.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND xact_start < now() - make_interval(secs => :long)"
        ),
        {"long": _LONG},
    )
    if old:
        yield warn(
            f"{old} giao dịch mở quá {_LONG // 60} phút.", "Xem pg_stat_activity; kết thúc bằng pg_terminate_backend"
        )
    used = int(c.scalar(text("SELECT count(*) FROM pg_stat_activity")) or 0)
    most = int(c.scalar(text("SELECT setting::int FROM pg_settings WHERE name = 'max_connections'")) or 1)
    if used > _NEARLY * most:
        yield warn(
            f"Dùng {used} trong {most} kết nối.", "Tăng max_connections, hoặc bớt tiến trình (mỗi tiến trình tối đa 9)"
        )
