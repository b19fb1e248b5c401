"""A consent ends: taken back, run out, or the dossier is over; the helper sees and does nothing more with it.

A helper sees a dossier because it is theirs: every view and every effect asks whose it is. So the dossier becomes that
of the person helped, who has no chat, as if a clerk had entered it (bot/entries.py). Nothing in the program shows it to
the helper any more, and its news reach an officer, who telephones. A consent given anew takes it back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from bot import drafts, talks
from bot.say import alert, to_citizen
from bot.scene import Scene
from conversations.messages import Button, Message
from conversations.render import text
from conversations.state import Contact, Person
from domain import helping as rule
from domain.dossier import FINAL
from domain.helping import OPENS, Standing
from storage.chats import DESK
from storage.dossiers import Record
from storage.jobs import Job
from storage.mandates import Mandate
from storage.sealed import keys

JOB: Final = "mandate"
ENDED: Final = "consent-end"  # what the history calls it
CLOCK: Final = "clock"


def plan(scene: Scene, mandate: str, until: datetime) -> None:
    """It runs out then."""
    scene.work.jobs.add(JOB, mandate, due_at=until)


def decided(scene: Scene, record: Record) -> None:
    """With the dossier's end its consent ends too, some days later: the last news is still to be read."""
    if record.body.helper is None or record.status not in FINAL:
        return
    mandate = scene.work.mandates.of(record.id)
    until = scene.now + rule.AFTERWARDS
    if mandate is not None and mandate.status in OPENS and (mandate.ends_at is None or mandate.ends_at > until):
        scene.work.mandates.change(mandate.id, ends_at=until)
        plan(scene, mandate.id, until)


def wake(scene: Scene, job: Job) -> None:
    """The day has come."""
    mandate = scene.work.mandates.get(job.subject)
    scene.work.jobs.done(job.id)
    if mandate is None or mandate.status not in OPENS or (mandate.ends_at or scene.now) > scene.now:
        return
    record = scene.work.dossiers.get(mandate.owner)
    over = record is not None and record.status in FINAL
    end(scene, mandate.id, Standing.OVER if over else Standing.EXPIRED, by=CLOCK)


def end(scene: Scene, wanted: str, why: Standing, *, by: str) -> None:
    """It holds no longer; `by` is an officer's id, "helped" or "clock"."""
    work = scene.work
    mandate = work.mandates.get(wanted, lock=True)
    if mandate is None or mandate.status not in OPENS:
        return
    work.mandates.change(mandate.id, status=why, ended_at=scene.now)
    work.jobs.drop(f"{JOB}:{mandate.id}")
    record = work.dossiers.get(mandate.owner, lock=True)
    if record is None:
        if why == Standing.REVOKED:  # what was begun for them is not the helper's to keep
            drafts.discard(scene, mandate.helper, mandate.owner)
        return
    chat = record.chat
    after = _taken(scene, mandate, record, why)
    facts = {"status": str(why), "mandate": mandate.id, "helper": mandate.names.helper}
    work.history.add(record.id, scene.now, by, ENDED, (after.status, after.status), facts)
    work.cards.want(f"dossier:{record.id}")
    if why == Standing.OVER:
        return
    alert(scene, after, "helper-gone")
    about = {"name": mandate.names.applicant, "procedure": mandate.names.procedure}
    again = (Button(text("helping.expired-button"), f"help-again:{mandate.id}"),) if why == Standing.EXPIRED else ()
    to_citizen(scene, chat, Message(text(f"helping.{why}", about), again))


def shut(scene: Scene, person: str, record: Record) -> bool:
    """Whether this is a helper whose consent has ended: not even where it stands is theirs to read, code or not."""
    if record.body.helper is None or record.person == person:
        return False
    return any(one.helper == person for one in scene.work.mandates.all_of(record.id))


def give_back(scene: Scene, mandate: Mandate) -> Record:
    """A consent was given anew: the dossier is the helper's to look after again."""
    record = scene.work.dossiers.get(mandate.owner, lock=True)
    assert record is not None
    chat = scene.work.chats.latest_of(mandate.helper)
    assert chat is not None, "whoever asked for it has a chat"
    body = msgspec.structs.replace(record.body, contact=None)
    scene.work.dossiers.change(record, person=mandate.helper, chat=chat.id, body=body)
    scene.work.drafts.hand_over(record.id, mandate.helper)
    return scene.again(record)


def _taken(scene: Scene, mandate: Mandate, record: Record, why: Standing) -> Record:
    """From the helper, to the person helped."""
    work = scene.work
    call = work.calls.open_of(mandate.helper)
    if call is not None and call.dossier == record.id:
        talks.end_by_officer(scene, call)
    chat = work.chats.find(DESK, record.id) or work.chats.open_citizen(DESK, record.id, scene.now)
    assert chat.person is not None
    work.persons.save(Person(chat.person), Person(chat.person, record.office), DESK, scene.now)
    body = record.body
    helper = msgspec.structs.replace(body.helper, status=str(why)) if body.helper is not None else None
    contact = Contact(mandate.names.applicant, mandate.phone)
    body = msgspec.structs.replace(body, helper=helper, contact=contact, collector=None)
    # Nor does it come up under the helper's own number, where that one was given for calls.
    number = keys().look_up(mandate.phone) if mandate.phone else ""
    work.dossiers.change(record, person=chat.person, chat=chat.id, body=body, phone_key=number)
    work.drafts.hand_over(record.id, chat.person)
    work.mandates.close_doors(record.id, mandate.helper, scene.now)
    return scene.again(record)
