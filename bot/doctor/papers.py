"""Photos and prints: the fonts, the model that reads titles, and the process that does both."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import documents
from bot.doctor.patient import Finding, Patient, bad, good, kind, warn
from bot.workshop import Workshop
from documents import model_place, worker

_FONTS: Final = ("Regular", "Bold", "Italic", "BoldItalic")
_PROBE: Final = 40_000  # bytes of a small picture
_HINT: Final = "Debian, Ubuntu: apt-get install tesseract-ocr-vie; nơi khác: đặt TESSDATA_PREFIX (docs/operating.md)"


async def check(_: Patient) -> list[Finding]:
    return [_fonts(), _model(), await _worker()]


def _fonts() -> Finding:
    folder = Path(documents.__file__).parent / "fonts"
    missing = [name for style in _FONTS if not (folder / (name := f"LiberationSerif-{style}.ttf")).is_file()]
    if missing:
        return bad(f"Thiếu phông chữ để in: {', '.join(missing)}.", "Cài lại chương trình: make setup")
    return good("Phông chữ để in: đủ.")


def _model() -> Finding:
    place = model_place.found()
    if place is None:
        return warn("Chưa có mô hình tiếng Việt: không đọc được tên giấy tờ trong ảnh (vẫn nhận ảnh).", _HINT)
    return good("Mô hình đọc chữ tiếng Việt: có.")


async def _worker() -> Finding:
    """It is started once, and makes one small picture smaller."""
    shop = Workshop()
    try:
        made = await shop.run(worker.smaller, _picture(), _PROBE)
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting
        return bad(f"Tiến trình xem ảnh không chạy được ({kind(error)}).", "Xem bộ nhớ trống; cài lại: make setup")
    finally:
        shop.close()
    return (
        good("Tiến trình xem ảnh: chạy được.") if made else bad("Tiến trình xem ảnh không mở được ảnh.", "make setup")
    )


def _picture() -> bytes:
    from PIL import Image  # noqa: PLC0415 - heavy, and only here

    made = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(made, "PNG")
    return made.getvalue()
