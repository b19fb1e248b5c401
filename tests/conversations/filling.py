"""The next thing a citizen would do at any point of a draft: press, type or photograph what is asked for."""

from __future__ import annotations

import random
from collections.abc import Sequence

from catalogue.model import Question
from conversations import drafts
from conversations.messages import Event, FileSent
from conversations.plans import Block
from conversations.rehearsal import robot
from conversations.rehearsal.robot import Whims
from conversations.state import Context, State
from tests.conversations.world import World


class Chance(Whims):
    """Choices at random; rows and extras now and then."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def choice(self, question: Question) -> int | None:
        return self._chance.randrange(len(question.choices))

    def another_row(self, block: Block, rows: int) -> bool:  # noqa: ARG002 - of any block
        return self._chance.random() < 0.3 and rows < 4

    def added(self, questions: Sequence[Question]) -> Question | None:
        return questions[0] if self._chance.random() < 0.3 else None


def onward(state: State, ctx: Context, *, chance: random.Random | None = None, photos: int = 0) -> Event | None:
    """What leads on from the question that is open, as conversations/rehearsal/robot.py does it."""
    return robot.onward(state, ctx, robot.SHORTEST if chance is None else Chance(chance), photos)


def to(world: World, what: str, *, chance: random.Random | None = None) -> None:
    """Go on until the question or paper with this key is asked, or "papers", "extra", "more" or "review" is there."""
    for number in range(250):
        if what in _places(world):
            return
        event = onward(world.state, world, chance=chance, photos=number)
        assert event is not None, f"{what} was never asked: {world.text}"
        if isinstance(event, FileSent):
            world.photo()
        else:
            world.says(event)
    raise AssertionError(f"no end in sight: {world.text}")


def _places(world: World) -> set[str]:
    """Where the draft stands, by every name that `to` knows it by."""
    here = drafts.open_draft(world.state, world)
    assert here is not None
    match drafts.step(world.state, *here, drafts.today_of(world)):
        case drafts.Ask(question):
            return {question.key}
        case drafts.Give(paper):
            return {"papers", paper.key}
        case drafts.Choose():
            return {"papers", "choose"}
        case step:
            return {type(step).__name__.casefold()}
