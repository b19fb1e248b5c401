"""A4 papers as Vietnamese offices print them, drawn flat."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike
from PIL import Image, ImageDraw

from tests.documents.pictures.lettering import Person, font, person

_MM: Final = 10  # pixels a millimetre: finer than a 12-megapixel photo of the page
_INK: Final = (28, 28, 32)
_PEN: Final = (30, 40, 130)
_RED: Final = (200, 30, 40)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper or one side of a card, flat. `letter` is how high its small print's x is, in millimetres."""

    pixels: MatLike
    width: float  # millimetres
    height: float
    letter: float
    key: str
    title: str = ""
    person: Person | None = None
    has_qr: bool = False


# key: title, colour of the paper, whether it has a frame and a printed pattern
_KINDS: Final[dict[str, tuple[str, tuple[int, int, int], bool]]] = {
    "birth-certificate": ("GIẤY KHAI SINH", (250, 246, 228), True),
    "birth-form": ("TỜ KHAI ĐĂNG KÝ KHAI SINH", (255, 255, 255), False),
    "birth-notification": ("GIẤY CHỨNG SINH", (252, 252, 250), False),
    "marriage-certificate": ("GIẤY CHỨNG NHẬN KẾT HÔN", (252, 236, 236), True),
    "marital-status": ("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", (255, 255, 255), False),
    "death-extract": ("TRÍCH LỤC KHAI TỬ", (250, 250, 246), False),
    "death-notification": ("GIẤY BÁO TỬ", (255, 255, 255), False),
    "poor-household": ("GIẤY CHỨNG NHẬN HỘ NGHÈO", (244, 250, 238), True),
    "land-certificate": ("GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT", (250, 226, 226), True),
    "request": ("ĐƠN ĐỀ NGHỊ", (255, 255, 255), False),
}
KEYS: Final = tuple(_KINDS)


def paper(random: Random, key: str = "") -> Sheet:
    """One page; without a key, of any kind."""
    key = key or random.choice(KEYS)
    title, colour, ornate = _KINDS[key]
    who = person(random)
    page = Image.new("RGB", (210 * _MM, 297 * _MM), colour)
    draw = ImageDraw.Draw(page)
    if ornate:
        _pattern(draw, colour)
    _head(draw, random)
    y = _title(draw, title)
    y = _rows(draw, random, who, y, written=not ornate)
    if random.random() < 0.4:
        y = _table(draw, random, y)
    _foot(page, draw, random, y)
    return Sheet(cv2.cvtColor(np.array(page), cv2.COLOR_RGB2BGR), 210, 297, 1.9, key, title, who)


def _mm(millimetres: float) -> int:
    return round(millimetres * _MM)


def _points(size: float) -> int:
    return round(size * 25.4 / 72 * _MM)


def _centred(draw: ImageDraw.ImageDraw, x: float, y: float, text: str, style: str, size: float) -> None:
    draw.text((_mm(x), _mm(y)), text, fill=_INK, font=font(style, _points(size)), anchor="ma")


def _pattern(draw: ImageDraw.ImageDraw, colour: tuple[int, int, int]) -> None:
    """A frame of two lines, and the waves that make copying hard."""
    fine = tuple(int(c * 0.93) for c in colour)
    for row in range(12, 285, 4):
        points = [(_mm(x), _mm(row + 1.8 * math.sin(x / 7 + row))) for x in range(10, 201, 2)]
        draw.line(points, fill=fine, width=3)
    draw.rectangle((_mm(8), _mm(8), _mm(202), _mm(289)), outline=(150, 60, 60), width=12)
    draw.rectangle((_mm(11), _mm(11), _mm(199), _mm(286)), outline=(150, 60, 60), width=4)


def _head(draw: ImageDraw.ImageDraw, random: Random) -> None:
    _centred(draw, 60, 20, "ỦY BAN NHÂN DÂN", "Bold", 11)
    _centred(draw, 60, 26, random.choice(("XÃ YÊN LẠC", "XÃ MƯỜNG LÈO", "PHƯỜNG HẢI CHÂU")), "Bold", 11)
    _centred(draw, 142, 20, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Bold", 11)
    _centred(draw, 142, 26, "Độc lập - Tự do - Hạnh phúc", "Bold", 12)
    draw.line((_mm(114), _mm(32), _mm(170), _mm(32)), fill=_INK, width=4)


def _title(draw: ImageDraw.ImageDraw, title: str) -> float:
    _centred(draw, 105, 45, title, "Bold", 19 if len(title) < 26 else 15)
    return 62


def _rows(draw: ImageDraw.ImageDraw, random: Random, who: Person, y: float, *, written: bool) -> float:
    other = person(random)
    rows = [
        ("Họ, chữ đệm, tên", who.name.upper()),
        ("Ngày, tháng, năm sinh", who.born),
        ("Giới tính", f"{who.sex}        Dân tộc: Kinh        Quốc tịch: Việt Nam"),
        ("Nơi cư trú", who.address),
        ("Số định danh cá nhân", who.number),
        ("Họ, chữ đệm, tên người mẹ", other.name.upper()),
        ("Năm sinh", f"{other.born[-4:]}        Dân tộc: Kinh"),
        ("Nơi cư trú", other.address),
        ("Giấy tờ tùy thân", f"Căn cước số {other.number} cấp ngày {other.issued}"),
        ("Kính gửi", "Chủ tịch Ủy ban nhân dân xã"),
        ("Lý do", "Bổ sung hồ sơ theo quy định của pháp luật hiện hành"),
    ]
    step = random.choice((9.0, 10.5, 12.0))
    for label, value in rows[: random.randint(8, len(rows))]:
        draw.text((_mm(22), _mm(y)), f"{label}: ", fill=_INK, font=font("Regular", _points(13)))
        x = 22 * _MM + draw.textlength(f"{label}: ", font=font("Regular", _points(13)))
        style, ink = ("Italic", _PEN) if written else ("Bold", _INK)
        draw.text((x, _mm(y)), value, fill=ink, font=font(style, _points(13)))
        if written:
            draw.line((x, _mm(y + 5.6), _mm(190), _mm(y + 5.6)), fill=(120, 120, 120), width=2)
        y += step
    return y


def _table(draw: ImageDraw.ImageDraw, random: Random, y: float) -> float:
    rows = random.randint(3, 5)
    for row in range(rows + 1):
        draw.line((_mm(22), _mm(y + 9 * row), _mm(190), _mm(y + 9 * row)), fill=_INK, width=4)
    for x in (22, 34, 90, 130, 190):
        draw.line((_mm(x), _mm(y), _mm(x), _mm(y + 9 * rows)), fill=_INK, width=4)
    for row in range(rows):
        cells = ("TT", "Họ và tên", "Năm sinh", "Quan hệ với chủ hộ")
        if row:
            member = person(random)
            cells = (str(row), member.name, member.born[-4:], random.choice(("Vợ", "Con", "Mẹ", "Chủ hộ")))
        for x, text in zip((24, 36, 92, 132), cells, strict=True):
            draw.text((_mm(x), _mm(y + 9 * row + 1.5)), text, fill=_INK, font=font("Regular", _points(12)))
    return y + 9 * rows + 6


def _foot(page: Image.Image, draw: ImageDraw.ImageDraw, random: Random, y: float) -> None:
    y = min(y + 4, 225)
    _centred(draw, 145, y, f"Ngày {random.randint(1, 28)} tháng {random.randint(1, 12)} năm 2025", "Italic", 12)
    _centred(draw, 145, y + 7, random.choice(("CHỦ TỊCH", "NGƯỜI YÊU CẦU", "CÔNG CHỨC TƯ PHÁP")), "Bold", 12)
    _centred(draw, 145, y + 38, person(random).name, "Bold", 13)
    wave = [(_mm(125 + t), _mm(y + 24 + 6 * math.sin(t / 3.1) * math.cos(t / 9))) for t in range(44)]
    draw.line(wave, fill=_PEN, width=6)
    if random.random() < 0.6:
        _stamp(page, 124, y + 24)


def _stamp(page: Image.Image, x: float, y: float) -> None:
    """The round red seal, over the signature as it is always put."""
    seal = Image.new("L", page.size)
    draw = ImageDraw.Draw(seal)
    for radius, width in ((18, 12), (12, 4)):
        draw.ellipse((_mm(x - radius), _mm(y - radius), _mm(x + radius), _mm(y + radius)), outline=170, width=width)
    for turn in range(5):
        angle = turn * 2 * math.pi / 5
        draw.line((_mm(x), _mm(y), _mm(x + 7 * math.sin(angle)), _mm(y - 7 * math.cos(angle))), fill=170, width=24)
    page.paste(_RED, mask=seal)
