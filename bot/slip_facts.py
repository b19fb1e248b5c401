"""What a slip says of the dossier at the moment of its decision, so that history can print it again as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.scene import Scene
from catalogue.model import Procedure
from catalogue.slips import Kind
from conversations import notices, page
from conversations.state import Document
from documents import sheet
from documents.sheet_signers import COUPLES, SIGN
from documents.slip import Facts, issuer
from domain.codes import show
from domain.dossier import Accept, AskMore, Decision, Extend, Refuse, Role, Stop
from domain.values import VIETNAM
from storage.dossiers import Record
from storage.slips import new_id

_KINDS: Final[Mapping[type, Kind]] = {
    Accept: "receipt",
    AskMore: "supplement",
    Refuse: "refusal",
    Extend: "extension",
    Stop: "stop",
}
SLIPPED: Final[Mapping[str, Kind]] = {
    str(decision.__struct_config__.tag): kind  # type: ignore[attr-defined]  # msgspec gives every Struct one
    for decision, kind in _KINDS.items()
}
_SPEAKERS: Final = ("requester", "declarant", "applicant", "proposer")  # who on a form is the one that hands in
_SELF: Final = ("", "self")


def facts(scene: Scene, before: Record, after: Record, decision: Decision, actor: str) -> Facts | None:
    """None where no slip goes with the decision, or the law of the day has none."""
    kind = _KINDS.get(type(decision))
    day = scene.now.astimezone(VIETNAM).date()
    if kind is None or scene.world.catalogue.slips.on(kind, day) is None:
        return None
    work, procedure = scene.work, scene.procedure(after.catalogue_version)
    answers, officer = work.drafts.answers(after.id), work.officers.get(actor)
    said, contact = speaker(procedure, answers), after.body.contact
    return Facts(
        id=new_id(),
        kind=kind,
        number=work.slips.next_number(after.office, kind, day.year),
        who=_who(procedure, answers, said, after.body.applicant).upper(),
        content=_content(procedure),
        tracking_code=show(after.tracking_code),
        issuer=issuer(scene.world.office(after.office)),
        by=officer.name if officer else "",
        head=officer is not None and officer.role == Role.HEAD,
        address=said.get("residence") or said.get("current") or "",
        phone=said.get("phone") or _first(procedure, answers, "phone") or (contact.phone if contact else ""),
        email=next((answers[q.key] for q in procedure.questions if "email" in q.key and answers.get(q.key)), ""),
        papers=_papers(procedure, work.drafts.documents(after.id), after) if kind == "receipt" else (),
        wants=_wants(procedure, decision),
        originals=procedure.originals if kind == "receipt" else (),
        time=_time(procedure, decision),
        collect=_collect(scene, after) if kind == "receipt" else "",
        accepted_at=before.accepted_at,
        due_before=before.due_at,
    )


def speaker(procedure: Procedure, answers: Mapping[str, str]) -> dict[str, str]:
    """What the form says of who hands in, by detail: of whoever signs it, where nobody is named as that."""
    told: dict[str, dict[str, str]] = {}
    for question in procedure.questions:
        value = answers.get(question.key)
        if question.person and question.detail and value and not question.repeatable:
            told.setdefault(question.person, {}).setdefault(question.detail, value)
    signs = [question.person for key in SIGN for question in procedure.questions if question.key == key]
    named = (person for person in (*_SPEAKERS, *signs) if person and told.get(person, {}).get("name"))
    one = next(named, "")
    return told[one] if one else _couple(procedure, answers, told)


def _couple(procedure: Procedure, answers: Mapping[str, str], told: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Two who hand in together, with what is told of the first."""
    for keys in COUPLES:
        names = [answers[key] for key in keys if answers.get(key)]
        if names:
            first = next((q.person for q in procedure.questions if q.key == keys[0] and q.person), "")
            return {**told.get(first, {}), "name": " và ".join(names)}
    return {}


def _who(procedure: Procedure, answers: Mapping[str, str], said: Mapping[str, str], applicant: str) -> str:
    return said.get("name") or (applicant if applicant not in _SELF else _first(procedure, answers, "person_name"))


def _first(procedure: Procedure, answers: Mapping[str, str], kind: str) -> str:
    return next((answers[q.key] for q in procedure.questions if q.kind == kind and answers.get(q.key)), "")


def _content(procedure: Procedure) -> str:
    code = f" (mã thủ tục {procedure.code})" if procedure.code and procedure.known("code") else ""
    return f"{procedure.display_name}{code}"


def _papers(procedure: Procedure, documents: tuple[Document, ...], record: Record) -> tuple[str, ...]:
    """The form, where it was filled in with us, and each paper with how many files it came in."""
    found = [f"{sheet.title_of(procedure)} (điền trực tuyến)"] if record.channel == "online" else []
    for paper in procedure.papers:
        files = sum(document.paper == paper.key for document in documents)
        if files:
            found.append(f"{page.paper_short(paper)} ({files} tệp)")
    return tuple(found)


def _wants(procedure: Procedure, decision: Decision) -> tuple[tuple[str, str], ...]:
    if not isinstance(decision, AskMore):
        return ()
    return tuple((notices.label(procedure, fault.key), fault.reason) for fault in decision.faults)


def _time(procedure: Procedure, decision: Decision) -> str:
    """In numbers where they are known: what is said beside them is for reading, not for a paper."""
    time = procedure.processing
    known = procedure.known("processing")
    if known and time.same_day:
        return "trong ngày làm việc"
    if known and time.working_days is not None:
        return f"{time.working_days:02d} ngày làm việc"
    if known and time.calendar_days is not None:
        return f"{time.calendar_days:02d} ngày"
    promised = decision.working_days if isinstance(decision, Accept) else None
    if promised is not None:
        return f"{promised:02d} ngày làm việc"
    return time.text if known else ""


def _collect(scene: Scene, record: Record) -> str:
    """By post, where that was wished for by then; else at the desk."""
    body, office = record.body, scene.world.office(record.office)
    if body.post is not None:
        return f"qua bưu chính, tới {body.post.address}"
    where = f", {office.desk_address}" if office.known("desk_address") and office.desk_address else ""
    return f"tại {office.desk}{where}"
