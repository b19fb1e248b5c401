"""What was handed in, for one officer alone: answers with their marks, clean copies, and what to look at twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from catalogue.conditions import holds
from catalogue.model import Paper, Procedure, Question
from conversations import hints
from conversations.cards import code_words
from conversations.messages import UNKNOWN_SIZE, File, Message
from conversations.notices import shown
from conversations.render import text
from conversations.staff_buttons import button, main_actions
from conversations.staff_state import DossierFile
from conversations.state import Document
from domain.values import VIETNAM

_PDF: Final = "application/pdf"
_JPEG: Final = "image/jpeg"
_ENDINGS: Final = {_JPEG: ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic", _PDF: ".pdf"}
_SOUND: Final = frozenset({"ok", "checking", "poor"})
_MARKS: Final = {"desk": "cards.mark-desk", "odd": "cards.mark-odd", "card": "cards.mark-card"}
_NOWHERE: Final[Mapping[str, str]] = MappingProxyType({})


def messages(file: DossierFile, procedure: Procedure, seen: Mapping[str, str] = _NOWHERE) -> tuple[Message, ...]:
    """All of it; the last message offers what to do next. `seen` as in hints.of."""
    applicant = text("cards.papers-self") if file.applicant in ("", "self") else file.applicant
    facts = {"procedure": file.procedure_name, "code": code_words(file), "applicant": applicant}
    told = [Message("\n".join([text("cards.papers", facts), *_answers(file, procedure)]))]
    missing = []
    for paper in procedure.papers:
        documents = [document for document in file.documents if document.paper == paper.key]
        if documents:
            told.append(_paper(paper, documents, file, procedure, seen))
        elif _asked(paper, file):
            missing.append(text(f"cards.papers-missing-{_why_missing(paper)}", {"name": paper.name}))
    closing = [text("cards.papers-missing", {"names": "\n".join(missing)})] if missing else []
    actions = [action for action in main_actions(file, procedure.intake) if action != "papers"]
    if actions:
        closing.append(text("cards.papers-end"))
        actions.insert(-1, "bundle")
    if closing:
        told.append(Message("\n\n".join(closing), tuple(button(action, file.id) for action in actions)))
    return tuple(told)


def originals(file: DossierFile, procedure: Procedure, key: str) -> tuple[Message, ...]:
    """One paper's files as the citizen sent them."""
    documents = [document for document in file.documents if document.paper == key]
    paper = next((paper for paper in procedure.papers if paper.key == key), None)
    if paper is None or not documents:
        return (Message(text("cards.originals-none")),)
    name = text("cards.original-name")
    files = tuple(_original(document, f"{name}-{number}") for number, document in enumerate(documents, 1))
    return (Message(text("cards.originals", {"name": paper.name}), files=files),)


def missing(paper: Paper, file: DossierFile) -> str:
    """Why a paper that was not given is not there; empty where the answers don't call for it."""
    return text(f"cards.missing-{_why_missing(paper)}") if _asked(paper, file) else ""


def _answers(file: DossierFile, procedure: Procedure) -> Iterator[str]:
    group = ""
    for question in procedure.questions:
        for key in _rows(question, file.answers):
            value = file.answers.get(key, "")
            mark = _MARKS.get(file.marks.get(key, ""), "")
            if not value and not mark:
                continue
            if question.group != group:
                group = question.group
                yield f"\n{group}"
            _, _, row = key.partition(".")
            label = text("cards.papers-row", {"label": question.label, "row": row}) if row else question.label
            words = shown(procedure, question.key, value)
            line = text("cards.papers-answer", {"label": label, "value": words})
            yield f"{line} ({text(mark)})" if mark else line


def _rows(question: Question, answers: Mapping[str, str]) -> list[str]:
    """The answer's own key, and those of further rows."""
    further = [key for key in answers if key.startswith(f"{question.key}.")]
    return [question.key, *sorted(further, key=lambda key: (len(key), key))]


def _paper(
    paper: Paper, documents: Sequence[Document], file: DossierFile, procedure: Procedure, seen: Mapping[str, str]
) -> Message:
    """Copies where there are any; a PDF is shown as it is, for an officer reads it better than pictures of it."""
    doubts = sum(document.verdict not in _SOUND for document in documents)
    lines = [text("cards.papers-doubt" if doubts else "cards.papers-paper", _counted(paper, documents, doubts))]
    for number, document in enumerate(documents, 1):
        said = (*hints.remarks(document), *hints.of(document, file, procedure, seen))
        lines += [text("cards.papers-remark", {"number": number, "remark": remark}) for remark in said]
    files = tuple(one for number, d in enumerate(documents, 1) for one in _clean(d, f"{paper.key}-{number}"))
    untouched = any(document.copies and document.media_type != _PDF for document in documents)
    buttons = (button("raw", file.id, paper.key),) if untouched else ()
    return Message("\n".join(lines), buttons, files)


def _counted(paper: Paper, documents: Sequence[Document], doubts: int) -> dict[str, object]:
    return {"name": paper.name, "files": len(documents), "doubts": doubts}


def _clean(document: Document, name: str) -> Iterator[File]:
    if document.media_type == _PDF or not document.copies:
        yield _original(document, name)
    else:
        yield from (File(ref, _JPEG, UNKNOWN_SIZE, f"{name}.jpg") for ref in document.copies)


def _original(document: Document, name: str) -> File:
    return File(document.ref, document.media_type, document.size, name + _ENDINGS.get(document.media_type, ""))


def _asked(paper: Paper, file: DossierFile) -> bool:
    """Whether the answers call for this paper at all."""
    today = file.submitted_at.astimezone(VIETNAM).date()
    return paper.required_when is None or holds(paper.required_when, file.answers, today)


def _why_missing(paper: Paper) -> str:
    if paper.replaceable_by_data:
        return "data"
    needed = paper.required or paper.required_when is not None
    return "needed" if needed and paper.min_photos else "optional"
