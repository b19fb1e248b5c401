"""Vietnamese letters for drawn papers: the fonts at hand, and invented people to write about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from PIL import ImageFont

_ROOT: Final = Path(__file__).parents[3]
_PLACES: Final = (
    _ROOT / "documents" / "fonts",
    Path("/usr/share/fonts/truetype/liberation2"),
    Path("/usr/share/fonts/truetype/liberation"),
)
_NOTO: Final = Path("/usr/share/fonts/truetype/noto")
_FAMILY: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lường", "Giàng")
_MIDDLE: Final = {"Nam": ("Văn", "Đức", "Minh", "Quang", "A"), "Nữ": ("Thị", "Thu", "Ngọc", "Diệu", "Thị Mỹ")}
_GIVEN: Final = ("Anh", "Bình", "Dung", "Hậu", "Hường", "Khuê", "Linh", "Ngữ", "Phượng", "Quý", "Thảo", "Tuệ", "Yến")
_HAMLETS: Final = ("Thôn Đông", "Bản Nà Ư", "Tổ 4", "Xóm Mới", "Ấp Vĩnh Hòa", "Khu phố 2", "Thôn Phước Thiện")
_COMMUNES: Final = ("Xã Yên Lạc, Phú Thọ", "Xã Mường Lèo, Sơn La", "Phường Hải Châu, Đà Nẵng", "Xã Cái Bè, Đồng Tháp")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist, as an ID card tells of them."""

    number: str
    old_number: str
    name: str
    born: str
    sex: str
    address: str
    issued: str

    @property
    def payload(self) -> str:
        """What the card's QR says."""
        born, issued = self.born.replace("/", ""), self.issued.replace("/", "")
        return f"{self.number}|{self.old_number}|{self.name}|{born}|{self.sex}|{self.address}|{issued}"


def person(random: Random) -> Person:
    sex, year = random.choice(("Nam", "Nữ")), random.randint(1948, 2006)
    century_and_sex = 2 * (year >= 2000) + (sex == "Nữ")
    return Person(
        number=f"{random.randint(1, 96):03}{century_and_sex}{year % 100:02}{random.randint(0, 999999):06}",
        old_number=random.choice(("", f"{random.randint(10**8, 10**9 - 1)}")),
        name=f"{random.choice(_FAMILY)} {random.choice(_MIDDLE[sex])} {random.choice(_GIVEN)}",
        born=f"{random.randint(1, 28):02}/{random.randint(1, 12):02}/{year}",
        sex=sex,
        address=f"{random.choice(_HAMLETS)}, {random.choice(_COMMUNES)}",
        issued=f"{random.randint(1, 28):02}/{random.randint(1, 12):02}/{random.randint(2021, 2025)}",
    )


@cache
def font(style: str, size: int) -> ImageFont.FreeTypeFont:
    """`style` is Regular, Bold, Italic or BoldItalic."""
    names: Sequence[Path] = [place / f"LiberationSerif-{style}.ttf" for place in _PLACES]
    for path in (*names, _NOTO / f"NotoSerif-{style}.ttf", _NOTO / f"NotoSans-{style}.ttf"):
        if path.exists():
            return ImageFont.truetype(str(path), size)
    raise FileNotFoundError(f"no serif font with Vietnamese letters: looked for {', '.join(map(str, names))}")
