"""The public page of an office's figures as plain words and tables; nothing of it is below five persons."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from conversations.render import text
from domain.figures import Figures, Month, MonthFigures
from domain.publish import LEAST, Hidden, Published, Sum, publish
from domain.values import moment_words

_ALL: Final = ""  # the sector that is all of them
_BY_SECTOR: Final = ("received", "solved", "on-time", "late", "waiting")
_MONTHLY: Final = ("received", "answered-in-time", "solved", "on-time", "late")
_IN_MONTH: Final = (
    "received",
    "answered-in-time",
    "answered-late",
    "unanswered",
    "returned",
    "accepted",
    "solved",
    "on-time",
    "extended",
    "late",
    "undated",
    "median",
    "ninetieth",
    "refused",
    "stopped",
    "withdrawn",
    "mean",
    "rated",
)
_NOW: Final = ("waiting", "overdue")
# What a reader gets by taking one figure from another; it is shown nowhere and weighed all the same.
_RESTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "not-returned": ("received", ("returned",)),
    "not-overdue": ("waiting", ("overdue",)),
}
_IN_ROW: Final = (
    ("received", ("answered-in-time", "answered-late", "unanswered")),
    ("received", ("returned", "not-returned")),
    ("solved", ("on-time", "extended", "late", "undated")),
    ("waiting", ("overdue", "not-overdue")),
)
_SHARED: Final = frozenset({"answered-in-time", "on-time"})  # shown with their part of the whole
_WHOLE: Final = {"answered-in-time": "received", "on-time": "solved"}


class Line(Struct, frozen=True):
    """One figure: what it is called, its words, and what it counts, in a sentence."""

    key: str
    name: str
    value: str
    about: str


class Table(Struct, frozen=True):
    """`rows` begin with what they are about."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class PublicPage(Struct, frozen=True):
    """All that the page says. `earlier` and `later` are months one can go to, as 2026-11."""

    office: str
    title: str
    lead: str
    month: str
    lines: tuple[Line, ...]
    now: tuple[Line, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    earlier: str = ""
    later: str = ""


def weighed(whole: Figures, sectors: Mapping[str, Figures]) -> Mapping[str, Published]:
    """What may be shown of a month, by sector; "" is all sectors together."""
    counts: dict[str, int] = {}
    for name, count in _with_rests(whole).items():
        counts[_cell(_ALL, name)] = count
    for sector, figures in sectors.items():
        counts |= {_cell(sector, name): count for name, count in _in_sector(figures).items()}
    sums = [Sum(_cell(_ALL, total), tuple(_cell(_ALL, part) for part in parts)) for total, parts in _IN_ROW]
    for sector in sectors:
        parts = tuple(_cell(sector, part) for part in ("on-time", "late", "other"))
        sums.append(Sum(_cell(sector, "solved"), parts))
    if sectors:
        sums += [Sum(_cell(_ALL, name), tuple(_cell(sector, name) for sector in sectors)) for name in _BY_SECTOR]
    dear = [*(_cell(_ALL, name) for name in (*_BY_SECTOR, "overdue")), *(_cell(s, "received") for s in sectors)]
    shown = publish(counts, sums, dear)
    return {
        sector: {name.rpartition("/")[2]: value for name, value in shown.items() if name.rpartition("/")[0] == sector}
        for sector in (_ALL, *sectors)
    }


def page(
    office: str,
    seen_at: datetime,
    found: MonthFigures,
    months: Mapping[Month, Published],
    bounds: tuple[Month, Month],
) -> PublicPage:
    """`office` is its name; `months`: what may be shown of each; `bounds`: the first and last of all."""
    month, whole, sectors = found.month, found.whole, found.sectors
    shown = weighed(whole, sectors)
    running = month == bounds[1]
    own = tuple(_line(name, shown[_ALL], whole) for name in _IN_MONTH)
    now = tuple(_line(name, shown[_ALL], whole) for name in _NOW) if running else ()
    until = moment_words(seen_at) if running else text("figures.whole")
    return PublicPage(
        office,
        text("figures.title"),
        text("figures.lead", {"office": office, "month": month.words, "until": until}),
        key_of(month),
        own,
        now,
        (_by_sector(month, shown, sectors, whole, running=running), _by_month(months)),
        tuple(text(f"figures.note-{note}") for note in ("small", "practice", "source")),
        earlier=key_of(month.plus(-1)) if bounds[0] < month else "",
        later=key_of(month.plus(1)) if month < bounds[1] else "",
    )


def key_of(month: Month) -> str:
    """As it stands in addresses: 2026-11."""
    return f"{month.year}-{month.number:02d}"


def as_csv(page: PublicPage) -> str:
    """One table after another, as a spreadsheet opens it."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write((page.lead,))
    for line in (*page.lines, *page.now):
        write((line.name, line.value, line.about))
    for table in page.tables:
        write(())
        write((table.title,))
        write(table.head)
        for row in table.rows:
            write(row)
    write(())
    for note in page.notes:
        write((note,))
    return out.getvalue()


def as_data(page: PublicPage) -> dict[str, object]:
    """For programs: the same words, by the names of the figures."""
    return {
        "office": page.office,
        "month": page.month,
        "figures": {line.key: line.value for line in page.lines},
        "now": {line.key: line.value for line in page.now},
        "tables": {each.key: [dict(zip(each.head, row, strict=True)) for row in each.rows] for each in page.tables},
        "notes": page.notes,
    }


def _cell(sector: str, name: str) -> str:
    return f"{sector}/{name}"


def _with_rests(figures: Figures) -> dict[str, int]:
    counts = {name: figures[name] for name in (*_IN_MONTH, *_NOW) if name in figures.counts}
    rests = {rest: counts[whole] - sum(counts[part] for part in parts) for rest, (whole, parts) in _RESTS.items()}
    return counts | rests


def _in_sector(figures: Figures) -> dict[str, int]:
    """The columns of a sector's row, and what is left of the solved ones."""
    counts = {name: figures[name] for name in _BY_SECTOR}
    return counts | {"other": counts["solved"] - counts["on-time"] - counts["late"]}


def _line(name: str, shown: Published, figures: Figures) -> Line:
    return Line(name, text(f"figures.{name}"), _value(name, shown, figures), text(f"figures.about-{name}"))


def _value(name: str, shown: Published, figures: Figures) -> str:
    match name:
        case "median":
            return _days(figures.median_days, figures)
        case "ninetieth":
            return _days(figures.ninetieth_days, figures)
        case "mean":
            return _stars(figures)
        case _:
            return _count(name, shown)


def _count(name: str, shown: Published) -> str:
    if name == "waiting":
        return _rounded(shown[name])
    count, whole = shown[name], shown.get(_WHOLE.get(name, ""))
    if isinstance(count, Hidden):
        return text(f"figures.{count.value}")
    if name not in _SHARED or not isinstance(whole, int) or not whole:
        return number_words(count)
    return text("figures.share", {"count": number_words(count), "share": share(count, whole)})


def share(count: int, whole: int) -> int:
    """In whole percent; never 100 where one is missing, never 0 where there is one."""
    exact = 100 * count / whole
    return min(99, round(exact)) if count < whole and exact > 50 else max(round(exact), 1 if count else 0)


def number_words(count: int) -> str:
    """1.234."""
    return f"{count:,}".replace(",", ".")


def decimal_words(value: float) -> str:
    """4,3 and 3."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def _days(days: float | None, figures: Figures) -> str:
    if days is None:
        return text("figures.none")
    if figures.measured < LEAST:
        return text("figures.few")
    return text("figures.days", {"days": decimal_words(days)})


def _stars(figures: Figures) -> str:
    if figures.mean_stars is None:
        return text("figures.none")
    if figures["rated"] < LEAST:
        return text("figures.few")
    return text("figures.stars", {"mean": decimal_words(figures.mean_stars)})


def _told_by_the_rest(sectors: Mapping[str, Figures]) -> str:
    """The sector whose stars are kept back: with all the others' they would tell those of fewer than five persons."""
    rated = {sector: figures["rated"] for sector, figures in sectors.items()}
    if not 0 < sum(count for count in rated.values() if count < LEAST) < LEAST:
        return ""
    return min((sector for sector in rated if rated[sector] >= LEAST), key=lambda sector: rated[sector], default="")


def _by_sector(
    month: Month, shown: Mapping[str, Published], sectors: Mapping[str, Figures], whole: Figures, *, running: bool
) -> Table:
    columns = _BY_SECTOR if running else tuple(name for name in _BY_SECTOR if name not in _NOW)
    kept_back = _told_by_the_rest(sectors)
    rows = [
        (
            sector or text("figures.all"),
            *((_rounded if name == "waiting" else _plain)(shown[sector][name]) for name in columns),
            _days(figures.median_days, figures),
            text("figures.left-out") if sector and sector == kept_back else _stars(figures),
        )
        for sector, figures in (*sorted(sectors.items()), (_ALL, whole))
    ]
    head = (text("figures.column-sector"), *(text(f"figures.{name}") for name in (*columns, "median", "mean")))
    return Table("sectors", text("figures.section-sectors", {"month": month.words}), head, tuple(rows))


def _by_month(months: Mapping[Month, Published]) -> Table:
    newest = sorted(months.items(), reverse=True)
    rows = [(month.words, *(_plain(shown[name]) for name in _MONTHLY)) for month, shown in newest]
    head = (text("figures.column-month"), *(text(f"figures.{name}") for name in _MONTHLY))
    return Table("months", text("figures.section-months"), head, tuple(rows))


def _plain(value: int | Hidden) -> str:
    return text(f"figures.{value.value}") if isinstance(value, Hidden) else number_words(value)


def _rounded(value: int | Hidden) -> str:
    """What waits, to the nearest five and 0 not told apart.

    Exact, it would tell, with all that was ever received and solved, how many were refused, stopped or withdrawn.
    """
    if isinstance(value, Hidden):
        return text(f"figures.{value.value}")
    if value < LEAST:
        return text(f"figures.{Hidden.SMALL.value}")
    return text("figures.about-count", {"count": number_words(5 * round(value / 5))})
