"""The master key: there, right, readable by nobody else, apart from the data, and on paper."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot import recovery
from bot.doctor.patient import Finding, Patient, bad, good, warn

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


async def check(patient: Patient) -> list[Finding]:
    found = list(_file(patient))
    if patient.database is not None and patient.sealed:
        settings = patient.settings
        found += _paper(await patient.database.run(lambda work: recovery.facts(work, settings)))
    return found


def _file(patient: Patient) -> Iterator[Finding]:
    settings, path = patient.settings, patient.settings.key_file
    if not path.is_file():
        if patient.database is None:
            yield warn(f"Chưa có khóa chính {path}: sẽ tự tạo ở lần chạy đầu.", "motcua run")
        else:
            yield bad(
                f"Mất tệp khóa chính {path}: dữ liệu không đọc được.",
                "Đặt lại tệp khóa đã cất, hoặc: motcua key enter",
            )
        return
    if patient.database is not None and not patient.sealed:
        yield bad(f"{path} không phải khóa của dữ liệu này.", "Đặt lại đúng tệp khóa (MOTCUA_KEY_FILE)")
        return
    yield good(f"Khóa chính: {path}")
    if sys.platform != "win32" and path.stat().st_mode & _OTHERS:
        yield bad("Người khác trên máy này đọc được tệp khóa.", f"chmod 600 {path}")
    if _inside(path, settings.data):
        yield warn(
            "Tệp khóa nằm trong thư mục dữ liệu: ai có bản sao lưu thư mục là đọc được tất cả.",
            "Chuyển tệp khóa ra ngoài và đặt MOTCUA_KEY_FILE",
        )


def _paper(facts: recovery.Facts) -> Iterator[Finding]:
    if facts.paper:
        yield good("Khóa dự phòng đã in ra giấy.")
    elif facts.needed:
        yield bad(
            "Chưa in khóa dự phòng: chưa thể tiếp nhận hồ sơ thật nào.", "motcua key print, rồi motcua key confirm"
        )
    else:
        yield warn("Chưa ai xác nhận đã in khóa dự phòng ra giấy.", "motcua key print, rồi motcua key confirm")
    if facts.rotation is not None and not facts.rotation.ended:
        yield warn("Đang đổi khóa: dữ liệu đang được niêm phong lại.", "Không cần làm gì; xem: motcua key status")


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
