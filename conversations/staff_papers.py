"""What was handed in, for one officer alone: answers with their marks, clean copies, and what to look at twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Final

from catalogue.conditions import holds
from catalogue.model import Paper, Procedure, Question
from conversations import helping, hints
from conversations.cards import code_words
from conversations.drafts import READING
from conversations.messages import UNKNOWN_SIZE, File, Message
from conversations.notices import brief, label, shown
from conversations.page import paper_short
from conversations.plans import base, plan, row_of, title
from conversations.render import text
from conversations.staff_answers import DESK, answered
from conversations.staff_buttons import button, main_actions
from conversations.staff_state import DossierFile
from conversations.state import Document
from domain.calendars import calendar_of
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
    helped = helping.officer_lines(file.helper, file.applicant) if file.helper is not None else []
    told = [Message("\n".join([text("cards.papers", facts), *helped, *_answers(file, procedure)]))]
    missing = []
    for paper in procedure.papers:
        documents = [document for document in file.documents if document.paper == paper.key]
        if documents:
            told.append(_paper(paper, documents, file, procedure, seen))
        elif _asked(paper, file):
            missing.append(text(f"cards.papers-missing-{_why_missing(paper)}", {"name": paper_short(paper)}))
    told += _loose(file, procedure)
    closing = [text("cards.papers-missing", {"names": "\n".join(missing)})] if missing else []
    actions = [action for action in main_actions(file, procedure.intake) if action != "papers"]
    if actions:
        closing.append(text("cards.papers-end"))
        actions.insert(-1, "bundle")
    if closing:
        told.append(Message("\n\n".join(closing), tuple(button(action, file.id) for action in actions)))
    return tuple(told)


def _loose(file: DossierFile, procedure: Procedure) -> Iterator[Message]:
    """What nobody has said of which paper it is, as where a clerk photographed at the desk."""
    known = {paper.key for paper in procedure.papers}
    documents = [d for d in file.documents if d.paper not in known and d.paper != READING]
    if documents:
        files = tuple(one for number, d in enumerate(documents, 1) for one in _clean(d, f"khac-{number}"))
        yield Message(text("cards.papers-loose", {"files": len(documents)}), files=files)


def originals(file: DossierFile, procedure: Procedure, key: str) -> tuple[Message, ...]:
    """One paper's files as the citizen sent them."""
    documents = [document for document in file.documents if document.paper == key]
    paper = next((paper for paper in procedure.papers if paper.key == key), None)
    if paper is None or not documents:
        return (Message(text("cards.originals-none")),)
    name = text("cards.original-name")
    files = tuple(_original(document, f"{name}-{number}") for number, document in enumerate(documents, 1))
    return (Message(text("cards.originals", {"name": paper_short(paper)}), files=files),)


def why_missing(paper: Paper, file: DossierFile) -> str:
    """Of a paper that was not given: needed, data (an officer looks it up) or optional; empty where nobody waits."""
    return _why_missing(paper) if _asked(paper, file) else ""


def missing(paper: Paper, file: DossierFile) -> str:
    """Why a paper that was not given is not there; empty where nobody waits for it."""
    return text(f"cards.missing-{_why_missing(paper)}") if _asked(paper, file) else ""


def _answers(file: DossierFile, procedure: Procedure) -> Iterator[str]:
    """Group by group under its name; answers that stand alone in their group follow one another without."""
    asked = answered(file, procedure)
    blocks = plan(procedure).blocks
    todo = [label(procedure, question.key) for question in asked if file.marks.get(question.key) == DESK]
    if todo:
        yield text("cards.papers-desk", {"count": len(todo), "labels": "; ".join(todo)})
    alone = False
    for group in dict.fromkeys(question.group for question in asked):
        own = [question for question in asked if question.group == group]
        single = [question for question in own if base(question.key) not in blocks]
        lines = [_line(question, brief(question), file, procedure) for question in single]
        rows = groupby((question for question in own if base(question.key) in blocks), key=lambda q: row_of(q.key))
        lines += [_row(list(questions), row, file, procedure) for row, questions in rows]
        if len(own) == 1:
            yield lines[0] if alone else f"\n{lines[0]}"
            alone = True
        else:
            yield "\n".join([f"\n{title(group)}", *lines])
            alone = False


def _row(questions: Sequence[Question], row: int, file: DossierFile, procedure: Procedure) -> str:
    """One person or thing on one line; what all its labels begin with is left out."""
    labels = [brief(question) for question in questions]
    common = len({words.partition(": ")[0] for words in labels}) == 1 and all(": " in words for words in labels)
    labels = [words.partition(": ")[2] if common else words for words in labels]
    cells = [_line(question, words, file, procedure) for question, words in zip(questions, labels, strict=True)]
    return text("cards.papers-row", {"row": row, "answers": " · ".join(cells)})


def _line(question: Question, words: str, file: DossierFile, procedure: Procedure) -> str:
    value = shown(procedure, base(question.key), file.answers.get(question.key, ""))
    if question.detail == "died":
        value = calendar_of(value)
    line = text("cards.papers-answer", {"label": words, "value": value}).strip()
    mark = _MARKS.get(file.marks.get(question.key, ""), "")
    return f"{line} ({text(mark)})" if mark else line


def _paper(
    paper: Paper, documents: Sequence[Document], file: DossierFile, procedure: Procedure, seen: Mapping[str, str]
) -> Message:
    """Clean copies, a page each; what the citizen sent stays behind a button."""
    doubts = sum(document.verdict not in _SOUND for document in documents)
    lines = [text("cards.papers-doubt" if doubts else "cards.papers-paper", _counted(paper, documents, doubts))]
    for number, document in enumerate(documents, 1):
        said = (*_unopened(document), *hints.remarks(document), *hints.of(document, file, procedure, seen))
        lines += [text("cards.papers-remark", {"number": number, "remark": remark}) for remark in said]
    files = tuple(one for number, d in enumerate(documents, 1) for one in _clean(d, f"{paper.key}-{number}"))
    pdf = any(document.media_type == _PDF for document in documents)
    raw = text("staff-button.raw-file") if pdf else ""
    untouched = pdf or any(document.copies for document in documents)
    buttons = [button("raw", file.id, paper.key, label=raw)] if untouched else []
    if any(document.copies for document in documents):
        buttons.append(button("bundle", file.id, paper.key, label=text("staff-button.paper-pdf")))
    return Message("\n".join(lines), tuple(buttons), files)


def _unopened(document: Document) -> tuple[str, ...]:
    """That a PDF has no pages to look at yet, or never will."""
    return (text("cards.remark-unopened"),) if document.media_type == _PDF and not document.copies else ()


def _counted(paper: Paper, documents: Sequence[Document], doubts: int) -> dict[str, object]:
    return {"name": paper_short(paper), "files": len(documents), "doubts": doubts}


def _clean(document: Document, name: str) -> Iterator[File]:
    """The copies; a stranger's PDF is never passed on unasked, and a photo only until there is a copy of it."""
    several = len(document.copies) > 1
    for page, ref in enumerate(document.copies, 1):
        yield File(ref, _JPEG, UNKNOWN_SIZE, f"{name}-{page}.jpg" if several else f"{name}.jpg")
    if not document.copies and document.media_type != _PDF:
        yield _original(document, name)


def _original(document: Document, name: str) -> File:
    return File(document.ref, document.media_type, document.size, name + _ENDINGS.get(document.media_type, ""))


def _asked(paper: Paper, file: DossierFile) -> bool:
    """Whether the answers call for this paper at all; a form is filled in here and need not come on paper."""
    if paper.kind == "form" and not paper.min_photos:
        return False
    today = file.submitted_at.astimezone(VIETNAM).date()
    return paper.required_when is None or holds(paper.required_when, file.answers, today)


def _why_missing(paper: Paper) -> str:
    if paper.replaceable_by_data:
        return "data"
    needed = paper.required or paper.required_when is not None
    return "needed" if needed and paper.min_photos else "optional"
