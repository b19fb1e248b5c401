"""Pushing updates to a webhook: a queue per chat, the same again until it was taken, ever longer pauses."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import msgspec

from tests.telegram.fake_model import Json, bad
from tests.telegram.fake_wire import Upload, parts_of
from tests.telegram.fake_world import FakeBot

if TYPE_CHECKING:
    from tests.telegram.fake_delivery import Mailbox, Waiting

Run = Callable[[FakeBot, Json, dict[str, Upload]], Awaitable[None]]  # a call in a webhook's answer
LONGEST_PAUSE: Final = 60.0
LONGEST_RETRY_AFTER: Final = 3600.0
PORTS: Final = (80, 88, 443, 8443)
GONE_FOR: Final = 23 * 3600.0  # so long 410, and the webhook is taken away
NOT_IN_ANSWER: Final = ("get", "setwebhook", "deletewebhook", "close", "logout")


@dataclass(slots=True)
class Webhook:
    url: str = ""
    secret: str = ""
    connections: int = 40
    error: str = ""
    error_at: float = 0.0
    gone_since: float = 0.0


@dataclass(slots=True, eq=False)
class Pusher:
    box: Mailbox
    webhook: Webhook = field(default_factory=Webhook)
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))
    queues: dict[int, deque[Waiting]] = field(default_factory=dict)
    runners: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    answers: set[asyncio.Task[None]] = field(default_factory=set)
    attempts: int = 0
    running: int = 0
    most_running: int = 0

    def set(self, webhook: Webhook) -> None:
        self.stop()
        self.webhook = webhook
        self.gate = asyncio.Semaphore(webhook.connections)
        if webhook.url:
            for update in self.box.every():
                update.fails, update.pause = 0, 1.0
                self.queue(update)

    def stop(self) -> None:
        for runner in self.runners.values():
            runner.cancel()
        self.runners.clear()
        self.queues.clear()

    def queue(self, update: Waiting) -> None:
        self.queues.setdefault(update.key, deque()).append(update)
        if update.key not in self.runners:
            self.runners[update.key] = asyncio.get_running_loop().create_task(self._run(update.key))

    async def _run(self, key: int) -> None:
        """One chat's queue: the next only when the one before was taken."""
        queue = self.queues[key]
        while queue:
            update = queue[0]
            if update.expires < self.box.now():
                self.box.expired += 1
                self.box.taken(queue.popleft())
                continue
            async with self.gate:
                self.running += 1
                self.most_running = max(self.most_running, self.running)
                try:
                    pause = await self._attempt(update)
                finally:
                    self.running -= 1
            if pause is None:
                self.box.taken(queue.popleft())
            elif pause:
                await asyncio.sleep(pause / self.box.hurry)
        del self.queues[key], self.runners[key]

    async def _attempt(self, update: Waiting) -> float | None:
        """None when it was taken, or else how long to wait."""
        self.attempts += 1
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook.secret
        asked = 0.0
        post = self.box.http.post(self.webhook.url, data=update.body, headers=headers, allow_redirects=False)
        try:
            async with asyncio.timeout(self.box.patience), post as answer:
                if 200 <= answer.status < 300:
                    await self._in_answer(answer)
                    self.webhook.gone_since = 0.0
                    return None
                error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                if answer.headers.get("Retry-After", "").isdigit():
                    asked = min(float(answer.headers["Retry-After"]), LONGEST_RETRY_AFTER)
                self._gone(answer.status)
        except TimeoutError:
            error = "Read timeout expired"
        except aiohttp.ClientConnectorError:
            error = "Connection refused"
        except (aiohttp.ClientError, OSError):
            error = "Webhook connection closed"
        self.webhook.error, self.webhook.error_at = error, self.box.now()
        self.box.changed()
        pause = asked
        if not asked and update.fails:
            update.pause = min(random.uniform(LONGEST_PAUSE, 2 * LONGEST_PAUSE), update.pause * 2)
            pause = update.pause
        update.fails += 1
        return pause

    def _gone(self, status: int) -> None:
        now = self.box.now()
        if status != 410:
            self.webhook.gone_since = 0.0
        elif not self.webhook.gone_since:
            self.webhook.gone_since = now
        elif now > self.webhook.gone_since + GONE_FOR:
            asyncio.get_running_loop().call_soon(self.set, Webhook())

    async def _in_answer(self, answer: aiohttp.ClientResponse) -> None:
        """The call in the answer's body, if there is one."""
        params: Any = {}
        parts: dict[str, Upload] = {}
        match answer.content_type:
            case "multipart/form-data":
                params, parts = await parts_of(aiohttp.MultipartReader.from_response(answer))
            case "application/x-www-form-urlencoded":
                params = dict(parse_qsl(await answer.text(), keep_blank_values=True))
            case "application/json":
                try:
                    params = msgspec.json.decode(await answer.read())
                except msgspec.DecodeError:
                    return
            case _:
                return
        method = params.get("method") if isinstance(params, dict) else None
        if isinstance(method, str) and not method.lower().startswith(NOT_IN_ANSWER):
            task = asyncio.ensure_future(self.box.run(self.box.bot, params, parts))
            self.answers.add(task)
            task.add_done_callback(self.answers.discard)


def webhook_of(params: Json) -> Webhook:
    """What setWebhook was given."""
    secret = params.get("secret_token", "")
    if len(secret) > 256:
        raise bad("secret token is too long", blame=True)
    if not all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in secret):
        raise bad("secret token contains unallowed characters", blame=True)
    _check_address(params.get("url", ""))
    return Webhook(params.get("url", ""), secret, min(max(params.get("max_connections", 40), 1), 100))


def _check_address(url: str) -> None:
    """As Telegram wants it, unless it is on this machine."""
    parts = urlsplit(url)
    if not url or parts.hostname in {"127.0.0.1", "localhost", "::1"}:
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook", blame=True)
    if parts.port not in {None, *PORTS}:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443", blame=True)
