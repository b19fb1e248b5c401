"""The road on which a payment gateway tells of transfers."""

from __future__ import annotations

from aiohttp import web

from bot import transfers
from bot.app import App
from bot.scene import present
from bot.settings import BadSetting
from bot.world import World
from handlers.payment import Credit
from handlers.web_payment import GATEWAYS, route
from storage.unit_of_work import Database


class Payments:
    """What handlers/web_payment.py asks for."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world

    async def take(self, credit: Credit) -> None:
        """A credit that a gateway told of; durable when it returns. The same told again changes nothing."""
        await self._database.run(lambda work: transfers.keep(present(work, self._world), credit))


def routes(app: App) -> list[web.RouteDef]:
    """Where the gateway of the settings calls us; nowhere without one. BadSetting where it is none that we know."""
    name, secret = app.settings.payment_gateway, app.settings.payment_secret
    if not (name or secret):
        return []
    if name not in GATEWAYS:
        raise BadSetting(f"MOTCUA_PAYMENT_GATEWAY: expected one of {', '.join(GATEWAYS)}")
    if not secret:
        raise BadSetting("MOTCUA_PAYMENT_SECRET: expected the secret with which the gateway signs")
    return [route(GATEWAYS[name](secret), Payments(app.database, app.world))]
