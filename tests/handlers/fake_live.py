"""A small `Live` in memory: a bot that greets, repeats, and offers two buttons; one group for all officers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from conversations.messages import (
    Button,
    Event,
    File,
    FileSent,
    Message,
    Pressed,
    Shown,
    Started,
    TextSent,
    TryLater,
    Unsupported,
)
from handlers.web import Who
from handlers.web_live import Entering

OFFICE = "UBND xã Thạch Hà"
MOST = 100  # a long list comes in parts


class Guest(Struct, frozen=True):
    channel: str
    address: str
    staff: bool


class FakeLive:
    def __init__(self) -> None:
        self.sessions: dict[str, Guest] = {}
        self.chats: dict[str, list[Shown]] = {}
        self.seen: set[tuple[str, str]] = set()
        self.events: list[tuple[str, str, Event]] = []
        self.marks: dict[str, int] = {}
        self.files: dict[str, tuple[File, bytes, str]] = {}  # by reference; the last is the owner's address
        self.on_their_way: set[str] = set()
        self.soon = 5.0
        self.logins = {"mot-lan": "officer-cookie"}
        self.asked: dict[str, tuple[str, str]] = {}  # links that want a confirmation: digits, and where it is given
        self.pending: dict[str, tuple[str, str]] = {}
        self.confirmed: set[str] = set()
        self.browser = ""
        self.most_files = 1_000
        self.uses = 0  # calls that somebody made by doing something
        self.returns: dict[str, str] = {}
        self.revision = 0
        self.busy = False
        self.network = ""  # where the last event came from
        self.delay = 0.0
        self.now = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
        self.changed = asyncio.Condition()

    # what tests do by hand

    def officer(self, cookie: str = "officer-cookie") -> Guest:
        return self.sessions.setdefault(cookie, Guest("staff-web", "officer", staff=True))

    def put(self, address: str, shown_id: str, message: Message, *, own: bool = False, private: bool = False) -> None:
        """Add a message, or change the one with this id."""
        self.revision += 1
        self.now += timedelta(seconds=5)
        chat = self.chats.setdefault(address, [])
        old = next((one for one in chat if one.id == shown_id), None)
        if old is not None:
            chat.remove(old)
        at = old.at if old else self.now
        chat.append(Shown(shown_id, self.revision, own, message, at, private))

    def next_id(self) -> str:
        """Messages are numbered by the program; the page's own ids are only for what it sends."""
        return str(self.revision + 1)

    async def wake(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def texts(self, address: str) -> list[str]:
        return [one.message.text for one in self.chats.get(address, [])]

    # Live

    async def receive(self, who: Who, event_id: str, event: Event, network: str = "") -> None:
        if self.busy:
            raise TryLater(1)
        if self.delay:
            await asyncio.sleep(self.delay)
        if (who.address, event_id) in self.seen:
            return
        self.seen.add((who.address, event_id))
        self.network = network
        self.events.append((who.address, event_id, event))
        for answer in self.answers(who, event):
            self.put(who.address, self.next_id(), answer)
        await self.wake()

    def answers(self, who: Who, event: Event) -> list[Message]:
        menu = (Button("Đăng ký khai sinh", "open:khai-sinh"), Button("Hồ sơ của tôi", "mine"))
        match event:
            case Started(payload):
                return [Message(f"Chào bạn! Bạn cần làm thủ tục gì? {payload}".strip(), menu)]
            case TextSent(text, reply_to):
                self.put(who.address, self.next_id(), Message(text, reply_to=reply_to), own=True)
                return [Message(f"Bạn viết: {text}", menu)]
            case Pressed(value, _):
                label = next((b.label for b in menu if b.value == value), value)
                if not who.staff:  # an officer's press shows in the card alone
                    self.put(who.address, self.next_id(), Message(label), own=True)
                return [Message(f"Bạn chọn: {label}")]
            case FileSent(file, _, _, reply_to):
                self.put(who.address, self.next_id(), Message("", files=(file,), reply_to=reply_to), own=True)
                return [Message(f"Đã nhận {file.name}.")]
            case Unsupported(kind):
                return [Message(f"Không nhận được: {kind}")]
            case _:
                return []

    async def taken(self, who: Who, event_id: str) -> bool:
        return (who.address, event_id) in self.seen

    async def room_for_file(self, who: Who) -> bool:
        return who.staff or len([f for f in self.files.values() if f[2] == who.address]) < self.most_files

    async def open(self, cookie: str | None, network: str = "") -> tuple[Guest, str]:
        self.network = network
        if cookie in self.sessions:
            return self.sessions[cookie], ""
        new = f"cookie-{len(self.sessions)}"
        self.sessions[new] = Guest("web", f"citizen-{len(self.sessions)}", staff=False)
        return self.sessions[new], new

    async def who(self, cookie: str | None, *, staff: bool, used: bool = False) -> Guest | None:
        self.uses += used
        guest = self.sessions.get(cookie or "")
        return guest if guest is not None and guest.staff == staff else None

    async def log_in(self, token: str, browser: str, network: str = "") -> Entering:
        self.browser, self.network = browser, network
        if token in self.asked:
            self.pending["cua-may-nay"] = self.asked.pop(token)
            return Entering("wait", "", "cua-may-nay", *self.pending["cua-may-nay"])
        cookie = self.logins.pop(token, None)
        if cookie is None:
            return Entering("later", minutes=4) if token == "cho" else Entering("gone")
        self.officer(cookie)
        return Entering("in", cookie=cookie)

    async def entering(self, pending: str) -> Entering:
        found = self.pending.get(pending)
        if found is None:
            return Entering("gone")
        if pending not in self.confirmed:
            return Entering("wait", "", "", *found)
        del self.pending[pending]
        self.officer("confirmed-cookie")
        return Entering("in", cookie="confirmed-cookie")

    async def log_in_code(self, pending: str, code: str) -> Entering:
        if code == "246810":
            self.confirmed.add(pending)
        found = await self.entering(pending)
        return msgspec.structs.replace(found, wrong=True) if found.state == "wait" else found

    async def leave(self, cookie: str) -> None:
        self.sessions.pop(cookie, None)

    async def return_link(self, who: Who) -> str:
        token = f"tro-lai-{len(self.returns)}"
        self.returns[token] = next(cookie for cookie, guest in self.sessions.items() if guest == who)
        return token

    async def come_back(self, token: str) -> str | None:
        return self.returns.get(token)

    async def since(self, who: Who, revision: int) -> list[Shown]:
        chat = self.chats.get(who.address, [])
        return sorted((one for one in chat if one.revision > revision), key=lambda one: one.revision)[:MOST]

    async def watch(self, who: Who) -> AsyncIterator[None]:  # noqa: ARG002
        while True:
            async with self.changed:
                try:
                    async with asyncio.timeout(0.2):
                        await self.changed.wait()
                except TimeoutError:
                    pass
            yield

    async def keep(self, who: Who, data: bytes, media_type: str, name: str, event_id: str = "") -> File:  # noqa: ARG002 - as in Live
        file = File(f"tep{len(self.files)}", media_type, len(data), name)
        self.files[file.ref] = (file, data, who.address)
        return file

    async def fetch(self, who: Who, ref: str) -> tuple[File, bytes] | None:
        found = self.files.get(ref)
        if ref in self.on_their_way:
            raise TryLater(self.soon)
        return found[:2] if found is not None and (who.staff or found[2] == who.address) else None

    async def read(self, who: Who, revision: int) -> None:
        self.marks[who.address] = revision

    async def facts(self, who: Who) -> dict[str, object]:
        staff = {"name": "Nguyễn Thị Hoa"} if who.staff else None
        return {"office": OFFICE, "name": "", "staff": staff, "read": self.marks.get(who.address, 0)}
