"""A person's dossiers and drafts, one dossier's page, and what a code shows to whom."""

from __future__ import annotations

from collections import Counter

from catalogue.model import Procedure
from conversations import (
    apply,
    collector,
    fees,
    helping,
    linked,
    menu,
    money,
    notices,
    portal,
    post,
    questions,
    rating,
    under_way,
    where,
)
from conversations.effects import AnswerCorrection, WithdrawDossier
from conversations.messages import Button
from conversations.render import button, short, text
from conversations.state import Context, DossierView, Say, State, Turn
from domain.codes import find_official_code, find_tracking_code, looks_like_code, show
from domain.dossier import Rebook, Status, Withdraw, possible
from domain.values import VIETNAM, date_words, moment_words


def mine(state: State, arg: str, _ctx: Context) -> Turn:
    return Turn(state.at("mine", page=int(arg) if arg.isdecimal() and len(arg) < 4 else 0))


def ask_mine(state: State, ctx: Context) -> tuple[Say, ...]:
    """Grouped by whom they are for: one phone serves a whole family."""
    groups: dict[str, list[str]] = {}
    buttons: list[Button] = []
    drafted = Counter(line.procedure for line in ctx.drafts if not line.dossier)
    several = len({line.applicant for line in ctx.drafts} | {dossier.applicant for dossier in ctx.dossiers}) > 1
    handed_in = Counter((dossier.procedure, dossier.status) for dossier in ctx.dossiers)
    for line in ctx.drafts:
        procedure = ctx.catalogue.procedures.get(line.procedure)
        name = procedure.display_name if procedure else line.procedure
        if not line.dossier:  # else its dossier stands in the list and says so
            about = {"procedure": name}
            groups.setdefault(questions.for_words(line.applicant), []).append(text("track.draft", about))
        buttons.append(apply.line_button(line, ctx, several=drafted[line.procedure] > 1))
    for dossier in ctx.dossiers:
        about = {"procedure": dossier.procedure_name, "status": status_words(dossier), "code": code_words(dossier)}
        groups.setdefault(questions.for_words(dossier.applicant), []).append(text("track.line", about))
        key = "track.button" if handed_in[dossier.procedure, dossier.status] == 1 else "track.button-code"
        label = text(key, about)
        if several and dossier.applicant not in ("", "self"):  # a family on one phone: two may wait for the same thing
            label = text("track.button-for", {"applicant": dossier.applicant, "label": label})
        buttons.append(Button(short(label), f"d:{dossier.id}"))
    if not buttons:
        return (Say("track.none", {}, (*helping.ways_in(ctx), "find", button("look-by-number", "look"), "menu")),)
    shown = [text("track.group", {"applicant": who, "lines": "\n".join(lines[:20])}) for who, lines in groups.items()]
    asides: tuple[Button | str, ...] = (*helping.ways_in(ctx), *where.ways_in(ctx))
    rest: tuple[Button | str, ...] = (*menu.paged(buttons, state.talk.page, "mine"), *asides, "menu")
    return (Say("track.mine", {"groups": "\n\n".join(shown)}, rest),)


def open_(state: State, arg: str, ctx: Context) -> Turn:
    if _own(arg, ctx) is None:
        return Turn(state.at("mine"), (Say("track.not-found"),))
    return Turn(state.at("dossier", dossier=arg))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """One dossier: where it stands, whose turn it is and until when, and what has happened."""
    dossier = _own(state.talk.dossier, ctx)
    if dossier is None:
        return ask_mine(state, ctx)
    return (Say("track.dossier", told(dossier, ctx), _buttons(dossier, ctx.procedure_of(dossier), ctx)),)


def told(dossier: DossierView, ctx: Context) -> dict[str, str]:
    """What a page says of a dossier."""
    forwards = ctx.procedure_of(dossier).intake == "collect-and-forward"
    return {
        "title": notices.title(dossier),
        "codes": _codes(dossier),
        "status": status_words(dossier),
        "facts": "".join(f"\n{line}" for line in _facts(dossier, ctx)),
        "timeline": notices.timeline(dossier, forwards=forwards),
    }


def by_words(state: State, words: str, ctx: Context) -> Turn | None:
    """A code in a message; None when there is none. Others' dossiers show a bare state by tracking code only."""
    tracking = find_tracking_code(words)
    official = find_official_code(words)
    if tracking is None and official is None:
        return Turn(state, (Say("track.mistyped"),)) if looks_like_code(words) else None
    dossier = ctx.dossier_by_code(tracking or official or "")
    if dossier is not None and dossier.own:
        return Turn(state.at("dossier", dossier=dossier.id))
    if dossier is None or tracking is None:
        return Turn(state, (Say("track.not-found"),))
    return Turn(state, (bare(dossier),))


def bare(dossier: DossierView, code: str = "") -> Say:
    """What anybody may read who has the code: where it stands, and nothing of whose it is.

    `code`: the one that was given. Who has the official code alone does not learn the tracking code from it.
    """
    about = {
        "code": code if code == dossier.official_code and code else show(dossier.tracking_code),
        "procedure": dossier.procedure_name,
        "status": status_words(dossier),
        "standing": notices.standing_words(dossier),
    }
    return Say("track.bare", about)


def withdraw(state: State, arg: str, ctx: Context) -> Turn:
    dossier = _own(arg, ctx)
    if dossier is None or Withdraw not in possible(Status(dossier.status)):
        return Turn(state, (Say("track.no-withdraw"),))
    return Turn(state.at("withdraw", dossier=arg))


def ask_withdraw(state: State, ctx: Context) -> tuple[Say, ...]:
    dossier = _own(state.talk.dossier, ctx)
    if dossier is None:
        return ask_mine(state, ctx)
    buttons = (button("withdraw-yes", f"wdok:{dossier.id}"), button("withdraw-no", f"d:{dossier.id}"))
    return (Say("track.withdraw", {"title": notices.title(dossier)}, buttons),)


def withdrawn(state: State, arg: str, ctx: Context) -> Turn:
    dossier = _own(arg, ctx)
    if dossier is None or Withdraw not in possible(Status(dossier.status)):
        return Turn(state, (Say("track.no-withdraw"),))
    return Turn(state.at("mine"), (), (WithdrawDossier(arg),))


def fix(state: State, arg: str, ctx: Context) -> Turn:
    """Opens the draft that answers a request for more; typed without saying which, the newest one."""
    line = next((line for line in ctx.drafts if line.dossier and line.dossier == (arg or line.dossier)), None)
    if line is None:
        return Turn(state, (Say("track.nothing-to-fix"),))
    return apply.resume(state, line.id, ctx)


def agree(state: State, arg: str, ctx: Context) -> Turn:
    return _correction(state, arg, ctx, agreed=True)


def disagree(state: State, arg: str, ctx: Context) -> Turn:
    return _correction(state, arg, ctx, agreed=False)


def status_words(dossier: DossierView) -> str:
    return text(f"track.status-{dossier.status}")


def code_words(dossier: DossierView) -> str:
    return dossier.official_code or show(dossier.tracking_code)


def _correction(state: State, arg: str, ctx: Context, *, agreed: bool) -> Turn:
    dossier = _own(arg, ctx)
    if dossier is None or dossier.correction is None:
        return Turn(state, (Say("track.correction-gone"),))
    about = {"label": notices.label(ctx.procedure_of(dossier), dossier.correction.key)}
    said = Say("track.correction-agreed" if agreed else "track.correction-declined", about)
    return Turn(state, (said,), (AnswerCorrection(arg, agreed),))


def _own(dossier_id: str, ctx: Context) -> DossierView | None:
    return next((d for d in ctx.dossiers if d.id == dossier_id), None)


def _codes(dossier: DossierView) -> str:
    tracking = text("track.code-tracking", {"code": show(dossier.tracking_code)})
    if not dossier.official_code:
        return tracking
    return text("track.code-official", {"code": dossier.official_code}) + "\n" + tracking


def late_words(dossier: DossierView, ctx: Context) -> list[str]:
    """Where the office has not kept its own moment it says so, instead of naming it as if it were to come."""
    status = Status(dossier.status)
    if status == Status.SUBMITTED and dossier.answer_by < ctx.now:
        return [text("track.late-answer")]
    due = dossier.due_at if status in (Status.ACCEPTED, Status.PROCESSING, Status.SIGNING) else None
    return [text("track.late")] if due is not None and due < ctx.now else []


def _facts(dossier: DossierView, ctx: Context) -> list[str]:
    lines = []
    status = Status(dossier.status)
    if dossier.due_at is not None and status in (Status.ACCEPTED, Status.PENDING):
        lines.append(text("track.due", {"due": date_words(dossier.due_at.astimezone(VIETNAM).date())}))
    lines += late_words(dossier, ctx)
    lines += under_way.facts(dossier)
    if dossier.appointment_at is not None and status in (Status.INVITED, Status.DONE):
        place = notices.place(ctx.office(dossier.office))
        lines.append(text("track.appointment", {"at": moment_words(dossier.appointment_at), "place": place}))
        if dossier.originals:
            lines.append(text("track.originals", {"originals": "; ".join(dossier.originals)}))
    if dossier.collector is not None and status == Status.DONE:
        lines.append(collector.fact(dossier.collector))
    procedure = ctx.procedure_of(dossier)
    if status in (Status.INCOMPLETE, Status.PENDING):
        lines += [
            text("track.want", {"label": notices.label(procedure, want.key), "reason": want.reason})
            for want in dossier.wants
        ]
    lines += filter(None, (money.fact(dossier), post.fact(dossier)))
    if dossier.parts:
        lines.append(text("linked.citizen", {"lines": "\n".join(linked.lines(procedure, dossier.parts))}))
    lines += portal.citizen_lines(dossier.portal, dossier.status)
    if dossier.helper is not None and dossier.own:
        lines.append(helping.fact(dossier.helper, dossier.applicant))
    if dossier.correction is not None:
        label = notices.label(procedure, dossier.correction.key)
        new = dossier.correction.reason
        lines.append(text("track.correction", {"label": label, "old": dossier.correction_old or "…", "new": new}))
    return lines


def _buttons(dossier: DossierView, procedure: Procedure, ctx: Context) -> tuple[Button | str, ...]:
    shown: list[Button | str] = [*under_way.buttons(dossier)]
    if dossier.correction is not None:
        shown += [button("agree", f"fixok:{dossier.id}"), button("disagree", f"fixno:{dossier.id}")]
    if dossier.status in (Status.INCOMPLETE, Status.PENDING):
        shown.append(button("fix", f"fix:{dossier.id}"))
    comes = dossier.post is None  # else the post brings it
    if comes and Rebook in possible(Status(dossier.status)):
        booked = dossier.appointment_at is not None
        shown.append(button("move" if booked else "book", f"move:{dossier.id}"))
    others = collector.button_of(dossier, procedure) if comes else None
    if others is not None:
        shown.append(others)
    shown += [
        *_ways(dossier, ctx),
        *post.buttons(dossier, procedure),
    ]
    shown += rating.offered(dossier, ctx)
    shown.append(button("call", f"call:{dossier.id}"))
    if Withdraw in possible(Status(dossier.status)):
        shown.append(button("withdraw", f"wd:{dossier.id}"))
    return (*shown, "mine", "menu")


def _ways(dossier: DossierView, ctx: Context) -> tuple[Button, ...]:
    """How to pay what is still missing."""
    waits = dossier.status == Status.PAYING
    return fees.pay_buttons(dossier.id, dossier.charge, ctx.office(dossier.office), waits=waits)
