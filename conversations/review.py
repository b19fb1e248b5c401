"""Before handing in: everything once more, what may be changed, the warning and the pledge."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue.model import Procedure
from conversations import drafts, menu, page, questions, unsorted
from conversations.effects import DiscardDraft, SendSupplement, SubmitDossier
from conversations.messages import Button
from conversations.render import button, short, text
from conversations.state import Context, Draft, Say, State, Turn
from domain.codes import show


def ask(state: State, draft: Draft, procedure: Procedure, ctx: Context) -> tuple[Say, ...]:
    """Two messages: what was given, then what it means to hand it in."""
    end = drafts.tag(draft.id)
    lists = {
        "procedure": procedure.display_name,
        "applicant": questions.for_words(draft.applicant),
        "answers": "\n".join(_answers(draft, procedure, ctx)) or text("review.none"),
        "papers": "\n".join(_papers(draft, procedure, ctx)) or text("review.none"),
    }
    edit = []
    if _items(draft, procedure, ctx, drafts.Ask):
        edit.append(button("edit-answers", f"edit-answers:{end}"))
    if _items(draft, procedure, ctx, drafts.Give) or unsorted.sent(draft):
        edit.append(button("edit-papers", f"edit-papers:{end}"))
    if draft.dossier:
        send = button("send-supplement", f"send:{draft.id}")
        given = [text("review.supplement-answers", lists)] if any(_answers(draft, procedure, ctx)) else []
        given += [text("review.supplement-papers", lists)] if any(_papers(draft, procedure, ctx)) else []
        lists["lists"] = "\n\n".join(given)
        return (
            Say("review.supplement", lists),
            Say("review.pledge-supplement", {}, (send, *edit, button("later", "later"))),
        )
    told = procedure.intake in ("collect-then-appointment", "collect-and-forward")
    mode = page.mode_words(procedure, ctx.office(state.person.office), drafts.today_of(ctx)) if told else ""
    submit = button("submit", f"submit:{draft.id}")
    buttons = (submit, *edit, button("later", "later"))
    return (Say("review.page", lists), Say("review.pledge", {"mode": mode}, buttons))


def submit(state: State, arg: str, ctx: Context) -> Turn:
    """Hands the draft in; a second press finds it gone and names the dossier instead."""
    return _hand_in(state, arg, ctx, supplement=False)


def send(state: State, arg: str, ctx: Context) -> Turn:
    """Hands in what the office asked for again."""
    return _hand_in(state, arg, ctx, supplement=True)


def edit_answers(state: State, arg: str, ctx: Context) -> Turn:
    return _edit(state, arg, ctx, "edit-answers")


def edit_papers(state: State, arg: str, ctx: Context) -> Turn:
    return _edit(state, arg, ctx, "edit-papers")


def ask_edit(state: State, ctx: Context) -> tuple[Say, ...]:
    """Which answer, or which paper."""
    here = drafts.open_draft(state, ctx)
    if here is None:
        return menu.ask(state, ctx)
    draft, procedure = here
    answers = state.talk.screen == "edit-answers"
    shown: list[Button | str] = []
    for item in _items(draft, procedure, ctx, drafts.Ask if answers else drafts.Give):
        if isinstance(item, drafts.Ask):
            value = questions.show(item.question, draft.answers.get(item.question.key, ""))
            label = text("review.change", {"label": questions.label(item.question), "value": value or "…"})
        else:
            label = page.paper_short(item.paper)
        shown.append(Button(short(label), f"chg:{drafts.key_of(item)}:{drafts.tag(draft.id)}"))
    key, left = "review.which-answer" if answers else "review.which-paper", unsorted.sent(draft)
    about = {"sent": unsorted.counted(left)}
    if left and not answers:
        key = "review.which-paper-unsorted"
        shown.append(button("drop-unsorted", f"drop-unsorted:{drafts.tag(draft.id)}", about))
    return (Say(key, about, (*shown, button("back-review", f"review:{drafts.tag(draft.id)}"))),)


def change(state: State, arg: str, ctx: Context) -> Turn:
    """One answer or paper is given again; the old one stays until then."""
    here = drafts.open_draft(state, ctx, arg)
    key = arg.partition(":")[0]
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    if key not in (drafts.key_of(item) for item in drafts.items(draft, procedure, drafts.today_of(ctx))):
        return Turn(state.at("draft"), (Say("common.old-button"),))
    finished = tuple(k for k in draft.finished if k != key)
    skipped = tuple(k for k in draft.skipped if k != key)
    paper_full = any(p.key == key and p.key in draft.finished for p in procedure.papers)
    changed = draft if not paper_full else replace(draft, finished=finished)
    changed = changed if key not in draft.skipped else replace(changed, skipped=skipped)
    return Turn(replace(state.at("draft", changing=key), draft=changed))


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
    if not supplement and page.leads_to_clerk(procedure, drafts.today_of(ctx)):
        return Turn(here, (Say("review.not-in-force", {}, (button("call", f"callp:{procedure.id}"),)),), ask=False)
    # The draft itself is closed by the effect; what belongs to no paper is deleted with its file before that.
    left = unsorted.without(draft)
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


def _edit(state: State, arg: str, ctx: Context, screen: str) -> Turn:
    here = drafts.open_draft(state, ctx, arg)
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    return Turn(state.at(screen))


def _items(
    draft: Draft, procedure: Procedure, ctx: Context, kind: type[drafts.Ask | drafts.Give]
) -> list[drafts.Ask | drafts.Give]:
    return [i for i in drafts.items(draft, procedure, drafts.today_of(ctx)) if isinstance(i, kind)]


def _answers(draft: Draft, procedure: Procedure, ctx: Context) -> list[str]:
    lines = []
    for item in _items(draft, procedure, ctx, drafts.Ask):
        if isinstance(item, drafts.Ask) and draft.answers.get(item.question.key):
            value = questions.show(item.question, draft.answers[item.question.key])
            lines.append(text("review.answer", {"label": questions.label(item.question), "value": value}))
    return lines


def _papers(draft: Draft, procedure: Procedure, ctx: Context) -> list[str]:
    lines = []
    for item in _items(draft, procedure, ctx, drafts.Give):
        if isinstance(item, drafts.Give):
            sent = drafts.documents(draft, item.paper.key)
            key = "review.paper" if sent else "review.paper-none"
            lines.append(text(key, {"paper": page.paper_short(item.paper), "sent": unsorted.counted(sent)}))
    if unsorted.sent(draft):
        lines.append(text("review.paper-unsorted", {"sent": unsorted.counted(unsorted.sent(draft))}))
    return lines
