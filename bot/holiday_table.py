"""`motcua holidays`: a year's public holidays in the form of `catalogue/holidays.toml`, for a person to edit.

They come from the `holidays` package, which its authors keep up with the announcements. What the government swaps, and
which day beside 2 September is off, is decided each year: whoever keeps the table holds it against the decree.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from typing import Final

from msgspec import Struct

_SOURCE: Final = "do máy đề xuất (gói holidays)"
_FIRST, _LAST = 2026, 2100  # before 2026 the 24th of November was none
_WEEK: Final = 5  # Saturdays and Sundays are off anyway


class Proposed(Struct, frozen=True):
    """A day off from Monday to Friday."""

    on: date
    name: str


def proposed(year: int) -> tuple[Proposed, ...]:
    """What the package knows of one year, earliest first."""
    import holidays  # noqa: PLC0415 - 14 MB, for this command alone

    known = holidays.country_holidays("VN", years=year, language="vi")
    return tuple(Proposed(day, name) for day, name in sorted(known.items()) if day.isoweekday() <= _WEEK)


def table(year: int) -> int:
    """Print it."""
    if not _FIRST <= year <= _LAST:
        sys.stderr.write(f"Viết một năm từ {_FIRST} đến {_LAST}.\n")
        return 1
    sys.stdout.write("\n".join(_lines(year)) + "\n")
    return 0


def _lines(year: int) -> Iterator[str]:
    yield f"# Năm {year}, do máy đề xuất. Đối chiếu với thông báo nghỉ lễ của Chính phủ rồi mới chép vào"
    yield "# catalogue/holidays.toml: ngày hoán đổi, ngày làm bù ([[working_days]]) và ngày liền kề 02/9 do người sửa."
    for day in proposed(year):
        yield f'\n[[days_off]]\non = {day.on}\nname = "{day.name}"\nconfidence = "medium"\nsource = "{_SOURCE}"'
