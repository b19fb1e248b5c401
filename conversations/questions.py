"""One question of a form: asked in plain words, checked, and repeated back as understood."""

from __future__ import annotations

from msgspec.structs import replace

from catalogue.conditions import fields_of
from catalogue.model import Procedure, Question
from conversations import drafts, spoken
from conversations.messages import Button, ContactShared
from conversations.render import button, short, text
from conversations.state import Context, Draft, Say, State, Turn
from domain.values import Wrong, fold, parse, parse_choice, phone, show_phone


def ask(state: State, draft: Draft, procedure: Procedure, question: Question, ctx: Context) -> tuple[Say, ...]:
    blanks = {
        "place": _place(draft, procedure, question, ctx),
        "label": label(question) + ("?" if question.label.endswith("?") else ""),
        "example": question.example or "",
        "old": show(question, draft.answers.get(question.key, "")),
        "reason": _reason(draft, question.key),
    }
    changing = state.talk.changing == question.key and draft.answers.get(question.key)
    key = _key(draft, question, changing=bool(changing))
    return (Say(key, blanks, _buttons(draft, question, bool(changing)), asks(question)),)


def answer(state: State, draft: Draft, procedure: Procedure, question: Question, typed: str, ctx: Context) -> Turn:
    """Typed words; anything that does not fit is said with an example and asked again."""
    if question.optional and fold(typed) == fold(text("button.skip")):
        return _record(state, draft, procedure, question, "", ctx)
    meant = _meant(question, typed)
    value = (
        Wrong("name-missing")
        if meant is None
        else parse(
            question.kind,
            meant,
            choices=question.choices,
            today=drafts.today_of(ctx),
            partial=question.partial_ok,
            least=question.min,
            most=question.max,
        )
    )
    if isinstance(value, Wrong):
        changing = bool(state.talk.changing == question.key and draft.answers.get(question.key))
        buttons = (*_buttons(draft, question, changing), *(() if question.choices else ("call",)))
        return Turn(state, (Say(f"wrong.{value.key}", {}, buttons, asks(question)),), ask=False)
    return _record(state, draft, procedure, question, value, ctx)


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
    changing = bool(state.talk.changing == question.key and draft.answers.get(question.key))
    said = Say("misfit.contact-other", {}, _buttons(draft, question, changing), asks(question))
    return Turn(state, (said,), ask=False)


def asks(question: Question) -> str:
    """What a messenger may offer to share instead of typing it."""
    return "phone" if question.kind == "phone" else ""


def press(state: State, arg: str, ctx: Context) -> Turn:
    """`<key>:<number of the choice>:<draft>`; of a question that was answered already nothing changes."""
    here = drafts.open_draft(state, ctx, arg)
    key, _, rest = arg.partition(":")
    if here is None:
        return Turn(state, (Say("common.old-button"),))
    draft, procedure = here
    step = drafts.step(state, draft, procedure, drafts.today_of(ctx))
    if not isinstance(step, drafts.Ask) or step.question.key != key:
        known = key in draft.answers
        return Turn(state.at("draft"), (Say("apply.answered-already" if known else "common.old-button"),))
    number = rest.partition(":")[0]
    question = step.question
    if number == "d" and question.default:
        return _record(state, draft, procedure, question, question.default, ctx)
    if number == "s" and question.optional:
        return _record(state, draft, procedure, question, "", ctx)
    if not number.isdecimal() or int(number) >= len(question.choices):
        return Turn(state, (Say("common.old-button"),))
    return _record(state, draft, procedure, question, question.choices[int(number)], ctx)


def label(question: Question) -> str:
    """What is asked, without a question mark; of somebody who has died in the words of a condolence, not of a form."""
    return text("apply.label-deceased") if drafts.names_the_deceased(question) else question.label.rstrip("?")


def show(question: Question, value: str) -> str:
    """A stored answer as people read it."""
    if question.kind == "phone" and value.startswith("+84"):
        return show_phone(value)
    return value


def for_words(applicant: str) -> str:
    """Whom a dossier is for, as read in a sentence."""
    match applicant:
        case drafts.SELF | "":
            return text("apply.for-self-words")
        case drafts.OTHER:
            return text("apply.for-other-words")
        case name:
            return name


def _record(state: State, draft: Draft, procedure: Procedure, question: Question, value: str, ctx: Context) -> Turn:
    changed = replace(draft, answers={**draft.answers, question.key: value})
    if not draft.dossier:
        if question.key == drafts.collective_key(procedure):
            changed = replace(changed, applicant=value)
        changed = drafts.pruned(changed, procedure, drafts.today_of(ctx))
    says = (Say("apply.noted", {"value": show(question, value)}),) if value else (Say("apply.skipped"),)
    return Turn(replace(state.at("draft"), draft=changed), says)


def _meant(question: Question, typed: str) -> str | None:
    """The answer within the polite words around it; None where they are all there is."""
    match question.kind:
        case "person_name":
            return spoken.name(typed)
        case "phone":
            return spoken.phone(typed)
        case "choice":
            begins = {True: ("co",), False: ("khong", "chua"), None: ()}[spoken.yes_or_no(typed, fact=True)]
            if not isinstance(parse_choice(typed, question.choices), Wrong):
                return typed
            fitting = [choice for choice in question.choices if fold(choice).split(" ")[0].strip(",") in begins]
            return fitting[0] if len(fitting) == 1 else spoken.plain(typed)
        case _:
            return typed


def _key(draft: Draft, question: Question, *, changing: bool) -> str:
    if draft.dossier:
        return "apply.question-wanted"
    if changing:
        return "apply.question-change"
    if question.label.endswith("?"):
        return "apply.question"
    if question.choices:
        return "apply.question-choose"
    return "apply.question-type" if question.example else "apply.question-type-plain"


def _buttons(draft: Draft, question: Question, changing: bool) -> tuple[Button | str, ...]:  # noqa: FBT001
    end = f"{question.key}:{{}}:{drafts.tag(draft.id)}"
    shown: list[Button | str] = [
        Button(short(choice), "ans:" + end.format(n)) for n, choice in enumerate(question.choices)
    ]
    if question.default and not question.choices:
        shown.append(Button(short(question.default), "ans:" + end.format("d")))
    if changing:
        shown.append(button("keep", f"keep:{drafts.tag(draft.id)}"))
    elif question.optional:
        shown.append(button("skip", "ans:" + end.format("s")))
    return (*shown, "back")


def _place(draft: Draft, procedure: Procedure, question: Question, ctx: Context) -> str:
    """Which of how many; the sum only once no answer can change it any more."""
    todo = [i for i in drafts.items(draft, procedure, drafts.today_of(ctx)) if isinstance(i, drafts.Ask)]
    known = drafts.known_answers(procedure, draft.applicant)
    keys = [key for key in map(drafts.key_of, todo) if key not in known or key == question.key]
    if question.key not in keys:
        return ""
    conditions = [q.ask_when for q in drafts.asked_questions(procedure) if q.ask_when is not None]
    open_ = any(fields_of(condition) - draft.answers.keys() for condition in conditions)
    number = keys.index(question.key) + 1
    return str(number) if open_ else f"{number}/{len(keys)}"


def _reason(draft: Draft, key: str) -> str:
    return next((want.reason for want in draft.wants if want.key == key), "")
