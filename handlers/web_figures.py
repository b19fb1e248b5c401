"""The office's figures for everybody: a plain page that needs no script and prints well, and its data to take along."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from string import Template
from typing import Final, Protocol
from urllib.parse import urlencode

import msgspec
from aiohttp import web
from msgspec import Struct

from handlers.web_assets import FOLDER

PATH: Final = "/congkhai"
OFFICE: Final = "don-vi"
MONTH: Final = "thang"
LONGEST: Final = 40  # letters of either
KEPT: Final = {"Cache-Control": "public, max-age=60"}
GONE_TITLE: Final = "Không có số liệu này"
GONE: Final = "Tháng này chưa tới, chưa có hồ sơ nào, hoặc địa chỉ bị gõ sai. Bạn xem tháng hiện tại giúp."
GONE_ONWARD: Final = "Xem tháng này"


class Figure(Struct, frozen=True):
    """What it is called, its words, and what it counts, in a sentence."""

    name: str
    value: str
    about: str


class Section(Struct, frozen=True):
    title: str
    figures: tuple[Figure, ...]


class Table(Struct, frozen=True):
    """`rows` begin with what they are about."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Link(Struct, frozen=True):
    """To another month or office, or to the data (`ending` .csv or .json); `rel` as in HTML."""

    label: str
    office: str
    month: str
    ending: str = ""
    rel: str = ""


class Page(Struct, frozen=True):
    """All that the page says. `csv` and `data` are the same for spreadsheets and for programs."""

    title: str
    lead: str
    month: str
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    links: tuple[Link, ...]
    back: str
    csv: str
    data: Mapping[str, object]


class PublicFigures(Protocol):
    """What the page needs from the rest of the program."""

    async def page(self, office: str, month: str) -> Page | None:
        """A month as 2026-11, empty for the running one; office empty for the first. None: there is no such page."""
        ...


class FiguresPage:
    """The page in three forms."""

    def __init__(self, figures: PublicFigures, template: str, ended: str) -> None:
        self._figures = figures
        self._template = Template(template)
        self._ended = Template(ended)

    async def html(self, request: web.Request) -> web.StreamResponse:
        page = await self._asked(request)
        if page is None:
            return self._missing()
        made = self._template.substitute(
            title=escape(page.title),
            lead=escape(page.lead),
            sections="\n".join(map(section, page.sections)),
            tables="\n".join(map(table, page.tables)),
            notes="\n".join(f"<p>{escape(note)}</p>" for note in page.notes),
            links="\n".join(map(link, page.links)),
            back=escape(page.back),
        )
        return web.Response(text=made, content_type="text/html", headers=KEPT)

    async def csv(self, request: web.Request) -> web.StreamResponse:
        page = await self._asked(request)
        if page is None:
            return self._missing()
        headers = KEPT | {"Content-Disposition": f'attachment; filename="so-lieu-{page.month}.csv"'}
        # with the mark that tells Excel how the letters are written
        return web.Response(body=("\ufeff" + page.csv).encode(), content_type="text/csv", headers=headers)

    async def json(self, request: web.Request) -> web.StreamResponse:
        page = await self._asked(request)
        if page is None:
            return self._missing()
        return web.Response(body=msgspec.json.encode(page.data), content_type="application/json", headers=KEPT)

    async def _asked(self, request: web.Request) -> Page | None:
        office, month = request.query.get(OFFICE, ""), request.query.get(MONTH, "")
        return None if max(len(office), len(month)) > LONGEST else await self._figures.page(office, month)

    def _missing(self) -> web.Response:
        onward = f'<a class="primary" href="{PATH[1:]}">{escape(GONE_ONWARD)}</a>'
        page = self._ended.substitute(title=escape(GONE_TITLE), text=escape(GONE), action=onward, up="")
        return web.Response(text=page, status=404, content_type="text/html", headers={"Cache-Control": "no-store"})


def figures_routes(figures: PublicFigures) -> list[web.RouteDef]:
    """The page and its data; to be added to the web door, which gives them its headers."""
    template, ended = ((FOLDER / name).read_text(encoding="utf-8") for name in ("figures.html", "link.html"))
    page = FiguresPage(figures, template, ended)
    return [web.get(PATH, page.html), web.get(f"{PATH}.csv", page.csv), web.get(f"{PATH}.json", page.json)]


def link(made: Link) -> str:
    query = urlencode({OFFICE: made.office, MONTH: made.month} if made.office else {MONTH: made.month})
    relation = f' rel="{escape(made.rel)}"' if made.rel else ""
    return f'<li><a href="{PATH[1:]}{made.ending}?{escape(query)}"{relation}>{escape(made.label)}</a></li>'


def section(made: Section) -> str:
    """Each figure with the sentence that says what it counts."""
    rows = "\n".join(
        f'<div class="figure"><dt>{escape(figure.name)}</dt><dd><strong>{escape(figure.value)}</strong> '
        f"<span>{escape(figure.about)}</span></dd></div>"
        for figure in made.figures
    )
    return f"<section><h2>{escape(made.title)}</h2>\n<dl>\n{rows}\n</dl></section>"


def table(made: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in made.head)
    rows = "\n".join(map(row, made.rows))
    title = escape(made.title)
    return (
        f'<section><h2>{title}</h2>\n<div class="wide" role="region" tabindex="0" aria-label="{title}">'
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div></section>"
    )


def row(values: tuple[str, ...]) -> str:
    cells = "".join(f"<td>{escape(value)}</td>" for value in values[1:])
    return f'<tr><th scope="row">{escape(values[0])}</th>{cells}</tr>'
