"""A procedure rehearsed: every choice, question, paper, detour and doubt is a goal, and each goal has its walk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from catalogue.model import Procedure
from conversations import drafts, plans
from conversations.rehearsal import wishes
from conversations.rehearsal.desk_walks import DeskWalker
from conversations.rehearsal.faults import Fault
from conversations.rehearsal.pretend import Pretend
from conversations.rehearsal.walks import Plan, Reached, Walker, taken
from conversations.rehearsal.wishes import Answers
from conversations.state import Draft


class Goal(Struct, frozen=True):
    """Something to be come to. `ways` are sets of answers that may lead there, `more` what is wanted beside them."""

    reached: Reached
    ways: tuple[Answers, ...]
    more: str = ""


class Rehearsed(Struct, frozen=True):
    """What came of one procedure. `missed` are goals that no walk came to."""

    procedure: str
    walks: int
    turns: int
    longest: int
    faults: tuple[Fault, ...]
    missed: tuple[Reached, ...]


def rehearse(procedure: Procedure, world: Pretend) -> Rehearsed:
    """All walks of one procedure; `world` says in which office, with which catalogue, and when."""
    walker = Walker(world, procedure)
    walker.page()
    if not taken(world, procedure):
        walker.leads_to_person()
        return _result(walker, 1, ())
    walks = 0
    for other in (False, True):
        walker.walk(Plan({}, walker.reached, other=other))
        walks += 1
    if not walker.ended:  # nothing behind a dead end can be come to
        return _result(walker, walks, ())
    missed: list[Reached] = []
    for goal in goals(procedure, world):
        for answers in goal.ways:
            for other in (False, True):
                if walker.reached[goal.reached]:
                    break
                walker.walk(Plan(answers, walker.reached, other=other, more=goal.more))
                walks += 1
        if not walker.reached[goal.reached]:
            missed.append(goal.reached)
    desk = DeskWalker(procedure, world)
    for draft in _telling(walker.ended):
        desk.walk(draft)
    for view in desk.views.values():
        walker.follow(view)
    walker.faults |= desk.faults
    walker.turns += desk.turns
    return _result(walker, walks, tuple(missed))


def _telling(drafts_: Sequence[Draft]) -> tuple[Draft, ...]:
    """The dossier with the most answers: its cards and lists are the longest."""
    return (max(drafts_, key=lambda d: (len(d.answers), len(d.documents))),) if drafts_ else ()


def goals(procedure: Procedure, world: Pretend) -> Iterator[Goal]:
    """What a rehearsal must come to, in the order of the data file."""
    today = drafts.today_of(world)
    planned = plans.plan(procedure)
    for question in planned.order:
        ways = wishes.asking(procedure, question, today)
        yield Goal(("question", question.key), ways, more=question.key)
        for choice in question.choices:
            yield Goal(("choice", question.key, choice), tuple({**way, question.key: choice} for way in ways))
    for block in {b.key: b for b in planned.blocks.values()}.values():
        yield Goal(("row", block.key), wishes.asking(procedure, block.questions[0], today), more=block.key)
    for paper in procedure.papers:
        if not paper.max_photos or drafts.filled_here(paper):
            continue  # nothing to photograph
        yield Goal(("paper", paper.key), wishes.when(procedure, paper.required_when, today), more=paper.key)
        if paper.required_when is not None:
            yield Goal(("no-paper", paper.key), wishes.when(procedure, paper.required_when, today, so=False))
    for number, led in enumerate(procedure.detours):
        yield Goal(("detour", str(number)), wishes.when(procedure, led.when, today))
    for number, rule in enumerate(procedure.consistency):
        yield Goal(("doubt", str(number)), wishes.doubting(procedure, rule, today))


def _result(walker: Walker, walks: int, missed: tuple[Reached, ...]) -> Rehearsed:
    return Rehearsed(
        walker.procedure.id, walks, walker.turns, walker.longest.get("text", 0), tuple(walker.faults), missed
    )
