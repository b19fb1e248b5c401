"""What a PDF is made of: a procedure's form, a draft's or dossier's answers, and the pictures of its papers."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from bot.elsewhere import elsewhere
from bot.orders import PDF, Open, Order
from bot.scene import Scene
from bot.views import code_of, dossier_file
from catalogue.model import Procedure
from conversations import cards, hints, notices, page, staff_papers
from conversations.render import text
from conversations.staff_state import DossierFile
from conversations.state import Document
from documents import sheet
from documents.bundle import Bundle, BundlePaper, OnePaper, Photo, remarks
from documents.sheet import Sheet
from domain.values import VIETNAM, moment_words
from storage.dossiers import Record

Given = tuple[BundlePaper, tuple[Document, ...]]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A sheet alone, or a bundle whose pictures are still to be opened: `keys` are their wrapped keys by ref."""

    name: str
    words: str
    sheet: Sheet | None = None
    bundle: Bundle | OnePaper | None = None
    papers: tuple[Given, ...] = ()
    keys: dict[str, bytes] = field(default_factory=dict)
    media_type: str = PDF

    def payload(self, opened: Open) -> tuple[str, bytes]:
        """For documents/render_pdf.py: the kind of print and what it is made of."""
        if self.bundle is None:
            return "form", msgspec.msgpack.encode(self.sheet)
        papers = tuple(
            msgspec.structs.replace(paper, photos=tuple(self._photos(documents, opened)))
            for paper, documents in self.papers
        )
        if isinstance(self.bundle, OnePaper):
            return "paper", msgspec.msgpack.encode(msgspec.structs.replace(self.bundle, paper=papers[0]))
        return "bundle", msgspec.msgpack.encode(msgspec.structs.replace(self.bundle, papers=papers))

    def _photos(self, documents: tuple[Document, ...], opened: Open) -> list[Photo]:
        return [
            Photo(opened(ref, self.keys[ref]), _kept_in_spite_of(document))
            for document in documents
            for ref in document.copies
            if ref in self.keys
        ]


def of(scene: Scene, wanted: Order) -> Manuscript | None:
    """None when what was to be printed is gone."""
    match wanted.kind:
        case "bundle":
            return _bundle(scene, wanted)
        case "filled":
            return _filled(scene, wanted)
        case _:
            return _form(scene, wanted)


def _form(scene: Scene, wanted: Order) -> Manuscript | None:
    procedure = scene.world.catalogue.procedures.get(wanted.subject)
    chat = scene.work.chats.get(wanted.chat)
    if procedure is None or chat is None:
        return None
    office = scene.world.office(chat.office)
    about = {"procedure": procedure.display_name}
    if wanted.kind == "blank":
        return Manuscript(
            f"{procedure.id}-mau-trong.pdf", text("printing.blank", about), sheet.blank(procedure, office)
        )
    made = sheet.sample(procedure, office, scene.now.astimezone(VIETNAM).date())
    return Manuscript(f"{procedure.id}-mau-dien-san.pdf", text("printing.sample", about), made)


def _filled(scene: Scene, wanted: Order) -> Manuscript | None:
    """A draft's form, or a dossier's as it was handed in; only its owner's chat gets it."""
    work, today = scene.work, scene.now.astimezone(VIETNAM).date()
    chat = work.chats.get(wanted.chat)
    if chat is None or chat.person is None:
        return None
    draft = work.drafts.get(wanted.subject, chat.person)
    record = work.dossiers.get(wanted.subject)
    if draft is not None:
        procedure, answers, marks = scene.procedure(draft.version), draft.answers, draft.marks
        office, code = scene.world.office(chat.office), ""
    elif record is not None and record.person == chat.person:
        procedure, answers = scene.procedure(record.catalogue_version), work.drafts.answers(record.id)
        marks, office, code = record.body.marks, scene.world.office(record.office), code_of(record)
        today = record.submitted_at.astimezone(VIETNAM).date()
    else:
        return None
    made = sheet.filled(procedure, answers, marks, office, today, code=code)
    applicant = draft.applicant if draft is not None else record.body.applicant if record is not None else ""
    words = text("printing.filled", {"procedure": notices.of_whom(procedure.display_name, applicant)})
    return Manuscript(f"{procedure.id}.pdf", words, made)


def _bundle(scene: Scene, wanted: Order) -> Manuscript | None:
    work, record = scene.work, scene.work.dossiers.get(wanted.subject)
    if record is None:
        return None
    file, procedure = dossier_file(scene, record), scene.procedure(record.catalogue_version)
    day = record.submitted_at.astimezone(VIETNAM).date()
    refs = [ref for document in file.documents for ref in document.copies]
    keys = {ref: found[1] for ref in refs if (found := work.files.get(ref)) is not None}
    papers = tuple(_papers(file, procedure, elsewhere(scene, record)))
    if wanted.paper:
        return _paper(wanted, record, procedure, papers, keys)
    office = scene.world.office(record.office)
    made = Bundle(
        procedure=file.procedure_name,
        office=office.desk,
        code=code_of(record),
        applicant=cards.person_words(file, procedure),
        submitted_at=moment_words(file.submitted_at),
        official_code=file.official_code,
        sheet=sheet.filled(procedure, file.answers, file.marks, office, day, code=code_of(record)),
        beside=sheet.beside(procedure, file.answers, day),
        hints=remarks(procedure, file.answers, file.marks, day),
        practice=office.practice,
    )
    name = f"ho-so-{code_of(record)}.pdf"
    return Manuscript(name, text("printing.bundle", {"code": code_of(record)}), None, made, papers, keys)


def _paper(
    wanted: Order, record: Record, procedure: Procedure, papers: tuple[Given, ...], keys: dict[str, bytes]
) -> Manuscript | None:
    """One paper by itself; None where nothing was given for it."""
    one = tuple(given for given in papers if any(document.paper == wanted.paper for document in given[1]))
    if not one:
        return None
    code = code_of(record)
    words = text("printing.paper", {"code": code, "paper": one[0][0].name})
    made = OnePaper(procedure.display_name, code, one[0][0])
    return Manuscript(f"{wanted.paper}-{code}.pdf", words, None, made, one, keys)


def _papers(file: DossierFile, procedure: Procedure, seen: dict[str, str]) -> list[Given]:
    papers = []
    for paper in procedure.papers:
        documents = tuple(document for document in file.documents if document.paper == paper.key)
        told = tuple(
            line
            for number, document in enumerate(documents, 1)
            for line in (
                *_left_out(document, number),
                *hints.sender(document),
                *hints.of(document, file, procedure, seen),
            )
        )
        note = staff_papers.missing(paper, file) if not documents else ""
        if documents or note:
            papers.append((BundlePaper(page.paper_short(paper), hints=told, note=note), documents))
    return papers


def _left_out(document: Document, number: int) -> tuple[str, ...]:
    """That a file has no copy to print: not looked at yet, or it could not be opened."""
    return () if document.copies else (text("printing.left-out", {"number": number}),)


def _kept_in_spite_of(document: Document) -> tuple[str, ...]:
    return document.finding.problems if document.finding is not None else ()
