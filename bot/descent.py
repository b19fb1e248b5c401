"""One notice on the ladder: what is known of it, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from bot import rungs
from bot.rungs import Rung
from bot.scene import Scene
from domain import ladder
from domain.clock import DAY, here
from domain.ladder import CHATS, MORNING, PAGES, Case, How, Look, Step, Tried
from domain.rights import EMAIL
from domain.values import VIETNAM
from storage.chats import Chat
from storage.notices import Attempt, Notice, State
from storage.persons import told_of

_HOW: Final = {"waiting": How.GOING, "claimed": How.GOING, "failed": How.FAILED, "unknown": How.UNSURE}
_WORST: Final = (How.GOING, How.FAILED, How.UNSURE, How.TOLD)  # of several calls to one chat, what counts


@dataclass(frozen=True, slots=True)
class Descent:
    """`since`, in office time, and `machine` are when it was told last; `machine` 0: nobody knows."""

    scene: Scene
    notice: Notice
    chat: Chat
    rungs: tuple[Rung, ...]
    tried: tuple[Tried, ...]
    since: datetime
    machine: float = 0.0
    unread: timedelta = ladder.UNREAD  # after which a page has not been read

    def rung(self, address: str) -> Rung:
        return next(rung for rung in self.rungs if rung.address.id == address)

    @property
    def known(self) -> bool:
        """Whether they have surely read it: their page has, or they did something where it was told."""
        notice, work = self.notice, self.scene.work
        if notice.status == State.READ:
            return True
        if notice.page and notice.number and work.chats.read_up_to(notice.page) >= notice.number:
            return True
        told = {one.id: one.at for one in self.tried if one.how == How.TOLD}
        for rung in self.rungs:
            at = told.get(rung.address.id)
            if at is not None and (at or self.machine) and rung.address.heard > (at or self.machine):
                return True
        return False

    def step(self) -> Step:
        """What follows now."""
        return ladder.step(self._case(self.tried), self.scene.now, self._morning)

    def next_look(self, told_at: Rung) -> datetime | None:
        """When it has to be looked at again after it is told there; whether it is taken, nobody knows yet."""
        address = told_at.address
        ends = (How.TOLD,) if address.channel in PAGES else (How.GOING, How.TOLD)
        cases = (self._case((*self.tried, Tried(address.id, address.channel, how))) for how in ends)
        steps = [ladder.step(case, self.scene.now, self._morning) for case in cases]
        return min((step.at for step in steps if isinstance(step, Look)), default=None)

    @property
    def going(self) -> bool:
        """Whether a call is still to come."""
        return any(one.how == How.GOING for one in self.tried)

    @property
    def silent(self) -> bool:
        """Whether it was surely told somewhere."""
        return any(one.how == How.TOLD for one in self.tried)

    def _case(self, tried: tuple[Tried, ...]) -> Case:
        notice, told = self.notice, told_of(self.chat.settings)
        now = self.scene.work.machine_now()
        heard = max((rung.address.heard for rung in self.rungs if rung.address.channel in CHATS), default=0.0)
        return Case(
            addresses=tuple(rung.address for rung in self.rungs),
            since=self.since,
            tried=tried,
            expects=notice.expects,
            by_reading=notice.kind in ladder.BY_READING,
            known=self.known,
            urgent=notice.urgent,
            quiet=told.quiet,
            active=now - heard < ladder.JUST_NOW,
            files=bool(notice.message.files),
            unread=self.unread,
        )

    def _morning(self, at: datetime) -> datetime:
        """When the desk opens on the next working day, but not before people are up."""
        calendar = self.scene.world.calendar(self.scene.world.office(self.chat.office).id)
        day = next(calendar.working_days_from(here(at) + DAY))
        return max(calendar.opening(day), datetime.combine(day, time(MORNING.hour), VIETNAM))


def begun(scene: Scene, notice: Notice, chat: Chat, *, first: bool) -> Descent:
    """Of a new notice; `first`: it answers what was done in this chat."""
    return Descent(scene, notice, chat, _ways(scene, notice, chat, first=first), (), scene.now)


def going_on(scene: Scene, notice: Notice, since: datetime, machine: float) -> Descent:
    """Of one that was told before."""
    chat = scene.work.chats.get(notice.chat)
    assert chat is not None
    ways = _ways(scene, notice, chat, first=notice.kind == ladder.FRAME)
    tried = _tried(scene, notice)
    return Descent(scene, notice, chat, ways, (*_copied(chat, ways), *tried) if tried else (), since, machine)


def _ways(scene: Scene, notice: Notice, chat: Chat, *, first: bool) -> tuple[Rung, ...]:
    ways = rungs.of(scene, chat, told_of(chat.settings), notice.message, here=first)
    return ways[:1] if notice.kind == ladder.FRAME else ways


def _tried(scene: Scene, notice: Notice) -> tuple[Tried, ...]:
    """A chat's several calls are one attempt; the page's row is one too, and the last where it was told last."""
    calls: dict[str, list[Attempt]] = {}
    for attempt in scene.work.notices.attempts(notice.id):
        calls.setdefault(attempt.chat, []).append(attempt)
    found = [_attempt(attempts) for attempts in calls.values()]
    if notice.page:
        shown = Tried(notice.page, "web", How.TOLD)
        found = [*found, shown] if notice.told == notice.page else [shown, *found]
    return tuple(found)


def _copied(chat: Chat, ways: Sequence[Rung]) -> tuple[Tried, ...]:
    """Whoever has copies of all news by e-mail (bot/copies.py) is not told the same by e-mail again."""
    if not told_of(chat.settings).copies:
        return ()
    mails = (way.address for way in ways if way.address.channel == EMAIL and way.address.well)
    return tuple(Tried(mail.id, mail.channel, How.TOLD) for mail in mails if not mail.chosen)


def _attempt(calls: Sequence[Attempt]) -> Tried:
    hows = {_HOW.get(call.status, How.TOLD) for call in calls}
    how = next(how for how in _WORST if how in hows)
    return Tried(calls[0].chat, calls[0].channel, how, max(call.ended for call in calls))
