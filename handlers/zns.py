"""Zalo's approved templates, to a phone number: for those who have Zalo and never wrote to the account."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from conversations.messages import Message, MessageGone, Refused, Sent, TryLater, Undeliverable
from handlers.zalo_client import Calls
from handlers.zalo_door import PER_SECOND, ZNS, Pass
from handlers.zalo_errors import TEMPLATES, Fault, Kind
from handlers.zalo_wire import Json, Wire
from handlers.zns_templates import ONE_TIME, Templates

ID: Final = "id"  # of Message.facts: what Zalo may know a message again by
_MOBILE: Final = re.compile(r"\+(84[35789]\d{8})")
_TRACKING: Final = 48  # characters
_SOON: Final = 30.0  # seconds; who waits for a code does not wait longer
_PATH: Final = "/message/template"


class ZnsSender(Calls):
    """What bot/way.py asks of a sender. The message's text is not sent: its template and facts are.

    That Zalo took a template does not mean that it arrived: that is told to the webhook, under the id that is given
    here. A number without Zalo is undeliverable, and what comes next is tried.
    """

    channels: ClassVar[tuple[str, ...]] = (ZNS,)
    where: ClassVar[str] = "zns"
    per_second: ClassVar[int] = PER_SECOND

    def __init__(
        self, passes: Pass, templates: Templates, base: str = "https://business.openapi.zalo.me", secret: str = ""
    ) -> None:
        super().__init__(passes, Wire(base, TEMPLATES, secret))
        self._templates = templates

    async def send(self, address: str, message: Message) -> Sent:
        """One template; raises as the account's `send`."""
        body = self._body(address, message)
        try:
            data = await self.call(lambda token: self.wire.post(_PATH, token, body))
        except TryLater as late:
            if message.template in ONE_TIME and late.seconds > _SOON:
                raise Refused("late") from None
            raise
        except Fault as fault:
            if fault.kind is Kind.TOMORROW:
                await self.passes.trouble(self.where, fault.code)
            if fault.kind is Kind.NIGHT and message.template in ONE_TIME:
                raise Refused(f"zalo {fault.code}") from None  # in the morning it would be of no use
            raise self.told(fault) from None
        await self.passes.trouble(self.where, 0)
        found: Mapping[str, Any] = data if isinstance(data, dict) else {}
        return Sent(str(found.get("msg_id", "")))

    async def edit(self, address: str, message_id: str, message: Message) -> None:  # noqa: ARG002 - it can't
        """What has gone stays as it is."""
        raise MessageGone

    async def close(self) -> None:
        """Let go of the connections."""
        await self.wire.close()

    def _body(self, address: str, message: Message) -> Json:
        number = _MOBILE.fullmatch(address)
        if number is None:
            raise Undeliverable("gone")
        template = self._templates.find(message.template)
        if template is None:
            raise Refused("no template")
        try:
            data = template.filled(message.facts)
        except KeyError:
            raise Refused("a fact is missing") from None
        return {
            "phone": number[1],
            "template_id": template.id,
            "template_data": data,
            "tracking_id": _tracking(address, message),
        }


def _tracking(address: str, message: Message) -> str:
    """Says nothing of person or matter; the same for the same message."""
    if known := message.facts.get(ID, ""):
        return known[:_TRACKING]
    return hashlib.sha256(f"{address} {message.template} {message.facts}".encode()).hexdigest()[:32]
