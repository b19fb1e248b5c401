"""What is kept of one person: gathered for their page and their file, deleted where they may have it deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from bot import drafts, mandate_views, proving, remembered
from bot.scene import Scene
from bot.views import code_of
from conversations.effects import DropDrafts, ForgetKnown, SendOwnData, WithdrawConsent
from conversations.own_data import Look, OwnData
from conversations.questions import for_words
from conversations.render import text
from conversations.state import DraftLine, Person
from domain import mail
from domain.codes import show
from domain.rights import EMAIL
from domain.values import VIETNAM, masked_phone
from storage.chats import DESK, Chat
from storage.dossiers import Record

KIND: Final = "own-data"  # the job that makes the file
_DECLINED: Final = "no-notify"


def carry_out(scene: Scene, chat: Chat, effect: ForgetKnown | SendOwnData | DropDrafts | WithdrawConsent) -> None:
    """What the person asked for; the file goes into the chat that asked, and is made once however often it is."""
    assert chat.person is not None
    match effect:
        case ForgetKnown():
            remembered.forget(scene, chat.person)
        case SendOwnData():
            scene.work.jobs.add(KIND, chat.id, key=f"{KIND}:{chat.id}")
        case DropDrafts():
            drop(scene, chat.person)
        case WithdrawConsent():
            forget(scene, chat.person)


def data(scene: Scene, person: str) -> OwnData:
    """For the page."""
    work = scene.work
    records = work.dossiers.of_person(person)
    begun = _begun(scene, person)
    owners = [*(record.id for record in records), *(line.id for line in work.drafts.lines(person))]
    return OwnData(
        addresses=tuple(text(f"own-data.channel-{chat.channel}") for chat in chats(scene, person)),
        proofs=tuple(dict.fromkeys(masked(proof.kind, proof.value) for proof in work.proofs.of(person))),
        consents=tuple(_consents(scene, person)),
        drafts=tuple(_draft_words(scene, line) for line in begun),
        dossiers=tuple(_dossier_words(scene, record) for record in records),
        photos=sum(len(work.drafts.documents(owner)) for owner in owners),
        people=tuple(known.fields.get("name", "…") for known in work.remembered.of(person)),
        helpers=tuple(
            text("own-data.helper", {"helper": one.helper.name, "procedure": one.procedure, "code": one.code})
            for one in mandate_views.helped(scene, person)
        ),
        looks=tuple(sorted(_looks(scene, records), key=lambda look: look.at, reverse=True)),
        keep_days=scene.world.settings.keep_papers_days,
    )


def chats(scene: Scene, person: str) -> list[Chat]:
    """Where they are told; not the places of dossiers that the desk entered for them, where nobody reads."""
    return [chat for chat in scene.work.chats.of_person(person) if chat.channel != DESK]


def masked(kind: str, value: str) -> str:
    """So much of a number or an address as tells it from one's others."""
    return mail.masked(value) if kind == EMAIL else masked_phone(value)


def drop(scene: Scene, person: str) -> None:
    """All drafts but those that the office waits for: without these its dossier could not go on."""
    for line in _begun(scene, person):
        drafts.discard(scene, person, line.id)


def forget(scene: Scene, person: str) -> None:
    """All that rests on what the person agreed to is deleted; what was handed in is the office's."""
    drop(scene, person)
    remembered.forget(scene, person)
    for proof in scene.work.proofs.of(person):
        proving.unprove(scene, person, proof.kind, proof.value)


def erase(scene: Scene, chat: Chat) -> None:
    """The same where a messenger tells that its user has withdrawn."""
    if chat.person is not None:
        forget(scene, chat.person)
        before = Person(chat.person, chat.office, tuple(filter(None, chat.consents.split(","))))
        scene.work.persons.save(before, replace(before, consents=(_DECLINED,)), chat.channel, scene.now)


def _begun(scene: Scene, person: str) -> list[DraftLine]:
    return [line for line in scene.work.drafts.lines(person) if not line.dossier]


def _consents(scene: Scene, person: str) -> Iterator[tuple[str, bool, datetime]]:
    newest = {purpose: (purpose, given, at) for purpose, given, at in scene.work.persons.consents(person)}
    for purpose, given, at in newest.values():
        yield purpose, given, at.astimezone(VIETNAM)


def _draft_words(scene: Scene, line: DraftLine) -> str:
    about = {"procedure": _name(scene, line.procedure), "applicant": for_words(line.applicant)}
    return text("own-data.draft", about)


def _dossier_words(scene: Scene, record: Record) -> str:
    about = {
        "procedure": scene.procedure(record.catalogue_version).display_name,
        "status": text(f"track.status-{record.status}"),
        "code": record.official_code or show(record.tracking_code),
    }
    return text("own-data.dossier", about)


def _name(scene: Scene, procedure: str) -> str:
    known = scene.world.catalogue.procedures.get(procedure)
    return known.display_name if known else procedure


def _looks(scene: Scene, records: list[Record]) -> Iterator[Look]:
    for record in records:
        for officer, what, at in scene.work.history.looks(record.id):
            found = scene.work.officers.get(officer)
            name = found.name if found else text("own-data.officer-left")
            yield Look(at.astimezone(VIETNAM), code_of(record), name, what)
