"""One turn: an event goes to the conversation of the screen, then the next question is asked."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from conversations import (
    agreeing,
    apply,
    call,
    commands,
    cosigning,
    drafts,
    find,
    guide,
    helping,
    helping_screen,
    linking,
    looking_up,
    menu,
    misfits,
    own_words,
    proving,
    refresh,
    render,
    screens,
    spoken,
    start,
    uploaded,
    whose,
)
from conversations.effects import Relay
from conversations.messages import (
    ContactShared,
    DocumentChecked,
    Event,
    FileSent,
    Message,
    PaperSent,
    PictureUsed,
    Pressed,
    Started,
    TextSent,
    TimeCame,
    Unsupported,
)
from conversations.state import Context, Say, State, Turn
from domain.values import clean, fold

_REMARKS: Final = frozenset({"papers.done-already", "apply.answered-already", "track.mistyped"})  # to a press or link
_NUMBER: Final = re.compile(r"(\d{1,2})[.)]?")


def turn(state: State, event: Event, ctx: Context) -> Turn:
    """What the event leads to; the same state, event and context always lead to the same."""
    event = event if ctx.call_open else helping_screen.meant(state, event)  # an officer hears voices too
    match event:
        case DocumentChecked() | PaperSent() | PictureUsed():
            return _from_elsewhere(state, event, ctx)
        case TimeCame():
            return Turn(state, ask=False)
        case TextSent(text):
            event = replace(event, text=clean(text))
        case _:
            pass
    pressed = _as_press_in_a_call(state, event) if ctx.call_open else _as_press(state, event, ctx)
    warned: tuple[Say, ...] = ()
    if isinstance(pressed, TextSent):  # words of a button are no cry for help, and a search is not cheap
        danger = ctx.search.find(pressed.text[: misfits.LONGEST]).emergency
        if danger is not None and _is_told(state, ctx):
            warned = (Say("common.emergency", {"text": danger.text}),)
        elif danger is not None:
            return _emergency(state, event, danger.text, ctx)
    if _by_hand(state, pressed, ctx):
        return Turn(state, warned, ask=False)
    return _wherever(state, event, pressed, ctx) or _here(state, pressed, warned, ctx)


def _from_elsewhere(state: State, event: DocumentChecked | PaperSent | PictureUsed, ctx: Context) -> Turn:
    """What the worker or the upload page tells of a file."""
    match event:
        case DocumentChecked():
            apart = helping_screen.checked(state, event, ctx) or whose.checked(state, event, ctx)
            return apart or uploaded.checked(state, event, ctx)
        case PaperSent():
            return uploaded.sent(state, event, ctx)
        case PictureUsed():
            return uploaded.used(state, event, ctx)


def _wherever(state: State, event: Event, pressed: Event, ctx: Context) -> Turn | None:
    """What is taken on any screen, in a talk with an officer too, and before the office is known."""
    code = linking.given(event, in_form=ctx.call_open or state.talk.screen in screens.ANSWERS)
    if code:
        return linking.accepted(state, code, ctx)
    kind = _kind(pressed)
    if kind in screens.ANYWHERE and isinstance(pressed, Pressed):
        return _press(state, pressed.value, ctx)
    if ctx.call_open and kind not in screens.ENDS_A_CALL and kind not in screens.IN_A_CALL:
        return call.talking(state, event, ctx)
    token = cosigning.linked(event.payload) if isinstance(event, Started) else ""
    if token:
        return cosigning.opened(state, token, ctx)
    return _arriving(state, event, ctx) if start.needed(state, ctx) else None


def _here(state: State, event: Event, warned: tuple[Say, ...], ctx: Context) -> Turn:
    """What the screen makes of it, once the draft is as the catalogue is now."""
    fresh, changed = refresh.refresh(state, ctx)
    if fresh is not state and state.talk.screen == "draft" and _meant_the_old_question(event, lost=bool(changed)):
        return Turn(fresh, changed or (Say("common.old-button"),))
    answered = _briefly(fresh, event, _answered(fresh, event, ctx), ctx)
    changed = (*warned, *changed)
    if ctx.call_open and _kind(event) in screens.ENDS_A_CALL:
        return call.left_for(replace(answered, says=(*changed, *answered.says)))
    return replace(answered, says=(*changed, *answered.says), ask=answered.ask and not ctx.call_open)


def _kind(event: Event) -> str:
    """The head of a button's value; empty where no button was pressed."""
    return event.value.partition(":")[0] if isinstance(event, Pressed) else ""


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
    return screens.ASKS.get(state.talk.screen, menu.ask)(state, ctx)


def _briefly(state: State, event: Event, turn: Turn, ctx: Context) -> Turn:
    """A long page that is still open is not told again behind a remark: the remark carries its buttons."""
    said = turn.says[-1] if turn.says and turn.ask else None
    if said is None or said.buttons or turn.state.talk.screen != state.talk.screen or turn.state.draft != state.draft:
        return turn
    if isinstance(event, Pressed | Started) and said.key not in _REMARKS:
        return turn
    here = drafts.open_draft(state, ctx) if state.talk.screen == "draft" else None
    reviewing = here is not None and isinstance(drafts.step(state, *here, drafts.today_of(ctx)), drafts.Review)
    if not reviewing and state.talk.screen not in ("page", "legal", "dossier"):
        return turn
    brief = replace(said, buttons=ask(turn.state, ctx)[-1].buttons)
    return replace(turn, says=(*turn.says[:-1], brief), ask=False)


def _meant_the_old_question(event: Event, *, lost: bool) -> bool:
    """Whether an event was about the draft as it was before the catalogue changed."""
    if isinstance(event, Pressed):
        return event.value.startswith("ans:")
    return lost and isinstance(event, TextSent)


def _answered(state: State, event: Event, ctx: Context) -> Turn:
    """An event of a person whose office is known and who is not talking with an officer."""
    screen = state.talk.screen
    if isinstance(event, ContactShared):
        return _contact(state, event, ctx)
    voice = helping_screen.takes(state, event)  # no use to us anywhere else
    aside = None if voice else misfits.answer(state, event) or own_words.turned(state, event, ctx)
    if aside is not None:
        return aside
    match event:
        case Started(payload):
            coded = not any(start.linked(payload, ctx)) and start.coded(payload)
            code = looking_up.by_words(state, payload, ctx) if coded else None
            return code or start.started(state, payload, ctx)
        case Pressed(value):
            return _press(state, value, ctx)
        case FileSent() if screen in ("call-about", "trust", agreeing.SCREEN, helping.SCREEN):
            return screens.ANSWERS[screen](state, event, ctx)
        case FileSent():
            return whose.sent(state, event, ctx) or _photo(state, event, ctx)
        case TextSent(text) if screen in screens.UNDOES and spoken.yes_or_no(text) is False:
            return Turn(menu.back(state))
        case TextSent() if screen in screens.TO_BE_CHOSEN:
            return Turn(state, (Say("common.choose", {}, ask(state, ctx)[-1].buttons),), ask=False)
        case TextSent(text) if screen == "draft" and commands.greets(text, plainly=True):
            return Turn(state, (Say("common.greeting-draft"),))
        case TextSent(text) if screen == "draft" and _is_closed(state, ctx):
            return looking_up.by_words(state, text, ctx) or apply.answer(state, event, ctx)
        case _:
            return screens.ANSWERS.get(screen, find.answer)(state, event, ctx)


def _contact(state: State, event: ContactShared, ctx: Context) -> Turn:
    """A shared number answers the question that asks for one; one's own is proven by it either way."""
    screen = state.talk.screen
    if screen in ("draft", "collector", helping.SCREEN):
        return proving.beside(screens.ANSWERS[screen](state, event, ctx), event, ctx)
    busy = screen in screens.ANSWERS and screens.ANSWERS[screen] is not proving.answer
    return proving.shared(state, event, ctx, busy=busy)


def _photo(state: State, event: FileSent, ctx: Context) -> Turn:
    """For the open draft, the album that was begun there, or nothing that is known."""
    late = bool(event.album) and event.album == state.talk.album and bool(state.talk.album_paper)
    if state.draft is not None and (state.talk.screen == "draft" or late):
        return apply.answer(state, event, ctx)
    return own_words.photo(state, event, ctx) or misfits.homeless(state, event)


def _press(state: State, value: str, ctx: Context) -> Turn:
    head, _, about = value.partition(":")
    if head == "back":
        return _back(state, ctx)
    if value == "start":
        return start.started(state, "", ctx)
    if head == "cancel" and state.talk.screen in own_words.SCREENS:
        return own_words.left(state)
    press = screens.PRESSES.get(head)
    if press is None:
        return Turn(state, (Say("common.old-button"),))
    return press(state, about, ctx)


def _back(state: State, ctx: Context) -> Turn:
    match state.talk.screen:
        case "draft":
            return apply.back(state, ctx)
        case "call-about":
            return Turn(call.returned(state))
        case "edit-answers" | "edit-papers" | "edit-group" | "edit-row":
            return Turn(state.at("draft"))
        case _:
            return Turn(menu.back(state))


def _emergency(state: State, event: Event, said: str, ctx: Context) -> Turn:
    """The number to call, before anything else; the place is kept, and an officer in a talk reads it too."""
    says = (Say("common.emergency", {"text": said}),)
    if ctx.call_open and isinstance(event, TextSent):
        return Turn(state, says, (Relay(event.text),), ask=False)
    # Nobody in danger is to be asked about papers: the question waits behind a button.
    return Turn(state, (replace(says[0], buttons=menu.resume(state) or ("menu",)),), ask=False)


def _arriving(state: State, event: Event, ctx: Context) -> Turn:
    """First contact, or an office still to be chosen; then what was asked for at first is taken up again."""
    if state.talk.screen != "office" or isinstance(event, Started):
        arrived = start.first(state, event, ctx)
        if isinstance(event, Unsupported) and (misfit := misfits.answer(state, event)) is not None:
            arrived = replace(arrived, says=(*arrived.says, *misfit.says))
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


def _is_told(state: State, ctx: Context) -> bool:
    """Whether a form asks for a tale, such as that of an illness: then it is an answer as well as a cry for help."""
    here = drafts.open_draft(state, ctx) if state.talk.screen == "draft" and not ctx.call_open else None
    step = drafts.step(state, *here, drafts.today_of(ctx)) if here is not None else None
    return isinstance(step, drafts.Ask) and step.question.kind == "text"


def _as_press(state: State, event: Event, ctx: Context) -> Event:
    """A typed label, or its number where no number is awaited, counts as its button; so do the global words."""
    if not isinstance(event, TextSent):
        return event
    said = fold(event.text)
    for button in state.talk.offered:
        if said and _label(button.label) == said:
            return Pressed(button.value)
    noticed = _noticed(state, said)
    if noticed:
        return Pressed(noticed)
    number = _NUMBER.fullmatch(event.text)
    if number is not None and _is_closed(state, ctx) and 1 <= int(number[1]) <= len(state.talk.offered):
        return Pressed(state.talk.offered[int(number[1]) - 1].value)
    command = spoken.command(event.text) or ("" if state.talk.screen == "draft" else commands.meant(event.text))
    return Pressed(command) if command else event


def _as_press_in_a_call(state: State, event: Event) -> Event:
    """Words go to the officer, but for the label of what the office has proposed meanwhile."""
    value = _noticed(state, fold(event.text)) if isinstance(event, TextSent) else ""
    head = value.partition(":")[0]
    return Pressed(value) if head in screens.IN_A_CALL or head in screens.ENDS_A_CALL else event


def _noticed(state: State, said: str) -> str:
    """What the label of news presses; one word alone may be the answer to something else."""
    at_rest = state.talk.screen != "draft"
    if not said or not (at_rest or " " in said):
        return ""
    return next((button.value for button in state.talk.noticed if _label(button.label) == said), "")


def _by_hand(state: State, event: Event, ctx: Context) -> bool:
    """Whether these words are for somebody of the office who writes there past the bot.

    A button, a word that stands for one, or a photo for the open draft is for the bot as ever.
    """
    until = state.talk.by_hand_until
    return until is not None and ctx.now < until and isinstance(event, TextSent | Unsupported)


@lru_cache(maxsize=4096)
def _label(label: str) -> str:
    return fold(label)


def by_number(state: State, ctx: Context) -> bool:
    """Whether the number of a button, typed, presses it where this turn has led."""
    return not ctx.call_open and _is_closed(state, ctx)


def _is_closed(state: State, ctx: Context) -> bool:
    """Whether the open question is answered by choosing; else a number may be the answer itself."""
    if state.talk.screen == "call-about":
        return False
    here = drafts.open_draft(state, ctx) if state.talk.screen == "draft" else None
    if here is None:
        return True
    match drafts.step(state, *here, drafts.today_of(ctx)):
        case drafts.Ask(question):
            waits = here[0].pending
            return bool(question.choices) or (waits is not None and waits.key == question.key and bool(waits.offers))
        case drafts.Applicant():
            return False
        case _:
            return True
