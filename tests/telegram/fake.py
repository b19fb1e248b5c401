"""A Bot API on loopback for tests: `async with FakeTelegram() as fake`. By hand: `python -m tests.telegram.fake`."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
from aiohttp import web

from tests.telegram.fake_calls import Calls
from tests.telegram.fake_delivery import Mailbox
from tests.telegram.fake_door import Door, main
from tests.telegram.fake_faults import Fault
from tests.telegram.fake_groups import Group
from tests.telegram.fake_limits import Limits
from tests.telegram.fake_model import Answer, Button, Call, FakeFile, FakeMessage, Json, Press
from tests.telegram.fake_people import Person
from tests.telegram.fake_webhook import Webhook
from tests.telegram.fake_world import DAY, GROUP, PERSON, Chat, FakeBot, Room, World

__all__ = [
    "Answer",
    "Button",
    "Call",
    "Chat",
    "FakeBot",
    "FakeFile",
    "FakeMessage",
    "FakeTelegram",
    "Group",
    "Limits",
    "Person",
    "Press",
    "Room",
]


LOOK: Final = 0.005  # seconds between two looks at what is going on


class FakeTelegram(World):
    """The server and its control.

    `limits` may be a Limits of one's own; `second` asks both libraries too (default: as `schema`); `hurry` divides the
    pauses before redeliveries; `patience` is how long a webhook may take.
    """

    def __init__(
        self,
        *,
        limits: bool | Limits = True,
        schema: bool = True,
        second: bool | None = None,
        port: int = 0,
        hurry: float = 20.0,
        patience: float = 60.0,
    ) -> None:
        super().__init__()
        kept = (Limits() if limits is True else limits) or None
        self.desk = Calls(self, kept, schema, schema if second is None else second)
        self.limits = kept
        self.port = port
        self.hurry = hurry
        self.patience = patience
        self.url = ""
        self.deliver = self._deliver
        self._held: dict[int, list[tuple[str, Json, int, float]]] = {}

    # --- start and end ----------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        self.desk.warm_up()
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self.desk.on_request)
        app.router.add_get("/file/bot{token}/{path:.+}", self.desk.on_file)
        app.router.add_post("/control/{op}", Door(self).open)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for mailbox in self.desk.mailboxes.values():
            mailbox.pusher.stop()
            mailbox.poller.end("Conflict: terminated by setWebhook request")
        await self._runner.cleanup()
        await self._http.close()

    # --- who there is -----------------------------------------------------------------------------------------------

    def bot(self, token: str, username: str, name: str = "", *, privacy: bool = True) -> FakeBot:
        """An account made with BotFather."""
        made = FakeBot(int(token.partition(":")[0]), token, username, name or username, privacy=privacy)
        self.bots[made.id] = self.desk.tokens[token] = made
        self.desk.mailboxes[made.id] = Mailbox(
            made, self.now, self._http, self.desk.in_answer, self.hurry, self.patience
        )
        return made

    def user(self, name: str, **more: Any) -> Person:
        """Options: id, last_name, username, language, phone."""
        number = more.pop("id", None) or PERSON + next(self.ids)
        made = self.people[number] = Person(self, number, name, **more)
        return made

    def group(self, title: str, members: Iterable[Person], *, supergroup: bool = False) -> Group:
        """The first member made it."""
        made = Group(self, GROUP - next(self.ids), title=title, members=list(members))
        if supergroup:
            made.become_supergroup()
        self.groups[made.id] = made
        return made

    # --- what happened ----------------------------------------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        """Every call but getUpdates."""
        return self.desk.made

    @property
    def complaints(self) -> list[str]:
        return self.desk.complaints

    def called(self, method: str, status: int = 200) -> list[Call]:
        """The calls of one method that ended so."""
        return [call for call in self.calls if call.method.lower() == method.lower() and call.status == status]

    def assert_clean(self) -> None:
        """No checker objected to anything so far."""
        if self.complaints:
            raise AssertionError("\n".join([f"{len(self.complaints)} complaints:", *self.complaints]))

    def commands(self, bot: FakeBot) -> dict[tuple[str, str], list[Json]]:
        """By (scope, language); the scope of most is "default"."""
        return bot.commands

    def webhook(self, bot: FakeBot) -> Webhook:
        """What setWebhook was given; no url: none."""
        return self.desk.mailboxes[bot.id].webhook

    def waiting(self, bot: FakeBot) -> int:
        """Updates that the bot has not confirmed."""
        return self.desk.mailboxes[bot.id].left()

    # --- control ----------------------------------------------------------------------------------------------------

    def fail(self, method: str, **how: Any) -> Fault:
        """The next calls of `method` fail as a Fault says; "*": any but getUpdates; "file": downloads."""
        fault = Fault(method.lower(), **how)
        self.desk.faults.ordered.append(fault)
        return fault

    def heal(self) -> None:
        """No ordered failure any more."""
        self.desk.faults.ordered.clear()
        self.desk.faults.locked.clear()

    def pass_time(self, seconds: float) -> None:
        """The server's clock jumps: for lifetimes of updates, queries and links, and for limits."""
        self.ahead += seconds

    async def raw(self, bot: FakeBot, update: Json, *, key: int = 0) -> int:
        """Any update, also malformed; its update_id is made when it has none, and returned."""
        return self.desk.mailboxes[bot.id].add_raw(update, key, DAY).id

    async def repeat(self, bot: FakeBot, times: int = 1, last: int = 1) -> None:
        """The last updates once more, under the same update_id, as after a lost acknowledgement."""
        mailbox = self.desk.mailboxes[bot.id]
        for update in list(mailbox.recent)[-last:]:
            for _ in range(times):
                mailbox.again(update)

    @asynccontextmanager
    async def shuffled(self, bot: FakeBot, *, times: int = 1, seed: int | None = None) -> AsyncIterator[None]:
        """What happens inside reaches the bot afterwards, in any order and each `times` times."""
        self._held[bot.id] = []
        try:
            yield
        finally:
            held = self._held.pop(bot.id)
            random.Random(seed).shuffle(held)
            mailbox = self.desk.mailboxes[bot.id]
            added = [mailbox.add(*update) for update in held]
            repeats = [update for update in added if update for _ in range(times - 1)]
            random.Random(seed).shuffle(repeats)
            for update in repeats:
                mailbox.again(update)

    async def settle(self, timeout: float = 10.0, quiet: float = 0.1) -> None:  # noqa: ASYNC109 - says what waited
        """Until every update was acknowledged, no call runs, and nothing happened for `quiet` seconds.

        Counted in looks: a bot in this process that holds up the event loop does not pass for quiet.
        """
        ends = asyncio.get_running_loop().time() + timeout
        seen: tuple[float, ...] = ()
        looks = 0
        while looks < quiet / LOOK:
            boxes = self.desk.mailboxes.values()
            waiting = {box.bot: box.left() for box in boxes if box.left()}
            now = (self.desk.quiet_since, len(self.calls), *(box.changed_at for box in boxes))
            looks = looks + 1 if seen == now and not waiting and not self.desk.running else 0
            seen = now
            if asyncio.get_running_loop().time() > ends:
                raise TimeoutError(f"not settled: {self.desk.running} calls run, updates wait for {waiting}")
            await asyncio.sleep(LOOK)

    async def until(self, ready: Callable[[], Any], timeout: float = 10.0) -> Any:  # noqa: ASYNC109 - as above
        """Waits until `ready` gives something true, and returns it; an AssertionError counts as not yet."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + timeout
        while True:
            try:
                if found := ready():
                    return found
            except (AssertionError, StopIteration):
                if loop.time() > ends:
                    raise
            if loop.time() > ends:
                raise TimeoutError("what was waited for did not come")
            await asyncio.sleep(LOOK)

    def _deliver(self, bot: FakeBot, kind: str, payload: Json, key: int, lives: float) -> None:
        if bot.id in self._held:
            self._held[bot.id].append((kind, payload, key, lives))
        else:
            self.desk.mailboxes[bot.id].add(kind, payload, key, lives)


if __name__ == "__main__":
    main(sys.argv[1:])
