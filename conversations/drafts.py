"""What a draft still needs, derived from its answers each time, so that nothing can get out of step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from catalogue.conditions import holds, needed_questions
from catalogue.model import Paper, Procedure, Question
from conversations.state import Context, Document, Draft, State
from domain.values import VIETNAM

SELF: Final = "self"
OTHER: Final = "other"  # for someone whose name has not been given yet
HANDLE: Final = "handle"
NOTIFY: Final = "notify"
DECLINED: Final = "no-notify"
MOST_DOCUMENTS: Final = 60
UNSORTED: Final = ""  # the paper of a document that came before it was asked for
GOOD: Final = ("checking", "ok")

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


class Give(Struct, frozen=True):
    paper: Paper


class Review(Struct, frozen=True):
    """Nothing is left to ask."""


Step = ForWhom | Consent | Applicant | Ask | Give | Review


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


def asked_questions(procedure: Procedure) -> tuple[Question, ...]:
    """What is asked in the chat: what papers hang on, and whom to reach; the rest of the form is the desk's."""
    wanted = {q.key for q in (*needed_questions(procedure), *_contact(procedure))}
    return tuple(q for q in procedure.questions if q.key in wanted)


def _contact(procedure: Procedure) -> list[Question]:
    """A name and a phone number, and who died; for a collective also which one it is and who speaks for it."""
    deceased = [q for q in procedure.questions if names_the_deceased(q)]
    names = [q for q in procedure.questions if q.kind == "person_name" and q not in deceased]
    phones = [q for q in procedure.questions if q.kind == "phone"]
    if procedure.intake == "collective-intake":
        groups = {q.group for q in phones[:1]}
        return [procedure.questions[0], *(q for q in procedure.questions if q.group in groups), *names[-1:]]
    name = names[0] if names else None
    near = [q for q in phones if name is not None and q.group == name.group]
    phone = near or [q for q in phones if not q.optional and q.ask_when is None]
    return [*names[:1], *phone[:1], *deceased]


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
    for question in asked_questions(procedure):
        value = _KNOWN.get(question.key, {}).get(applicant == SELF)
        if value in question.choices:
            known[question.key] = str(value)
        first_name = question.kind == "person_name" and not question.key.startswith((*_REQUESTER, _DECEASED))
        if first_name and applicant not in (SELF, OTHER, ""):
            known.setdefault(question.key, applicant)
            applicant = ""
    return known


def questions(procedure: Procedure, answers: Mapping[str, str], today: date) -> tuple[Question, ...]:
    """The questions that these answers leave standing."""
    return tuple(q for q in asked_questions(procedure) if q.ask_when is None or holds(q.ask_when, answers, today))


def papers(procedure: Procedure, answers: Mapping[str, str], today: date) -> tuple[Paper, ...]:
    """The papers that these answers call for, those the person may pass over included; an envelope is no photo."""
    photos = (p for p in procedure.papers if p.max_photos)
    return tuple(p for p in photos if p.required_when is None or holds(p.required_when, answers, today))


def may_skip(paper: Paper) -> bool:
    """A paper the State holds, a form that the desk helps with, or one that not everybody has."""
    required = paper.required_when is not None or paper.required
    return paper.replaceable_by_data or paper.min_photos == 0 or not required


def documents(draft: Draft, paper: str) -> tuple[Document, ...]:
    """What was sent for a paper and not found bad."""
    return tuple(d for d in draft.documents if d.paper == paper and d.verdict in GOOD)


def enough(draft: Draft, paper: Paper) -> bool:
    """A PDF may hold every page, so one is enough."""
    sent = documents(draft, paper.key)
    return len(sent) >= max(1, paper.min_photos) or any(d.media_type == "application/pdf" for d in sent)


def done(draft: Draft, paper: Paper) -> bool:
    return paper.key in draft.skipped or (paper.key in draft.finished and enough(draft, paper))


def items(draft: Draft, procedure: Procedure, today: date) -> tuple[Ask | Give, ...]:
    """Everything this draft asks for, in order, answered or not."""
    if draft.dossier:
        wanted = [want.key for want in draft.wants]
        return (
            *(Ask(q) for q in procedure.questions if q.key in wanted),
            *(Give(p) for p in procedure.papers if p.key in wanted),
        )
    return (
        *(Ask(q) for q in questions(procedure, draft.answers, today)),
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
    for item in todo:
        if state.talk.changing and key_of(item) == state.talk.changing:
            return item
    if not draft.dossier:
        if not draft.applicant and not collective_key(procedure):
            return ForWhom()
        if HANDLE not in state.person.consents:
            return Consent(HANDLE)
        if not {NOTIFY, DECLINED} & set(state.person.consents):
            return Consent(NOTIFY)
        if draft.applicant == OTHER:
            return Applicant()
    return next((item for item in todo if not answered(draft, item)), Review())


def pruned(draft: Draft, procedure: Procedure, today: date) -> Draft:
    """Without answers and photos that the other answers have made pointless: nobody is to read them."""
    asked = {q.key for q in asked_questions(procedure)}
    open_ = {q.key for q in questions(procedure, draft.answers, today)}
    gone = asked - open_
    answers = {key: value for key, value in draft.answers.items() if key not in gone}
    kept = {p.key for p in papers(procedure, answers, today)}
    return replace(
        draft,
        answers=answers,
        documents=tuple(d for d in draft.documents if d.paper in kept or d.paper == UNSORTED),
        skipped=tuple(k for k in draft.skipped if k in kept),
        finished=tuple(k for k in draft.finished if k in kept),
    )
