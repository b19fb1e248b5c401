"""What the law asks before an officer's decision is held, looked up where it is known (domain/rules.py)."""

from __future__ import annotations

from bot import delivered, recovery
from bot.scene import Scene
from conversations.staff_state import Officer
from domain import rules
from domain.dossier import Accept, AnswerDraft, Decision, Extend, NotAllowed, Role, Status, Stop
from domain.helping import Standing
from storage.dossiers import Record


def must_be(scene: Scene, officer: Officer, record: Record, decision: Decision) -> None:
    """NotAllowed, with its reason, where it is too early, too late, once too often or not proven."""
    match decision:
        case Stop(_, cause):
            waits = {"wait_until": record.wait_until, "reminded_at": record.reminded_at}
            rules.may_stop(record.status, cause, **waits, now=scene.now, head=officer.role == Role.HEAD)
        case Extend(until):
            calendar = scene.world.calendar(record.office)
            rules.may_extend(record.due_at, record.extended_from, now=scene.now, calendar=calendar)
            if record.due_at is not None:
                rules.may_extend_to(until, record.due_at, calendar)
        case AnswerDraft(agreed, _, "silence"):
            shown = delivered.shown(scene, record)
            if not agreed or record.status != Status.DRAFTED:
                raise NotAllowed("status")
            rules.silence_agrees(shown.at, record.reminded_at, delivered=shown.delivered, now=scene.now)
        case Accept() if record.body.helper is not None and record.body.helper.status == Standing.AT_DESK:
            raise NotAllowed("consent")
        case Accept():
            recovery.must_be_on_paper(scene, record.office)
        case _:
            pass
