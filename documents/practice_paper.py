"""An invented paper for practice, drawn so that nobody can take it for a real one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_FONTS: Final = Path(__file__).parent / "fonts"
_SIZE: Final = (1240, 1754)  # pixels: A4 at 150 dots an inch
_MARGIN: Final = 130
_INK, _PALE = (25, 25, 35), (205, 205, 215)
_LINES: Final = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
)


def draw(title: str, lines: Sequence[str], *, poor: bool = False) -> bytes:
    """A JPEG of one page on a desk; `poor`: out of focus, as the check should find."""
    page = Image.new("RGB", _SIZE, (252, 251, 247))
    pen = ImageDraw.Draw(page)
    y = _MARGIN
    for head in _LINES:
        pen.text((_SIZE[0] / 2, y), head, _INK, _font(34), anchor="ma")
        y += 52
    y += 70
    for part in wrap(title.upper(), 34):
        pen.text((_SIZE[0] / 2, y), part, _INK, _font(46), anchor="ma")
        y += 66
    y += 50
    for line in (*lines, "Nơi ở: thôn Tập, Xã Thực Hành (không có thật)"):
        for part in wrap(line, 66):
            pen.text((_MARGIN, y), part, _INK, _font(32, bold=False))
            y += 58
    for rule in range(y + 40, _SIZE[1] - _MARGIN, 70):
        pen.line((_MARGIN, rule, _SIZE[0] - _MARGIN, rule), _PALE, 3)
    _across(page)
    desk = Image.new("RGB", (_SIZE[0] + 240, _SIZE[1] + 240), (96, 74, 56))
    desk.paste(page, (120, 120))
    if poor:
        desk = desk.filter(ImageFilter.GaussianBlur(9))
    kept = io.BytesIO()
    desk.save(kept, "JPEG", quality=85)
    return kept.getvalue()


def _across(page: Image.Image) -> None:
    """What makes it worthless stands over everything, several times."""
    layer = Image.new("L", (1800, 300), 0)
    ImageDraw.Draw(layer).text((900, 150), "MẪU TẬP, KHÔNG CÓ GIÁ TRỊ", 150, _font(100), anchor="mm")
    turned = layer.rotate(32, expand=True, resample=Image.Resampling.BICUBIC)
    for y in (40, 560, 1080):
        place = ((_SIZE[0] - turned.width) // 2, y - 300)
        page.paste(Image.new("RGB", turned.size, _PALE), place, turned)


@cache
def _font(size: int, *, bold: bool = True) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / f"LiberationSerif-{'Bold' if bold else 'Regular'}.ttf"), size)
