"""What a citizen is told when a dossier changes, and the timeline of what they were told."""

from __future__ import annotations

from datetime import datetime
from typing import Final, assert_never

from catalogue.model import Office, Procedure, Question
from conversations import fees, plans
from conversations.messages import Button, File, Message
from conversations.render import short, text
from conversations.satisfaction import with_question
from conversations.staff_state import DossierFile
from conversations.state import DossierView, PostWish
from domain.codes import show
from domain.dossier import (
    QUIET,
    Accept,
    AnswerDraft,
    AskMoney,
    AskMore,
    Decision,
    Done,
    Extend,
    Forward,
    HandOver,
    Invite,
    Missed,
    Post,
    Present,
    Process,
    Rebook,
    Refuse,
    ReturnUnsigned,
    SendBack,
    Settle,
    ShowDraft,
    Status,
    Stop,
    Submit,
    Supplement,
    Withdraw,
)
from domain.fees import Charge
from domain.values import VIETNAM, date_words, moment_words, money_words, show_phone

_GRIEF: Final = ("khai-tu", "mai-tang")
_UnderWay = (
    SendBack
    | ShowDraft
    | AnswerDraft
    | Extend
    | AskMoney
    | Settle
    | Missed
    | Rebook
    | Post
    | Process
    | Present
    | ReturnUnsigned
)
_INSIDE: Final = frozenset(kind.__struct_config__.tag for kind in QUIET)  # why, is the office's own business
_TOLD: Final = frozenset(kind.__struct_config__.tag for kind in Decision.__args__)
STEPS: Final = frozenset(  # of the timeline, but no decisions
    {"closure", "closure-end", "fee", "paid", "refund", "post-wish", "post-drop", "post-refuse"}
)


def grieving(procedure_id: str) -> bool:
    """Whether the procedure is about a death: then no cheerful words or signs."""
    return any(word in procedure_id for word in _GRIEF)


def view_of(file: DossierFile, procedure: Procedure) -> DossierView:
    """The dossier as its citizen sees it, for showing an officer the words before they go out."""
    return DossierView(
        id=file.id,
        tracking_code=file.tracking_code,
        procedure=file.procedure,
        procedure_name=file.procedure_name,
        office=file.office,
        status=file.status,
        applicant=file.applicant,
        submitted_at=file.submitted_at,
        answer_by=file.answer_by,
        own=False,
        official_code=file.official_code,
        due_at=file.due_at,
        appointment_at=file.appointment_at,
        wants=file.wants,
        originals=procedure.originals,
        steps=file.steps,
        charge=file.charge,
        post=file.post,
        collector=file.collector,
    )


def notice(  # noqa: PLR0911, PLR0913 - what some of the words need, named where it is given
    decision: Decision,
    view: DossierView,
    office: Office,
    procedure: Procedure,
    officer: str = "",
    *,
    counts_from: datetime | None = None,
    before: datetime | None = None,
    follow: Procedure | None = None,
) -> Message:
    """The words for `decision`; `view` is the dossier as it stands after it.

    `counts_from`: when the desk was next open after the submission; told only when that was later. `before`: the
    appointment that stood until now, where the decision only moves it. `follow`: what is usually done next.
    """
    about = {
        "title": title(view),
        "code": view.official_code or show(view.tracking_code),
        "desk": office.desk,
        "place": place(office),
        "officer": officer or office.desk,
        "answer_by": moment_words(view.answer_by),
        "authority": procedure.authority,
        "fee": fee_words(procedure, view.charge, view.post),
        "bring": bring(procedure),
    }
    opens = _button("open", f"d:{view.id}")
    call = _button("call", f"call:{view.id}")
    match decision:
        case Submit():
            submitted = {"at": moment_words(view.submitted_at), "code": show(view.tracking_code)}
            words = text("notices.submit", about | submitted)
            if counts_from is not None and counts_from > view.submitted_at:
                words += " " + text("notices.submit-outside-hours", {"at": moment_words(counts_from)})
            return Message(words + "\n\n" + text(f"notices.submit-{procedure.intake}", about), (opens,))
        case Supplement():
            if view.status == Status.SUBMITTED:
                return _say("supplement", about, opens)
            key = "supplement-accepted" if view.due_at is None else "supplement-accepted-due"
            return _say(key, about | {"due": _day(view.due_at)}, opens)
        case Withdraw():
            return _say("withdraw", about, opens, _button("again", f"again:{view.id}"), _button("menu", "menu"))
        case Accept(days):
            due = _due(view, procedure, by_officer=days is not None)
            return _say("accept", about | {"official": view.official_code, "due": due}, opens)
        case AskMore(faults, newly):
            lines = [
                text(
                    "notices.ask-more-fault",
                    {"number": number, "label": label(procedure, fault.key), "reason": fault.reason},
                )
                for number, fault in enumerate(faults, 1)
            ]
            days = procedure.processing.supplement_working_days
            within = "\n" + text("notices.ask-more-within", {"days": days}) if days else ""
            why = "\n" + text("notices.ask-more-newly", {"why": newly}) if newly else ""
            asked = {"count": len(faults), "faults": "\n".join(lines), "within": within, "newly": why}
            return _say("ask-more", about | asked, _button("fix", f"fix:{view.id}"), call)
        case Refuse(reason, instead):
            where = "\n" + text("notices.refuse-instead", {"instead": instead}) if instead else ""
            return _say(
                "refuse", about | {"reason": reason, "instead": where}, call, _button("again", f"again:{view.id}")
            )
        case Invite(at):
            key = "invite-moved" if _moved(at, before) else "invite"
            return _say(key, about | _hours(at, before), opens, _button("move", f"move:{view.id}"), call)
        case Forward(to):
            return _say("forward", about | {"to": to}, opens)
        case Done(pickup_at):
            hours = _hours(pickup_at, before)
            return _done(about, view, office, procedure, "done-moved" if _moved(pickup_at, before) else "", hours)
        case HandOver(_, to):
            handed = _handed_over(about, procedure, follow, by_post=to == "post")
            handed = _collected(handed, view) if to == "collector" else handed
            return with_question(handed, view.id, grief=grieving(procedure.id))
        case Stop(reason):
            anew = _button("again-stopped", f"again:{view.id}")
            return _say("stop", about | {"reason": reason}, anew, call)
        case _:
            return _under_way(decision, about, view, office)


def _done(
    about: dict[str, str], view: DossierView, office: Office, procedure: Procedure, moved: str, hours: dict[str, str]
) -> Message:
    """The result is ready: when to come, or where the post brings it."""
    opens, call = _button("open", f"d:{view.id}"), _button("call", f"call:{view.id}")
    ways = fees.pay_buttons(view.id, view.charge, office)
    if view.post is not None:
        return _say("done-post", about | {"name": view.post.name, "address": view.post.address}, *ways, opens, call)
    coming: tuple[Button, ...] = (_button("move", f"move:{view.id}"),)
    if procedure.collection == "in-person":
        about = about | {"bring": about["bring"] + "\n" + text("notices.in-person")}
    else:
        coming = (*coming, _button("collector", f"collect:{view.id}"))
    key = moved or ("done-forward" if procedure.intake == "collect-and-forward" else "done")
    return _say(key, about | hours, opens, *ways, *coming, call)


def _under_way(decision: _UnderWay, about: dict[str, str], view: DossierView, office: Office) -> Message:
    """Between acceptance and handing over."""
    opens, call = _button("open", f"d:{view.id}"), _button("call", f"call:{view.id}")
    match decision:
        case SendBack(reason):
            key = "send-back-post" if view.status == Status.DONE else "send-back"  # the post brought it back
            return _say(key, about | {"reason": reason}, opens, call)
        case ShowDraft():
            right, wrong = _button("draft-right", f"draftok:{view.id}"), _button("draft-wrong", f"draftno:{view.id}")
            return _say("show-draft", about, right, wrong, call)
        case AnswerDraft(agreed, _, how):
            said = "silence" if how == "silence" else f"{'agreed' if agreed else 'wrong'}-{how}"
            return _say(f"answer-draft-{said}", about, opens, *(() if how == "citizen" else (call,)))
        case Extend(until, reason):
            old = _day(view.extended_from)
            return _say("extend", about | {"reason": reason, "old": old, "new": _day(until)}, opens, call)
        case AskMoney(amount, reason):
            asked = about | {"amount": money_words(amount), "reason": reason}
            return _say("ask-money", asked, *fees.pay_buttons(view.id, view.charge, office, waits=True), opens, call)
        case Settle(amount):
            return _say("settle", about | {"amount": money_words(amount)}, opens)
        case Missed():
            return _say("missed", about, _button("move", f"move:{view.id}"), call)
        case Rebook(at):
            return _say("rebook", about | {"at": moment_words(at)}, opens, _button("move", f"move:{view.id}"))
        case Post(carrier, tracking):
            return _say("post", about | {"carrier": carrier, "tracking": tracking}, opens, call)
        case Process() | Present() | ReturnUnsigned():
            raise AssertionError("a quiet step is told to nobody")
        case _:
            assert_never(decision)


def _handed_over(
    about: dict[str, str], procedure: Procedure, follow: Procedure | None, *, by_post: bool = False
) -> Message:
    grief = grieving(procedure.id)
    if by_post and follow is None:
        return _say("hand-over-post", about)
    if follow is None:
        return _say("hand-over-grief" if grief else "hand-over", about)
    then = _button("follow", f"start:{follow.id}", {"procedure": follow.display_name})
    return _say(
        "hand-over-grief-follow" if grief else "hand-over-follow", about | {"follow": follow.display_name}, then
    )


def _collected(words: Message, view: DossierView) -> Message:
    """Who collected it for the citizen, and when: only as much as tells them apart."""
    if view.collector is None:
        return words
    about = {"given": view.collector.name.split()[-1], "last4": view.collector.last4}
    at = next((step.at for step in reversed(view.steps) if step.decision == "hand-over"), None)
    moment = moment_words(at) if at is not None else text("notices.collected-now")
    line = text("notices.collected", about | {"at": moment})
    return Message(f"{words.text}\n\n{line}", words.buttons)


def correction(view: DossierView, procedure: Procedure, officer: str) -> Message:
    """Old and new value of one answer, for the citizen to agree to; `view.correction` is set."""
    assert view.correction is not None
    key = view.correction.key
    return _say(
        "correction",
        {
            "officer": officer,
            "title": title(view),
            "code": view.official_code or show(view.tracking_code),
            "label": label(procedure, key),
            "old": shown(procedure, key, view.correction_old) or text("notices.correction-nothing"),
            "new": shown(procedure, key, view.correction.reason),
        },
        _button("agree", f"fixok:{view.id}"),
        _button("disagree", f"fixno:{view.id}"),
    )


def talk_opened(officer: str) -> Message:
    """Said once, before the officer's first words."""
    return _say("talk-opened", {"officer": officer}, _button("end", "endcall"))


def talk_closed() -> Message:
    return _say("talk-closed", {}, _button("menu", "menu"))


def answered(officer: str, words: str, file: File | None = None) -> Message:
    """An officer's own words or file, under their name."""
    return Message(words or text("notices.talk-file"), files=(file,) if file is not None else (), speaker=officer)


def timeline(view: DossierView, *, forwards: bool = False) -> str:
    """What happened, oldest first, and where the dossier stands."""
    lines = []
    last = ("", "")
    for step in view.steps:
        if step.decision in _TOLD or step.decision in STEPS:
            what = "moved" if (step.decision, step.to) == last and step.decision in _TOLD else step.decision
            if (step.decision, step.to) == ("send-back", Status.DONE):
                what = "post-back"
            if step.decision not in ("rebook", "missed"):
                last = (step.decision, step.to)
            told = {"at": moment_words(step.at), "what": text(f"notices.timeline-{what}"), "note": step.note}
            noted = step.note and step.decision not in _INSIDE
            lines.append(text("notices.timeline-note" if noted else "notices.timeline-line", told))
    return "\n".join([*lines, standing_words(view, forwards=forwards)])


def standing_words(view: DossierView, *, forwards: bool = False) -> str:
    """One sentence: whose turn it is and until when."""
    key = f"notices.now-{view.status}"
    if view.status == Status.ACCEPTED and forwards:
        key += "-forward"
    elif view.status in (Status.ACCEPTED, Status.PROCESSING, Status.SIGNING) and view.due_at is None:
        key += "-unknown"
    elif view.status == Status.DONE and view.post is not None:
        key += "-post"
    elif view.status in (Status.DONE, Status.INVITED) and view.appointment_at is None:
        key += "-unbooked"
    return text(
        key,
        {
            "answer_by": moment_words(view.answer_by),
            "due": _day(view.due_at),
            "at": moment_words(view.appointment_at) if view.appointment_at else "",
        },
    )


def label(procedure: Procedure, key: str) -> str:
    """The name of a paper or what a question is about, with its group where the form says it twice, and its row."""
    for paper in procedure.papers:
        if paper.key == key:
            return paper.name
    question = plans.question_of(procedure, key)
    if question is None:
        return key
    words = brief(question)
    block = plans.plan(procedure).blocks.get(plans.base(key))
    if block is not None:
        about = {"label": words, "group": plans.title(question.group), "row": plans.row_of(key)}
        return text("notices.label-person" if block.people else "notices.label-row", about)
    twice = [brief(other) for other in procedure.questions].count(words) > 1
    return f"{words} ({question.group})" if twice else words


def brief(question: Question) -> str:
    """What an answer is, in few words: without a question mark or what stands in brackets."""
    return question.short or question.label.split(" (")[0].rstrip("?")


def shown(procedure: Procedure, key: str, value: str) -> str:
    """An answer as people write it; phone numbers are stored otherwise."""
    phones = {question.key for question in procedure.questions if question.kind == "phone"}
    return show_phone(value) if key in phones and value.startswith("+84") else value


def title(view: DossierView) -> str:
    """The procedure, and for whom when it is for somebody else: one phone serves a whole family."""
    return of_whom(view.procedure_name, view.applicant)


def of_whom(words: str, applicant: str) -> str:
    """A procedure or a code, and for whom it is when that is somebody else."""
    if applicant in ("", "self", "other"):
        return words
    return text("notices.title", {"procedure": words, "applicant": applicant})


def place(office: Office) -> str:
    return text("notices.place", {"desk": office.desk, "address": office.desk_address or office.address})


def fee_words(procedure: Procedure, charge: Charge | None = None, post: PostWish | None = None) -> str:
    """The fee as an officer has confirmed it; else as far as it is known, and left to the officer."""
    if charge is not None:
        return fees.charge_words(charge, post)
    fee = procedure.fee
    if not procedure.known("fee"):
        return text("notices.fee-unknown")
    if fee.amount_vnd is None:
        return text("notices.fee-cases" if fee.items else "notices.fee-unknown")
    amount = money_words(fee.amount_vnd) if fee.amount_vnd else text("notices.fee-free")
    if fee.per is not None and fee.amount_vnd:
        amount = text("notices.fee-each", {"amount": amount})
    sure = procedure.confidence_of("fee") == "high"
    key = ("fee-sure" if fee.amount_vnd else "fee-amount") if sure else "fee-confirm"
    return text(f"notices.{key}", {"amount": amount})


def _moved(at: datetime, before: datetime | None) -> bool:
    return before not in (None, at)


def _hours(at: datetime, before: datetime | None) -> dict[str, str]:
    return {"at": moment_words(at), "before": moment_words(before or at)}


def _due(view: DossierView, procedure: Procedure, *, by_officer: bool) -> str:
    """A promise of a day only where the office decides itself."""
    if procedure.intake == "collect-and-forward":
        time = procedure.processing.text if procedure.known("processing") else text("notices.unsure")
        return text("notices.accept-due-forward", {"authority": procedure.authority, "time": time})
    if view.due_at is None:
        return text("notices.accept-due-unknown")
    return text("notices.accept-due-officer" if by_officer else "notices.accept-due", {"due": _day(view.due_at)})


def _day(at: datetime | None) -> str:
    return "" if at is None else date_words(at.astimezone(VIETNAM).date())


def bring(procedure: Procedure) -> str:
    """What to bring to the desk."""
    if not procedure.originals:
        return text("notices.bring-none")
    return text("notices.bring", {"originals": "\n".join(f"- {name}" for name in procedure.originals)})


def _button(key: str, value: str, blanks: dict[str, object] | None = None) -> Button:
    return Button(short(text(f"notices.button-{key}", blanks or {})), value)


def _say(key: str, blanks: dict[str, object] | dict[str, str], *buttons: Button) -> Message:
    return Message(text(f"notices.{key}", blanks), buttons)
