"""The updates of one bot until it has taken them: kept, pushed to its webhook or fetched by polling."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import aiohttp
import msgspec

from tests.telegram.fake_model import Json
from tests.telegram.fake_polling import Poller
from tests.telegram.fake_webhook import Pusher, Run, Webhook
from tests.telegram.fake_world import DAY, FakeBot

OUT_OF_DEFAULT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True, eq=False)
class Waiting:
    """One update that the bot has not confirmed."""

    id: int
    body: bytes
    key: int  # updates of one key go one after another by webhook
    expires: float
    fails: int = 0
    pause: float = 1.0


@dataclass(slots=True, eq=False)
class Mailbox:
    """`hurry` divides the pauses that Telegram makes; `patience` is how long a webhook may take."""

    bot: FakeBot
    now: Callable[[], float]
    http: aiohttp.ClientSession
    run: Run
    hurry: float
    patience: float
    waiting: dict[int, Waiting] = field(default_factory=dict)
    repeats: list[Waiting] = field(default_factory=list)  # delivered once more, on order
    recent: deque[Waiting] = field(default_factory=lambda: deque(maxlen=1000))
    allowed: set[str] | None = None
    expired: int = 0
    changed_at: float = 0.0
    next_id: int = field(default_factory=lambda: random.randint(100_000_000, 900_000_000))
    pusher: Pusher = field(init=False)
    poller: Poller = field(init=False)

    def __post_init__(self) -> None:
        self.pusher = Pusher(self)
        self.poller = Poller(self)

    @property
    def webhook(self) -> Webhook:
        return self.pusher.webhook

    def add(self, kind: str, payload: Any, key: int, lives: float) -> Waiting | None:
        """A new update, unless the bot did not ask for its kind."""
        if kind in OUT_OF_DEFAULT if self.allowed is None else kind not in self.allowed:
            return None
        return self.add_raw({kind: payload}, key, lives)

    def add_raw(self, update: Json, key: int, lives: float) -> Waiting:
        """Any update; an `update_id` in it is kept, key 0 stands for a queue of its own."""
        given = update.get("update_id")
        number = given if isinstance(given, int) else self.next_id
        self.next_id = max(self.next_id, number) + 1
        body = msgspec.json.encode({"update_id": number} | update)
        made = Waiting(number, body, key or -number, self.now() + lives)
        self.waiting[number] = made
        self.recent.append(made)
        self._put(made)
        return made

    def again(self, update: Waiting) -> None:
        """The same once more; who polls gets it out of turn."""
        copy = replace(update, expires=self.now() + DAY, fails=0, pause=1.0)
        self.repeats.append(copy)
        self._put(copy)

    def _put(self, update: Waiting) -> None:
        self.changed()
        if self.webhook.url:
            self.pusher.queue(update)
        else:
            self.poller.wake()

    def every(self) -> list[Waiting]:
        """All that waits, oldest first."""
        return [*sorted(self.waiting.values(), key=lambda update: update.id), *self.repeats]

    def left(self) -> int:
        """How many are not confirmed, and calls in a webhook's answers that still run."""
        return len(self.waiting) + len(self.repeats) + len(self.pusher.answers)

    def taken(self, update: Waiting) -> None:
        if self.waiting.get(update.id) is update:
            del self.waiting[update.id]
        elif update in self.repeats:
            self.repeats.remove(update)
        self.changed()

    def drop_old(self) -> None:
        """Updates whose time is over are never seen."""
        now = self.now()
        for update in [update for update in self.waiting.values() if update.expires < now]:
            self.expired += 1
            self.taken(update)

    def forget(self) -> None:
        self.waiting.clear()
        self.repeats.clear()
        self.pusher.stop()

    def changed(self) -> None:
        self.changed_at = asyncio.get_running_loop().time()

    def allow(self, allowed: list[str] | None) -> None:
        """None leaves it as it was, an empty list stands for the default."""
        if allowed is not None:
            self.allowed = set(allowed) or None

    def set_webhook(self, webhook: Webhook) -> None:
        """Also takes it away (no address); what waits goes to the new one."""
        self.poller.end("Conflict: terminated by setWebhook request")
        self.pusher.set(webhook)

    def info(self) -> Json:
        """The method getWebhookInfo."""
        hook = self.webhook
        info: Json = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": len(self.waiting)}
        if hook.url:
            info |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
        if hook.error:
            info |= {"last_error_date": int(hook.error_at), "last_error_message": hook.error}
        if self.allowed is not None:
            info["allowed_updates"] = sorted(self.allowed)
        return info
