"""Browsers that ask to be told while their page is closed, and our own key, which the push services know us by.

The key pair is made once and kept sealed: with another one all subscriptions would be void.
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urlsplit

from bot.live import known
from bot.push import CHANNEL
from bot.scene import present
from bot.settings import BadSetting, Settings
from bot.world import World
from handlers.push_types import Subscription
from handlers.web_live import Who
from storage.pushes import Body
from storage.sealed import keys
from storage.unit_of_work import Database
from storage.work import Work

_KEY: Final = "push-key"  # in the installation


def contact(settings: Settings) -> str:
    """Whom push services may write to, as mailto: or https:; empty where nobody is told: browsers want https too."""
    given = settings.push_contact.removeprefix("mailto:")
    if given:
        if "@" not in given or not given.isascii():
            raise BadSetting("MOTCUA_PUSH_CONTACT: expected an e-mail address")
        return f"mailto:{given}"
    page = urlsplit(settings.public_url)
    return f"https://{page.hostname}" if page.scheme == "https" and page.hostname else ""


class PushPages:
    """What handlers/web_push.py and handlers/push_sender.py ask for."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world
        self._on = bool(contact(world.settings))
        self._secret = b""
        self._public = ""

    async def key(self) -> str:
        """Our public key; empty where this is off."""
        if self._on and not self._public:
            self._public = await asyncio.to_thread(_public, await self.secret())
        return self._public

    async def secret(self) -> bytes:
        """Our own key's private number, made at first use."""
        if not self._secret:
            made = await asyncio.to_thread(_new)
            self._secret = await self._database.run(lambda work: _kept(work, made))
        return self._secret

    async def add(self, who: Who, endpoint: str, p256dh: str, auth: str) -> None:
        """This browser hears of what comes for this person."""
        body = Body(endpoint, p256dh, auth)

        def keep(work: Work) -> None:
            push = work.pushes.add(known(who).chat, body, self._world.now())
            chat = work.chats.open_staff(CHANNEL, push, present(work, self._world).now)
            if chat.unreachable:
                work.chats.mark(chat.id, "")

        await self._database.run(keep)

    async def drop(self, who: Who, endpoint: str) -> None:
        """It hears no more."""
        await self._database.run(lambda work: work.pushes.drop_endpoint(known(who).chat, endpoint))

    async def subscription(self, address: str) -> Subscription | None:
        """Where the browser of this id is told."""
        found = await self._database.run(lambda work: work.pushes.get(address))
        return Subscription(found.body.endpoint, found.body.p256dh, found.body.auth) if found is not None else None

    async def gone(self, address: str) -> None:
        """Its service does not know it any more."""
        await self._database.run(lambda work: work.pushes.drop(address))


def _kept(work: Work, made: bytes) -> bytes:
    """The one that is there; else this one."""
    sealed = work.installation.get(_KEY)
    if sealed is None:
        work.installation.put(_KEY, keys().columns.close(made).hex())
        return made
    return keys().columns.open(bytes.fromhex(sealed))


def _new() -> bytes:
    from handlers import push_sealed  # noqa: PLC0415 - only where somebody asks to be told

    return push_sealed.new_secret()


def _public(secret: bytes) -> str:
    from handlers import push_sealed  # noqa: PLC0415

    return push_sealed.public_key(secret)
