"""Practice: invented dossiers come to the office for practice as if citizens had handed them in."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

import msgspec

from bot import keeping, submissions
from bot.effects import Check
from bot.say import to_officer
from bot.scene import Scene, present
from bot.world import World, fresh
from conversations import practice
from conversations.messages import File, Message
from conversations.practice import Invented
from conversations.render import text
from conversations.staff_state import Officer
from conversations.state import Person
from domain.dossier import NotAllowed
from storage.chats import DESK
from storage.files import Kept, Store
from storage.jobs import Job
from storage.unit_of_work import Database
from storage.work import Work

KIND: Final = "practice"  # of the job
_JPEG: Final = "image/jpeg"
_ENOUGH: Final = 40  # open dossiers, with which there is enough to practise on


def order(scene: Scene, officer: Officer) -> list[Message]:
    """Make some more, unless there is enough to do."""
    if not scene.world.office(officer.office).practice:
        raise NotAllowed("practice-only")
    waiting = len(scene.work.dossiers.newest_open(officer.office, _ENOUGH))
    if waiting >= _ENOUGH:
        return [Message(text("practice.many", {"count": waiting}))]
    scene.work.jobs.add(KIND, officer.office, payload=officer.id.encode())
    return [Message(text("practice.making"))]


async def fetched(database: Database, world: World, store: Store, job: Job) -> None:
    """The job: whoever asked hears when they are there."""
    made = await make(database, world, store, job.subject)
    faults = sum(bool(one.fault) for one in made)

    def told(work: Work) -> None:
        officer = work.officers.get(job.payload.decode()) if job.payload else None
        if officer is not None:
            said = Message(text("practice.made", {"count": len(made), "faults": faults}))
            to_officer(present(work, world), officer, [said])
        work.jobs.done(job.id)

    await database.run(told)


async def make(database: Database, world: World, store: Store, office: str) -> tuple[Invented, ...]:
    """Invent, draw, keep, hand in; an interrupted one leaves whole dossiers."""
    place = world.office(office)
    seed = await database.run(lambda work: len(work.dossiers.latest(office)))  # the next time others
    from documents import practice_paper  # noqa: PLC0415 - brings PIL, which no server needs that has no such office

    assert place.practice, "invented dossiers are never put among real ones"
    made = await asyncio.to_thread(practice.invented, world.catalogue, world.search, place, world.now(), seed)
    for one in made:
        kept: dict[str, Kept] = {}
        for sheet in one.sheets:
            data = await asyncio.to_thread(practice_paper.draw, sheet.title, sheet.lines, poor=sheet.poor)
            kept[sheet.document] = await keeping.put(store, data, _JPEG, "")
        await database.run(partial(_handed_in, world, office, one, kept))
    return made


def _handed_in(world: World, office: str, one: Invented, kept: dict[str, Kept], work: Work) -> None:
    """As a citizen's turn would; the person has no chat, so what they would read is shown to the officer."""
    scene = present(work, world)
    draft = msgspec.structs.replace(one.draft, id=fresh())
    chat = work.chats.open_citizen(DESK, draft.id, scene.now)
    assert chat.person is not None
    work.persons.save(Person(chat.person), Person(chat.person, office), DESK, scene.now)
    files: dict[str, File] = {}
    documents = []
    for document in draft.documents:
        file = work.files.add(kept[document.id], chat.id, f"practice:{draft.id}:{document.id}", scene.now)
        new = fresh()
        files[new] = file
        documents.append(
            msgspec.structs.replace(
                document, id=new, ref=file.ref, media_type=_JPEG, size=file.size, verdict="checking", finding=None
            )
        )
    draft = msgspec.structs.replace(draft, documents=tuple(documents))
    work.drafts.save(None, draft, chat.person, scene.now)
    found = work.chats.get(chat.id) or chat
    submissions.begin(scene, draft, chat.person, found)
    for document in documents:
        check = Check(files[document.id], DESK, draft.id, document.paper)
        work.jobs.add("check", document.id, payload=msgspec.json.encode(check))
