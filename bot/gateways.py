"""E-mail and SMS, where they are set up: one process sends on each, the one that holds its lease."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from bot.app import App
from bot.lease import Lease, Lost
from bot.push_pages import contact
from bot.receive import place
from bot.settings import BadSetting, Settings
from conversations.messages import Message, Sent, TryLater
from handlers.push_sender import PushSender

if TYPE_CHECKING:
    from handlers.email import Load, SmtpSender
    from handlers.sms_gateways import Gateway

log = logging.getLogger(__name__)

_PAUSE: Final = 1.0  # seconds before a lease is asked for anew
_ON: Final = {
    "sms": "SMS: đã bật.",
    "zns": "Zalo theo số điện thoại (ZNS): đã bật.",
    "push": "Báo khi đóng trang: đã bật.",
}


class Outward(Protocol):
    """A sender on a channel where nobody is heard; see handlers/email.py and handlers/sms.py."""

    @property
    def channels(self) -> Sequence[str]: ...

    async def send(self, address: str, message: Message) -> Sent: ...
    async def edit(self, address: str, message_id: str, message: Message) -> None: ...
    async def close(self) -> None: ...


@runtime_checkable
class Reached(Protocol):
    """One whose server can be asked beforehand whether it takes us."""

    @property
    def place(self) -> str: ...
    async def hello(self) -> None: ...


class Gateways:
    """Made once a process; `say` tells whoever started the program."""

    def __init__(self, app: App, say: Callable[[str], None]) -> None:
        self._app = app
        self._say = say
        self._senders = made(app)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to send."""
        self._tasks = [asyncio.create_task(self._serve(sender)) for sender in self._senders]

    async def stop(self) -> None:
        """Begin nothing more; calls under way may end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for sender in self._senders:
            await sender.close()

    async def _serve(self, sender: Outward) -> None:
        name = sender.channels[0]
        lease = Lease(self._app.database, name, self._say)
        while True:
            try:
                async with lease.held():
                    await self._work(sender)
            except Lost:
                log.warning("%s: another process has taken over", name)
            except Exception as error:  # noqa: BLE001 - it goes on, with a new lease
                log.error("%s stumbled: %s at %s", name, type(error).__name__, place(error))  # noqa: TRY400
                await asyncio.sleep(_PAUSE)

    async def _work(self, sender: Outward) -> None:
        """While the lease is ours."""
        app = self._app
        app.senders.update(dict.fromkeys(sender.channels, sender))
        app.bells.ring(frozenset({"outbox"}))
        try:
            self._say(await _on(sender))
            await asyncio.Event().wait()
        finally:
            for channel in sender.channels:
                app.senders.pop(channel, None)
            await app.deliverer.leave()  # before the lease is given back: else what is under way were sent again


async def _on(sender: Outward) -> str:
    """For whoever starts the program: what is on, and what is wrong with its settings before somebody waits in vain."""
    if not isinstance(sender, Reached):
        return _ON[sender.channels[0]]
    try:
        await sender.hello()
    except TryLater:
        return (
            f"E-mail: {sender.place} không nhận chương trình này (sai tên, mật khẩu hoặc cách mã hóa). "
            "Thư chờ ở đây; sửa MOTCUA_SMTP_URL rồi chạy lại."
        )
    except Exception as error:  # noqa: BLE001 - whatever it is: mails wait for it, and the rest goes on
        return (
            f"E-mail: chưa kết nối được với {sender.place} ({type(error).__name__}). "
            "Thư chờ ở đây và tự gửi lại; xem MOTCUA_SMTP_URL."
        )
    return f"E-mail: gửi qua {sender.place}."


def made(app: App) -> list[Outward]:
    """One sender for each channel that is set up; raises BadSetting where a setting can't be used."""
    settings = app.settings
    senders: list[Outward] = []
    if settings.smtp_url:
        senders.append(mail_sender(settings, app.load))
    if settings.sms_gateway:
        senders.append(_sms(settings))
    if settings.zns_kinds:
        senders.append(_zns(settings, app))
    if contact(settings):
        senders.append(PushSender(app.pushes, contact(settings)))
    return senders


def check(settings: Settings) -> None:
    """Raises BadSetting where a setting of a channel can't be used."""
    if settings.smtp_url:
        mail_sender(settings, _nothing)
    if settings.sms_gateway:
        sms_gateway(settings)


async def _nothing(_ref: str) -> bytes:
    raise AssertionError


def mail_sender(settings: Settings, load: Load) -> SmtpSender:
    """By the settings; raises BadSetting."""
    from handlers.email import BadServer, SmtpSender, server  # noqa: PLC0415 - only where there is a mail server
    from handlers.email_mail import BadAddress, mailbox  # noqa: PLC0415

    if not settings.mail_from:
        raise BadSetting("MOTCUA_MAIL_FROM: whose name mails bear, such as Một cửa <motcua@example.vn>")
    try:
        return SmtpSender(server(settings.smtp_url), mailbox(settings.mail_from, settings.mail_reply_to), load)
    except BadServer:
        raise BadSetting("MOTCUA_SMTP_URL: expected smtp://user:password@host:587 or smtps://…") from None
    except BadAddress as error:
        raise BadSetting(f"MOTCUA_MAIL_FROM, MOTCUA_MAIL_REPLY_TO: no mailbox: {error}") from None


def _zns(settings: Settings, app: App) -> Outward:
    from bot.zalo_tokens import Tokens  # noqa: PLC0415
    from handlers.zns import ZnsSender  # noqa: PLC0415

    tokens = Tokens(app.database, settings)
    return ZnsSender(tokens, settings.zns_kinds, settings.zalo_zns_base, settings.zalo_app_secret)


def sms_gateway(settings: Settings) -> Gateway:
    """By the settings; raises BadSetting."""
    from handlers.sms_gateways import BadGateway, gateway  # noqa: PLC0415

    try:
        return gateway(settings.sms_gateway, settings.sms_url, settings.sms_token, settings.sms_sender)
    except BadGateway as error:
        raise BadSetting(str(error)) from None


def _sms(settings: Settings) -> Outward:
    from handlers.sms import SmsSender  # noqa: PLC0415

    return SmsSender(sms_gateway(settings))
