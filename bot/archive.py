"""A dossier's bundle for the National Portal: what is gathered for it, printed piece by piece, and packed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec.structs import replace

from bot.elsewhere import elsewhere
from bot.orders import Open, Order
from bot.scene import Scene
from bot.views import code_of, dossier_file
from bot.workshop import Workshop
from catalogue.model import Paper, Procedure
from conversations import hints, page, staff_papers
from conversations.render import text
from conversations.staff_state import DossierFile
from conversations.state import Document
from documents import sheet, worker
from documents.bundle import BundlePaper, OnePaper, Photo, remarks
from documents.portal_archive import NationalState, Package, PaperFile, packed
from documents.portal_checks import code_checks, format_checks
from documents.portal_fields import fields
from documents.sheet import Sheet
from domain.codes import show
from domain.dossier import Status, national, national_name
from domain.values import VIETNAM
from storage.dossiers import Record
from storage.history import Entry

KIND: Final = "archive"
ZIP: Final = "application/zip"


@dataclass(frozen=True, slots=True)
class Gathered:
    """A package that still lacks its PDFs; `pictures` are each paper's files, `keys` their wrapped keys by ref."""

    name: str
    words: str
    package: Package
    form: Sheet
    pictures: tuple[tuple[Paper, tuple[str, ...]], ...]
    keys: dict[str, bytes]
    media_type: str = ZIP

    async def made(self, shop: Workshop, opened: Open) -> bytes:
        """The ZIP. One paper after another is opened and printed, so that never more than one lies open at once."""
        form = await shop.run(worker.rendered, "form", msgspec.msgpack.encode(self.form))
        papers: list[PaperFile] = []
        for paper, refs in self.pictures:
            payload = await asyncio.to_thread(self._payload, paper, refs, opened)
            printed = await shop.run(worker.rendered, "paper", payload)
            papers.append(PaperFile(paper.key, page.paper_short(paper), printed))
        return await asyncio.to_thread(packed, replace(self.package, form=form, papers=tuple(papers)))

    def _payload(self, paper: Paper, refs: tuple[str, ...], opened: Open) -> bytes:
        """As the portal gets it: the pictures alone, without what only officers should read."""
        photos = tuple(Photo(opened(ref, self.keys[ref])) for ref in refs)
        name = page.paper_short(paper)
        return msgspec.msgpack.encode(
            OnePaper(self.package.procedure_name, self.package.code, BundlePaper(name, photos))
        )


def of(scene: Scene, wanted: Order) -> Gathered | None:
    """None when the dossier is gone."""
    record = scene.work.dossiers.get(wanted.subject)
    if record is None:
        return None
    file, procedure = dossier_file(scene, record), scene.procedure(record.catalogue_version)
    office, day = scene.world.office(record.office), record.submitted_at.astimezone(VIETNAM).date()
    keys = {
        ref: found[1]
        for document in file.documents
        for ref in document.copies
        if (found := scene.work.files.get(ref)) is not None
    }
    asked = fields(procedure, file.answers, file.marks, day)
    agency = office.agency_id
    checks = (
        *code_checks(show(record.tracking_code), file.official_code, agency.value, provisional=agency.provisional),
        *_papers(scene, record, file, procedure),
        *remarks(procedure, file.answers, file.marks, day),
        *format_checks(procedure, asked, file.answers, day),
    )
    history = _states(scene.work.history.of(record.id))
    package = Package(
        tracking_code=show(record.tracking_code),
        official_code=file.official_code,
        portal_code=record.body.portal.code if record.body.portal else "",
        procedure=procedure.id,
        procedure_name=procedure.display_name,
        national_code=_national_code(procedure),
        office_name=office.name,
        agency_id=agency.value,
        agency_provisional=agency.provisional,
        state=history[-1] if history else _state(record),
        made_at=scene.now.astimezone(VIETNAM),
        submitted_at=record.submitted_at.astimezone(VIETNAM),
        fields=asked,
        history=history,
        checks=tuple(dict.fromkeys(checks)),
        form=b"",
        portal_state=_portal_state(record),
        official_name=(procedure.official_name or "") if procedure.known("official_name") else "",
        practice=office.practice,
    )
    code = code_of(record)
    pictures = [(paper, tuple(_copies(file.documents, paper, keys))) for paper in procedure.papers]
    return Gathered(
        f"goi-nop-{code}.zip",
        text("portal.archive", {"code": code}),
        package,
        sheet.filled(procedure, file.answers, file.marks, office, day, code=code),
        tuple((paper, refs) for paper, refs in pictures if refs),
        keys,
    )


def _copies(documents: Iterable[Document], paper: Paper, keys: dict[str, bytes]) -> Iterator[str]:
    return (ref for document in documents if document.paper == paper.key for ref in document.copies if ref in keys)


def _papers(scene: Scene, record: Record, file: DossierFile, procedure: Procedure) -> Iterator[str]:
    """What is missing, and what an officer should look at twice in what is there."""
    seen = elsewhere(scene, record)
    for paper in procedure.papers:
        about = {"name": page.paper_short(paper)}
        documents = [document for document in file.documents if document.paper == paper.key]
        missing = "" if documents else staff_papers.why_missing(paper, file)
        if missing:
            yield text(f"portal-archive.check-missing-{missing}", about)
        for number, document in enumerate(documents, 1):
            if not document.copies:
                yield text("portal-archive.check-left-out", {**about, "number": number})
            for hint in (*hints.remarks(document), *hints.of(document, file, procedure, seen)):
                yield text("portal-archive.check-paper", {**about, "hint": hint})


def _national_code(procedure: Procedure) -> str:
    """Under which it is taken now; empty where that is not known for certain enough to be looked up."""
    return procedure.successor_code or (procedure.code if procedure.known("code") else None) or ""


def _states(entries: Iterable[Entry]) -> tuple[NationalState, ...]:
    """When the dossier came to another status of the national list, from its first to its last."""
    states: list[NationalState] = []
    for entry in entries:
        number, name = national(Status(entry.to_status))
        if not states or states[-1].number != number:
            states.append(NationalState(number, name, entry.at.astimezone(VIETNAM)))
    return tuple(states)


def _state(record: Record) -> NationalState:
    return NationalState(*national(record.status), record.submitted_at.astimezone(VIETNAM))


def _portal_state(record: Record) -> NationalState | None:
    noted = record.body.portal
    if noted is None or not noted.status or noted.at is None:
        return None
    return NationalState(noted.status, national_name(noted.status), noted.at.astimezone(VIETNAM))
