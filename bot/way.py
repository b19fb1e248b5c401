"""One bot's way out: what it has in hand, each chat's lanes in order, and its calls at their pace."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Protocol

from bot import group_calls
from bot.group_calls import Plan
from bot.group_needs import Group, Need
from bot.notes import Notes
from bot.outcomes import End
from bot.pace import Limits, Pace, Ticket
from bot.receive import place
from bot.scene import present
from bot.world import World
from conversations.messages import (
    AddressChanged,
    Message,
    MessageGone,
    NotYet,
    Refused,
    Sent,
    TryLater,
    Undeliverable,
)
from storage.measures import measures
from storage.outbox import LANES, Row
from storage.unit_of_work import Database

log = logging.getLogger(__name__)

ROOM: Final = (200, 45, 45)  # rows in hand, by lane: what goes out in a second or two
_SHORT: Final = 8  # calls to a group in its minute, from which on lines are said together
_SAID: Final = (TryLater, Undeliverable, Refused, AddressChanged, MessageGone)  # the messenger itself said so

Place = tuple[str, int]  # a chat and a lane


class Sender(Protocol):
    """One messenger's way out. Raises what conversations/messages.py names; anything else is tried again."""

    async def send(self, address: str, message: Message) -> Sent:
        """A new message."""
        ...

    async def edit(self, address: str, message_id: str, message: Message) -> None:
        """Other words and buttons in an old one; MessageGone where it is no more. Unchanged words are a success."""
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """What all ways out of one process share."""

    database: Database
    world: World
    notes: Notes
    by: str  # claims rows
    limits: Limits
    look: Callable[[], None]  # asks for more to do
    serves: Callable[[Way], bool]  # whether a way may still be used


def _limits(sender: Sender, limits: Limits) -> Limits:
    """A sender that is called less often than Telegram's says so by `per_second`; limits that are lifted stay so."""
    most: int = getattr(sender, "per_second", limits.overall)
    return replace(limits, overall=min(most, limits.overall))


class Way:
    """Calls in order and at their pace; what comes of them is noted."""

    def __init__(self, sender: Sender, channels: tuple[str, ...], around: Around) -> None:
        self.sender = sender
        self.channels = channels
        self.pace = Pace(_limits(sender, around.limits))
        self.calls = 0  # so far
        self.more: set[int] = set()  # lanes of which there may be more rows than are in hand
        self._database = around.database
        self._world = around.world
        self._notes = around.notes
        self._by = around.by
        self._look = around.look
        self._serves = around.serves
        self._lanes: dict[Place, deque[Row]] = {}
        self._tickets: dict[Place, Ticket] = {}
        self._in_hand = [0 for _ in LANES]
        self._groups: dict[str, Group] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._down = False  # the last call got no answer
        self._loop = asyncio.get_running_loop()

    # what there is to do ----------------------------------------------------------------------------------------------

    def room(self, lane: int) -> int:
        """How many rows more it takes in hand."""
        return max(0, ROOM[lane] - self._in_hand[lane])

    def hold(self, rows: Iterable[Row]) -> None:
        """Claimed rows, to be sent in this order."""
        for row in rows:
            at = (row.chat, row.lane)
            self._in_hand[row.lane] += 1
            if at in self._lanes:
                self._lanes[at].append(row)
            else:
                self._lanes[at] = deque([row])
                self._ask(at)
        self.pump()

    def need(self, needs: Mapping[str, Sequence[Need]], ages: dict[str, list[float]]) -> None:
        """All that groups need now; `ages` in seconds of earlier calls to groups that are new to us."""
        now = self._loop.time()
        for chat, calls in ages.items():
            self.pace.assume(chat, [now - age for age in calls], group=True)
        for chat in needs.keys() | self._groups.keys():
            self._groups.setdefault(chat, Group(chat)).want(needs.get(chat, ()), self.pace, now)
        self.pump()

    def knows(self, chat: str) -> bool:
        """Whether this group's calls are counted here."""
        return chat in self._groups

    def assume(self, ages: Iterable[tuple[str, float]]) -> None:
        """Calls to private chats that were made before, and how many seconds ago."""
        now = self._loop.time()
        for chat, age in ages:
            self.pace.assume(chat, [now - age])

    @property
    def rows(self) -> list[int]:
        """In hand, under way or not."""
        return [row.id for rows in self._lanes.values() for row in rows]

    @property
    def tasks(self) -> Collection[asyncio.Task[None]]:
        """Calls under way."""
        return self._tasks

    def close(self) -> None:
        """Begin nothing more: what is not under way is given back."""
        if self._timer is not None:
            self._timer.cancel()
        for group in self._groups.values():
            group.want((), self.pace, self._loop.time())
        back = [row for chat in {chat for chat, _ in self._lanes} for row in self._let_go(chat)]
        if back:
            self._notes.add(lambda scene: scene.work.outbox.give_back(back, self._by))

    # whose turn it is -------------------------------------------------------------------------------------------------

    def pump(self) -> None:
        """Begin what may go now, and wake up when more may."""
        if not self._serves(self):
            self.close()
            return
        now = self._loop.time()
        while (ticket := self.pace.take(now)) is not None:
            if isinstance(ticket.item, Group):
                self._begin_group(ticket, ticket.item, now)
            else:
                self._begin(self._send(ticket, ticket.item))
        wake = self.pace.wake(now)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if wake is not None:
            self._timer = self._loop.call_at(max(wake, now + 0.0005), self.pump)

    def _ask(self, at: Place) -> None:
        row = self._lanes[at][0]
        cost = max(1, len(row.message.files))  # an album counts for each of its photos
        ticket = self._tickets[at] = Ticket(row.chat, at, row.lane, cost=cost)
        self.pace.ask(ticket)

    def _begin(self, call: Coroutine[Any, Any, None]) -> None:
        self.calls += 1
        task = self._loop.create_task(call)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _let_go(self, chat: str) -> list[int]:
        """Rows of a chat that are not under way leave our hands; gives which."""
        gone = []
        for lane in LANES:
            at = (chat, lane)
            rows = self._lanes.get(at)
            if rows is None:
                continue
            ticket = self._tickets.get(at)
            first = rows.popleft() if ticket is None else None  # without a ticket the first is under way
            if ticket is not None:
                self.pace.drop(self._tickets.pop(at))
            gone += [row.id for row in rows]
            self._in_hand[lane] -= len(rows)
            if first is None:
                del self._lanes[at]
            else:
                self._lanes[at] = deque([first])
        return gone

    # a row's call -----------------------------------------------------------------------------------------------------

    async def _send(self, ticket: Ticket, at: Place) -> None:
        del self._tickets[at]
        row = self._lanes[at][0]
        outcome: Sent | Exception
        if row.unreachable:
            outcome = Undeliverable(row.unreachable)
            self.pace.undo(ticket, self._loop.time())
        else:
            try:
                outcome = await self.sender.send(row.address, row.message)
            except Exception as error:  # noqa: BLE001 - a sender may fail in ways of its library's own
                outcome = error
            now = self._loop.time()
            self.pace.answered(ticket, now)
            self._heed(row.chat, outcome, now)
        measures.count("send", row.channel, type(outcome).__name__)
        if isinstance(outcome, Sent):
            self._notes.add(End(row, outcome), partial(self._noted, at))
        else:
            log.warning("message %d on %s not sent: %s", row.id, row.channel, type(outcome).__name__)
            back = self._let_go(row.chat)
            self._notes.add(End(row, outcome, back), partial(self._noted, at))
        self.pump()

    def _noted(self, at: Place) -> None:
        rows = self._lanes[at]
        rows.popleft()
        lane = at[1]
        self._in_hand[lane] -= 1
        if rows:
            self._ask(at)
            self.pump()
        else:
            del self._lanes[at]
        if lane in self.more and self._in_hand[lane] < ROOM[lane] // 2:
            self.more.discard(lane)
            self._look()

    def _heed(self, chat: str, outcome: object, now: float) -> None:
        """What an outcome tells about the chat, and about the messenger as a whole."""
        if isinstance(outcome, NotYet):
            return  # it was not asked at all
        if isinstance(outcome, TryLater):
            self.pace.stop(chat, now + outcome.seconds)
        if isinstance(outcome, Exception) and not isinstance(outcome, _SAID):
            self._down = True
        elif self._down:
            self._down = False
            channels = self.channels
            self._notes.add(lambda scene: scene.work.outbox.hurry(channels))

    # a group's call ---------------------------------------------------------------------------------------------------

    def _begin_group(self, ticket: Ticket, group: Group, now: float) -> None:
        need = group.begin(ticket, self.pace, now)
        if need is not None:
            self._begin(self._call(ticket, group, need))

    async def _call(self, ticket: Ticket, group: Group, need: Need) -> None:
        made, outcome = await self._attempt(ticket, group, need)
        now = self._loop.time()
        self._heed(group.chat, outcome, now)
        if outcome is None or isinstance(outcome, Sent):
            group.worked(need)
        elif not isinstance(outcome, _SAID):
            pause = group.failed(need, self.pace, now, alone=made is None)
            self._loop.call_later(pause, self._look)
        done = partial(self._group_noted, group, need)
        if made is None:
            done()
        else:
            self._notes.add(lambda scene: group_calls.note(scene, made, outcome, self._by), done)
        self.pump()

    async def _attempt(self, ticket: Ticket, group: Group, need: Need) -> tuple[Plan | None, Sent | Exception | None]:
        short = self.pace.used(group.chat, self._loop.time()) >= _SHORT
        made: Plan | None = None
        outcome: Sent | Exception | None = None
        try:
            made = await self._database.run(
                lambda work: group_calls.plan(present(work, self._world), group.chat, need, self._by, short=short)
            )
        except Exception as error:  # noqa: BLE001 - one card that can't be drawn must not stop the others
            log.error("a card was not drawn: %s at %s", type(error).__name__, place(error))  # noqa: TRY400
            outcome = error
        if made is None:
            self.pace.undo(ticket, self._loop.time())
            return None, outcome
        try:
            if made.card is not None and made.card.message:
                await self.sender.edit(made.address, made.card.message, made.message)
            else:
                outcome = await self.sender.send(made.address, made.message)
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("a group on %s was not told: %s", made.channel, type(error).__name__)
            outcome = error
        self.pace.answered(ticket, self._loop.time())
        measures.count("send", made.channel, "Sent" if outcome is None else type(outcome).__name__)
        return made, outcome

    def _group_noted(self, group: Group, need: Need) -> None:
        group.ended(need, self.pace, self._loop.time())
        self.pump()
        self._look()
