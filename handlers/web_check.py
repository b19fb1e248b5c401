"""The check page: what a paper's QR opens. It says that the paper is ours and where its dossier stands, no more.

Plain HTML, for whoever scans it with any telephone.
"""

from __future__ import annotations

import asyncio
from html import escape
from string import Template
from typing import Final, Protocol

from aiohttp import web
from msgspec import Struct

from handlers.web_assets import FOLDER

PACE: Final = 0.2  # seconds before any answer, so that none tells by its pace what is known
LONGEST: Final = 100  # characters of what is compared
HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

COMPARE: Final = "So sánh"
TYPED: Final = "Mã kiểm tra bạn đang có"
ONWARD: Final = "Mở cuộc trò chuyện"


class Checked(Struct, frozen=True):
    """What the page says: `lines` are labels and values; `code` stands there to be compared, where there is a file.

    `same`: whether what was typed is the file's code; None where nothing was.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    known: bool = True
    warning: str = ""
    code: str = ""
    explained: str = ""
    verdict: str = ""
    same: bool | None = None


class Checks(Protocol):
    """What the page needs from the rest of the program."""

    async def look(self, slip: str, compared: str) -> Checked:
        """What is known of a paper; of one that is not ours, that it is not."""
        ...


class CheckPage:
    def __init__(self, checks: Checks, template: str) -> None:
        self._checks = checks
        self._template = Template(template)

    async def show(self, request: web.Request) -> web.StreamResponse:
        slip, compared = request.match_info["slip"], request.query.get("ma", "")
        found, _ = await asyncio.gather(self._checks.look(slip, compared[:LONGEST]), asyncio.sleep(PACE))
        page = self._template.substitute(
            title=escape(found.title),
            mark="good" if found.known else "bad",
            lines="".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in found.lines),
            warning=f'<p class="warning">{escape(found.warning)}</p>' if found.warning else "",
            compare=compare(found, compared),
            notes="".join(f"<p>{escape(note)}</p>" for note in found.notes),
            onward=escape(ONWARD),
            up="../",
        )
        status = 200 if found.known else 404
        return web.Response(text=page, status=status, content_type="text/html", headers=HEADERS)


def compare(found: Checked, typed: str) -> str:
    """The file's code, and a box to type another one into."""
    if not found.code:
        return ""
    verdict = ""
    if found.same is not None:
        mark = "good" if found.same else "bad"
        verdict = f'<p class="{mark}" role="status">{escape(found.verdict)}</p>'
    return (
        f'<section><p>{escape(found.explained)}</p><p class="code">{escape(found.code)}</p>{verdict}'
        f'<form method="get"><label>{escape(TYPED)}'
        f'<input name="ma" value="{escape(typed[:LONGEST])}" autocomplete="off" maxlength="{LONGEST}"></label>'
        f'<button class="primary" type="submit">{escape(COMPARE)}</button></form></section>'
    )


def check_routes(checks: Checks) -> list[web.RouteDef]:
    """To be added to the web app, whose headers it gets."""
    page = CheckPage(checks, (FOLDER / "check.html").read_text(encoding="utf-8"))
    return [web.get("/xem/{slip}", page.show)]
