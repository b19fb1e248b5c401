"""Names of persons as they are kept: capitals at the beginnings of words, everything else as typed."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from domain.values import Wrong, clean

_MARKS: Final = frozenset(" '’.-")
_BEGINNING: Final = r"(?<![^\W_])[^\W_]"
_UNITS: Final = re.compile(r"\b(?:Thôn|Xóm|Ấp|Xã|Phường|Huyện|Quận|Tỉnh|Thành Phố|Thị Trấn|Thị Xã|Ở Nhà|Tại Nhà)\b")
_HOUSES: Final = re.compile(r"\b(?:Trung Tâm Y Tế|Trạm Y Tế|Bệnh Viện(?: Đa Khoa)?|Phòng Khám)\b")
_TRAIL: Final = r"[\s.,;:!?…]+$"


def tidy(typed: str) -> str | Wrong:
    """A name typed all in capitals or all in small letters is given its capitals."""
    name = re.sub(_TRAIL, "", clean(typed).replace("\n", " "))
    letters = sum(c.isalpha() for c in name)
    if letters < 2 or len(name) > 100 or not all(c.isalpha() or c in _MARKS for c in name):
        return Wrong("name")
    if name.islower() or (name.isupper() and letters > 2):
        return capitals(name)
    return name


def capitals(name: str) -> str:
    """A capital at the beginning of each word, small letters after it; H'Hen keeps both of its own."""
    if len(name.lower()) != len(name):  # one of the few letters that change their number: not ours to judge
        return name
    return re.sub(_BEGINNING, lambda found: found[0].upper() if len(found[0].upper()) == 1 else found[0], name.lower())


def place(typed: str) -> str:
    """An address typed all in small letters is given its capitals; what kind of unit or house it is stays small."""
    if not typed.islower() or unmarked(typed):
        return typed
    houses = _HOUSES.sub(lambda found: found[0].capitalize().replace("y tế", "Y tế"), capitals(typed))
    named = _UNITS.sub(lambda found: found[0].lower(), houses)
    return named[:1].upper() + named[1:]


def unmarked(text: str) -> bool:
    """Whether no letter in it carries a mark."""
    return not any(unicodedata.combining(c) or c in "đĐ" for c in unicodedata.normalize("NFD", text))
