"""Room on the disks, and whether files can be written, read and taken away."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Final

from bot.doctor.patient import Finding, Patient, bad, good, kind, warn
from bot.free_room import LITTLE, NOTHING, free
from storage.files import open_store

_PROBE: Final = b"motcua doctor"


async def check(patient: Patient) -> list[Finding]:
    settings = patient.settings
    found = [_room("Thư mục dữ liệu", settings.data)]
    if "://" not in settings.file_store and not Path(settings.file_store).is_relative_to(settings.data):
        found.append(_room("Thư mục tệp", Path(settings.file_store)))
    if settings.backup:
        found.append(_backups(Path(settings.backup), settings.data))
    found.append(await asyncio.to_thread(_store, settings.file_store))
    return found


def _room(name: str, path: Path) -> Finding:
    left = free(path)
    words = f"{name} {path}: còn trống {left / 1e9:.1f} GB."
    if left < NOTHING:
        return bad(words, "Dọn đĩa ngay hoặc chuyển sang đĩa lớn hơn: khi hết chỗ, giấy tờ gửi tới phải chờ")
    return warn(words, "Dọn đĩa, hoặc chuyển sang đĩa lớn hơn") if left < LITTLE else good(words)


def _backups(folder: Path, data: Path) -> Finding:
    """On a disk of their own, for the other one may die."""
    if not folder.is_dir():
        return bad(f"Không thấy thư mục sao lưu {folder}.", "Cắm lại đĩa, hoặc sửa MOTCUA_BACKUP")
    if data.exists() and folder.stat().st_dev == data.stat().st_dev:
        return warn(f"Thư mục sao lưu {folder} cùng đĩa với dữ liệu.", "Đặt MOTCUA_BACKUP vào một đĩa khác")
    return _room("Thư mục sao lưu", folder)


def _store(where: str) -> Finding:
    """A file is put there, read back and deleted."""
    name = f"doctor{secrets.token_hex(8)}"
    place = where if "://" in where else f"thư mục {where}"
    if "://" not in where and not Path(where).is_dir():
        return good(f"Kho tệp {place}: sẽ tự tạo khi có tệp đầu tiên.")
    try:
        store = open_store(where)
        store.put(name, _PROBE)
        try:
            whole = store.get(name) == _PROBE
        finally:
            store.delete(name)
    except ImportError:
        return bad("Chưa cài thư viện để dùng S3.", ".venv/bin/python -m pip install --editable '.[s3]'")
    except Exception as error:  # noqa: BLE001 - whatever the store fails with
        doing = "Kiểm tra MOTCUA_FILES và các biến AWS_…" if "://" in where else f"Kiểm tra quyền ghi: {where}"
        return bad(f"Kho tệp {place}: không ghi hoặc đọc được ({kind(error)}).", doing)
    return good(f"Kho tệp {place}: ghi, đọc, xóa được.") if whole else bad(f"Kho tệp {place}: đọc ra khác.", "Thay đĩa")
