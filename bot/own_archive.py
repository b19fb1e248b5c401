"""All that is kept of a person as a ZIP: for machines as JSON, for people as a page, and their photos beside it."""

from __future__ import annotations

import asyncio
import io
import logging
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

import msgspec

from bot import drafts, keeping
from bot.outgoing import LIVE, to_chat
from bot.own_data import KIND, chats, data
from bot.scene import Scene, present
from bot.views import code_of, dossier_view
from bot.world import World
from catalogue.model import Procedure
from conversations import notices
from conversations.messages import Message
from conversations.questions import for_words
from conversations.render import text
from conversations.state import Document
from documents.own_page import page
from domain import keeping as keeping_days
from domain.rights import EMAIL
from domain.values import moment_words, show_phone
from storage.files import Store
from storage.jobs import Job
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

OVER: Final = "own-data-over"  # the job that lets the file go

_ZIP: Final = "application/zip"
_MOST: Final = 40 * 1024 * 1024  # bytes of photos: what every messenger still carries
_SHOWN: Final = 10_000  # lines of a chat
_ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


class _Photo(NamedTuple):
    path: str
    ref: str
    wrapped: bytes
    size: int


async def send(database: Database, world: World, store: Store, job: Job) -> None:
    """Gather, pack and send one; what is too large is left out and counted."""
    gathered = await database.run(lambda work: _gather(present(work, world), job.subject))
    if gathered is None:
        await database.run(lambda work: work.jobs.done(job.id))
        return
    whose, sections, photos = gathered
    chosen, left = _fitting(photos)
    kept: list[tuple[str, bytes]] = []
    for photo in chosen:
        try:
            kept.append((photo.path, await keeping.get(store, photo.ref, photo.wrapped)))
        except FileNotFoundError:
            log.error("the bytes of file %s are gone from the store", photo.ref)  # noqa: TRY400 - nothing more to say
            left += 1
    packed = await asyncio.to_thread(_packed, sections, kept)
    sealed = await keeping.put(store, packed, _ZIP, "du-lieu-cua-toi.zip")

    def add(work: Work) -> None:
        scene = present(work, world)
        chat = work.chats.get(job.subject)
        if chat is None or chat.person != whose:  # it left meanwhile: what was gathered is not theirs
            work.jobs.add("drop-file", sealed.file.ref)
        else:
            file = work.files.add(sealed, chat.id, f"{KIND}:{job.id}:{sealed.file.ref}", scene.now)
            words = text("own-data.file-part", {"count": left}) if left else text("own-data.file")
            to_chat(scene, chat, [Message(words, files=(file,))])
            work.jobs.add(OVER, file.ref, due_at=scene.now + timedelta(days=keeping_days.PACKED))
        work.jobs.done(job.id)

    await database.run(add)


def over(scene: Scene, job: Job) -> None:
    """A copy of everything lies nowhere longer than it takes to be fetched."""
    drafts.forget_files(scene.work, [job.subject])
    scene.work.jobs.done(job.id)


def _fitting(photos: Sequence[_Photo]) -> tuple[list[_Photo], int]:
    """As many as fit, and how many do not."""
    chosen, size = [], 0
    for photo in photos:
        if size + photo.size <= _MOST:
            chosen.append(photo)
            size += photo.size
    return chosen, len(photos) - len(chosen)


def _packed(sections: Mapping[str, Any], photos: Sequence[tuple[str, bytes]]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("du-lieu.json", msgspec.json.format(msgspec.json.encode(sections), indent=2))
        made.writestr("doc-truoc.html", page(sections, str(sections[text("own-file.day")])))
        for path, photo in photos:
            made.writestr(path, photo, zipfile.ZIP_STORED)
    return kept.getvalue()


def _gather(scene: Scene, chat_id: str) -> tuple[str, dict[str, Any], list[_Photo]] | None:
    work = scene.work
    chat = work.chats.get(chat_id)
    if chat is None or chat.person is None:
        return None
    person, seen = chat.person, data(scene, chat.person)
    photos: list[_Photo] = []
    begun = [_draft(scene, person, line.id, photos) for line in work.drafts.lines(person)]
    sections = {
        "day": moment_words(scene.now),
        "addresses": [
            {"channel": text(f"own-data.channel-{one.channel}"), "address": one.address} for one in chats(scene, person)
        ],
        "proofs": [
            {"value": proof.value if proof.kind == EMAIL else show_phone(proof.value), "at": moment_words(proof.at)}
            for proof in work.proofs.of(person)
        ],
        "consents": [
            {"purpose": purpose, "given": text(f"own-file.{'yes' if given else 'no'}"), "at": moment_words(at)}
            for purpose, given, at in work.persons.consents(person)
        ],
        "people": [dict(known.fields) for known in work.remembered.of(person)],
        "drafts": begun,
        "dossiers": list(_dossiers(scene, person, photos)),
        "helpers": list(seen.helpers),
        "looks": [
            {"at": moment_words(look.at), "officer": look.officer, "code": look.code, "what": look.what}
            for look in seen.looks
        ],
        "lines": _lines(scene, chat_id) if chat.channel in LIVE else [],
    }
    return person, {text(f"own-file.{key}"): value for key, value in sections.items()}, photos


def _draft(scene: Scene, person: str, draft_id: str, photos: list[_Photo]) -> dict[str, Any]:
    draft = scene.work.drafts.get(draft_id, person)
    assert draft is not None, "it stood in the list"
    procedure = scene.procedure(draft.version)
    photos += _photos(scene, draft.documents, f"anh/{draft.id}")
    return {
        text("own-file.procedure"): procedure.display_name,
        text("own-file.for"): for_words(draft.applicant),
        text("own-file.answers"): _answers(procedure, draft.answers),
    }


def _dossiers(scene: Scene, person: str, photos: list[_Photo]) -> Iterator[dict[str, Any]]:
    work = scene.work
    for record in work.dossiers.of_person(person):
        procedure = scene.procedure(record.catalogue_version)
        view = dossier_view(scene, record, person)
        photos += _photos(scene, work.drafts.documents(record.id), f"anh/{record.tracking_code}")
        yield {
            text("own-file.procedure"): procedure.display_name,
            text("own-file.code"): code_of(record),
            text("own-file.for"): for_words(record.body.applicant),
            text("own-file.status"): text(f"track.status-{record.status}"),
            text("own-file.answers"): _answers(procedure, work.drafts.answers(record.id)),
            text("own-file.history"): notices.timeline(view).splitlines(),
            text("own-file.stars"): str(view.stars or ""),
        }


def _answers(procedure: Procedure, answers: Mapping[str, str]) -> dict[str, str]:
    return {notices.label(procedure, key): notices.shown(procedure, key, value) for key, value in answers.items()}


def _photos(scene: Scene, documents: Sequence[Document], folder: str) -> Iterator[_Photo]:
    for number, document in enumerate(documents, 1):
        found = scene.work.files.get(document.ref)
        if found is not None and not scene.work.files.remote(document.ref):
            file, wrapped = found
            ending = _ENDINGS.get(file.media_type, "bin")
            yield _Photo(f"{folder}/{number:02}-{document.paper or 'khac'}.{ending}", file.ref, wrapped, file.size)


def _lines(scene: Scene, chat: str) -> list[str]:
    """What was said in the chat of a page of ours; a messenger keeps its own."""
    shown = scene.work.messages.since(chat, 0, most=_SHOWN)
    who = {True: text("own-file.you"), False: text("own-file.bot")}
    return [f"{moment_words(one.at)} {who[one.own]}: {one.message.text}" for one in shown]
