"""Before handing in: everything once more, what may be changed, the warning and the pledge."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure, Question
from conversations import drafts, filled, form, helping, page, photos, plans, questions, record, unsorted
from conversations.effects import DiscardDraft, SendFilled, SendSupplement, SubmitDossier
from conversations.render import button, text
from conversations.state import Context, Draft, Say, State, Turn
from domain.codes import show

_LONGEST: Final = 1_850  # characters of answers and papers in one message; some messengers take 2,000
_LEAST: Final = 600  # of answers, however many papers there are


def ask(state: State, draft: Draft, procedure: Procedure, ctx: Context) -> tuple[Say, ...]:
    """What was given, in one message or more, then what it means to hand it in."""
    end = drafts.tag(draft.id)
    papers = "\n".join(_papers(draft, procedure, ctx))
    room = _LONGEST - len(papers) - len(procedure.display_name)
    first, *rest = _pages(_answers(draft, procedure, ctx), max(room, _LEAST))
    lists = {
        "procedure": procedure.display_name,
        "applicant": questions.for_words(draft.applicant),
        "answers": first or text("review.none"),
        "papers": papers or text("review.none"),
    }
    edit = []
    if _items(draft, procedure, ctx, drafts.Ask):
        edit.append(button("edit-answers", f"edit-answers:{end}"))
    if _items(draft, procedure, ctx, drafts.Give) or unsorted.sent(draft):
        edit.append(button("edit-papers", f"edit-papers:{end}"))
    if draft.dossier:
        send = button("send-supplement", f"send:{draft.id}")
        given = [text("review.supplement-answers", lists)] if any(_answers(draft, procedure, ctx)) else []
        given += [text("review.supplement-papers", lists)] if papers else []
        lists["lists"] = "\n\n".join(given)
        return (
            Say("review.supplement", lists),
            Say("review.pledge-supplement", {}, (send, *edit, button("later", "later"))),
        )
    told = procedure.intake in ("collect-then-appointment", "collect-and-forward")
    mode = page.mode_words(procedure, ctx.office(state.person.office), drafts.today_of(ctx)) if told else ""
    submit = button("submit", f"submit:{draft.id}")
    buttons = (submit, *edit, button("filled", f"filled:{end}"), button("later", "later"))
    pledge = Say("review.pledge", {"mode": mode}, buttons)
    if not rest:
        return (Say("review.page", lists), pledge)
    begun = (Say("review.page-begun", lists), *(Say("review.page-more", {"answers": more}) for more in rest[:-1]))
    return (*begun, Say("review.page-end", {**lists, "answers": rest[-1]}), pledge)


def show_form(state: State, arg: str, ctx: Context) -> Turn:
    """The form as it would be printed; it comes by itself in a few seconds."""
    here = drafts.open_draft(state, ctx, arg)
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    shown = ask(state, *here, ctx)[-1].buttons
    return Turn(state, (Say("review.filled", {}, shown),), (SendFilled(here[0].id),), ask=False)


def submit(state: State, arg: str, ctx: Context) -> Turn:
    """Hands the draft in; a second press finds it gone and names the dossier instead."""
    return _hand_in(state, arg, ctx, supplement=False)


def send(state: State, arg: str, ctx: Context) -> Turn:
    """Hands in what the office asked for again."""
    return _hand_in(state, arg, ctx, supplement=True)


def look(state: State, arg: str, ctx: Context) -> Turn:
    if drafts.open_draft(state, ctx, arg) is None:
        return Turn(state, (Say("common.old-button"),))
    return Turn(state.at("draft"))


def cancel(state: State, _arg: str, _ctx: Context) -> Turn:
    """Asks first: a draft is easily lost and slowly made."""
    if state.draft is None:
        return Turn(state, (Say("review.nothing-to-cancel"),))
    return Turn(state.at("cancel"))


def ask_cancel(state: State, ctx: Context) -> tuple[Say, ...]:
    here = drafts.open_draft(state, ctx)
    name = here[1].display_name if here else ""
    more = "-supplement" if here and here[0].dossier else ""
    discard = button("discard-supplement" if more else "discard", f"discard:{drafts.tag(state.talk.draft)}")
    return (Say(f"review.cancel{more}", {"procedure": name}, (discard, "later", button("resume", "resume"))),)


def discard(state: State, arg: str, _ctx: Context) -> Turn:
    draft = state.draft
    if draft is None or arg != drafts.tag(draft.id):
        return Turn(state, (Say("common.old-button"),))
    gone = replace(state.at("menu", draft=""), draft=None)
    said = Say("review.discarded-supplement" if draft.dossier else "review.discarded")
    return Turn(gone, (said,), (DiscardDraft(draft.id),))


def _hand_in(state: State, draft_id: str, ctx: Context, *, supplement: bool) -> Turn:
    draft = state.draft if state.draft is not None and state.draft.id == draft_id else ctx.draft(draft_id)
    procedure = drafts.procedure_of(draft, ctx) if draft is not None else None
    if draft is None or procedure is None:
        return _already(state, draft_id, ctx)
    here = replace(state.at("draft", draft=draft.id), draft=draft)
    if not isinstance(drafts.step(here, draft, procedure, drafts.today_of(ctx)), drafts.Review):
        return Turn(here, (Say("review.missing"),))
    if state.draft is not draft or bool(draft.dossier) is not supplement:
        return Turn(here, (Say("review.look-again"),))
    waits = photos.hurried(here, draft)
    if waits is not None:
        return waits
    if not supplement and page.leads_to_clerk(procedure, drafts.today_of(ctx)):
        return Turn(here, (Say("review.not-in-force", {}, (button("call", f"callp:{procedure.id}"),)),), ask=False)
    if not supplement and helping.missing(draft, procedure, ctx):
        return helping.begin(here, draft)
    # The draft itself is closed by the effect; what belongs to no paper is deleted with its file before that.
    left = unsorted.without(draft if supplement else filled.final(procedure, draft, drafts.today_of(ctx)))
    gone = replace(state.at("menu", draft=""), draft=None if left == draft else left)
    if supplement:
        return Turn(gone, (), (SendSupplement(draft.id),))
    return Turn(gone, (), (SubmitDossier(draft.id),))


def _already(state: State, draft_id: str, ctx: Context) -> Turn:
    for dossier in ctx.dossiers:
        if dossier.id == draft_id:
            opened = (button("open-dossier", f"d:{dossier.id}"), "menu")
            code = dossier.official_code or show(dossier.tracking_code)
            said = Say("review.already", {"code": code, "procedure": dossier.procedure_name}, opened)
            return Turn(state, (said,), ask=False)
    return Turn(state, (Say("review.already-unknown", {}, ("mine", "menu")),), ask=False)


def _items(
    draft: Draft, procedure: Procedure, ctx: Context, kind: type[drafts.Ask | drafts.Give]
) -> list[drafts.Ask | drafts.Give]:
    return [i for i in drafts.items(draft, procedure, drafts.today_of(ctx)) if isinstance(i, kind)]


def _answers(draft: Draft, procedure: Procedure, ctx: Context) -> list[str]:
    """A line each, group by group."""
    if draft.dossier:
        asked = [i.question for i in _items(draft, procedure, ctx, drafts.Ask) if isinstance(i, drafts.Ask)]
        return [_line(draft, q) for q in asked if draft.answers.get(q.key) or draft.marks.get(q.key) == "desk"]
    lines = []
    for group in plans.plan(procedure).groups:
        told = form.told(procedure, draft, drafts.today_of(ctx), group)
        if told:
            lines.append(text("review.group", {"group": plans.title(group)}))
            lines += [_line(draft, q) for q in told]
    return lines


def _line(draft: Draft, question: Question) -> str:
    value = record.show(question, draft.answers.get(question.key, ""))
    desk = draft.marks.get(question.key) == "desk"
    return text("review.answer-desk" if desk else "review.answer", {"label": record.label(question), "value": value})


def _pages(lines: list[str], most: int) -> list[str]:
    """The lines in as many messages as they need."""
    pages = [""]
    for line in lines:
        if pages[-1] and len(pages[-1]) + len(line) > most:
            pages.append("")
        pages[-1] += line + "\n"
    return [page_.strip() for page_ in pages]


def _papers(draft: Draft, procedure: Procedure, ctx: Context) -> list[str]:
    lines = []
    for item in _items(draft, procedure, ctx, drafts.Give):
        if isinstance(item, drafts.Give):
            sent = drafts.documents(draft, item.paper.key)
            empty = (
                "review.paper-filled" if drafts.filled_here(item.paper) and not draft.dossier else "review.paper-none"
            )
            key = "review.paper" if sent else empty
            lines.append(text(key, {"paper": page.paper_short(item.paper), "sent": unsorted.counted(sent)}))
    if unsorted.sent(draft):
        lines.append(text("review.paper-unsorted", {"sent": unsorted.counted(unsorted.sent(draft))}))
    return lines
