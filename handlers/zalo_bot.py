"""The Official Account towards citizens: what they are told, one call a message, and what they sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import ClassVar

from conversations.messages import Message, MessageGone, Sent, Undeliverable
from handlers import zalo_bodies as bodies
from handlers.zalo_client import Client, Who
from handlers.zalo_door import PER_SECOND, ZALO, Choices, Link, Load, Pass, Shrink
from handlers.zalo_errors import PLAINER, Fault, Kind
from handlers.zalo_media import LARGEST, Media
from handlers.zalo_uploads import ALL_PICTURES, TooMuch, Uploads

log = logging.getLogger(__name__)

_NO_QUOTE = -201


class ZaloBot:
    """`plain` gives a message's words with its choices as numbered lines, for where no buttons are taken.

    `secret` is the app's, for an app that wants a proof with each token.

    `card_image` is the address of the picture on the card that asks for a number; without one, or where it is not
    https, the words ask alone.
    `any_host`: files may be fetched from anywhere, which is for tests and demonstrations with a server of one's own.
    """

    channels: ClassVar[Sequence[str]] = (ZALO,)
    per_second: ClassVar[int] = PER_SECOND

    def __init__(  # noqa: PLR0913 - what it is given, each by its name
        self,
        passes: Pass,
        load: Load,
        *,
        base: str = "https://openapi.zalo.me",
        secret: str = "",
        plain: Callable[[Message], str] = bodies.spoken,
        shrink: Shrink | None = None,
        link: Link | None = None,
        card_title: str = "",
        card_image: str = "",
        largest: int = LARGEST,
        any_host: bool = False,
    ) -> None:
        self._client = Client(passes, base, secret)
        self._passes = passes
        self._uploads = Uploads(self._client, load, shrink)
        self._media = Media(largest, any_host=any_host)
        self._plain = plain
        self._link = link
        self._card = (card_title, card_image)
        self._cards_taken = card_image.startswith("https://")

    async def begin(self) -> str:
        """The account's name; raises as `send` where Zalo does not let us in."""
        try:
            account = await self._client.account()
        except Fault as fault:
            raise self._client.told(fault) from None
        kind, verified = account.get("oa_type"), account.get("is_verified")
        log.info("Zalo account: oa_type %s, verified %s, package %s", kind, verified, account.get("package_name"))
        return str(account.get("name") or "")

    async def send(self, address: str, message: Message) -> Sent:
        """One message; raises what conversations/messages.py says, and Unsent where Zalo was not reached."""
        if not address.isdecimal():
            raise Undeliverable("gone")
        try:
            return Sent(await self._sent(address, message))
        except Fault as fault:
            raise self._client.told(fault) from None

    async def edit(self, address: str, message_id: str, message: Message) -> None:  # noqa: ARG002 - it can't
        """Nothing that was sent here can be changed."""
        raise MessageGone

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a file that somebody sent; `ref` is its address. Undeliverable, Refused as in fetch.py."""
        return await self._media.fetch(ref)

    async def person(self, address: str) -> Who:
        """Their name, and a number that they shared."""
        return await self._client.person(address)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()
        await self._media.close()

    async def _sent(self, user: str, message: Message) -> str:
        if message.files:
            return await self._file(user, message)
        if message.asks == "phone" and self._cards_taken and len(self._plain(message)) <= bodies.SUBTITLE:
            title, picture = self._card
            try:
                return await self._client.message(bodies.contact_card(user, title, self._plain(message), picture))
            except Fault as fault:
                if not _plainer(fault):
                    raise
                self._cards_taken = False  # until the next start
        return await self._words(user, message, await self._passes.choices())

    async def _words(self, user: str, message: Message, choices: Choices) -> str:
        buttons = message.buttons if choices.buttons == "on" and len(message.buttons) <= bodies.BUTTONS else ()
        words = bodies.spoken(message) if buttons else self._plain(message)
        quote = message.reply_to
        while True:
            try:
                return await self._client.message(bodies.text(user, words, quote, buttons))
            except Fault as fault:
                if quote and fault.code == _NO_QUOTE:
                    quote = ""
                elif buttons and fault.code in PLAINER:
                    break
                else:
                    raise
        sent = await self._client.message(bodies.text(user, self._plain(message), quote))
        await self._passes.remember(buttons="off")
        return sent

    async def _file(self, user: str, message: Message) -> str:
        """One file; as a link where Zalo does not take it."""
        file = message.files[0]
        for last in (False, True):
            try:
                made = await self._uploads.id_of(file)
                body = (
                    bodies.image(user, made, bodies.spoken(message))
                    if file.media_type in ALL_PICTURES
                    else bodies.paper(user, made)
                )
                return await self._client.message(body)
            except TooMuch:
                break
            except Fault as fault:
                if fault.kind is not Kind.ATTACHMENT or last:
                    raise
                self._uploads.forget(file)
        address = await self._link(user, file.ref) if self._link is not None else ""
        words = [part for part in (bodies.spoken(message), file.name, address) if part]
        if not words:
            raise Fault(_NO_QUOTE, Kind.REFUSED)
        return await self._client.message(bodies.text(user, "\n".join(words)))


def _plainer(fault: Fault) -> bool:
    return fault.code in PLAINER or fault.kind in (Kind.NOT_V3, Kind.NOT_V2)
