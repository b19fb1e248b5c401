"""Everything that is reached by HTTP, as one web application."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot import health, payments
from bot.app import App
from bot.genuine import OfficialWords
from bot.mail_pages import MailPages
from bot.published import Published
from handlers.web import web_app
from handlers.web_check import check_routes
from handlers.web_figures import figures_routes
from handlers.web_mail import mail_routes
from handlers.web_official import official_routes


def pages(app: App, messengers: Iterable[web.RouteDef]) -> web.Application:
    """The pages of citizens and officers, those that papers and mails lead to, and where other programs call us."""
    settings = app.settings
    page = web_app(
        app.live,
        uploads=app.uploads,
        pushes=app.pushes,
        base_url=settings.public_url,
        max_upload_mb=settings.max_upload_mb,
    )
    page.add_routes(messengers)
    page.add_routes(health.routes(app))
    page.add_routes(figures_routes(Published(app.database, app.world)))
    page.add_routes(check_routes(app.checks))
    page.add_routes(official_routes(OfficialWords(app.database, app.world), settings.address))
    page.add_routes(payments.routes(app))
    page.add_routes(mail_routes(MailPages(app.database, app.world)))
    return page
