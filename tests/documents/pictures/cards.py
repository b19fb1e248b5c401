"""ID cards of both generations, drawn flat: the side that carries the QR, and the side that does not."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

import cv2
import numpy as np
import segno
from PIL import Image, ImageDraw

from tests.documents.pictures.lettering import Person, font, person
from tests.documents.pictures.papers import Sheet

_MM: Final = 26  # pixels a millimetre
WIDTH: Final = 85.6
HEIGHT: Final = 53.98
_INK: Final = (30, 30, 40)
_RED: Final = (190, 30, 40)


def front(random: Random) -> Sheet:
    """The chip card of 2021: QR at the top right."""
    who = _issued(person(random), first=2021, last=2023)
    card, draw = _blank((206, 226, 222), random)
    _text(draw, 26, 4, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Bold", 1.9)
    _text(draw, 34, 7, "Độc lập - Tự do - Hạnh phúc", "Bold", 1.7)
    _text(draw, 28, 12, "CĂN CƯỚC CÔNG DÂN", "Bold", 3.2, _RED)
    _text(draw, 34, 16, "Citizen Identity Card", "Regular", 1.8, _RED)
    _qr(card, who, 68.0, 3.0, 15.0)
    draw.ellipse((_mm(4), _mm(4), _mm(16), _mm(16)), fill=(200, 50, 50))
    _face(draw, random, 4, 20, 21, 27)
    _text(draw, 28, 20.5, f"Số / No.: {who.number}", "Bold", 3.0)
    rows = (
        f"Họ và tên / Full name: {who.name.upper()}",
        f"Ngày sinh / Date of birth: {who.born}",
        f"Giới tính / Sex: {who.sex}   Quốc tịch / Nationality: Việt Nam",
        f"Quê quán / Place of origin: {who.address.split(', ')[1]}",
        f"Nơi thường trú: {who.address}",
    )
    for row, text in enumerate(rows):
        _text(draw, 28, 26 + 4.6 * row, text, "Regular", 2.3)
    return _sheet(card, "id-card-front", "CĂN CƯỚC CÔNG DÂN", who, has_qr=True)


def back(random: Random) -> Sheet:
    """The card of 2024: QR on the back, beside the chip, above the lines for machines."""
    who = _issued(person(random), first=2025, last=2025)
    card, draw = _blank((222, 218, 206), random)
    _qr(card, who, 66.0, 3.0, 17.0)
    draw.rounded_rectangle((_mm(6), _mm(6), _mm(19), _mm(17)), _mm(2), fill=(206, 176, 92), outline=(120, 100, 50))
    rows = (
        f"Nơi cư trú / Place of residence: {who.address}",
        f"Nơi đăng ký khai sinh: {who.address.split(', ')[-1]}",
        f"Ngày cấp / Date of issue: {who.issued}",
        "BỘ CÔNG AN / MINISTRY OF PUBLIC SECURITY",
    )
    for row, text in enumerate(rows):
        _text(draw, 22 if row > 1 else 21, 6 + 4.5 * row, text[:44], "Regular", 2.0)
    code = f"IDVNM{who.number[-9:]}0{who.number}<<4"
    birth = who.born[8:] + who.born[3:5] + who.born[:2]
    lines = (code, f"{birth}7{'F' if who.sex == 'Nữ' else 'M'}4001015VNM<<<<<<<<<<<2", "NGUYEN<<VAN<ANH<<<<<<<<<<<<<<<")
    for row, line in enumerate(lines):
        _text(draw, 4, 34 + 5.5 * row, line, "Bold", 3.4)
    return _sheet(card, "id-card-back", "", who, has_qr=True)


def plain_back(random: Random) -> Sheet:
    """The chip card's other side: fingerprints, chip, lines for machines, no QR."""
    card, draw = _blank((206, 226, 222), random)
    _text(draw, 5, 5, "Đặc điểm nhận dạng / Personal identification:", "Regular", 2.0)
    _text(draw, 5, 8.5, "Nốt ruồi cách 1cm trên sau đuôi mắt trái", "Bold", 2.0)
    _text(draw, 5, 13, "Ngày, tháng, năm: 25/08/2021", "Regular", 2.0)
    for x in (58, 71):
        for ring in range(1, 6):
            draw.ellipse((_mm(x), _mm(4 + ring), _mm(x + 1.9 * ring), _mm(4 + 3.4 * ring)), outline=_INK, width=6)
    draw.rounded_rectangle((_mm(6), _mm(18), _mm(18), _mm(28)), _mm(2), fill=(206, 176, 92), outline=(120, 100, 50))
    for row, line in enumerate(
        ("IDVNM1860004560034186000456<<8", "8611154F2611150VNM<<<<<<<<<<<4", "TRAN<<THI<BINH<<<<<<<<<<<<<<<<")
    ):
        _text(draw, 4, 34 + 5.5 * row, line, "Bold", 3.4)
    return _sheet(card, "id-card-back", "", None, has_qr=False)


def _issued(who: Person, *, first: int, last: int) -> Person:
    """As cards of this kind were: the QR went from the front to the back in July 2024."""
    year = min(max(int(who.issued[-4:]), first), last)
    return replace(who, issued=f"{who.issued[:6]}{year}")


def _sheet(card: Image.Image, key: str, title: str, who: Person | None, *, has_qr: bool) -> Sheet:
    return Sheet(cv2.cvtColor(np.array(card), cv2.COLOR_RGB2BGR), WIDTH, HEIGHT, 1.1, key, title, who, has_qr)


def _blank(colour: tuple[int, int, int], random: Random) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    card = Image.new("RGB", (_mm(WIDTH), _mm(HEIGHT)), colour)
    draw = ImageDraw.Draw(card)
    for _ in range(26):
        x, y, radius = random.uniform(0, 86), random.uniform(0, 54), random.uniform(5, 25)
        tint = tuple(min(255, c + random.randint(-14, 10)) for c in colour)
        draw.ellipse((_mm(x - radius), _mm(y - radius), _mm(x + radius), _mm(y + radius)), outline=tint, width=9)
    return card, draw


def _mm(millimetres: float) -> int:
    return round(millimetres * _MM)


def _text(
    draw: ImageDraw.ImageDraw, x: float, y: float, text: str, style: str, size: float, ink: tuple[int, ...] = _INK
) -> None:
    draw.text((_mm(x), _mm(y)), text, fill=ink, font=font(style, _mm(size)))


def _face(draw: ImageDraw.ImageDraw, random: Random, x: float, y: float, width: float, height: float) -> None:
    skin = (random.randint(190, 225), random.randint(150, 175), random.randint(120, 140))
    draw.rectangle((_mm(x), _mm(y), _mm(x + width), _mm(y + height)), fill=(225, 235, 245))
    draw.ellipse((_mm(x + 2), _mm(y + 18), _mm(x + width - 2), _mm(y + height + 8)), fill=(60, 70, 110))
    draw.rectangle((_mm(x), _mm(y + height), _mm(x + width), _mm(y + height + 8)), fill=(206, 226, 222))
    draw.ellipse((_mm(x + 5), _mm(y + 5), _mm(x + 16), _mm(y + 20)), fill=skin)
    draw.pieslice((_mm(x + 4.5), _mm(y + 3), _mm(x + 16.5), _mm(y + 17)), 180, 360, fill=(25, 22, 22))
    for eye in (8, 12.5):
        draw.ellipse((_mm(x + eye), _mm(y + 11), _mm(x + eye + 1.6), _mm(y + 12)), fill=(30, 25, 25))


def _qr(card: Image.Image, who: Person, x: float, y: float, side: float) -> None:
    """Byte mode, UTF-8, nothing that says so: as the police print it."""
    code = segno.make(who.payload.encode(), error="l", micro=False, boost_error=False)
    modules = np.array([list(row) for row in code.matrix_iter(border=1)], dtype=np.uint8)
    drawn = Image.fromarray(255 - modules * 235).resize((_mm(side), _mm(side)), Image.Resampling.NEAREST)
    card.paste(drawn.convert("RGB"), (_mm(x), _mm(y)))
