"""Citizens at three doors, as stubborn as their pages and messengers: what was not acknowledged is sent again."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import aiohttp

from tests.faults.installation import PATIENCE, until
from tests.faults.ledger import DONE, FELT, Ledger
from tests.faults.script import LAST, PRESSES, STEPS, SUBMITS
from tests.telegram.fake import FakeBot, FakeTelegram
from tests.telegram.fake_people import Person as TelegramPerson
from tests.zalo.fake import FakeZalo
from tests.zalo.fake_people import Person as ZaloPerson
from tests.zalo.on_zalo import TYPED, read

_LOOK: Final = 0.05  # seconds between looks at the screen
SILENCE: Final = 20.0  # seconds after which somebody asks again, where answers are not repeated
_GIVES_UP: Final = 60.0  # and after which nobody waits for news any more
_OURS: Final = aiohttp.ClientTimeout(total=8.0)


@dataclass(frozen=True)
class Read:
    """A message of the bot's as somebody sees it."""

    words: str
    labels: tuple[str, ...]


class Seat(Protocol):
    """Somebody's phone: everything returns when it was acknowledged."""

    channel: str
    address: str

    async def open(self) -> None: ...
    async def say(self, words: str) -> None: ...
    async def press(self, label: str) -> None: ...
    async def photo(self, data: bytes) -> None: ...
    async def ask_again(self) -> None: ...
    async def reads(self) -> list[Read]: ...
    async def close(self) -> None: ...


@dataclass
class Citizen:
    """One person with one dossier, step by step as the script goes."""

    name: str
    seat: Seat
    number: int
    ledger: Ledger
    step: int = 0
    accepted: list[str | bytes] = field(default_factory=list)  # what they did, all of it acknowledged
    seen: list[Read] = field(default_factory=list)  # at the very end
    _acted: float = 0.0
    _read: int = 0  # messages that were there when they last did something

    @property
    def card(self) -> str:
        return f"042194{self.number:06d}"

    @property
    def phone(self) -> str:
        return f"0984{self.number:06d}"

    @property
    def done(self) -> bool:
        return self.step == LAST + 1

    async def go_on(self, enough: Callable[[], bool]) -> None:
        """Until the dossier is over, or it is enough; then between two steps."""
        while not self.done:
            await self.see(enough)
            if not await self.sees():
                return
            await self.act()
            if enough():
                return

    async def sees(self) -> str:
        """The button or words that this step waits for, where they are to be read; else nothing."""
        step = STEPS[self.step]
        if not step.reads:
            return "-"
        messages = await self.seat.reads()
        for message in reversed(messages[self._read :]):
            if step.reads.startswith("["):
                if found := next((one for one in message.labels if one.startswith(step.reads[1:])), ""):
                    return found
            elif step.reads in message.words or (step.also and step.also in message.words):
                return message.words
        return ""

    async def see(self, enough: Callable[[], bool] = lambda: False) -> None:
        """Wait for what this step waits for; where news may be lost on its way, not for ever."""
        while not await self.sees() and not enough():
            await asyncio.sleep(_LOOK)
            silent = time.monotonic() - self._acted
            if self.seat.channel != "zalo" or silent < SILENCE:
                continue
            if self.step <= SUBMITS:
                await self.seat.ask_again()
                self._acted = time.monotonic()
                self.ledger.note(FELT, "citizens who asked again at zalo, having heard nothing")
            elif silent > _GIVES_UP:
                self.ledger.note(FELT, "citizens who turned away from zalo, having heard nothing")
                return

    async def act(self) -> None:
        """Do this step."""
        step = STEPS[self.step]
        seen = await self.sees()
        marker = len(await self.seat.reads())
        does: str | bytes = seen if step.does == PRESSES else step.does
        if isinstance(does, bytes):
            await self.seat.photo(does)
        elif step.does == PRESSES or does.startswith("["):
            does = f"[{does.removeprefix('[')}"
            await self.seat.press(does[1:])
        elif does:
            does = does.format(card=self.card, phone=self.phone)
            await self.seat.say(does)
        self.step += 1
        self._read = marker
        self._acted = time.monotonic()
        if does:
            self.accepted.append(does)
            self.ledger.note(DONE, f"events acknowledged at {self.seat.channel}")


class Web:
    """The citizens' page, or with `staff` the officers'."""

    def __init__(self, base: Callable[[], str], ledger: Ledger, name: str, *, staff: bool = False) -> None:
        self.channel = "web"
        self.address = ""
        self.staff = staff
        self.messages: dict[str, dict[str, Any]] = {}
        self.sent: list[str] = []  # ids of events that were acknowledged
        self._base = base
        self._ledger = ledger
        self._name = name
        self._prefix = "/canbo/api/" if staff else "/api/"
        self._cookie = ""
        self._numbers = itertools.count(1)
        self._revision = 0
        self._http = aiohttp.ClientSession(timeout=_OURS, cookie_jar=aiohttp.DummyCookieJar())

    async def open(self) -> None:
        await self._ask("POST", f"{self._prefix}hello", json={})

    async def log_in(self, link: Callable[[], Any]) -> None:
        """With a link, which works once: whoever gets no answer asks for another."""
        while not self._cookie:
            try:
                await self._once("POST", await link(), {})
            except (OSError, aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(0.3)
        await self.open()

    async def say(self, words: str) -> None:
        await self._send({"text": words})

    async def press(self, label: str) -> None:
        for shown in sorted(self.messages.values(), key=lambda m: -m["revision"]):
            for button in shown["buttons"]:
                if button["label"].startswith(label):
                    await self.press_value(button["value"], shown["id"])
                    return
        raise AssertionError(f"no button {label!r}")

    async def press_value(self, value: str, message: str) -> None:
        await self._send({"press": value, "message": message})

    async def photo(self, data: bytes) -> None:
        event = f"{self._name}file{next(self._numbers)}"
        where = f"{self._prefix}upload?id={event}&name={event}.jpg"
        await self._ask("POST", where, data=data, headers={"Content-Type": "image/jpeg"})
        self.sent.append(event)

    async def news(self) -> None:
        """Everything that is new or was drawn anew."""
        while True:
            found = await self._ask("GET", f"{self._prefix}messages?after={self._revision}")
            for shown in found:
                self.messages[shown["id"]] = shown
                self._revision = max(self._revision, shown["revision"])
            if not found:
                return

    async def ask_again(self) -> None:
        """There is no need: what was said is there, or comes."""

    async def reads(self) -> list[Read]:
        await self.news()
        bots = sorted((m for m in self.messages.values() if not m["own"]), key=lambda m: int(m["id"]))
        return [Read(m["text"], tuple(b["label"] for b in m["buttons"])) for m in bots]

    async def close(self) -> None:
        await self._http.close()

    async def _send(self, said: dict[str, str]) -> None:
        event = f"{self._name}event{next(self._numbers)}"
        await self._ask("POST", f"{self._prefix}send", json={"id": event, **said})
        self.sent.append(event)

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        """The same request until it is answered."""
        ends = time.monotonic() + 2 * PATIENCE
        while True:
            try:
                return await self._once(method, path, more)
            except (OSError, aiohttp.ClientError, TimeoutError) as error:
                if method == "POST":
                    self._ledger.note(FELT, "requests of pages sent again")
                if time.monotonic() > ends:
                    raise AssertionError(f"never answered: {path}") from error
                await asyncio.sleep(0.2)

    async def _once(self, method: str, path: str, more: dict[str, Any]) -> Any:
        headers = {"X-Motcua": "1", "Cookie": self._cookie, **more.get("headers", {})}
        given = {**more, "headers": headers, "allow_redirects": False}
        async with self._http.request(method, self._base() + path, **given) as answer:
            body = await answer.read()
            if answer.status >= 500 or answer.status in (408, 429):
                raise aiohttp.ClientConnectionError(str(answer.status))
            assert answer.status in (200, 303), (path, answer.status, body)
            if kept := answer.headers.get("Set-Cookie"):
                self._cookie = kept.partition(";")[0]
            return await answer.json() if answer.content_type == "application/json" else body


class Telegram:
    """A chat with the citizens' bot; the fake keeps an update until the bot has it."""

    def __init__(self, fake: FakeTelegram, bot: FakeBot, person: TelegramPerson) -> None:
        self.channel = "telegram"
        self.address = str(person.id)
        self.sent: list[str] = []  # ids of updates that the bot has taken
        self._fake = fake
        self._bot = bot
        self._person = person
        self._chat = fake.chat(person, bot)

    async def open(self) -> None:
        """The first words open it."""

    async def say(self, words: str) -> None:
        await self._person.text(self._bot, words)
        await self._taken()

    async def press(self, label: str) -> None:
        message = next(m for m in reversed(self._chat.messages) if any(one.startswith(label) for one in m.labels))
        await self._person.press(message, next(one for one in message.labels if one.startswith(label)))
        await self._taken()

    async def photo(self, data: bytes) -> None:
        await self._person.photo(self._bot, data)
        await self._taken()

    async def ask_again(self) -> None:
        """There is no need: what was said is there, or comes."""

    async def reads(self) -> list[Read]:
        return [Read(m.words, tuple(m.labels)) for m in self._chat.messages if m.sender is self._bot and not m.deleted]

    async def close(self) -> None:
        """Phones are never closed."""

    async def _taken(self) -> None:
        """Only this person's own: others' may wait for long."""
        box = self._fake.desk.mailboxes[self._bot.id]
        mine = box.recent[-1]
        await until(lambda: box.waiting.get(mine.id) is not mine, "a bot that takes an update", 3 * PATIENCE)
        self.sent.append(f"u{mine.id}")


class Zalo:
    """A chat with the Official Account; Zalo tells of it until it is answered with 200."""

    def __init__(self, fake: FakeZalo, person: ZaloPerson, ledger: Ledger) -> None:
        self.channel = "zalo"
        self.address = person.id
        self.sent: list[str] = []
        self._fake = fake
        self._person = person
        self._ledger = ledger

    async def open(self) -> None:
        """The first words open it."""

    async def say(self, words: str) -> None:
        await self._does("user_send_text", text=words)

    async def press(self, label: str) -> None:
        for told in reversed(self._person.heard):
            for button in read(told).buttons:
                if button.label.startswith(label):
                    value = button.value
                    await self.say(value.removeprefix(TYPED) if value.startswith(TYPED) else f"#{value}")
                    return
        raise AssertionError(f"no button {label!r}")

    async def photo(self, data: bytes) -> None:
        url = self._fake.serve(data, "image/jpeg")
        await self._does("user_send_image", attachments=[{"type": "image", "payload": {"url": url}}])

    async def ask_again(self) -> None:
        """What Zalo may have been told is never told again by itself: a sticker brings the question back."""
        await self._does("user_send_sticker", attachments=[{"type": "sticker", "payload": {"id": "1", "url": "x"}}])

    async def reads(self) -> list[Read]:
        every = [read(told) for told in self._person.heard]
        return [Read(message.text, tuple(b.label for b in message.buttons)) for message in every]

    async def close(self) -> None:
        """Phones are never closed."""

    async def _does(self, name: str, **message: Any) -> None:
        message["msg_id"] = self._fake.message_id()
        ends = time.monotonic() + 2 * PATIENCE
        for retry in itertools.count():
            try:
                if await self._person.acts(name, {"message": message}, retry=retry) == 200:
                    self.sent.append(message["msg_id"])
                    return
            except (aiohttp.ClientError, TimeoutError):
                pass
            self._ledger.note(FELT, "events that Zalo told again")
            assert time.monotonic() < ends, "nobody hears Zalo"
            await asyncio.sleep(0.2)


def twice(messages: list[Read]) -> Counter[str]:
    """Which news somebody read more often than once: they hold a code, so no two are the same."""
    counted = Counter(message.words for message in messages if "mã " in message.words or "hồ sơ H27" in message.words)
    return Counter({words: count - 1 for words, count in counted.items() if count > 1})
