"""People of the fake Zalo: what they do there becomes an event, signed and pushed as Zalo does it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.zalo.fake_model import APP_ID, OA_ID, OA_KEY, Json, State, Told

if TYPE_CHECKING:
    from tests.zalo.fake import FakeZalo

WITHIN = 2.0  # seconds in which Zalo wants its 200


def signature(body: bytes, timestamp: str, app_id: str = APP_ID, key: str = OA_KEY) -> str:
    """`mac=` and a plain SHA-256 over four things in a row."""
    return "mac=" + hashlib.sha256(app_id.encode() + body + timestamp.encode() + key.encode()).hexdigest()


class Pushes:
    """Calls the webhook; an answer other than 200 within two seconds is a complaint."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.hook = ""
        self.stubborn = False  # an event of our own making is told until somebody hears it
        self._session: aiohttp.ClientSession | None = None
        self._later: set[asyncio.Task[int]] = set()

    async def push(
        self, event: Json, *, mac: str = "good", escaped: bool = False, retry: int = 0, zns: bool = False
    ) -> int:
        """`mac`: good, bad, none, or oa_id (signed with that in front); gives the status."""
        body = json.dumps(event, ensure_ascii=escaped, separators=(",", ":")).encode()
        timestamp = str(event.get("timestamp", ""))
        signed = {
            "good": signature(body, timestamp),
            "bad": signature(body + b" ", timestamp),
            "oa_id": signature(body, timestamp, OA_ID),
            "none": "",
        }[mac]
        headers = {"Content-Type": "application/json"}
        if signed:
            headers["X-ZEvent-Signature"] = signed
        if retry:
            headers["num_retry"] = str(retry)
        if zns:
            headers["X-ZEvent-Server"] = "ZNS"
        if self._session is None:
            self._session = aiohttp.ClientSession()
        began = time.monotonic()
        async with self._session.post(self.hook, data=body, headers=headers) as response:
            await response.read()
            status = response.status
        if status != 200 or time.monotonic() - began > WITHIN:
            self._state.complain(f"{event['event_name']}: {status} after {time.monotonic() - began:.1f} s")
        return status

    def soon(self, event: Json, **how: Any) -> None:
        """Without waiting for it."""
        task = asyncio.ensure_future(self._told(event, **how) if self.stubborn else self.push(event, **how))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _told(self, event: Json, **how: Any) -> int:
        retry = 0
        while True:
            try:
                if (status := await self.push(event, retry=retry, **how)) == 200:
                    return status
            except aiohttp.ClientError:
                pass
            retry += 1
            await asyncio.sleep(0.2)

    @property
    def running(self) -> int:
        """How many are still being told."""
        return len(self._later)

    async def done(self) -> None:
        """What was pushed without waiting has arrived."""
        while self._later:
            await asyncio.gather(*self._later)

    async def close(self) -> None:
        if self.stubborn:
            for task in self._later:
                task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)
        if self._session is not None:
            await self._session.close()


@dataclass(slots=True)
class Person:
    """Somebody with Zalo. `window`: "open", "closed" (over seven days ago) or "never" wrote."""

    fake: FakeZalo
    id: str
    name: str = "Nguyễn Văn A"
    phone: str = ""  # as shared with the account, 84…
    window: str = "open"
    blocked: bool = False
    heard: list[Told] = field(default_factory=list)

    async def says(self, text: str, *, quote: str = "", **how: Any) -> int:
        """Typed, or a tap's payload."""
        message: Json = {"text": text, "msg_id": self.fake.message_id()}
        if quote:
            message["quote_msg_id"] = quote
        return await self.acts("user_send_text", {"message": message}, **how)

    async def taps(self, title: str, **how: Any) -> int:
        """A button, of the last message that has one with this title."""
        for told in reversed(self.heard):
            for button in told.buttons:
                if button["title"] == title:
                    return await self.says(button["payload"], **how)
        raise AssertionError(f"no button {title!r}; the last had {[b['title'] for b in self._last_buttons()]}")

    async def sends_image(self, data: bytes, caption: str = "", **how: Any) -> int:
        url = self.fake.serve(data, "image/jpeg")
        return await self._sends("image", {"thumbnail": url, "url": url}, caption, **how)

    async def sends_file(self, name: str, data: bytes, **how: Any) -> int:
        payload = {
            "url": self.fake.serve(data, "application/octet-stream"),
            "size": str(len(data)),
            "name": name,
            "checksum": hashlib.md5(data, usedforsecurity=False).hexdigest(),
            "type": name.rpartition(".")[2],
        }
        return await self._sends("file", payload, **how)

    async def sends_audio(self, data: bytes, **how: Any) -> int:
        return await self._sends("audio", {"url": self.fake.serve(data, "audio/amr")}, **how)

    async def sends_sticker(self, **how: Any) -> int:
        return await self._sends("sticker", {"id": "bfe458bf64fa8da4d4eb", "url": "https://zalo.test/s.png"}, **how)

    async def sends_location(self, latitude: str = "10.77", longitude: str = "106.69", **how: Any) -> int:
        payload = {"coordinates": {"latitude": latitude, "longitude": longitude}}
        return await self._sends("location", payload, **how)

    async def follows(self, **how: Any) -> int:
        return await self._about("follow", {"source": "oa_profile", "follower": {"id": self.id}}, **how)

    async def unfollows(self, **how: Any) -> int:
        return await self._about("unfollow", {"source": "oa_profile", "follower": {"id": self.id}}, opens=False, **how)

    async def clicks_chat_now(self, **how: Any) -> int:
        return await self._about("user_click_chatnow", {"user_id": self.id}, **how)

    async def withdraws(self, **how: Any) -> int:
        return await self._about("user_withdraw", {"user_id": self.id}, opens=False, **how)

    async def shares(self, name: str = "", phone: str = "", **how: Any) -> int:
        """Presses the card that asks for name and number."""
        self.phone = phone or self.phone
        info = {"name": name or self.name, "phone": self.phone, "full_address": {"user_city": "", "user_ward": ""}}
        return await self.acts("user_submit_info", {"info": info}, **how)

    async def sees(self, *messages: str, **how: Any) -> int:
        return await self.acts("user_seen_message", {"message": {"msg_ids": list(messages)}}, opens=False, **how)

    async def receives(self, message: str, **how: Any) -> int:
        return await self.acts("user_received_message", {"message": {"msg_id": message}}, opens=False, **how)

    async def acts(self, name: str, more: Json, *, opens: bool = True, **how: Any) -> int:
        """Any event of theirs towards the account."""
        if opens:
            self.window = "open"
        event = {
            "app_id": APP_ID,
            "sender": {"id": self.id},
            "user_id_by_app": "552177279717587730",
            "recipient": {"id": OA_ID},
            "event_name": name,
            **more,
            "timestamp": self.fake.timestamp(),
        }
        return await self.fake.push(event, **how)

    async def _sends(self, kind: str, payload: Json, caption: str = "", **how: Any) -> int:
        message: Json = {"msg_id": self.fake.message_id(), "attachments": [{"type": kind, "payload": payload}]}
        if caption:
            message["text"] = caption
        return await self.acts(f"user_send_{kind}", {"message": message}, **how)

    async def _about(self, name: str, more: Json, *, opens: bool = True, **how: Any) -> int:
        if opens:
            self.window = "open"
        event = {
            "app_id": APP_ID,
            "oa_id": OA_ID,
            "event_name": name,
            **more,
            "user_id_by_app": "552177279717587730",
            "timestamp": self.fake.timestamp(),
        }
        return await self.fake.push(event, **how)

    def _last_buttons(self) -> tuple[Json, ...]:
        return next((told.buttons for told in reversed(self.heard) if told.buttons), ())
