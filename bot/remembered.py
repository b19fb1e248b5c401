"""Answer once: persons on a citizen's own forms are kept for them alone, and forgotten when they ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.scene import Scene
from bot.world import fresh
from catalogue.conditions import holds
from catalogue.model import Procedure
from conversations.drafts import SELF
from conversations.state import Draft, Known
from domain.values import VIETNAM, fold
from storage.dossiers import Record

_MOST: Final = 12  # humans: a household and then some
_SPEAKERS: Final = ("requester", "applicant", "declarant", "proposer")  # who on a form is the one that fills it in
# A family's phone goes from hand to hand: nobody is to learn from a button that somebody was adopted, or whose child
# somebody was before. Who hands in is kept, and nobody else.
_UNSPOKEN: Final = frozenset({"con nuôi", "quan hệ huyết thống"})
_IDENTITY: Final = ("number", "born")  # two of one name differ if either of these does


def keep(scene: Scene, draft: Draft, record: Record) -> None:
    """What a dossier that was handed in says of persons, unless it was made for another household."""
    procedure = scene.procedure(draft.version)
    if draft.applicant != SELF or procedure.intake == "collective-intake":
        return
    remembered = scene.work.remembered
    known = list(remembered.of(record.person))
    for fields, own in _persons(scene, procedure, draft):
        before = next((one for one in known if _same(one, fields, own=own)), None)
        merged = {**(before.fields if before else {}), **fields}
        one = Known(before.id if before else fresh(), merged, own or (before is not None and before.own))
        known = [one, *(other for other in known if other.id != one.id)]
        remembered.keep(record.person, one, scene.now)
    over = [one.id for one in sorted(known, key=lambda one: not one.own)[_MOST:]]
    if over:
        remembered.forget(record.person, over)


def forget(scene: Scene, person: str) -> None:
    """Forget them all."""
    scene.work.remembered.forget(person)


def _persons(scene: Scene, procedure: Procedure, draft: Draft) -> Iterator[tuple[dict[str, str], bool]]:
    """Each human of the form, who speaks first, with what is said of them but rows and what an officer is to write."""
    today = scene.now.astimezone(VIETNAM).date()
    speaks = {
        same.person for same in procedure.same if same.is_ in _SPEAKERS and holds(same.when, draft.answers, today)
    }
    people: dict[str, dict[str, str]] = {}
    alone = not _UNSPOKEN.isdisjoint(procedure.sensitive_topics)
    for question in procedure.questions:
        if question.repeatable:
            continue
        value = draft.answers.get(question.key)
        if question.person and question.detail and value and draft.marks.get(question.key) != "desk":
            who = _SPEAKERS[0] if question.person in (*_SPEAKERS, *speaks) else question.person
            people.setdefault(who, {}).setdefault(question.detail, value)
    for who in sorted(people, key=lambda who: who != _SPEAKERS[0]):
        if people[who].get("name") and (who == _SPEAKERS[0] or not alone):
            yield people[who], who == _SPEAKERS[0]


def _same(known: Known, fields: Mapping[str, str], *, own: bool) -> bool:
    """Whether both are one human: the same number, or the same name and nothing against it."""
    mine, theirs = known.fields.get("number"), fields.get("number")
    if mine and theirs:
        return mine == theirs
    alike = fold(known.fields.get("name", "")) == fold(fields["name"])
    against = any(
        known.fields.get(what) and fields.get(what) and known.fields[what] != fields[what] for what in _IDENTITY
    )
    return alike and not against and (known.own == own or not known.own)
