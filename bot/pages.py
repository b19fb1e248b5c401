"""Everything that is reached by HTTP, as one web application."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from aiohttp import web

from bot import health, payments
from bot.app import App
from bot.genuine import OfficialWords
from bot.mail_pages import MailPages
from bot.published import Published
from bot.setup_pages import SetupPages
from handlers.web import web_app
from handlers.web_check import check_routes
from handlers.web_figures import figures_routes
from handlers.web_mail import mail_routes
from handlers.web_official import official_routes
from handlers.web_setup import setup_routes

_ANSWERED: Final = 0.7  # seconds


def pages(app: App, messengers: Iterable[web.RouteDef]) -> web.Application:
    """The pages of citizens and officers, those that papers and mails lead to, and where other programs call us."""
    settings = app.settings
    page = web_app(
        app.live,
        uploads=app.uploads,
        pushes=app.pushes,
        base_url=settings.public_url,
        max_upload_mb=settings.max_upload_mb,
        pace=settings.pace,
    )
    page.add_routes(messengers)
    page.add_routes(health.routes(app))
    page.add_routes(figures_routes(Published(app.database, app.world)))
    page.add_routes(check_routes(app.checks))
    page.add_routes(official_routes(OfficialWords(app.database, app.world), settings.address))
    page.add_routes(payments.routes(app))
    page.add_routes(setup_routes(SetupPages(app, lambda: _again(app))))
    page.add_routes(mail_routes(MailPages(app.database, app.world)))
    return page


def _again(app: App) -> None:
    """Begin anew once whoever asked for it has their answer."""
    app.again = True
    asyncio.get_running_loop().call_later(_ANSWERED, _end, app)


def _end(app: App) -> None:
    app.end()  # as it is by then
