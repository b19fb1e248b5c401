"""One question of a form: asked in plain words, read as it is meant, and repeated back as understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure, Question
from conversations import drafts, form, meanings, people, plans, reading, record, spoken, typed, upload
from conversations.messages import Button, ContactShared
from conversations.record import label, show
from conversations.render import button, short, text
from conversations.state import Context, Draft, Pending, Say, State, Turn
from domain.values import Wrong, phone

_ALIKE: Final[Mapping[str, tuple[str, ...]]] = {
    "residence": ("residence", "current"),
    "current": ("residence", "current"),
    "hometown": ("hometown",),
    "ethnicity": ("ethnicity",),
    "nationality": ("nationality",),
    "birthplace": ("birthplace",),
}  # by detail of a question, those whose answers it may share
_MOST_ALIKE: Final = 3


def ask(state: State, draft: Draft, procedure: Procedure, question: Question, ctx: Context) -> tuple[Say, ...]:
    waiting = meanings.waiting(draft, question)
    if waiting is not None:
        return (meanings.ask(draft, question, waiting, ctx),)
    changing = _changing(state, draft, question)
    blanks = {
        "head": "" if changing or draft.dossier else _head(draft, procedure, question, ctx),
        "ask": _words(question),
        "label": label(question),
        "example": question.example or "",
        "old": show(question, draft.answers.get(question.key, "")) or "…",
        "reason": _reason(draft, question.key),
    }
    key = _key(draft, procedure, question, changing=changing)
    return (Say(key, blanks, buttons(state, draft, procedure, question, ctx), asks(question)),)


def answer(state: State, draft: Draft, procedure: Procedure, question: Question, said: str, ctx: Context) -> Turn:
    """Typed words; anything that does not fit is said with an example and asked again."""
    waiting = meanings.waiting(draft, question)
    if waiting is not None and len(waiting.offers) == 1 and spoken.yes_or_no(said) is True:
        return meanings.chosen(state, draft, procedure, question, waiting, ctx)
    if question.optional and not draft.dossier and typed.left_out(question, said):
        return record.answer(state, draft, procedure, question, "", ctx)
    found = typed.reading(question, said, ctx)
    if isinstance(found, Wrong):
        return _wrong(state, draft, procedure, question, said, found, ctx)
    waiting = typed.pending(draft, procedure, question, said, found, drafts.today_of(ctx))
    if waiting is not None:
        return Turn(replace(state, draft=replace(draft, pending=waiting)))
    return record.answer(state, draft, procedure, question, found.value, ctx)


def contact(
    state: State, draft: Draft, procedure: Procedure, question: Question, event: ContactShared, ctx: Context
) -> Turn:
    """A shared phone number: one's own is as good as typed, where a number is asked for."""
    if question.kind == "phone" and event.own:
        return answer(state, draft, procedure, question, event.phone, ctx)
    if event.own and phone(event.phone) in draft.answers.values():
        return Turn(state, (Say("misfit.contact-known"),))  # the button was pressed twice
    if question.kind != "phone":
        return Turn(state, (Say("misfit.contact"),))
    said = Say("misfit.contact-other", {}, buttons(state, draft, procedure, question, ctx), asks(question))
    return Turn(state, (said,), ask=False)


def asks(question: Question) -> str:
    """What a messenger may offer to share instead of typing it."""
    return "phone" if question.kind == "phone" else ""


def press(state: State, arg: str, ctx: Context) -> Turn:
    """`<key>:<what>:<draft>`; of a question that was answered already nothing changes.

    What: the number of a choice; s to skip, k for an officer to write it, t as typed, p<n> one of the readings that
    were offered, c<n> what was told of somebody else.
    """
    here = drafts.open_draft(state, ctx, arg)
    key, _, rest = arg.partition(":")
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    if not isinstance(step, drafts.Ask) or step.question.key != key:
        known = key in draft.answers
        return Turn(state.at("draft"), (Say("apply.answered-already" if known else "common.old-button"),))
    question, what = step.question, rest.partition(":")[0]
    turn = _pressed(state, draft, procedure, question, what, ctx)
    return Turn(state, (Say("common.old-button"),)) if turn is None else turn


def buttons(
    state: State, draft: Draft, procedure: Procedure, question: Question, ctx: Context
) -> tuple[Button | str, ...]:
    """What can be pressed instead of typing."""
    end = drafts.tag(draft.id)

    def own(what: str | int) -> str:
        return f"ans:{question.key}:{what}:{end}"

    shown: list[Button | str] = [Button(short(choice), own(n)) for n, choice in enumerate(question.choices)]
    if not draft.dossier:
        shown += people.buttons(draft, procedure, question, ctx)
        shown += [Button(short(v), own(f"c{n}")) for n, v in enumerate(_alike(draft, procedure, question))]
    if _changing(state, draft, question):
        shown.append(button("keep", f"keep:{end}"))
    if question.optional and not draft.dossier:
        shown.append(button("skip", own("s")))
    if _card_helps(draft, procedure, question):
        shown += upload.buttons(draft, "", ctx)
    return (*shown, "back")


def for_words(applicant: str) -> str:
    """Whom a dossier is for, as read in a sentence."""
    match applicant:
        case drafts.SELF | "":
            return text("apply.for-self-words")
        case drafts.OTHER:
            return text("apply.for-other-words")
        case name:
            return name


def _pressed(
    state: State, draft: Draft, procedure: Procedure, question: Question, what: str, ctx: Context
) -> Turn | None:
    number = int(what[1:] or 0) if what[1:].isdecimal() or len(what) == 1 else -1
    waiting = draft.pending if draft.pending is not None and draft.pending.key == question.key else None
    match what[:1]:
        case "s" if question.optional and not draft.dossier:
            return record.answer(state, draft, procedure, question, "", ctx)
        case "k" if typed.for_the_desk(question) and not draft.dossier:
            kept = waiting.typed if waiting is not None else ""
            return record.answer(state, draft, procedure, question, kept, ctx, mark="desk")
        case "t" if waiting is not None and waiting.offers:
            value = typed.plain(question, waiting.typed, ctx)
            return record.answer(state, draft, procedure, question, value, ctx, mark="odd") if value else None
        case "p" if waiting is not None and 0 <= number < len(waiting.offers):
            return meanings.chosen(state, draft, procedure, question, waiting, ctx, number)
        case "c" if 0 <= number < len(alike := _alike(draft, procedure, question)):
            return record.answer(state, draft, procedure, question, alike[number], ctx)
        case _ if what.isdecimal() and int(what) < len(question.choices):
            return record.answer(state, draft, procedure, question, question.choices[int(what)], ctx)
        case _:
            return None


def _wrong(
    state: State, draft: Draft, procedure: Procedure, question: Question, said: str, wrong: Wrong, ctx: Context
) -> Turn:
    """Why it is no answer; what was typed waits, in case an officer is to make something of it."""
    shown = list(buttons(state, draft, procedure, question, ctx))
    if typed.for_the_desk(question) and not draft.dossier:
        shown.insert(-1, button("desk", f"ans:{question.key}:k:{drafts.tag(draft.id)}"))
        kept = "" if typed.unknown(said) or wrong.key in ("empty", "too-long", "name-missing") else said
        draft = replace(draft, pending=Pending(question.key, kept, (), (), typed.WRONG + wrong.key))
    if not question.choices:
        shown.append("call")
    said_wrong = Say(f"wrong.{wrong.key}", {"ask": _words(question)}, tuple(shown), asks(question))
    return Turn(replace(state, draft=draft), (said_wrong,), ask=False)


def _changing(state: State, draft: Draft, question: Question) -> bool:
    """Whether an answer that stands is being given again."""
    return state.talk.changing == question.key and question.key in draft.answers


def _head(draft: Draft, procedure: Procedure, question: Question, ctx: Context) -> str:
    """The name of the group, where it begins, and of a further row."""
    today = drafts.today_of(ctx)
    row = plans.row_of(question.key)
    if row > 1:
        block = plans.plan(procedure).blocks[plans.base(question.key)]
        first = plans.in_row(plans.plan(procedure), block.questions[0], row).key == question.key
        return text("form.head-person" if block.people else "form.head-row", {"row": row}) + "\n" if first else ""
    if not form.begins(procedure, draft, question, today):
        return ""
    parts = form.parts(procedure, draft, today)
    if question.group not in parts or len(parts) == 1:
        return ""
    number = parts.index(question.group) + 1
    return text("form.head", {"number": number, "of": len(parts), "group": plans.title(question.group)}) + "\n"


def _words(question: Question) -> str:
    """The question as it is said."""
    if drafts.names_the_deceased(question) and not question.ask:
        return text("apply.label-deceased") + "?"
    words = question.ask or question.label
    return words if words.endswith(("?", ".", ":")) else words + "?"


def _key(draft: Draft, procedure: Procedure, question: Question, *, changing: bool) -> str:
    if draft.dossier:
        return "apply.question-wanted"
    if changing:
        return "apply.question-change"
    if question.choices:
        return "apply.question"
    if _card_helps(draft, procedure, question):
        return "apply.question-card" if question.example else "apply.question-card-plain"
    return "apply.question-type" if question.example else "apply.question"


def _card_helps(draft: Draft, procedure: Procedure, question: Question) -> bool:
    """Whether this is the first question that a photo of an ID card would answer."""
    if draft.dossier or not question.prefill or plans.row_of(question.key) > 1:
        return False
    if not reading.group(procedure, question):
        return False
    own = [q for q in procedure.questions if q.prefill and _same_human(q, question)]
    return not any(draft.answers.get(q.key) for q in own)


def _same_human(one: Question, other: Question) -> bool:
    return one.person == other.person and (bool(one.person) or one.group == other.group)


def _alike(draft: Draft, procedure: Procedure, question: Question) -> tuple[str, ...]:
    """What was told of other people on this form and may well be so of this one."""
    if question.detail is None or question.detail not in _ALIKE or question.choices:
        return ()
    now = draft.answers.get(question.key)
    told = (
        draft.answers.get(q.key, "")
        for q in procedure.questions
        if q.detail in _ALIKE[question.detail] and q.key != question.key and draft.marks.get(q.key) != "desk"
    )
    return tuple(value for value in dict.fromkeys(told) if value and value != now)[:_MOST_ALIKE]


def _reason(draft: Draft, key: str) -> str:
    return next((want.reason for want in draft.wants if want.key == key), "")
