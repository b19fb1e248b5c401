"""What an officer may want to look at twice in a document: hints with their reason, never a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from catalogue.model import Procedure, Question
from conversations.messages import Card
from conversations.render import text
from conversations.staff_state import DossierFile
from conversations.state import Document
from domain.values import fold

_NUMBER: Final = "cccd.number"
_NAME: Final = "cccd.full_name"
_KNOWN: Final = frozenset(
    {"screenshot", "dark", "overexposed", "no-document", "too-small", "blurred", "glare", "cut-off", "wrong-paper"}
    | {"same-photo", "same-side"}
)
_REQUESTER: Final = ("requester", "applicant", "proposer", "declarant")


def of(document: Document, file: DossierFile, procedure: Procedure, seen: Mapping[str, str]) -> tuple[str, ...]:
    """Sentences for the officer; `seen` gives the code of another dossier with the same picture."""
    finding = document.finding
    said: list[str] = []
    if finding is not None:
        if "wrong-paper" in finding.problems and finding.named:
            said.append(text("cards.hint-title", {"title": finding.named}))
        if finding.card is not None:
            said += _contradictions(finding.card, file, procedure)
        if finding.software:
            said.append(text("cards.hint-software", {"software": finding.software}))
    if document.id in seen:
        said.append(text("cards.hint-elsewhere", {"code": seen[document.id]}))
    return tuple(said)


def remarks(document: Document) -> tuple[str, ...]:
    """What was kept in spite of what, and who sent it for the owner."""
    said: list[str] = []
    problems = document.finding.problems if document.finding is not None else ()
    if problems:
        words = ", ".join(text(f"cards.problem-{problem}") for problem in problems if problem in _KNOWN)
        said.append(text("cards.remark-used" if document.used else "cards.remark-poor", {"problems": words}))
    return (*said, *sender(document))


def sender(document: Document) -> tuple[str, ...]:
    """Who sent it, where that was not the owner."""
    return (text("cards.remark-by", {"name": document.by}),) if document.by else ()


def _contradictions(card: Card, file: DossierFile, procedure: Procedure) -> Iterator[str]:
    """The card's QR against the person on the form whose number it is, else against whoever hands in."""
    groups: dict[str, dict[str, str]] = {}
    own = ""
    for question in procedure.questions:
        if question.prefill in (_NUMBER, _NAME) and file.answers.get(question.key):
            groups.setdefault(question.group, {})[question.prefill] = file.answers[question.key]
            own = own or (question.group if _of_requester(question) else "")
    meant = next((told for told in groups.values() if told.get(_NUMBER) == card.number), None)
    if meant is None and any(fold(told.get(_NAME, "")) == fold(card.name) for told in groups.values()):
        meant = next(told for told in groups.values() if fold(told.get(_NAME, "")) == fold(card.name))
    told = groups.get(own, {}) if meant is None else meant
    if told.get(_NUMBER) and told[_NUMBER] != card.number:
        yield text("cards.hint-number", {"card": card.number, "told": told[_NUMBER]})
    if told.get(_NAME) and fold(told[_NAME]) != fold(card.name):
        yield text("cards.hint-name", {"card": card.name, "told": told[_NAME]})


def _of_requester(question: Question) -> bool:
    return question.person == "requester" or question.key.startswith(_REQUESTER)
