"""The head announces a closure: what, from when, until when, why; reads the words; sends. Or opens again early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from msgspec.structs import replace

from conversations import closure
from conversations.closure import OFFICE, PORTAL, Closing, ClosureView, DeclareClosure, EndClosure
from conversations.messages import Button
from conversations.render import short, text
from conversations.staff_state import StaffContext, StaffState, StaffTalk, StaffTurn
from conversations.staff_turns import idle
from conversations.state import Say
from domain.dossier import Role
from domain.moments import read_moment
from domain.values import VIETNAM, moment_words

WHAT: Final = "closing-what"
FROM: Final = "closing-from"
UNTIL: Final = "closing-until"
WHY: Final = "closing-why"
SEND: Final = "closing-send"
SCREENS: Final = frozenset({WHAT, FROM, UNTIL, WHY, SEND})
_REASONS: Final = 5
_LONGEST: Final = 200  # characters of a reason
_SHOWN: Final = 6
_STAMP: Final = "%Y%m%d%H%M"


def begin(state: StaffState, rest: str, ctx: StaffContext) -> StaffTurn:
    """`/dongcua`, for the head alone."""
    if state.officer.role != Role.HEAD:
        return StaffTurn(state, (Say("not-allowed.head-only"),))
    begun = _with(state, Closing(), WHAT)
    return typed(begun, rest, ctx) if rest else _ask(begun, ctx)


def reopen(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    """`/mocua`: ends the only closure, or asks which."""
    if state.officer.role != Role.HEAD:
        return StaffTurn(state, (Say("not-allowed.head-only"),))
    closures = ctx.closures()
    if len(closures) == 1:
        return StaffTurn(idle(state), effects=(EndClosure(closures[0].id),))
    if not closures:
        return _say(idle(state), "open-none")
    listed = (Button(short(label(one, ctx)), f"s:xopen:me:{one.id}") for one in closures)
    return _say(idle(state), "open-which", *listed, _button("leave", "leave"))


def press(state: StaffState, action: str, argument: str, ctx: StaffContext) -> StaffTurn:
    """A button of this conversation; an old one finds nothing to do."""
    if state.officer.role != Role.HEAD:
        return StaffTurn(state, (Say("not-allowed.head-only"),))
    if action == "xopen":
        return StaffTurn(idle(state), effects=(EndClosure(argument),))
    closing = state.talk.closing
    if action == "xleave":
        return _say(idle(state), "left")
    return _say(state, "gone") if closing is None else _PRESSES[action](state, closing, argument, ctx)


def typed(state: StaffState, words: str, ctx: StaffContext) -> StaffTurn:
    """Words on one of the screens."""
    closing = state.talk.closing
    if closing is None:
        return _say(idle(state), "gone")
    match state.talk.screen:
        case "closing-what":
            return _found(state, closing, words, ctx)
        case "closing-from":
            return _moment(state, closing, words, ctx, last=False)
        case "closing-until":
            return _moment(state, closing, words, ctx, last=True)
        case "closing-why" if len(words) > _LONGEST:
            return _say(state, "why-long", _button("leave", "leave"), most=_LONGEST)
        case "closing-why":
            return _on(state, replace(closing, reason=words.strip().rstrip(".")), ctx)
        case _:
            return _say(state, "send-words", *_send_buttons())


def label(one: ClosureView, ctx: StaffContext) -> str:
    """What is closed, in few words."""
    return f"{what_words(one.procedure, ctx)}, {moment_words(one.ends_at)}"


def what_words(what: str, ctx: StaffContext) -> str:
    if what in (OFFICE, PORTAL):
        return text("closure.what-office" if what == OFFICE else "closure.what-portal")
    procedure = ctx.catalogue.procedures.get(what)
    return procedure.display_name if procedure is not None else what


def _found(state: StaffState, closing: Closing, words: str, ctx: StaffContext) -> StaffTurn:
    found = ctx.search.find(words[:300])
    hits = found.ranked[:1] if found.confident else found.choices or found.ranked[:_SHOWN]
    ids = [hit.id for hit in hits if hit.id in ctx.catalogue.procedures][:_SHOWN]
    if not ids:
        return _say(state, "what-none", *_what_buttons())
    if found.confident:
        return _on(state, replace(closing, what=ids[0]), ctx)
    buttons = [Button(short(ctx.catalogue.procedures[i].display_name), f"s:xwhat:me:{i}") for i in ids]
    return _say(state, "what-choose", *buttons, *_what_buttons())


def _moment(state: StaffState, closing: Closing, words: str, ctx: StaffContext, *, last: bool) -> StaffTurn:
    """A typed moment; a day alone is its opening hour, or as an end its closing hour."""
    now = ctx.now.astimezone(VIETNAM)
    meant = read_moment(words, now.date())
    if meant is None:
        return _say(state, "moment-wrong", *_buttons(state, closing, ctx))
    day = meant.day or now.date()
    at = datetime.combine(day, meant.at, VIETNAM) if meant.at else _edge(ctx, day, meant.part, last=last)
    return _chosen(state, closing, at, ctx, last=last)


def _edge(ctx: StaffContext, day: date, part: str, *, last: bool) -> datetime:
    """Where a day or its half begins or ends at the desk; on a day off at midnight, or noon."""
    noon = datetime.combine(day, time(12), VIETNAM)
    stretches = ctx.calendar.open_on(day)
    if part:
        stretches = tuple(s for s in stretches if (s[0] < noon) is (part == "morning"))
    if stretches:
        return stretches[-1][1] if last else stretches[0][0]
    if last:
        return noon if part == "morning" else datetime.combine(day + timedelta(days=1), time(), VIETNAM)
    return noon if part == "afternoon" else datetime.combine(day, time(), VIETNAM)


def _chosen(state: StaffState, closing: Closing, at: datetime, ctx: StaffContext, *, last: bool) -> StaffTurn:
    if last and closing.starts is not None and at <= closing.starts:
        return _say(state, "moment-before", *_buttons(state, closing, ctx), starts=moment_words(closing.starts))
    if at < ctx.now - timedelta(minutes=1) or (last and at <= ctx.now):
        return _say(state, "moment-past", *_buttons(state, closing, ctx), now=moment_words(ctx.now))
    return _on(state, replace(closing, ends=at) if last else replace(closing, starts=at), ctx)


def _what(state: StaffState, closing: Closing, argument: str, ctx: StaffContext) -> StaffTurn:
    meant = {"office": OFFICE, "portal": PORTAL}.get(argument, argument)
    if meant not in (OFFICE, PORTAL) and meant not in ctx.catalogue.procedures:
        return _ask(state, ctx)
    return _on(state, replace(closing, what=meant), ctx)


def _at(state: StaffState, closing: Closing, argument: str, ctx: StaffContext) -> StaffTurn:
    """A moment on a button; which of the two it is, the screen says."""
    if state.talk.screen not in (FROM, UNTIL) or not (argument.isdecimal() and len(argument) == 12):
        return _ask(state, ctx)
    at = datetime.strptime(argument, _STAMP).replace(tzinfo=VIETNAM)
    if state.talk.screen == FROM and at < ctx.now:
        at = ctx.now.astimezone(VIETNAM).replace(second=0, microsecond=0)  # "now", pressed a little later
    return _chosen(state, closing, at, ctx, last=state.talk.screen == UNTIL)


def _why(state: StaffState, closing: Closing, argument: str, ctx: StaffContext) -> StaffTurn:
    if not (argument.isdecimal() and 1 <= int(argument[:2]) <= _REASONS):
        return _ask(state, ctx)
    return _on(state, replace(closing, reason=text(f"closure.reason-{int(argument)}")), ctx)


def _redo(state: StaffState, _closing: Closing, _argument: str, ctx: StaffContext) -> StaffTurn:
    return _ask(_with(state, Closing(), WHAT), ctx)


def _send(state: StaffState, closing: Closing, _argument: str, ctx: StaffContext) -> StaffTurn:
    """The last press."""
    effect = _declared(closing)
    if effect is None:
        return _on(state, closing, ctx)
    return StaffTurn(idle(state), effects=(effect,))


_PRESSES: Final[dict[str, Callable[[StaffState, Closing, str, StaffContext], StaffTurn]]] = {
    "xwhat": _what,
    "xat": _at,
    "xwhy": _why,
    "xredo": _redo,
    "xsend": _send,
}
ACTIONS: Final = frozenset({*_PRESSES, "xopen", "xleave"})


def _declared(closing: Closing) -> DeclareClosure | None:
    if closing.what is None or closing.starts is None or closing.ends is None or not closing.reason:
        return None
    return DeclareClosure(closing.what, closing.starts, closing.ends, closing.reason)


def _on(state: StaffState, closing: Closing, ctx: StaffContext) -> StaffTurn:
    steps = (
        (WHAT, closing.what is None),
        (FROM, closing.starts is None),
        (UNTIL, closing.ends is None),
        (WHY, not closing.reason),
    )
    return _ask(_with(state, closing, next((screen for screen, open_ in steps if open_), SEND)), ctx)


def _ask(state: StaffState, ctx: StaffContext) -> StaffTurn:
    closing = state.talk.closing or Closing()
    match state.talk.screen:
        case "closing-from":
            return _say(state, "from", *_buttons(state, closing, ctx), what=what_words(closing.what or OFFICE, ctx))
        case "closing-until":
            return _say(state, "until", *_buttons(state, closing, ctx))
        case "closing-why":
            return _say(state, "why", *_buttons(state, closing, ctx))
        case "closing-send" if (effect := _declared(closing)) is not None:
            said = closure.words(effect, ctx.office, ctx.catalogue.procedures.get(effect.procedure))
            return _say(state, "send", *_send_buttons(), words=said)
        case _:
            return _say(_with(state, closing, WHAT), "what", *_what_buttons())


def _buttons(state: StaffState, closing: Closing, ctx: StaffContext) -> tuple[Button, ...]:
    """Ready answers to the screen that is open."""
    leave = _button("leave", "leave")
    now = ctx.now.astimezone(VIETNAM).replace(second=0, microsecond=0)
    if state.talk.screen == WHY:
        ready = (Button(text(f"closure.reason-{n}"), f"s:xwhy:me:{n}") for n in range(1, _REASONS + 1))
        return (*ready, leave)
    if state.talk.screen == FROM:
        tomorrow = next(ctx.calendar.working_days_from(now.date() + timedelta(days=1)))
        return (_button("now", "at", now.strftime(_STAMP)), _timed("morning", ctx.calendar.opening(tomorrow)), leave)
    starts = closing.starts or now
    first, second = _two(ctx, starts)
    same = first.astimezone(VIETNAM).date() == now.date()
    offered = [_timed("today", first)] if same else [Button(short(moment_words(first)), _stamped(first))]
    return (*offered, _timed("tomorrow", second), leave)


def _two(ctx: StaffContext, starts: datetime) -> tuple[datetime, datetime]:
    """The end of the desk's day in which it starts, or of the next one; and of the one after."""
    days = ctx.calendar.working_days_from(starts.astimezone(VIETNAM).date())
    ends = (at for at in map(ctx.calendar.closing, days) if at > starts)
    return next(ends), next(ends)


def _timed(key: str, at: datetime) -> Button:
    return Button(short(text(f"closure.button-{key}", {"at": moment_words(at)})), _stamped(at))


def _stamped(at: datetime) -> str:
    return f"s:xat:me:{at.astimezone(VIETNAM).strftime(_STAMP)}"


def _what_buttons() -> tuple[Button, ...]:
    return (_button("office", "what", "office"), _button("portal", "what", "portal"), _button("leave", "leave"))


def _send_buttons() -> tuple[Button, ...]:
    return (_button("send", "send"), _button("redo", "redo"), _button("leave", "leave"))


def _with(state: StaffState, closing: Closing, screen: str) -> StaffState:
    return replace(state, talk=StaffTalk(screen, closing=closing))


def _button(key: str, what: str, argument: str = "") -> Button:
    return Button(text(f"closure.button-{key}"), f"s:x{what}:me" + (f":{argument}" if argument else ""))


def _say(state: StaffState, key: str, *buttons: Button, **blanks: object) -> StaffTurn:
    return StaffTurn(state, (Say(f"closure.{key}", blanks, buttons),))
