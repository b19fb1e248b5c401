"""Lives of dossiers as chance has them: every step one that the rules allow, through the program's own doors."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from bot import claims, decisions, ratings, submissions
from bot.scene import Scene
from catalogue.model import Procedure
from conversations.effects import Rate, RateWord
from conversations.staff_state import Officer
from conversations.state import Contact, Draft
from domain.dossier import (
    FINAL,
    Accept,
    AnswerDraft,
    AskMoney,
    AskMore,
    Decision,
    Done,
    Extend,
    Fault,
    Forward,
    HandOver,
    Invite,
    Missed,
    NotAllowed,
    Post,
    Present,
    Process,
    Rebook,
    Refuse,
    ReturnUnsigned,
    SendBack,
    Settle,
    ShowDraft,
    Stop,
    Supplement,
    Withdraw,
    possible,
)
from storage import tables as t
from storage.dossiers import Record
from storage.work import Work
from tests.bot.whole import HeldWorld

STEPS: Final = 40  # of one life at most; the last ones lead to an end
_PEOPLE: Final = 50
_CITIZEN: Final = (Supplement, Withdraw, Rebook)
# What leads on, weighed against what leads round and round.
_WEIGHTS: Final[dict[type, float]] = {
    Accept: 8,
    Done: 5,
    HandOver: 8,
    Supplement: 6,
    Process: 4,
    Present: 3,
    Withdraw: 0.3,
    Refuse: 0.7,
}
_ENDING: Final = (HandOver, Done, Settle, AnswerDraft, Supplement, Accept, Stop, Refuse, Withdraw)


@dataclass(slots=True)
class Lives:
    """Chance, and the dossiers that are still under way."""

    world: HeldWorld
    rng: random.Random
    pace: timedelta  # between two steps of anybody
    count: int
    begun: int = 0
    steps: int = 0
    taken: dict[str, int] = field(default_factory=dict)  # how often each kind of decision was carried out
    open: dict[str, int] = field(default_factory=dict)  # steps so far, by dossier

    def mark(self) -> tuple[Any, ...]:
        """Where chance stands, for a transaction that may be played again."""
        return self.rng.getstate(), self.world.clock, self.begun, self.steps, dict(self.taken), dict(self.open)

    def play(self, work: Work, most: int, mark: tuple[Any, ...]) -> bool:
        """Some steps in one transaction, from a mark; False when all lives are over."""
        state, self.world.clock, self.begun, self.steps, taken, under_way = mark
        self.rng.setstate(state)
        self.taken, self.open = dict(taken), dict(under_way)
        for _ in range(most):
            self.world.clock += self.pace * self.rng.uniform(0.2, 1.8)
            scene = Scene(work, self.world, self.world.clock)
            fewer = self.begun < self.count and (len(self.open) < _PEOPLE or self.rng.random() < 0.2)
            if fewer:
                self._begin(scene)
            elif self.open:
                self._step(scene, self.rng.choice(list(self.open)))
            else:
                return False
        return True

    def _begin(self, scene: Scene) -> None:
        address, chats = f"09{self.rng.randrange(_PEOPLE):08}", scene.work.chats
        chat = chats.find("web", address) or chats.open_citizen("web", address, scene.now)
        assert chat.person is not None
        office = "son-tien" if self.rng.random() < 0.95 else "thuc-hanh"
        procedure = self.rng.choice(list(scene.world.catalogue.procedures.values()))
        self.begun += 1
        draft_id = f"{self.begun:016x}"
        draft = Draft(draft_id, procedure.id, scene.world.catalogue.hashes[procedure.id], applicant="self")
        scene.work.drafts.save(None, draft, chat.person, scene.now)
        here = replace(chat, office=office)
        if self.rng.random() < 0.2:
            officer = self.rng.choice(scene.work.officers.of_office(office))
            entered = submissions.Entered(officer.id, self.rng.choice(("direct", "post")), Contact("Hoa", "0984123456"))
            submissions.begin(scene, draft, chat.person, here, entered)
        else:
            submissions.submit(scene, draft, chat.person, here)
        self.open[draft_id] = 0

    def _step(self, scene: Scene, dossier: str) -> None:
        record = scene.work.dossiers.get(dossier)
        assert record is not None
        self.steps += 1
        self.open[dossier] += 1
        if record.status in FINAL:
            self._afterwards(scene, record)
            return
        officers = scene.work.officers.of_office(record.office)
        if self.rng.random() < 0.15:
            new = self.rng.choice([None, *(officer.id for officer in officers)])
            claims.set_owner(scene, record, new, self.rng.choice(officers), "pass")
            return
        kind = self._kind(record)
        decision = _MADE[kind](self, scene, record)
        actor = self._actor(kind, officers)
        try:
            if kind is Supplement:
                _supplement(scene, record)
            else:
                decisions.carry_out(scene, record, decision, actor)
        except NotAllowed:  # the place at the desk is taken, or it was extended before
            return
        self.taken[kind.__name__] = self.taken.get(kind.__name__, 0) + 1

    def _kind(self, record: Record) -> type:
        allowed = sorted(possible(record.status), key=lambda kind: kind.__name__)
        if record.extended_from is not None or record.due_at is None:
            allowed = [kind for kind in allowed if kind is not Extend]
        if self.open[record.id] > STEPS:
            return next(kind for kind in _ENDING if kind in allowed)
        return self.rng.choices(allowed, [_WEIGHTS.get(kind, 1) for kind in allowed])[0]

    def _actor(self, kind: type, officers: Sequence[Officer]) -> str:
        citizens = kind in _CITIZEN or (kind is AnswerDraft and self.rng.random() < 0.5)
        return decisions.CITIZEN if citizens else self.rng.choice(officers).id

    def _afterwards(self, scene: Scene, record: Record) -> None:
        """Rated, perhaps with words, perhaps otherwise a little later, perhaps answered; then nothing more."""
        what = self.rng.randrange(5)
        officer = self.rng.choice(scene.work.officers.of_office(record.office))
        if what <= 1:
            ratings.rate(scene, record.person, Rate(record.id, self.rng.randint(1, 5)))
        elif what == 2:
            ratings.word(scene, record.person, RateWord(record.id, "Cảm ơn"))
        elif what == 3:
            ratings.called(scene, officer, record.id)
        else:
            del self.open[record.id]


def _supplement(scene: Scene, record: Record) -> None:
    """Through the draft that was opened for it."""
    asked = select(t.drafts.c.id).where(t.drafts.c.dossier == record.id)
    draft = scene.work.drafts.get(scene.work.connection.scalar(asked) or "", record.person)
    assert draft is not None
    submissions.supplement(scene, draft)


def _soon(lives: Lives, scene: Scene, _record: Record) -> datetime:
    """At once, or at some half-hour of the next days; when the desk is full it is not allowed."""
    if lives.rng.random() < 0.7:
        return scene.now
    day = (scene.now + timedelta(days=lives.rng.randint(1, 9))).replace(minute=0, second=0, microsecond=0)
    return day.replace(hour=lives.rng.choice((8, 9, 10, 14, 15)), minute=lives.rng.choice((0, 30)))


def _faults(lives: Lives, scene: Scene, record: Record) -> tuple[Fault, ...]:
    procedure: Procedure = scene.procedure(record.catalogue_version)
    keys = [paper.key for paper in procedure.papers] or [question.key for question in procedure.questions]
    return tuple(Fault(key, "mờ") for key in lives.rng.sample(keys, 1))


def _until(lives: Lives, scene: Scene, record: Record) -> datetime:
    assert record.due_at is not None
    return record.due_at + timedelta(days=lives.rng.randint(1, 10))


_MADE: Final[dict[type, Callable[[Lives, Scene, Record], Decision]]] = {
    Supplement: lambda _l, _s, record: Supplement(tuple(want.key for want in record.body.wants)),
    Withdraw: lambda *_: Withdraw(),
    Accept: lambda lives, *_: Accept(lives.rng.choice((None, 3, 10))),
    AskMore: lambda lives, scene, record: AskMore(_faults(lives, scene, record)),
    Refuse: lambda *_: Refuse("không đúng nơi"),
    Invite: lambda lives, scene, record: Invite(_soon(lives, scene, record)),
    Forward: lambda *_: Forward("Sở Tư pháp"),
    Done: lambda lives, scene, record: Done(_soon(lives, scene, record)),
    HandOver: lambda *_: HandOver(()),
    SendBack: lambda *_: SendBack("sai tên"),
    Stop: lambda *_: Stop("không bổ sung"),
    Process: lambda *_: Process(),
    Present: lambda *_: Present(),
    ReturnUnsigned: lambda *_: ReturnUnsigned("thiếu chữ"),
    ShowDraft: lambda *_: ShowDraft("0" * 32),
    AnswerDraft: lambda lives, *_: AnswerDraft(lives.rng.random() < 0.8),
    Extend: lambda lives, scene, record: Extend(_until(lives, scene, record), "chờ xác minh"),
    AskMoney: lambda *_: AskMoney(8_000),
    Settle: lambda *_: Settle(8_000, "desk"),
    Missed: lambda *_: Missed(),
    Rebook: lambda lives, scene, record: Rebook(_soon(lives, scene, record)),
    Post: lambda *_: Post("Bưu điện", "EA123456789VN"),
}
