"""The office's figures for everybody: a plain page that needs no script and prints well, and its data to take along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from string import Template
from typing import Final, Protocol
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from conversations.public_figures import Line, PublicPage, Table, as_csv, lines_of
from conversations.render import text
from handlers.web_assets import FOLDER

PATH: Final = "/congkhai"
OFFICE: Final = "don-vi"
MONTH: Final = "thang"
LONGEST: Final = 40  # letters of either
KEPT: Final = {"Cache-Control": "public, max-age=60"}


class PublicFigures(Protocol):
    """What the page needs from the rest of the program."""

    def offices(self) -> Mapping[str, str]:
        """The offices that publish figures: names by id."""
        ...

    async def page(self, office: str, month: str) -> PublicPage | None:
        """A month as 2026-11, empty for the running one; office empty for the first. None: there is no such page."""
        ...


class FiguresPage:
    """The page in three forms."""

    def __init__(self, figures: PublicFigures, template: str, ended: str) -> None:
        self._figures = figures
        self._template = Template(template)
        self._ended = Template(ended)

    async def html(self, request: web.Request) -> web.StreamResponse:
        office, page = await self._asked(request)
        if page is None:
            return self._missing()
        made = self._template.substitute(
            title=escape(page.title),
            lead=escape(page.lead),
            month=section(text("figures.section-month"), page.lines),
            now=section(text("figures.section-now"), page.now) if page.now else "",
            tables="\n".join(map(table, page.tables)),
            notes="\n".join(f"<p>{escape(note)}</p>" for note in page.notes),
            links=self._links(office, page),
            back=escape(text("figures.back")),
        )
        return web.Response(text=made, content_type="text/html", headers=KEPT)

    async def csv(self, request: web.Request) -> web.StreamResponse:
        _, page = await self._asked(request)
        if page is None:
            return self._missing()
        name = f"so-lieu-{page.month}.csv"
        headers = KEPT | {"Content-Disposition": f'attachment; filename="{name}"'}
        # with the mark that tells Excel the letters are Vietnamese
        return web.Response(body=("\ufeff" + as_csv(page)).encode(), content_type="text/csv", headers=headers)

    async def json(self, request: web.Request) -> web.StreamResponse:
        _, page = await self._asked(request)
        if page is None:
            return self._missing()
        made = {
            "office": page.office,
            "month": page.month,
            "figures": lines_of(page.lines),
            "now": lines_of(page.now),
            "tables": {each.key: [dict(zip(each.head, row, strict=True)) for row in each.rows] for each in page.tables},
            "notes": page.notes,
        }
        return web.Response(body=msgspec.json.encode(made), content_type="application/json", headers=KEPT)

    async def _asked(self, request: web.Request) -> tuple[str, PublicPage | None]:
        office, month = request.query.get(OFFICE, ""), request.query.get(MONTH, "")
        if len(office) > LONGEST or len(month) > LONGEST:
            return office, None
        return office, await self._figures.page(office, month)

    def _links(self, office: str, page: PublicPage) -> str:
        links = [
            link("", office, page.earlier, text("figures.months-earlier", {"month": spoken(page.earlier)}), "prev"),
            link("", office, page.later, text("figures.months-later", {"month": spoken(page.later)}), "next"),
            link(".csv", office, page.month, text("figures.csv")),
            link(".json", office, page.month, text("figures.json")),
        ]
        others = self._figures.offices()
        if len(others) > 1:
            links += [link("", other, page.month, name) for other, name in others.items() if name not in page.office]
        return "\n".join(filter(None, links))

    def _missing(self) -> web.Response:
        onward = f'<a class="primary" href="{PATH[1:]}">{escape(text("figures.gone-onward"))}</a>'
        words = {"title": escape(text("figures.gone-title")), "text": escape(text("figures.gone"))}
        page = self._ended.substitute(words, action=onward, up="")
        return web.Response(text=page, status=404, content_type="text/html", headers={"Cache-Control": "no-store"})


def figures_routes(figures: PublicFigures) -> list[web.RouteDef]:
    """The page and its data; to be added to the web door, which gives them its headers."""
    template, ended = ((FOLDER / name).read_text(encoding="utf-8") for name in ("figures.html", "link.html"))
    page = FiguresPage(figures, template, ended)
    return [web.get(PATH, page.html), web.get(f"{PATH}.csv", page.csv), web.get(f"{PATH}.json", page.json)]


def link(ending: str, office: str, month: str, label: str, rel: str = "") -> str:
    if not month:
        return ""
    query = urlencode({OFFICE: office, MONTH: month} if office else {MONTH: month})
    relation = f' rel="{rel}"' if rel else ""
    return f'<li><a href="{PATH[1:]}{ending}?{escape(query)}"{relation}>{escape(label)}</a></li>'


def spoken(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{number}/{year}"


def section(title: str, lines: Iterable[Line]) -> str:
    """Each figure with the sentence that says what it counts."""
    rows = "\n".join(
        f'<div class="figure"><dt>{escape(line.name)}</dt><dd><strong>{escape(line.value)}</strong> '
        f"<span>{escape(line.about)}</span></dd></div>"
        for line in lines
    )
    return f"<section><h2>{escape(title)}</h2>\n<dl>\n{rows}\n</dl></section>"


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
