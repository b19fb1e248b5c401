"""A dossier in the making: for whom, with whose consent, then question by question and paper by paper."""

from __future__ import annotations

from datetime import date
from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure
from conversations import (
    call,
    choosing,
    closure,
    drafts,
    filled,
    filling,
    menu,
    notices,
    page,
    papers,
    photos,
    questions,
    refresh,
    review,
    several,
    spoken,
    whose,
)
from conversations.closure import ClosureView
from conversations.drafts import DECLINED, HANDLE, NOTIFY, OTHER, SELF
from conversations.messages import Button, ContactShared, Event, FileSent, TextSent
from conversations.render import button, short, text
from conversations.state import Context, Draft, DraftLine, Say, State, Turn
from domain.values import Wrong, parse

_OWN: Final = {"self": "for-self", "child": "for-child", "grief": "for-grief"}  # the button by what it is about


def start(state: State, arg: str, ctx: Context) -> Turn:
    """Begins, or asks which of the open drafts to go on with; where nothing is gathered an officer is called."""
    procedure = ctx.catalogue.procedures.get(arg)
    if procedure is None:
        return Turn(state.at("menu"), (Say("page.gone"),))
    office, today = ctx.office(state.person.office), drafts.today_of(ctx)
    after = page.replacement(procedure, office, today, ctx)
    if after is not None:
        said = Say("linked.instead", {"old": procedure.display_name, "name": after.display_name})
        return replace(page.open_(state, after.id, ctx), says=(said,))
    if not page.taken_here(procedure, office, today):
        return call.about_procedure(state, arg, ctx)
    if state.talk.screen == "draft" and state.draft is not None and _untouched(state.draft, arg):
        return Turn(state)  # pressed twice
    if _open_drafts(arg, ctx):
        return Turn(state.at("again", procedure=arg, query=state.talk.query))
    return new(state, arg, ctx)


def new(state: State, arg: str, ctx: Context) -> Turn:
    procedure = ctx.catalogue.procedures.get(arg)
    if procedure is None or not page.taken_here(procedure, ctx.office(state.person.office), drafts.today_of(ctx)):
        return start(state, arg, ctx)
    draft = filled.settled(procedure, Draft(ctx.fresh, arg, ctx.catalogue.hashes[arg]), drafts.today_of(ctx))
    begun = replace(state.at("draft", draft=draft.id), draft=draft)
    closed = ctx.closed(state.person.office, arg)
    shut = () if closed is None or state.talk.screen == "page" else (_closed(closed, procedure, state, ctx),)
    return Turn(begun, (*shut, Say("apply.begin", {"procedure": procedure.display_name})))


def _closed(closed: ClosureView, procedure: Procedure, state: State, ctx: Context) -> Say:
    """Who begins while it is closed reads so first."""
    return Say("closure.shown", {"text": closure.on_page(closed, ctx.office(state.person.office), procedure)})


def ask_again(state: State, ctx: Context) -> tuple[Say, ...]:
    """The open drafts of this procedure, one for each applicant, beside a new one."""
    found = [
        button("resume-for", f"resume:{d.id}", {"applicant": questions.for_words(d.applicant)})
        for d in _open_drafts(state.talk.procedure, ctx)
    ]
    procedure = ctx.catalogue.procedures.get(state.talk.procedure)
    name = procedure.display_name if procedure else state.talk.procedure
    new_one = button("new", f"new:{state.talk.procedure}")
    buttons: tuple[Button | str, ...] = (*found[: menu.PAGE], new_one, "menu")
    return (Say("apply.again", {"procedure": name}, buttons),)


def resume(state: State, arg: str, ctx: Context) -> Turn:
    """Back to the question where a draft was left, however long ago."""
    wanted = arg or state.talk.draft or next((line.id for line in ctx.drafts), "")
    draft = state.draft if state.draft is not None and state.draft.id == wanted else ctx.draft(wanted)
    if draft is None:
        return Turn(state.at("menu", draft=""), (Say("apply.gone" if arg else "apply.none-open"),))
    draft = whose.settled(draft)
    procedure = drafts.procedure_of(draft, ctx)
    if procedure is None:
        return Turn(state.at("menu", draft=""), (Say("apply.gone"),))
    says = (
        Say("apply.resumed", {"procedure": procedure.display_name, "applicant": questions.for_words(draft.applicant)}),
    )
    fresh, changed = refresh.refresh(replace(state.at("draft", draft=draft.id), draft=draft), ctx)
    return Turn(fresh, (*says, *changed))


def later(state: State, _arg: str, _ctx: Context) -> Turn:
    return Turn(state.at("menu"), (Say(_kept(state.draft)),) if state.draft else ())


def _kept(draft: Draft) -> str:
    """What is to be added has not been sent yet: nobody is to think that it has."""
    return "apply.kept-supplement" if draft.dossier else "apply.kept"


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """The question that follows from the answers, and whom it is about where that is not plain."""
    here = drafts.open_draft(state, ctx)
    if here is None:
        return menu.ask(state, ctx)
    return several.named(_asked(state, *here, ctx), here[0], ctx)


def _asked(state: State, draft: Draft, procedure: Procedure, ctx: Context) -> tuple[Say, ...]:
    end = drafts.tag(draft.id)
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    match step:
        case drafts.ForWhom():
            about = _about(procedure)
            own, other = button(_OWN[about], f"for:{SELF}:{end}"), button("for-other", f"for:{OTHER}:{end}")
            return (Say(f"apply.for-whom-{about}", {}, (own, other, "back")),)
        case drafts.Consent(purpose):
            yes, no = button("agree", f"yes:{purpose}"), button("disagree", f"no:{purpose}")
            return (Say(f"apply.consent-{purpose}", {"desk": ctx.office(state.person.office).desk}, (yes, no)),)
        case drafts.Applicant():
            return (Say(f"apply.applicant-{_about(procedure)}", {}, ("back",)),)
        case drafts.Give(paper):
            return papers.ask(state, draft, procedure, paper, ctx)
        case drafts.Choose():
            return choosing.ask(draft, step)
        case drafts.Review():
            return review.ask(state, draft, procedure, ctx)
        case form_step:
            return filling.ask(state, draft, procedure, form_step, ctx)


def answer(state: State, event: Event, ctx: Context) -> Turn:  # noqa: PLR0911 - one for each step
    """Words or a file while a draft is open; presses come to the functions below."""
    here = drafts.open_draft(state, ctx)
    if here is None:
        return Turn(state.at("menu", draft=""), (Say("apply.gone"),))
    draft, procedure = here
    if isinstance(event, FileSent):
        return photos.file(state, draft, procedure, event, ctx)
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    if isinstance(event, ContactShared):
        if isinstance(step, drafts.Ask):
            return questions.contact(state, draft, procedure, step.question, event, ctx)
        return Turn(state, (Say("misfit.contact"),))
    if not isinstance(event, TextSent):
        return Turn(state)
    aside = _aside(procedure, step, event.text)
    if aside is not None:
        return Turn(state, (aside,))
    match step:
        case drafts.ForWhom():
            other = spoken.wants_other(event.text, child=_about(procedure) == "child")
            if other is not None:
                return Turn(_for(state, draft, procedure, OTHER if other else SELF, drafts.today_of(ctx)))
        case drafts.Consent(purpose):
            agreed = spoken.yes_or_no(event.text)
            if agreed is not None:
                return consent(state, purpose, ctx) if agreed else refuse(state, purpose, ctx)
        case drafts.Applicant():
            return _applicant(state, draft, procedure, event.text, ctx)
        case drafts.Give(paper):
            return papers.words(state, draft, paper, event.text)
        case drafts.Choose():
            return choosing.words(state, draft, step, event.text)
        case drafts.Review():
            return Turn(state, (Say("review.choose", {}, ask(state, ctx)[-1].buttons),), ask=False)
        case form_step:
            return filling.answer(state, draft, procedure, form_step, event.text, ctx)
    return Turn(state, (Say("common.choose", {}, ask(state, ctx)[-1].buttons),), ask=False)


def for_whom(state: State, arg: str, ctx: Context) -> Turn:
    """For oneself, or for somebody whose name is asked after the consent."""
    here = drafts.open_draft(state, ctx, arg)
    who = arg.partition(":")[0]
    if here is None or who not in (SELF, OTHER):
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    if draft.applicant:
        return Turn(state.at("draft"), (Say("apply.answered-already"),))
    return Turn(_for(state, draft, procedure, who, drafts.today_of(ctx)))


def consent(state: State, arg: str, _ctx: Context) -> Turn:
    given = state.person.consents
    if arg not in (HANDLE, NOTIFY):
        return Turn(state, (Say("common.old-button"),))
    kept = tuple(c for c in given if c != DECLINED) if arg == NOTIFY else given
    if arg not in kept:
        kept = (*kept, arg)
    return Turn(replace(state, person=replace(state.person, consents=kept)), (Say(f"apply.consented-{arg}"),))


def refuse(state: State, arg: str, _ctx: Context) -> Turn:
    """Without the first consent nothing is asked; the second is free."""
    if arg == HANDLE:
        if HANDLE in state.person.consents:
            return Turn(state, (Say("apply.consent-later"),))
        again = button("agree", f"yes:{HANDLE}")
        return Turn(state, (Say("apply.refused", {}, (again, "call", "hotline", "menu")),), ask=False)
    if arg != NOTIFY:
        return Turn(state, (Say("common.old-button"),))
    kept = tuple(c for c in state.person.consents if c not in (NOTIFY, DECLINED))
    return Turn(replace(state, person=replace(state.person, consents=(*kept, DECLINED))), (Say("apply.no-reminders"),))


def back(state: State, ctx: Context) -> Turn:
    """One step back within the draft; nothing that was given is lost."""
    here = drafts.open_draft(state, ctx)
    if here is None:
        return Turn(state.at("menu", draft=""))
    draft, procedure = here
    match drafts.step(state, draft, procedure, drafts.today_of(ctx)):
        case drafts.ForWhom():
            return Turn(state.at("page", procedure=draft.procedure))
        case drafts.Consent() | drafts.Applicant():
            if not draft.applicant:
                return Turn(state.at("page", procedure=draft.procedure))
            return Turn(_with(state, replace(draft, applicant="")))
        case drafts.Give(paper) if state.talk.changing == paper.key and choosing.chosen(draft, paper):
            return Turn(state.at("draft"))
        case drafts.Give() as item:
            before = _before(draft, procedure, item, ctx)
        case drafts.Choose() | drafts.Review():
            before = _before(draft, procedure, None, ctx)
        case form_step:
            undone = filling.undone(state, draft, procedure, form_step, ctx)
            if undone is not None:
                return undone
            before = filling.before(draft, procedure, form_step, ctx)
    if before:
        return Turn(state.at("draft", changing=before))
    if draft.dossier or drafts.collective_key(procedure):
        return Turn(state.at("menu"), (Say("apply.kept"),))
    return Turn(_with(state, replace(draft, applicant="")))


def keep(state: State, arg: str, ctx: Context) -> Turn:
    """The old answer stays."""
    here = drafts.open_draft(state, ctx, arg)
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    return Turn(replace(state.at("draft"), draft=replace(here[0], pending=None)))


def line_button(line: DraftLine, ctx: Context, *, several: bool = False) -> Button:
    """A draft in a list; one that answers a request for more says so, and of `several` alike each says for whom."""
    if several and not line.dossier:
        return button("resume-for", f"resume:{line.id}", {"applicant": questions.for_words(line.applicant)})
    procedure = ctx.catalogue.procedures.get(line.procedure)
    name = procedure.display_name if procedure else line.procedure
    label = text("button.resume-line" if not line.dossier else "button.fix-line", {"procedure": name})
    return Button(short(label), f"resume:{line.id}")


def _aside(procedure: Procedure, step: drafts.Step, said: str) -> Say | None:
    """What is asked in between, answered before the question is put again."""
    about = spoken.asks_about(said)
    free = isinstance(step, drafts.Ask) and step.question.kind == "text"
    if not about or (free and about != "mistake" and not said.endswith("?")):
        return None
    words = {"time": page.time_words, "fee": page.fee_words}.get(about, lambda _: "")(procedure)
    return Say(f"form.aside-{about}", {"words": words.rstrip()})


def _applicant(state: State, draft: Draft, procedure: Procedure, typed: str, ctx: Context) -> Turn:
    said = spoken.name(typed)
    name = Wrong("name-missing") if said is None else parse("person_name", said, today=drafts.today_of(ctx))
    if isinstance(name, Wrong):
        return Turn(state, (Say(f"wrong.{name.key}", {}, ("back", "call")),), ask=False)
    if name in (SELF, OTHER):
        name = name.capitalize()
    named = _for(state, draft, procedure, name, drafts.today_of(ctx))
    return Turn(named, (Say("apply.applicant-noted", {"name": name}),))


def _about(procedure: Procedure) -> str:
    """Which words ask for whom it is: a bereaved family's, a parent's, or anybody's."""
    if notices.grieving(procedure.id):
        return "grief"
    return "child" if "khai-sinh" in procedure.id and "lai" not in procedure.id.split("-") else "self"


def _untouched(draft: Draft, procedure: str) -> bool:
    """Whether a draft was begun for this procedure and nothing has been told yet."""
    told = draft.answers.keys() - draft.marks.keys()  # the marked ones were filled in by themselves
    return draft.procedure == procedure and not (draft.applicant or told or draft.documents or draft.dossier)


def _for(state: State, draft: Draft, procedure: Procedure, applicant: str, today: date) -> State:
    """What is known by it already is not asked; what was known of another applicant is asked anew."""
    stale = drafts.known_answers(procedure, draft.applicant) if draft.applicant else {}
    kept = {key: value for key, value in draft.answers.items() if stale.get(key) != value}
    known = drafts.known_answers(procedure, applicant)
    marks = {k: m for k, m in draft.marks.items() if k in kept and k not in known}
    marks |= {k: "default" for k in known if procedure.question(k).choices}
    changed = replace(draft, applicant=applicant, answers={**kept, **known}, marks=marks)
    return _with(state, filled.settled(procedure, changed, today))


def _with(state: State, draft: Draft) -> State:
    return replace(state.at("draft", draft=draft.id), draft=draft)


def _before(draft: Draft, procedure: Procedure, item: drafts.Give | None, ctx: Context) -> str:
    """The key of the paper before this one, or before the end; of the last question before the first paper."""
    todo = [i for i in drafts.items(draft, procedure, drafts.today_of(ctx)) if isinstance(i, drafts.Give)]
    at = todo.index(item) if item in todo else len(todo)
    given = [i.paper.key for i in todo[:at] if not choosing.passed(draft, i)]
    return given[-1] if given else filling.before(draft, procedure, drafts.Extra(()), ctx)


def _open_drafts(procedure: str, ctx: Context) -> list[DraftLine]:
    return [line for line in ctx.drafts if line.procedure == procedure and not line.dossier]
