"""The public figures as the web page shows them: sections, tables and the links between months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversations.public_figures import Line, PublicPage, as_csv, as_data
from conversations.render import text
from handlers import web_figures
from handlers.web_figures import Figure, Link, Page, Section


def as_page(page: PublicPage, office: str, offices: Mapping[str, str]) -> Page:
    """`office` as it was asked for, empty for the first; `offices`: the names of all that publish figures, by id."""
    sections = [Section(text("figures.section-month"), _figures(page.lines))]
    if page.now:
        sections.insert(0, Section(text("figures.section-now"), _figures(page.now)))
    return Page(
        title=page.title,
        lead=page.lead,
        month=page.month,
        sections=tuple(sections),
        tables=tuple(web_figures.Table(table.title, table.head, table.rows) for table in page.tables),
        notes=page.notes,
        links=tuple(_links(page, office, offices)),
        back=text("figures.back"),
        csv=as_csv(page),
        data=as_data(page),
    )


def _figures(lines: Iterable[Line]) -> tuple[Figure, ...]:
    return tuple(Figure(line.name, line.value, line.about) for line in lines)


def _links(page: PublicPage, office: str, offices: Mapping[str, str]) -> Iterable[Link]:
    for month, key, rel in ((page.earlier, "earlier", "prev"), (page.later, "later", "next")):
        if month:
            year, _, number = month.partition("-")
            label = text(f"figures.months-{key}", {"month": f"{number}/{year}"})
            yield Link(label, office, month, rel=rel)
    yield Link(text("figures.csv"), office, page.month, ".csv")
    yield Link(text("figures.json"), office, page.month, ".json")
    here = office or next(iter(offices), "")
    for other, name in offices.items():
        if other != here:
            yield Link(name, other, page.month)
