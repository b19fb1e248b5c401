"""What the staff group sees: cards without personal data, one-line alerts, and the papers for one officer alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from catalogue.model import Procedure
from conversations import fees, linked, portal, under_way
from conversations.messages import Button, Message
from conversations.render import short, text
from conversations.staff_buttons import button, card_buttons
from conversations.staff_state import CallFile, DossierFile, Officer
from domain.codes import show
from domain.dossier import BALL_WITH_CITIZEN, FINAL, Accept, AnswerDraft, Decision, Done, HandOver, SendBack, Status
from domain.values import VIETNAM, date_words, moment_words

_ENDINGS: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf"}
MOST: Final = 8  # buttons under a list; its lines go on
_SOUND: Final = frozenset({"ok", "checking"})


def dossier_card(file: DossierFile, procedure: Procedure, now: datetime) -> Message:
    """The dossier as everybody in the group may see it."""
    lines = [
        text(
            "cards.card",
            {
                "sign": sign(file, now),
                "procedure": file.procedure_name,
                "code": code_words(file),
                "status": status_words(file),
                "papers": len({document.paper for document in file.documents}),
                "files": len(file.documents),
                "submitted": moment_words(file.submitted_at),
                "clock": clock_words(file),
                "owner": owner_words(file.owner),
            },
        ),
        *linked.card_line(procedure, file.parts),
        *portal.card_lines(file.portal, file.status),
        *_remarks(file),
    ]
    return Message("\n".join(lines), card_buttons(file, procedure.intake), card=f"dossier:{file.id}")


def _remarks(file: DossierFile) -> Iterator[str]:
    if file.channel != "online":
        yield text(f"cards.channel-{file.channel}")
    if file.closure is not None:
        yield text("closure.card", {"ends": moment_words(file.closure.ends_at), "reason": file.closure.reason})
    if file.held is not None:
        yield text("cards.held", {"decision": decision_words(file.held, file.status)})
    if file.twin:
        yield text("cards.twin", {"twin": show(file.twin)})
    if file.rounds:
        yield text("cards.rounds", {"count": file.rounds})
    missed = sum(step.decision == "missed" for step in file.steps)
    if missed:
        yield text("cards.missed", {"count": missed})
    if file.collector is not None and file.status == Status.DONE:
        yield text("cards.collector")
    yield from under_way.card_lines(file)
    if file.charge is not None:
        yield fees.card_words(file.charge)
    if file.post is not None:
        yield text("post.card")
    if file.correction is not None:
        yield text("cards.correction")
    if file.call_open:
        yield text("cards.talking")


def call_card(call: CallFile) -> Message:
    """A citizen who asked for a person, or who was not satisfied."""
    if call.rating:
        return _rating_card(call)
    nobody = "cards.call-owner-none" if call.open else "cards.call-closed-none"
    lines = [
        text(
            "cards.call" if call.open else "cards.call-closed",
            {
                "about": short(call.about, 200),
                "at": moment_words(call.opened_at),
                "owner": text("cards.call-owner" if call.owner else nobody, {"name": call.owner}),
            },
        )
    ]
    if call.dossier:
        lines.append(text("cards.call-dossier", {"code": show(call.dossier)}))
    if call.dossiers and call.open:
        key = "cards.call-dossiers-other" if call.dossier else "cards.call-dossiers"
        lines.append(text(key, {"codes": ", ".join(call.dossiers)}))
    offered = tuple(button(action, call.id, kind="c") for action in ("answer", "end")) if call.open else ()
    return Message("\n".join(lines), offered, card=f"call:{call.id}")


def _rating_card(call: CallFile) -> Message:
    """Neither who it was nor what they wrote."""
    if call.answered:
        owner = "card-answered"
    elif not call.open:
        owner = "card-changed"
    else:
        owner = "card-owner" if call.owner else "card-nobody"
    about = {
        "about": call.about,
        "at": moment_words(call.opened_at),
        "owner": text(f"rating.{owner}", {"name": call.owner}),
    }
    words = text("rating.card" if call.open else "rating.card-closed", about)
    dossier = text("cards.call-dossier", {"code": show(call.dossier)})
    offered = tuple(button(action, call.id, kind="c") for action in ("answer", "called")) if call.open else ()
    return Message(f"{words}\n{dossier}", offered, card=f"call:{call.id}")


def alert_line(file: DossierFile, reason: str) -> Message:
    """The one line under the card that alerts people, since an edited card does not.

    `reason` is a moment under "cards.alert-": submitted, supplemented, withdrawn, agreed, declined, draft-right,
    draft-wrong, helper-gone, cosign-signed, cosign-declined, said, lapsed, returned, passed, answer-soon, answer-late,
    due-soon, due-soon-extended, due-today, overdue, visit, visit-missed, supplement-over, draft-over,
    money-over, money-back, money-came, post-wish, post-drop, portal-differs, unanswered, undelivered,
    stopped-news.
    """
    owner = file.owner.name if file.owner else text("cards.alert-nobody")
    what = text(f"cards.alert-{reason}")
    return Message(text("cards.alert", {"owner": owner, "what": what, "code": code_of(file)}))


def lapsed_line(owner: Officer, files: Sequence[DossierFile]) -> Message:
    """All that an absent officer leaves behind, in one message instead of many."""
    lines = [text("cards.lapsed", {"name": owner.name, "count": len(files)})]
    lines += [
        text("cards.lapsed-line", {"number": number, "code": code_of(file), "procedure": file.procedure_name})
        for number, file in enumerate(files[:MOST], 1)
    ]
    if len(files) > MOST:
        lines.append(text("cards.lapsed-more", {"count": len(files) - MOST}))
    return Message("\n".join(lines), opening(files))


def opening(files: Sequence[DossierFile], first: int = 1) -> tuple[Button, ...]:
    """Buttons that open the dossiers of a list numbered from `first` on."""
    return tuple(
        button("open", file.id, label=text("cards.opening", {"number": number, "code": code_of(file)}))
        for number, file in enumerate(files[:MOST], first)
    )


def opening_calls(calls: Sequence[CallFile]) -> tuple[Button, ...]:
    """The same for calls about a dossier."""
    return tuple(
        button("open", call.id, kind="c", label=text("cards.opening", {"number": number, "code": show(call.dossier)}))
        for number, call in enumerate(calls, 1)
    )


def call_line(about: str) -> Message:
    """A new call, for officers who have no card of it."""
    return Message(text("cards.alert-called", {"owner": text("cards.alert-nobody"), "about": short(about, 200)}))


def call_alert(head: Officer | None) -> Message:
    """A call without a dossier that nobody answered goes to the head."""
    return Message(text("cards.alert-call", {"owner": head.name if head else text("cards.alert-nobody")}))


def sign(file: DossierFile, now: datetime) -> str:
    """A coloured sign: yellow when a quarter of the time is left, red when none is."""
    status = Status(file.status)
    deadline = file.answer_by if status == Status.SUBMITTED else file.due_at
    if status in FINAL:
        key = "closed"
    elif status in BALL_WITH_CITIZEN:
        key = "waiting"
    elif deadline is None:
        key = "calm"
    elif now >= deadline:
        key = "late"
    else:
        key = "soon" if (deadline - now) * 4 <= deadline - file.submitted_at else "calm"
    return text(f"cards.sign-{key}")


def person_words(file: DossierFile, procedure: Procedure) -> str:
    """Whose dossier it is, for one officer who looks for it: never for the group."""
    if file.applicant not in ("", "self"):
        return file.applicant
    names = (file.answers.get(q.key, "") for q in procedure.questions if q.kind == "person_name")
    return next(filter(None, names), text("cards.papers-self"))


def code_words(file: DossierFile) -> str:
    codes = {"tracking": show(file.tracking_code), "official": file.official_code}
    return text("cards.code-official" if file.official_code else "cards.code-tracking", codes)


def listed(file: DossierFile, now: datetime) -> dict[str, str]:
    """What a line of an officers' list says of it: nothing personal."""
    return {
        "sign": sign(file, now),
        "code": code_of(file),
        "procedure": file.procedure_name,
        "clock": clock_words(file),
        "status": status_words(file),
        "owner": owner_words(file.owner),
    }


def code_of(file: DossierFile) -> str:
    """The one code to call it by."""
    return file.official_code or show(file.tracking_code)


def status_words(file: DossierFile) -> str:
    return text(f"cards.status-{file.status}")


def decision_words(decision: Decision, before: str = "") -> str:
    """What a decision is called; `before` is the status in which it is taken."""
    if isinstance(decision, Done) and before == Status.DONE:
        return text("cards.decision-rebook")
    if isinstance(decision, Accept) and decision.working_days is not None:
        return text("cards.decision-accept-days", {"days": decision.working_days})
    if isinstance(decision, AnswerDraft):
        return text("cards.decision-answer-draft" if decision.agreed else "cards.decision-answer-draft-wrong")
    if isinstance(decision, HandOver) and decision.to == "post":
        return text("staff-button.arrived")
    if isinstance(decision, SendBack) and decision.reason == text("post.came-back"):
        return text("staff-button.returned")
    return text(f"cards.decision-{decision.__struct_config__.tag}")


def owner_words(owner: Officer | None) -> str:
    if owner is None:
        return text("cards.owner-none")
    return text("cards.owner-absent" if owner.absent else "cards.owner", {"name": owner.name})


def clock_words(file: DossierFile) -> str:
    """The moment that matters next."""
    status, visit = Status(file.status), file.appointment_at
    if status in FINAL:
        return text("cards.clock-closed")
    if status == Status.SUBMITTED:
        return text("cards.clock-answer", {"at": moment_words(file.answer_by)})
    if visit is not None and status in (Status.DONE, Status.INVITED):
        key = "cards.clock-pickup" if status == Status.DONE else "cards.clock-visit"
        return text(key, {"at": moment_words(visit)})
    if file.post is not None and status in (Status.DONE, Status.POSTED):
        return text("post.clock-ready" if status == Status.DONE else "post.clock-sent")
    if status in BALL_WITH_CITIZEN:
        return text("cards.clock-citizen")
    if file.due_at is None:
        return text("cards.clock-none")
    return text("cards.clock-due", {"day": date_words(file.due_at.astimezone(VIETNAM).date())})
