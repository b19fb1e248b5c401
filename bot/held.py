"""What an officer decided is held for a moment, in which it can be taken back; then it is carried out and told."""

from __future__ import annotations

import msgspec

from bot import appointments, collectors, decisions, lawful, results
from bot.say import by_phone, desk_line, to_citizen
from bot.scene import Scene
from bot.views import code_of
from conversations import cards, fees
from conversations.messages import Message
from conversations.staff_buttons import button
from conversations.staff_state import Decide, Officer
from domain.dossier import QUIET, Accept, AskMore, Decision, HandOver, NotAllowed, Role, decide, permit
from storage.dossiers import Record


def hold(scene: Scene, officer: Officer, record: Record, effect: Decide) -> list[Message]:
    """Hold the officer's decision, or carry it out at once where no moment is left for taking it back.

    What is held already is carried out first: whoever goes on to the next decision meant it.
    """
    _may_decide(officer, record, effect.decision)
    if record.held is not None:
        carry_out(scene, record)
        record = scene.again(record)
    elif record.version != effect.version:
        raise NotAllowed("stale")
    decide(record.status, effect.decision)
    lawful.must_be(scene, officer, record, effect.decision)
    collectors.must_be_checked(record, effect.decision)
    appointments.reserve(scene, record, effect.decision)
    seconds = scene.world.settings.undo_seconds
    if seconds <= 0 or isinstance(effect.decision, QUIET):
        return _tell(scene, record, effect.decision, officer.id)
    until = scene.work.machine_now() + seconds
    scene.work.dossiers.change(record, held=effect.decision, held_by=officer.id, held_until=until)
    scene.work.jobs.add("held", record.id, due=until)
    scene.work.cards.want(f"dossier:{record.id}")
    words = cards.decision_words(effect.decision, record.status)
    said = desk_line("held", decision=words, code=code_of(record), seconds=round(seconds))
    buttons = tuple(button(action, record.id) for action in ("undo", "now"))  # the card may be far up
    return [msgspec.structs.replace(said, buttons=buttons)]


def take_back(scene: Scene, officer: Officer, record: Record) -> list[Message]:
    """Nothing was decided; only history knows."""
    if record.held is None or not _may_touch(officer, record):
        return [desk_line("nothing-held")]
    scene.work.dossiers.change(record, held=None, held_by=None, held_until=None)
    scene.work.jobs.drop(f"held:{record.id}")
    appointments.give_back(scene, record)
    decisions.note(scene, record, officer.id, "take-back", {"decision": msgspec.to_builtins(record.held)})
    return [desk_line("taken-back", decision=cards.decision_words(record.held, record.status), code=code_of(record))]


def tell_now(scene: Scene, officer: Officer, record: Record) -> list[Message]:
    """Do not wait for the rest of the moment."""
    if record.held is None or not _may_touch(officer, record):
        return [desk_line("nothing-held")]
    return carry_out(scene, record)


def carry_out(scene: Scene, record: Record) -> list[Message]:
    """The moment for taking it back has passed, or nobody wants it; gives the words for who decided."""
    assert record.held is not None
    assert record.held_by is not None
    return _tell(scene, record, record.held, record.held_by)


def _tell(scene: Scene, record: Record, decision: Decision, actor: str) -> list[Message]:
    words = decisions.carry_out(scene, record, decision, actor)
    if words is None:
        return [desk_line("noted", decision=cards.decision_words(decision, record.status), code=code_of(record))]
    at_desk = by_phone(scene, record.chat)
    if at_desk and isinstance(decision, HandOver):  # whoever takes it stands before the officer
        return [desk_line("handed", code=code_of(record))]
    words, key = results.attached(scene, record, decision, words)
    kind = decision.__struct_config__.tag
    hears = to_citizen(scene, record.chat, words, f"dossier:{record.id}", key=key, kind=str(kind))
    code = code_of(scene.again(record))  # it may have just been given its official one
    real = not scene.world.office(record.office).practice
    told = ("to-phone" if at_desk and real else "told") if hears else "told-not"
    line = desk_line(told, decision=cards.decision_words(decision, record.status), code=code)
    if isinstance(decision, Accept) and not fees.certain(scene.procedure(record.catalogue_version)):
        line = msgspec.structs.replace(line, buttons=(button("fee", record.id),))  # the next thing that is only theirs
    return [line]


def _may_decide(officer: Officer, record: Record, decision: Decision) -> None:
    if record.owner is None and officer.role != Role.HEAD:
        raise NotAllowed("not-claimed")
    newly = decision.newly if isinstance(decision, AskMore) else ""
    permit(type(decision), officer.role, owner=record.owner == officer.id, rounds=record.rounds, newly=newly)


def _may_touch(officer: Officer, record: Record) -> bool:
    """What is held is its decider's own, and the head's."""
    return record.held_by == officer.id or officer.role == Role.HEAD
