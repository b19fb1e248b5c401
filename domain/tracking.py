"""The number under which a postal item travels, as the post prints it."""

from __future__ import annotations

import re
from typing import Final

_ANY: Final = re.compile(r"[0-9A-Z]{8,30}")
_S10: Final = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def tracking_number(text: str) -> str | None:
    """Capitals and digits alone; None when it cannot be one.

    Thirteen characters with letters at both ends are a number by UPU S10, whose ninth digit checks the eight before it.
    """
    number = re.sub(r"[\s.\-]", "", text).upper()
    if not _ANY.fullmatch(number) or not any(c.isdigit() for c in number):
        return None
    found = _S10.fullmatch(number)
    if found is None:
        return number
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(found[1], _WEIGHTS, strict=True)) % 11
    return number if {10: 0, 11: 5}.get(rest, rest) == int(found[2]) else None
