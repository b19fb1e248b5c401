"""An unfinished draft's own clock: one job, which asks at each waking what is due and when the next thing is.

The job carries the moment at which the deletion was announced, if it was. Drafts of what the office asked for again
have none: their dossier's clock speaks of them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from msgspec.structs import replace

from bot import drafts
from bot.say import to_citizen
from bot.scene import Scene
from conversations import unfinished
from conversations.drafts import NOTIFY
from conversations.state import Draft
from domain.draft_times import SAID, Facts, Step, last_day, next_step
from domain.ladder import REMINDER
from domain.values import VIETNAM
from storage.chats import Chat
from storage.drafts import Left
from storage.jobs import Job

KIND: Final = drafts.CLOCK
_ANNOUNCED: Final = "draft-end"
_ADOPTED: Final = "draft-clocks"  # in the installation


def adopt(scene: Scene) -> None:
    """Once in an installation: drafts that are older than these clocks get theirs."""
    work = scene.work
    if work.installation.get(_ADOPTED) is None:
        work.installation.put(_ADOPTED, scene.now.isoformat())
        for draft in work.drafts.unfinished():
            work.jobs.add_new(KIND, draft, due_at=scene.now)


def wake(scene: Scene, job: Job) -> None:
    """Do what is due, and plan what comes next; a draft that is handed in or given up has no clock any more."""
    work = scene.work
    work.jobs.done(job.id)  # first: the next is planned under the same key
    left = work.drafts.left(job.subject)
    chat = work.chats.latest_of(left.person) if left is not None else None  # locked before the draft, as by a turn
    left = work.drafts.left(job.subject, lock=True)
    draft = work.drafts.get(job.subject, left.person) if left is not None else None
    if left is None or draft is None or draft.dossier:
        return
    announced = datetime.fromisoformat(job.payload.decode()) if job.payload else None
    facts, keeping = _facts(scene, left, draft, announced), unfinished.keeping(scene.world.office(left.office))
    when, step = next_step(facts, keeping, scene.now)
    if when <= scene.now:
        if step == Step.DELETE:
            drafts.expire(scene, draft.id)
            return
        if chat is not None:  # somebody who has none hears nothing
            last = last_day(facts, keeping, scene.now) if step == Step.ANNOUNCE else facts.deadline
            _tell(scene, chat, draft, step, last)
        if step == Step.ANNOUNCE:
            facts = replace(facts, announced_at=scene.now)
        else:
            facts = replace(facts, reminded=facts.reminded | SAID[step])
            work.drafts.remind(draft.id, facts.reminded)
        when, _ = next_step(facts, keeping, scene.now)
    payload = facts.announced_at.isoformat().encode() if facts.announced_at is not None else b""
    work.jobs.add(KIND, draft.id, payload=payload, due_at=when)


def _facts(scene: Scene, left: Left, draft: Draft, announced: datetime | None) -> Facts:
    procedure = scene.world.catalogue.procedures.get(draft.procedure)
    deadline = unfinished.deadline(procedure, draft.answers, today(scene)) if procedure is not None else None
    welcome = NOTIFY in left.consents and procedure is not None
    return Facts(left.touched_at, left.reminded, announced, deadline, welcome)


def _tell(scene: Scene, chat: Chat, draft: Draft, step: Step, last: date | None) -> None:
    procedure = scene.world.catalogue.procedures.get(draft.procedure) or scene.procedure(draft.version)
    message = unfinished.words(step, draft, procedure, last, today(scene))
    # Who declined reminders hears of the end all the same.
    kind = _ANNOUNCED if step == Step.ANNOUNCE else f"draft{REMINDER}"
    to_citizen(scene, chat.id, message, f"draft:{draft.id}", kind=kind)


def today(scene: Scene) -> date:
    """At the office."""
    return scene.now.astimezone(VIETNAM).date()
