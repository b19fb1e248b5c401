"""What a draft still needs, derived from its answers each time, so that nothing can get out of step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from catalogue import consistency
from catalogue.conditions import fields_of, holds
from catalogue.model import Consistency, Paper, Procedure, Question
from conversations import filled, form, plans
from conversations.plans import Block
from conversations.state import Context, Document, Draft, ReadCard, State
from domain.values import VIETNAM

SELF: Final = "self"
OTHER: Final = "other"  # for someone whose name has not been given yet
HANDLE: Final = "handle"
NOTIFY: Final = "notify"
DECLINED: Final = "no-notify"
MOST_DOCUMENTS: Final = 60
UNSORTED: Final = ""  # the paper of a document that came before it was asked for
HELD: Final = "?whose"  # the paper of one that may be another draft's
READING: Final = "?card"  # the paper of an ID card that is only read
ASKED: Final = "asked:"  # begins the flag which says that somebody else was asked for this paper
CHECKING: Final = "checking"
POOR: Final = "poor"
GOOD: Final = (CHECKING, "ok")

_REQUESTER: Final = ("requester", "applicant", "proposer", "declarant", "contact")
_DECEASED: Final = "deceased"
_KNOWN: Final[Mapping[str, Mapping[bool, str]]] = {"subject_same_as_requester": {True: "Có", False: "Không"}}


class ForWhom(Struct, frozen=True):
    """Whether the person asks for themselves."""


class Consent(Struct, frozen=True):
    """Agreement to one purpose."""

    purpose: str


class Applicant(Struct, frozen=True):
    """The name of the person it is for."""


class Ask(Struct, frozen=True):
    question: Question


class ConfirmCard(Struct, frozen=True):
    """Whether what was read from an ID card is to be used."""

    read: ReadCard


class Detoured(Struct, frozen=True):
    """An answer led away: elsewhere, or on all the same. `number` is the detour's place in the procedure."""

    number: int


class More(Struct, frozen=True):
    """Whether there is one more person or thing of a kind."""

    block: Block


class Extra(Struct, frozen=True):
    """What may be added and need not be, all together."""

    questions: tuple[Question, ...]


class Doubtful(Struct, frozen=True):
    """Whether two answers that do not go together are right all the same. `number` is the rule's place."""

    number: int


class Give(Struct, frozen=True):
    paper: Paper


class Choose(Struct, frozen=True):
    """Papers that not everybody has: which of them there is, if any."""

    papers: tuple[Paper, ...]


class Review(Struct, frozen=True):
    """Nothing is left to ask."""


FormStep = Ask | ConfirmCard | Detoured | More | Extra | Doubtful
Step = ForWhom | Consent | Applicant | FormStep | Give | Choose | Review


def today_of(ctx: Context) -> date:
    return ctx.now.astimezone(VIETNAM).date()


def tag(draft_id: str) -> str:
    """Ends a button's value, so that an old button of another draft is told apart."""
    return draft_id[:6]


def agreed(state: State, draft: Draft) -> bool:
    """Whether what this person sends may be kept; who is asked for more has agreed when handing in."""
    return bool(draft.dossier) or HANDLE in state.person.consents


def procedure_of(draft: Draft, ctx: Context) -> Procedure | None:
    """The version in force, or for a request for more the one the dossier was submitted under."""
    if draft.dossier:
        for dossier in ctx.dossiers:
            if dossier.id == draft.dossier:
                return ctx.procedure_of(dossier)
    return ctx.catalogue.procedures.get(draft.procedure)


def open_draft(state: State, ctx: Context, value: str = "") -> tuple[Draft, Procedure] | None:
    """The draft of this talk with its procedure; None when gone, or when `value` ends in another draft's tag."""
    draft = state.draft
    if draft is None or (value and value.rpartition(":")[2] != tag(draft.id)):
        return None
    procedure = procedure_of(draft, ctx)
    return None if procedure is None else (draft, procedure)


def names_the_deceased(question: Question) -> bool:
    return question.kind == "person_name" and question.key.startswith(_DECEASED)


def collective_key(procedure: Procedure) -> str:
    """The question whose answer names the collective; empty where a person asks for a person."""
    return procedure.questions[0].key if procedure.intake == "collective-intake" else ""


def known_answers(procedure: Procedure, applicant: str) -> dict[str, str]:
    """What need not be asked once it is known for whom the dossier is."""
    known: dict[str, str] = {}
    if collective_key(procedure):
        return known
    for question in plans.plan(procedure).order:
        value = _KNOWN.get(question.key, {}).get(applicant == SELF)
        if value in question.choices:
            known[question.key] = str(value)
    names = (q for q in procedure.questions if q.kind == "person_name" and not names_the_deceased(q))
    first = next(names, None)
    if first is not None and not first.key.startswith(_REQUESTER) and applicant not in (SELF, OTHER, ""):
        known[first.key] = applicant
    return known


def papers(procedure: Procedure, answers: Mapping[str, str], today: date) -> tuple[Paper, ...]:
    """The papers that these answers call for, those the person may pass over behind; an envelope is no photo."""
    photos = (p for p in procedure.papers if p.max_photos)
    called = [p for p in photos if p.required_when is None or holds(p.required_when, answers, today)]
    return tuple(sorted(called, key=lambda p: (may_skip(p), optional(p))))


def may_skip(paper: Paper) -> bool:
    """A paper the State holds, a form that the desk helps with, or one that not everybody has."""
    required = paper.required_when is not None or paper.required
    return paper.replaceable_by_data or paper.min_photos == 0 or not required


def optional(paper: Paper) -> bool:
    """One that waits behind the question for all such papers.

    Asked for by itself is also a needed one that the State may hold: most people who need it have it in their hands.
    """
    held = paper.replaceable_by_data and paper.kind != "photo-id" and paper.min_photos > 0
    needed = paper.required or paper.required_when is not None
    return may_skip(paper) and not (held and needed)


def filled_here(paper: Paper) -> bool:
    """The form of a procedure: the answers fill it, and nobody need photograph it."""
    return paper.kind == "form" and paper.min_photos == 0


def documents(draft: Draft, paper: str) -> tuple[Document, ...]:
    """What was sent for a paper and not found bad."""
    return tuple(d for d in draft.documents if d.paper == paper and d.verdict in GOOD)


def enough(draft: Draft, paper: Paper) -> bool:
    """A PDF may hold every page, so one is enough."""
    sent = documents(draft, paper.key)
    return len(sent) >= max(1, paper.min_photos) or any(d.media_type == "application/pdf" for d in sent)


def done(draft: Draft, paper: Paper) -> bool:
    return paper.key in draft.skipped or (paper.key in draft.finished and enough(draft, paper))


def papers_step(draft: Draft, procedure: Procedure, today: date) -> Give | Choose | None:
    """The paper to be asked for: a needed or begun one, else the others together; None when all are there.

    One that somebody else has been asked to send comes last. The form is offered only for photos that came by
    themselves, and an ID card not at all once one side of it was read.
    """
    todo = [
        item.paper for item in items(draft, procedure, today) if isinstance(item, Give) and not answered(draft, item)
    ]
    begun = {d.paper for d in draft.documents if d.verdict in (*GOOD, POOR) and not _says_all(d)}
    read = {d.paper for d in draft.documents if _says_all(d)}
    loose = any(d.paper == UNSORTED for d in draft.documents)
    passed_on = [p for p in todo if f"{ASKED}{p.key}" in draft.flags and p.key not in begun]
    for some in ([p for p in todo if p not in passed_on], passed_on):
        first = next((p for p in some if draft.dossier or not optional(p) or p.key in begun), None)
        if first is not None:
            return Give(first)
        offered = tuple(p for p in some if p.key not in read and (loose or not filled_here(p)))
        if offered:
            return Choose(offered)
    return None


def _says_all(document: Document) -> bool:
    """Whether it is an ID card that was read: the State holds the rest, so nobody is made to send its other side."""
    return document.finding is not None and document.finding.card is not None and document.verdict in GOOD


def items(draft: Draft, procedure: Procedure, today: date) -> tuple[Ask | Give, ...]:
    """Everything this draft asks for, in order, answered or not."""
    if draft.dossier:
        wanted = [want.key for want in draft.wants]
        asked = (plans.question_of(procedure, key) for key in wanted)
        return (
            *(Ask(q) for q in asked if q is not None),
            *(Give(p) for p in procedure.papers if p.key in wanted),
        )
    return (
        *(Ask(q) for q in form.standing(procedure, draft, today)),
        *(Give(p) for p in papers(procedure, draft.answers, today)),
    )


def answered(draft: Draft, item: Ask | Give) -> bool:
    if isinstance(item, Ask):
        return item.question.key in draft.answers
    return done(draft, item.paper)


def key_of(item: Ask | Give) -> str:
    return item.question.key if isinstance(item, Ask) else item.paper.key


def step(state: State, draft: Draft, procedure: Procedure, today: date) -> Step:
    """What comes next."""
    todo = items(draft, procedure, today)
    if draft.card is not None and not draft.dossier and agreed(state, draft):
        return ConfirmCard(draft.card)
    for item in todo:
        if state.talk.changing and key_of(item) == state.talk.changing:
            return item
    if draft.dossier:
        question = next((item for item in todo if isinstance(item, Ask) and not answered(draft, item)), None)
        return question or papers_step(draft, procedure, today) or Review()
    if not draft.applicant and not collective_key(procedure):
        return ForWhom()
    if HANDLE not in state.person.consents:
        return Consent(HANDLE)
    if not {NOTIFY, DECLINED} & set(state.person.consents):
        return Consent(NOTIFY)
    if draft.applicant == OTHER:
        return Applicant()
    return _form_step(draft, procedure, today) or papers_step(draft, procedure, today) or Review()


def _form_step(draft: Draft, procedure: Procedure, today: date) -> Step | None:
    """What the form still needs; None when it is filled."""
    if draft.pending is not None:
        waiting = next((q for q in form.standing(procedure, draft, today) if q.key == draft.pending.key), None)
        if waiting is not None and draft.pending.offers:
            return Ask(waiting)
    led = detour(draft, procedure, today)
    if led is not None:
        return Detoured(led)
    match form.open_(procedure, draft, today):
        case Question() as question:
            return Ask(question)
        case Block() as block:
            return More(block)
        case None:
            pass
    extras = () if form.EXTRAS_DONE in draft.flags else form.extras(procedure, draft, today)
    if extras:
        return Extra(extras)
    doubt = next((n for n in doubts(draft, procedure, today) if f"odd:{n}" not in draft.flags), None)
    return None if doubt is None else Doubtful(doubt)


def detour(draft: Draft, procedure: Procedure, today: date) -> int | None:
    """The first detour that the answers lead to and that the person has not been told of."""
    for number, led in enumerate(procedure.detours):
        told = f"detour:{number}" in draft.flags
        if (
            not told
            and holds(led.when, draft.answers, today)
            and all(draft.answers.get(k) for k in fields_of(led.when))
        ):
            return number
    return None


def doubts(draft: Draft, procedure: Procedure, today: date) -> tuple[int, ...]:
    """The places of the rules that the answers fail and that are to be asked about."""
    failed = consistency.failed(procedure, draft.answers, today)
    return tuple(n for n, rule in enumerate(procedure.consistency) if rule in failed and not rule.tell)


def remarks(draft: Draft, procedure: Procedure, today: date) -> tuple[Consistency, ...]:
    """What follows from the answers and only needs to be said."""
    return tuple(rule for rule in consistency.failed(procedure, draft.answers, today) if rule.tell)


def pruned(draft: Draft, procedure: Procedure, today: date) -> Draft:
    """Without answers and photos that the other answers have made pointless: nobody is to read them."""
    draft = filled.settled(procedure, draft, today)
    kept = {p.key for p in papers(procedure, draft.answers, today)}
    return replace(
        draft,
        documents=tuple(d for d in draft.documents if d.paper in kept or d.paper in (UNSORTED, READING, HELD)),
        skipped=tuple(k for k in draft.skipped if k in kept),
        finished=tuple(k for k in draft.finished if k in kept),
    )
