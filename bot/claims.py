"""Who has a dossier: claimed, given back, passed on, taken over; and its papers for whoever looks."""

from __future__ import annotations

from bot import decisions, held, mandates
from bot.elsewhere import elsewhere
from bot.say import alert, desk_line, to_officer
from bot.scene import Scene
from bot.views import code_of, dossier_file, owner_of
from conversations import staff_papers
from conversations.messages import Message
from conversations.staff_state import Officer
from domain.dossier import NotAllowed, Role
from storage.dossiers import Record


def claim(scene: Scene, officer: Officer, record: Record) -> list[Message]:
    """Take a dossier that nobody has."""
    owner = owner_of(scene.work, record)
    if owner is not None and owner.id != officer.id:
        return [desk_line("taken", owner=owner.name)]
    return _take(scene, officer, record, "claim")


def take_over(scene: Scene, officer: Officer, record: Record) -> list[Message]:
    """Whoever had it is told: an edited card alerts nobody."""
    if officer.role != Role.HEAD:
        raise NotAllowed("head-only")
    before = owner_of(scene.work, record)
    said = _take(scene, officer, record, "take-over")
    if before is not None and before.id != officer.id:
        to_officer(scene, before, [desk_line("taken-over", code=code_of(record), owner=officer.name)])
    return said


def give_back(scene: Scene, officer: Officer, record: Record) -> list[Message]:
    """To the group: whoever wants it claims it."""
    must_have(officer, record)
    set_owner(scene, record, None, officer, "give-back")
    alert(scene, scene.again(record), "returned")
    return [desk_line("given-back", code=code_of(record))]


def pass_on(scene: Scene, officer: Officer, record: Record, colleague: str) -> list[Message]:
    """To a colleague of the same office."""
    must_have(officer, record)
    other = scene.work.officers.get(colleague)
    if other is None or other.office != officer.office:
        raise NotAllowed("gone")
    set_owner(scene, record, other.id, officer, "pass")
    alert(scene, scene.again(record), "passed")
    return [desk_line("passed", code=code_of(record), owner=other.name)]


def papers(scene: Scene, officer: Officer, record: Record, originals: str = "") -> list[Message]:
    """What was handed in, for this officer, or one paper's files as they were sent; the look is recorded."""
    scene.work.history.look(record.id, officer.id, "papers", scene.now)
    file, procedure = dossier_file(scene, record), scene.procedure(record.catalogue_version)
    if originals:
        return list(staff_papers.originals(file, procedure, originals))
    told = list(staff_papers.messages(file, procedure, elsewhere(scene, record)))
    proof = mandates.evidence(scene, record)
    return told if proof is None else [told[0], proof, *told[1:]]


def must_have(officer: Officer, record: Record) -> None:
    """NotAllowed unless the officer has claimed it; the head needs no claim."""
    if record.owner != officer.id and officer.role != Role.HEAD:
        raise NotAllowed("not-owner")


def set_owner(scene: Scene, record: Record, owner: str | None, actor: Officer, what: str) -> None:
    """`what` is the word for it in the history."""
    if record.held is not None:  # whoever decided meant it; it is not left hanging on somebody else
        held.carry_out(scene, record)
        record = scene.again(record)
    scene.work.dossiers.change(record, owner=owner)
    decisions.note(scene, record, actor.id, what, {"owner": owner, "before": record.owner})


def _take(scene: Scene, officer: Officer, record: Record, what: str) -> list[Message]:
    if record.owner != officer.id:
        set_owner(scene, record, officer.id, officer, what)
        record = scene.again(record)
    return papers(scene, officer, record)
