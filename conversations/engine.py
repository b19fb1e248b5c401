"""One turn: an event goes to the conversation of the screen, then the next question is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from conversations import (
    apply,
    call,
    commands,
    drafts,
    find,
    guide,
    menu,
    misfits,
    page,
    papers,
    questions,
    refresh,
    render,
    review,
    start,
    track,
)
from conversations.effects import Relay
from conversations.messages import (
    DocumentChecked,
    Event,
    FileSent,
    Message,
    Pressed,
    Started,
    TextSent,
    TimeCame,
)
from conversations.state import Context, Say, State, Turn
from domain.values import clean, fold

Press = Callable[[State, str, Context], Turn]

# The part of a button's value before the colon; the rest says what it is about.
PRESSES: Final[Mapping[str, Press]] = {
    "menu": menu.menu,
    "find": menu.find,
    "fields": menu.fields,
    "field": menu.field,
    "events": menu.events,
    "event": menu.event,
    "mine": track.mine,
    "guide": guide.guide,
    "levels": guide.levels,
    "hotline": guide.hotline,
    "call": call.begin,
    "callp": call.about_procedure,
    "callo": call.about_outside,
    "endcall": call.end,
    "office": start.change,
    "start": apply.start,
    "open": page.open_,
    "legal": page.legal,
    "route": find.route,
    "not-this": find.not_this,
    "new": apply.new,
    "resume": apply.resume,
    "later": apply.later,
    "for": apply.for_whom,
    "yes": apply.consent,
    "no": apply.refuse,
    "keep": apply.keep,
    "ans": questions.press,
    "done": papers.done,
    "skip": papers.skip,
    "redo": papers.redo,
    "drop": papers.drop,
    "edit-answers": review.edit_answers,
    "edit-papers": review.edit_papers,
    "chg": review.change,
    "review": review.look,
    "submit": review.submit,
    "send": review.send,
    "cancel": review.cancel,
    "discard": review.discard,
    "d": track.open_,
    "wd": track.withdraw,
    "wdok": track.withdrawn,
    "fix": track.fix,
    "fixok": track.agree,
    "fixno": track.disagree,
}
_IN_A_CALL: Final = ("fixok", "fixno")

ASKS: Final[Mapping[str, Callable[[State, Context], tuple[Say, ...]]]] = {
    "start": start.ask,
    "office": start.ask,
    "menu": menu.ask,
    "fields": menu.ask_fields,
    "field": menu.ask_field,
    "events": menu.ask_events,
    "event": menu.ask_event,
    "routing": find.ask_routing,
    "page": page.ask,
    "legal": page.ask_legal,
    "again": apply.ask_again,
    "draft": apply.ask,
    "edit-answers": review.ask_edit,
    "edit-papers": review.ask_edit,
    "cancel": review.ask_cancel,
    "mine": track.ask_mine,
    "dossier": track.ask,
    "withdraw": track.ask_withdraw,
    "call-about": call.ask,
}
_ANSWERS: Final[Mapping[str, Callable[[State, Event, Context], Turn]]] = {
    "draft": apply.answer,
    "call-about": call.answer,
}
_TO_BE_CHOSEN: Final = frozenset({"cancel", "withdraw", "edit-answers", "edit-papers"})
_NUMBER: Final = re.compile(r"(\d{1,2})[.)]?")


def turn(state: State, event: Event, ctx: Context) -> Turn:
    """What the event leads to; the same state, event and context always lead to the same."""
    match event:
        case DocumentChecked():
            return papers.checked(state, event, ctx)
        case TimeCame():
            return Turn(state, ask=False)
        case TextSent(text):
            event = replace(event, text=clean(text))
        case _:
            pass
    found = ctx.search.find(event.text[: misfits.LONGEST]) if isinstance(event, TextSent) else None
    if found is not None and found.emergency is not None:
        return _emergency(state, event, found.emergency.text, ctx)
    if ctx.call_open and not (isinstance(event, Pressed) and event.value.partition(":")[0] in _IN_A_CALL):
        return call.talking(state, event, ctx)
    if start.needed(state, ctx):
        return _arriving(state, event, ctx)
    event = _as_press(state, event, ctx)
    fresh, changed = refresh.refresh(state, ctx)
    if fresh is not state and state.talk.screen == "draft" and _meant_the_old_question(event, lost=bool(changed)):
        return Turn(fresh, changed or (Say("common.old-button"),))
    answered = _answered(fresh, event, ctx)
    return replace(answered, says=(*changed, *answered.says))


def words(turn: Turn, ctx: Context) -> tuple[tuple[Message, ...], State]:
    """The messages of a turn, the next question last; and the state that knows which buttons were shown."""
    says = (*turn.says, *(ask(turn.state, ctx) if turn.ask else ()))
    messages = tuple(render.message(say) for say in says)
    if not messages:
        return (), turn.state
    offered = next((m.buttons for m in reversed(messages) if m.buttons), ())
    return messages, replace(turn.state, talk=replace(turn.state.talk, offered=offered))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """The question of the screen; of an unknown one the menu."""
    if state.person.office not in ctx.catalogue.offices:
        return start.ask(state, ctx)
    return ASKS.get(state.talk.screen, menu.ask)(state, ctx)


def _meant_the_old_question(event: Event, *, lost: bool) -> bool:
    """Whether an event was about the draft as it was before the catalogue changed."""
    if isinstance(event, Pressed):
        return event.value.startswith("ans:")
    return lost and isinstance(event, TextSent)


def _answered(state: State, event: Event, ctx: Context) -> Turn:
    """An event of a person whose office is known and who is not talking with an officer."""
    misfit = misfits.answer(state, event)
    if misfit is not None:
        return misfit
    screen = state.talk.screen
    match event:
        case Started(payload):
            code = track.by_words(state, payload, ctx) if payload else None
            return code or start.started(state, payload, ctx)
        case Pressed(value):
            return _press(state, value, ctx)
        case FileSent() if screen == "call-about":
            return call.answer(state, event, ctx)
        case FileSent(album=album):
            late = bool(album) and album == state.talk.album and bool(state.talk.album_paper)
            if state.draft is not None and (screen == "draft" or late):
                return apply.answer(state, event, ctx)
            return misfits.homeless(state, event)
        case TextSent() if screen in _TO_BE_CHOSEN:
            return Turn(state, (Say("common.choose"),))
        case TextSent(text) if screen == "draft" and commands.greets(text):
            return Turn(state, (Say("common.greeting-draft"),)) if _is_closed(state, ctx) else _given(state, event, ctx)
        case _:
            return _given(state, event, ctx)


def _given(state: State, event: Event, ctx: Context) -> Turn:
    return _ANSWERS.get(state.talk.screen, find.answer)(state, event, ctx)


def _press(state: State, value: str, ctx: Context) -> Turn:
    head, _, about = value.partition(":")
    if head == "back":
        return _back(state, ctx)
    if value == "start":
        return start.started(state, "", ctx)
    press = PRESSES.get(head)
    if press is None:
        return Turn(state, (Say("common.old-button"),))
    return press(state, about, ctx)


def _back(state: State, ctx: Context) -> Turn:
    match state.talk.screen:
        case "draft":
            return apply.back(state, ctx)
        case "call-about":
            return Turn(call.returned(state))
        case "edit-answers" | "edit-papers":
            return Turn(state.at("draft"))
        case _:
            return Turn(menu.back(state))


def _emergency(state: State, event: Event, said: str, ctx: Context) -> Turn:
    """The number to call, before anything else; the place is kept, and an officer in a talk reads it too."""
    says = (Say("common.emergency", {"text": said}),)
    if ctx.call_open and isinstance(event, TextSent):
        return Turn(state, says, (Relay(event.text),), ask=False)
    return Turn(state, says)


def _arriving(state: State, event: Event, ctx: Context) -> Turn:
    """First contact, or an office still to be chosen; then what was asked for at first is taken up again."""
    if state.talk.screen != "office" or isinstance(event, Started):
        arrived = start.first(state, event, ctx)
    else:
        misfit = misfits.answer(state, event)
        arrived = misfit or _choosing(state, _as_press(state, event, ctx), ctx)
    kept = arrived.state.talk.query
    if arrived.state.talk.screen != "found":
        return arrived
    calm = replace(arrived, state=arrived.state.at("menu"))
    if not kept or commands.greets(kept):
        return calm
    then = _answered(calm.state, _as_press(calm.state, TextSent(kept), ctx), ctx)
    return Turn(then.state, (*arrived.says, *then.says), then.effects, then.ask)


def _choosing(state: State, event: Event, ctx: Context) -> Turn:
    """While the office is being chosen, only what needs no office is answered; with one, one may also leave."""
    if isinstance(event, Pressed) and state.person.office in ctx.catalogue.offices:
        if not event.value.startswith("office:"):
            return _answered(state.at("menu"), event, ctx)
    elif isinstance(event, Pressed) and event.value in ("guide", "levels"):
        return replace(guide.guide(state, "", ctx), ask=True)
    return start.answer(state, event, ctx)


def _as_press(state: State, event: Event, ctx: Context) -> Event:
    """A typed label, or its number where no number is awaited, counts as its button; so do the global words."""
    if not isinstance(event, TextSent):
        return event
    said = fold(event.text)
    for button in state.talk.offered:
        if said and fold(button.label) == said:
            return Pressed(button.value)
    number = _NUMBER.fullmatch(event.text)
    if number is not None and _is_closed(state, ctx) and 1 <= int(number[1]) <= len(state.talk.offered):
        return Pressed(state.talk.offered[int(number[1]) - 1].value)
    command = commands.command(event.text)
    return Pressed(command) if command else event


def _is_closed(state: State, ctx: Context) -> bool:
    """Whether the open question is answered by choosing; else a number may be the answer itself."""
    if state.talk.screen == "call-about":
        return False
    here = drafts.open_draft(state, ctx) if state.talk.screen == "draft" else None
    if here is None:
        return True
    match drafts.step(state, *here, drafts.today_of(ctx)):
        case drafts.Ask(question):
            return bool(question.choices)
        case drafts.Applicant():
            return False
        case _:
            return True
