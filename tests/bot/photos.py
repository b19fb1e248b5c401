"""Photos that whole-program tests send: readable pages on a dark table, each another one, small and quickly made."""

from __future__ import annotations

import functools
import io
import random
from typing import Final

import pillow_heif
from PIL import Image, ImageDraw, ImageFilter, ImageFont

_SIZE: Final = (960, 1280)
_SHEET: Final = (90, 110, 880, 1190)
_WORDS: Final = (
    *("họ", "tên", "ngày", "tháng", "năm", "sinh", "nơi", "cư", "trú", "thôn", "xã", "tỉnh", "số", "giấy", "cấp"),
    *("tại", "ký", "đóng", "dấu", "quan", "hệ", "cha", "mẹ", "con"),
)


def table(size: tuple[int, int], dice: random.Random) -> Image.Image:
    """A dark one with a little grain, the same in every process."""
    grain = Image.frombytes("L", size, dice.randbytes(size[0] * size[1]))
    return grain.point(lambda level: 40 + level // 16).convert("RGB")


@functools.cache
def page(number: int = 0) -> bytes:
    """The photo of a printed page; another number, another text."""
    dice = random.Random(number)
    picture = table(_SIZE, dice)
    draw = ImageDraw.Draw(picture)
    draw.rectangle(_SHEET, fill=(232, 230, 224))
    font = ImageFont.load_default(26)
    for line in range(30):
        words = " ".join(dice.choices(_WORDS, k=dice.randint(4, 9))) + f" {dice.randint(100, 999_999)}"
        draw.text((_SHEET[0] + 60, _SHEET[1] + 70 + line * 33), words[:52], fill=(30, 30, 45), font=font)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=88)
    return kept.getvalue()


@functools.cache
def blurred(number: int = 0) -> bytes:
    """The same, out of focus."""
    with Image.open(io.BytesIO(page(number))) as sharp:
        kept = io.BytesIO()
        sharp.filter(ImageFilter.GaussianBlur(9)).save(kept, "JPEG", quality=88)
    return kept.getvalue()


@functools.cache
def heic(number: int = 0) -> bytes:
    """The same page as a newer phone keeps it."""
    kept = io.BytesIO()
    with Image.open(io.BytesIO(page(number))) as picture:
        pillow_heif.from_pillow(picture).save(kept, quality=80)
    return kept.getvalue()
