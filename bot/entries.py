"""What a clerk entered for somebody at the desk, or out of a letter, becomes a dossier that is accepted at once."""

from __future__ import annotations

import msgspec

from bot import claims, decisions, recovery, remote, submissions
from bot.drafts import drop_supplement, forget_files
from bot.effects import Check
from bot.outgoing import REMOTE_FILES
from bot.say import by_phone, to_citizen
from bot.scene import Scene
from bot.views import code_of
from bot.world import fresh
from catalogue.model import Procedure
from conversations import entry as entries
from conversations import fees
from conversations.entry import EnterDossier, Entry
from conversations.messages import Message
from conversations.render import text
from conversations.staff_buttons import WANTED, button
from conversations.staff_state import Officer, StaffEffect
from conversations.state import Contact, Draft, Person
from domain.codes import show
from domain.dossier import Accept, NotAllowed, Supplement
from domain.values import VIETNAM, date_words
from storage.chats import DESK, OFFICER
from storage.dossiers import Record


def enter(scene: Scene, officer: Officer, entry: Entry) -> list[Message]:
    """Person, dossier, photos, acceptance; gives the words for the officer, who tells the person before them."""
    work, world = scene.work, scene.world
    recovery.must_be_on_paper(scene, officer.office)
    procedure = world.catalogue.procedures[entry.procedure]
    ids = {photo.file.ref: fresh() for photo in entry.photos}
    draft = Draft(
        fresh(),
        procedure.id,
        world.catalogue.hashes[procedure.id],
        entries.answers(entry, procedure),
        entries.documents(entry, ids),
        applicant=entry.name,
    )
    chat = work.chats.open_citizen(DESK, draft.id, scene.now)
    assert chat.person is not None
    work.persons.save(Person(chat.person), Person(chat.person, officer.office), DESK, scene.now)
    chat = work.chats.get(chat.id) or chat
    work.drafts.save(None, draft, chat.person or "", scene.now)
    entered = submissions.Entered(officer.id, entry.channel, Contact(entry.name, entry.phone or ""))
    record = submissions.begin(scene, draft, chat.person or "", chat, entered)
    claims.set_owner(scene, record, officer.id, officer, "claim")
    record = scene.again(record)
    _check(scene, officer, draft)
    words = decisions.carry_out(scene, record, Accept(entry.days if entry.days > 0 else None), officer.id)
    after = scene.again(record)
    if words is not None and entry.channel == entries.POST and entry.phone:
        to_citizen(scene, after.chat, words, f"dossier:{after.id}")
    return [_entered(after, procedure)]


def brought(scene: Scene, officer: Officer, record: Record) -> list[Message]:
    """What was asked for again is here, on paper; a supplement that was begun in a chat is not needed any more."""
    claims.must_have(officer, record)
    if record.held is not None or record.status not in WANTED:
        raise NotAllowed("status")
    drop_supplement(scene.work, record)
    wanted = tuple(want.key for want in record.body.wants)
    words = decisions.carry_out(scene, record, Supplement(wanted), officer.id, at_desk=True)
    if words is not None and not by_phone(scene, record.chat):
        to_citizen(scene, record.chat, words, f"dossier:{record.id}")
    return [Message(text("entry.brought", {"code": code_of(record)}))]


def left(scene: Scene, before: Entry | None, after: Entry | None, effects: tuple[StaffEffect, ...]) -> None:
    """Whoever leaves an entry leaves nothing behind: files that no entry and no dossier holds are thrown away."""
    entered = {ref for effect in effects if isinstance(effect, EnterDossier) for ref in effect.entry.files}
    kept = entered | {*(after.files if after else ())}
    gone = [ref for ref in (before.files if before else ()) if ref not in kept]
    if gone:
        forget_files(scene.work, gone)


def _check(scene: Scene, officer: Officer, draft: Draft) -> None:
    """As a citizen's photos are; the finding comes back to the officer's chat."""
    own = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    mirror = next((m for m in scene.work.chats.mirrors_of(own.id) if m.channel in REMOTE_FILES), None)
    for document in draft.documents:
        wanted = None
        if mirror is not None:
            wanted = remote.Wanted(mirror.channel, mirror.address, document.id, document.paper)
        if wanted is not None and remote.check_when_here(scene, wanted, document.ref):
            continue
        check = Check(entries.file_of(document), OFFICER, officer.id, document.paper)
        scene.work.jobs.add("check", document.id, payload=msgspec.json.encode(check))


def _entered(record: Record, procedure: Procedure) -> Message:
    """With the fee, which is often paid at once."""
    due = record.due_at
    day = text("entry.entered-no-due")
    if due is not None:
        day = text("entry.entered-due", {"day": date_words(due.astimezone(VIETNAM).date())})
    about = {
        "official": record.official_code,
        "procedure": procedure.display_name,
        "channel": text(f"entry.channel-{record.channel}"),
        "due": day,
        "tracking": show(record.tracking_code),
    }
    buttons = () if fees.certain(procedure) else (button("fee", record.id),)
    return Message(text("entry.entered", about), buttons)
