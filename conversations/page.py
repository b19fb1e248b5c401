"""A procedure's page: what it is for, what it takes, and how to begin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from catalogue.changes import successor_of
from catalogue.model import Office, Paper, Procedure
from conversations import closure, drafts, menu, notices
from conversations.messages import Button
from conversations.render import button, short, text
from conversations.state import Context, Say, State, Turn
from domain.values import money_words, phone, show_phone

_START: Final[Mapping[str, str]] = {
    "full": "start-full",
    "collect-then-appointment": "start-appointment",
    "collect-and-forward": "start-forward",
    "collective-intake": "start-collective",
    "info": "start-info",
}
_PAPER: Final = 80  # characters of a paper's name in a list
_LONG: Final = 80  # characters of a line that is to be read at a glance
_ASIDE: Final = re.compile(r" \((?!nếu)[^()]{25,}\)")  # a condition or a few words are no aside
_DAYS: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def open_(state: State, arg: str, ctx: Context) -> Turn:
    """Shows the page; where the person came from is kept for the way back."""
    if arg not in ctx.catalogue.procedures:
        return Turn(state.at("menu"), (Say("page.gone"),))
    talk = state.talk
    came = f"{talk.screen}:{talk.query}" if talk.screen in ("field", "event", "choose", "routing") else talk.query
    return Turn(state.at("page", procedure=arg, query=came))


def legal(state: State, arg: str, ctx: Context) -> Turn:
    if arg not in ctx.catalogue.procedures:
        return Turn(state.at("menu"), (Say("page.gone"),))
    return Turn(state.at("legal", procedure=arg, query=state.talk.query))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    procedure = ctx.catalogue.procedures.get(state.talk.procedure)
    if procedure is None:
        return (Say("page.gone", {}, ("menu",)),)
    office, today = ctx.office(state.person.office), drafts.today_of(ctx)
    after = replacement(procedure, office, today, ctx)
    closed = ctx.closed(state.person.office, procedure.id)
    shut = closure.on_page(closed, office, procedure) + "\n\n" if closed is not None else ""
    sure = text("page.sure") + "\n" if state.talk.query.startswith("said:") else ""
    blanks = {
        "first": shut + first_line(procedure, today, after) + sure,
        "name": procedure.display_name,
        "summary": procedure.summary,
        "facts": _facts(procedure, office, today),
        "mode": mode_words(procedure, office, today) if after is None else text("linked.mode-successor"),
    }
    begin = _begin(procedure, office, today)
    if after is not None:
        begin = (button("successor", f"open:{after.id}"), *begin)
    return (
        Say(
            "page.procedure",
            blanks,
            (*begin, *_more(procedure), *menu.resume(state), "menu"),
        ),
    )


def replacement(procedure: Procedure, office: Office, today: date, ctx: Context) -> Procedure | None:
    """What this office takes instead of a procedure that is over."""
    after = successor_of(ctx.catalogue, procedure, today)
    return after if after is not None and office.serves(after.id) else None


def ask_legal(state: State, ctx: Context) -> tuple[Say, ...]:
    procedure = ctx.catalogue.procedures.get(state.talk.procedure)
    if procedure is None:
        return (Say("page.gone", {}, ("menu",)),)
    blanks = {
        "name": procedure.display_name,
        "who": _list(procedure.applicants),
        "originals": _list(procedure.originals or (text("page.originals-none"),)),
        "basis": _list(procedure.legal_basis),
        "fee": procedure.fee.note if procedure.known("fee") else text("page.unknown"),
        "code": _code(procedure) or text("page.unknown"),
    }
    back = button("back-page", f"open:{procedure.id}")
    return (Say("page.legal", blanks, (back, "menu")),)


def taken_here(procedure: Procedure, office: Office, today: date) -> bool:
    """Whether a dossier is gathered at all; otherwise an officer is called."""
    return procedure.intake != "info" and office.serves(procedure.id) and not leads_to_clerk(procedure, today)


def leads_to_clerk(procedure: Procedure, today: date) -> bool:
    """Uncertain, not in force, or replaced by something unchecked: nobody gathers papers for nothing."""
    replaced = procedure.status in ("replaced", "merged")
    doubtful = procedure.status == "uncertain" or not procedure.valid_on(today)
    return doubtful or (replaced and procedure.confidence.papers != "high")


def first_line(procedure: Procedure, today: date, after: Procedure | None = None) -> str:
    """Condolence, and what became of a procedure that is no longer what its name says; with a gap behind.

    `after` is what stands in for it now.
    """
    lines = [text("page.condolence")] if notices.grieving(procedure.id) else []
    match procedure.status:
        case "replaced" | "merged":
            successor = procedure.successor_code or text("page.unknown")
            lines.append(text(f"page.{procedure.status}", {"code": successor}))
            if after is None and leads_to_clerk(procedure, today):
                lines.append(text("page.successor-unknown"))
        case "uncertain":
            lines.append(text("page.uncertain"))
        case "renamed" if procedure.official_name and procedure.official_name != procedure.display_name:
            lines.append(text("page.renamed", {"name": procedure.official_name}))
        case _:
            pass
    if after is not None:
        lines.append(text("linked.successor", {"name": after.display_name}))
    elif not procedure.valid_on(today):
        lines.append(text("page.not-in-force"))
    return "\n".join(lines) + "\n\n" if lines else ""


def mode_words(procedure: Procedure, office: Office, today: date) -> str:
    """What handing in leads to here."""
    if not office.serves(procedure.id):
        return text("page.mode-elsewhere", {"office": office.name})
    if leads_to_clerk(procedure, today):
        return text("page.mode-clerk")
    present = "; ".join(procedure.applicants)
    about = {"authority": procedure.authority, "desk": office.desk, "present": present}
    return text(f"page.mode-{procedure.intake}", about)


def hours_words(office: Office, day: date | None = None) -> str:
    """7:30–11:30, 13:30–17:30, thứ Hai đến thứ Sáu."""
    season = office.hours_on(day) if day else office.hours[-1]
    hours = ", ".join(
        f"{s.opens.hour}:{s.opens.minute:02d}–{s.closes.hour}:{s.closes.minute:02d}" for s in season.sessions
    )
    days = [_DAYS[n - 1] for n in season.weekdays]
    hours += f", {days[0]} đến {days[-1]}" if len(days) > 1 else f", {days[0]}"
    return hours if season.confidence == "high" else text("page.hours-unsure", {"hours": hours})


def phone_words(office: Office) -> str:
    """The office's numbers; one that nobody has confirmed says so."""
    if not office.phones:
        return text("page.unknown")
    sure = all(p.confidence == "high" for p in office.phones)
    numbers = ", ".join(show_phone(phone(p.number) or p.number) for p in office.phones)
    return numbers if sure else text("page.phone-unsure", {"numbers": numbers})


def paper_short(paper: Paper) -> str:
    """The name without what stands in brackets behind it."""
    return paper.name.split(" (")[0].strip()


def papers_words(procedure: Procedure) -> str:
    """What everybody needs, a line each; the rest, which hangs on the answers, in one line."""
    lines = [_paper_line(p, asked=procedure.intake != "info") for p in procedure.papers if _for_all(p)]
    rest = [short(paper_short(p).split(": ")[0], _PAPER) for p in procedure.papers if not _for_all(p)]
    if rest:
        lines.append(text("page.papers-if", {"papers": "; ".join(dict.fromkeys(rest))}))
    return "\n".join(lines)


def _for_all(paper: Paper) -> bool:
    return paper.required_when is None and paper.required


def _paper_line(paper: Paper, *, asked: bool) -> str:
    """`asked`: its form is filled by questions."""
    name = short(paper_short(paper), _PAPER)
    if drafts.filled_here(paper) and asked:
        return text("page.paper-form", {"paper": name})
    return text("page.paper-held" if paper.replaceable_by_data else "page.paper", {"paper": name})


def _brief(items: tuple[str, ...]) -> str:
    """In one line; a long one without its asides, which stand in full beside the legal basis."""
    line = "; ".join(items)
    return line if len(line) <= _LONG else _ASIDE.sub("", line)


def _facts(procedure: Procedure, office: Office, today: date) -> str:
    """Three groups with a gap between them: the papers; how long and how much; who, with what, where."""
    unknown = text("page.unknown")
    listed = procedure.known("papers") and not leads_to_clerk(procedure, today)
    papers_key = "page.papers" if not listed or procedure.confidence_of("papers") == "high" else "page.papers-unsure"
    papers = "\n" + papers_words(procedure) if listed else " " + unknown
    takes = [
        text("page.time", {"time": time_words(procedure)}),
        text("page.fee", {"fee": fee_words(procedure)}),
    ]
    if procedure.deadline_days:
        takes.insert(0, text("page.deadline", {"deadline": procedure.deadline_hint}))
    where = {"desk": office.desk, "hours": hours_words(office, today), "phone": phone_words(office)}
    rest = [
        text("page.who", {"who": _brief(procedure.applicants) or unknown}),
        text("page.originals", {"originals": _brief(procedure.originals) or text("page.originals-none")}),
        text("page.where", where),
    ]
    return "\n\n".join((text(papers_key, {"papers": papers}), "\n".join(takes), "\n".join(rest)))


def time_words(procedure: Procedure) -> str:
    """How long it takes, as surely as it is known."""
    if not procedure.known("processing"):
        return text("page.unknown")
    time = procedure.processing.text
    sure = procedure.confidence_of("processing") == "high"
    return time if sure else text("page.time-unsure", {"time": time})


def fee_words(procedure: Procedure) -> str:
    """Each case with its amount; what is not certain is left to the officer."""
    if not procedure.known("fee") or not procedure.fee.items:
        return " " + notices.fee_words(procedure)
    cases = []
    for item in procedure.fee.items:
        amount = text("page.unknown") if item.amount_vnd is None else money_words(item.amount_vnd)
        cases.append(text("page.fee-case", {"case": item.case, "amount": amount}))
    sure = procedure.confidence_of("fee") == "high"
    return "\n" + "\n".join(cases) + ("" if sure else "\n" + text("page.fee-unsure"))


def _code(procedure: Procedure) -> str:
    """The successor's code where there is one: under that it is taken."""
    return procedure.successor_code or (procedure.code if procedure.known("code") else None) or ""


def _begin(procedure: Procedure, office: Office, today: date) -> tuple[Button, ...]:
    about = button("call", f"callp:{procedure.id}")
    if taken_here(procedure, office, today):
        return (button(_START[procedure.intake], f"start:{procedure.id}"), about)
    if procedure.intake == "info":
        return (button("start-info", f"start:{procedure.id}"),)
    return (about,)


def _more(procedure: Procedure) -> tuple[Button | str, ...]:
    form = (button("form", f"form:{procedure.id}"),) if procedure.known("questions") else ()
    return (*form, button("legal", f"legal:{procedure.id}"), "not-this")


def _list(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {line}" for line in lines)
