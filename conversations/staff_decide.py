"""Decisions that need a reason, a moment, a place, or one more look before they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from conversations import fees, staff_collect, staff_instead
from conversations.cards import code_of
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, ProposeCorrection, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, hindrance, hold, idle, not_allowed, on, say
from conversations.state import Say
from domain import rules
from domain.dossier import (
    Done,
    Forward,
    HandOver,
    Invite,
    NotAllowed,
    Refuse,
    ReturnUnsigned,
    Role,
    SendBack,
    Status,
    Stop,
)
from domain.values import VIETNAM, moment_words

_READY: Final = {"refuse": 4, "stop": 3, "back": 3, "unsigned": 3}
_KINDS: Final[dict[str, type[Refuse | Stop | SendBack | ReturnUnsigned]]] = {
    "refuse": Refuse,
    "stop": Stop,
    "back": SendBack,
    "unsigned": ReturnUnsigned,
}
_NOT_OURS: Final = 1  # the ready reason of a refusal that makes one ask where else
_CAUSES: Final = {2: "asked", 3: "law"}  # of the ready reasons for a stop: see Stop
_A_DAY: Final = 4  # slots shown of one day
_SLOTS: Final = 8
_STAMP: Final = "%Y%m%d%H%M"
_AT_ONCE: Final = "now"


def ask_reason(action: str, state: StaffState, file: DossierFile) -> StaffTurn:
    """Why it is refused, stopped or sent back."""
    refused = hindrance(file, state.officer, _KINDS[action])
    if refused:
        return StaffTurn(state, (refused,))
    offered = [
        button("because", file.id, f"{action}-{number}", label=text(f"staff.reason-{action}-{number}"))
        for number in range(1, _READY[action] + 1)
    ]
    state = on(state, "why", file.id, key=action)
    return say(state, f"why-{action}", {"code": code_of(file)}, *offered, button("no", file.id))


def refuse(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return ask_reason("refuse", state, file)


def stop(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return ask_reason("stop", state, file)


def back(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return ask_reason("back", state, file)


def unsigned(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    return ask_reason("unsigned", state, file)


def because(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """A ready reason was pressed; the button carries what it is a reason for, so an old one works too."""
    action, _, number = argument.partition("-")
    if action not in _READY or not number.isdecimal() or not 1 <= int(number) <= _READY[action]:
        return say(state, "button-old")
    return reasoned(state, file, action, text(f"staff.reason-{action}-{int(number)}"), ctx, ready=int(number))


def reasoned(
    state: StaffState, file: DossierFile, action: str, reason: str, ctx: StaffContext, ready: int = 0
) -> StaffTurn:
    """Sending back is done at once; refusing and stopping show the words first."""
    decision = Stop(reason, _CAUSES.get(ready, "")) if action == "stop" else _KINDS[action](reason)
    if isinstance(decision, SendBack | ReturnUnsigned):
        return hold(state, file, decision)
    refused = hindrance(file, state.officer, type(decision)) or _too_soon(state, file, decision, ctx)
    if refused:
        return StaffTurn(idle(state), (refused,))
    if isinstance(decision, Refuse) and ready == _NOT_OURS:
        return staff_instead.ask(on(state, "instead", file.id, decision=decision), file, "", ctx)
    return staff_instead.confirm(state, file, decision, ctx)


def _too_soon(state: StaffState, file: DossierFile, decision: Refuse | Stop, ctx: StaffContext) -> Say | None:
    """Who waits for papers must be reminded and waited for."""
    if isinstance(decision, Refuse):
        return None
    waits = {"wait_until": file.wait_until, "reminded_at": file.reminded_at}
    try:
        rules.may_stop(file.status, decision.cause, **waits, now=ctx.now, head=state.officer.role == Role.HEAD)
    except NotAllowed as error:
        return not_allowed(error.reason, file)
    return None


def hand(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """The originals to compare, and the words; the press that sends them says that they were compared.

    Where somebody was named to collect, first which of the two has come.
    """
    refused = hindrance(file, state.officer, HandOver)
    if refused:
        return StaffTurn(state, (refused,))
    if file.collector is not None and file.status != Status.POSTED and argument != staff_collect.SELF:
        if argument == staff_collect.OTHER:
            return staff_collect.ask_code(state, file, file.collector)
        return staff_collect.who(state, file, file.collector, ctx)
    originals = ctx.procedure_of(file).originals
    decision = HandOver(originals)
    state = on(state, "confirm", file.id, decision=decision)
    still = fees.reminder(file.charge, ctx.procedure_of(file))
    told = file.channel == "online"  # who came to the desk without a chat stands there
    words = text("staff.confirm-words", {"words": staff_instead.words_of(state, file, decision, ctx)}) if told else ""
    shown = {
        "money": f"{still}\n\n" if still else "",
        "originals": "\n".join(text("staff.confirm-original", {"name": name}) for name in originals),
        "words": f"\n\n{words}" if words else "",
    }
    send = button("send", file.id, label=text("staff-button.send-hand" if originals else "staff-button.hand"))
    money = (button("fee" if file.charge is None else "till", file.id),) if still else ()
    buttons = (send, *money, button("back", file.id), button("no", file.id))
    return say(state, "confirm-hand" if originals else "confirm-hand-none", shown, *buttons)


def send(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """The last press: what was shown goes out."""
    talk = state.talk
    if talk.dossier == file.id and talk.screen == "fix-send" and talk.ticked:
        refused = hindrance(file, state.officer)
        if refused:
            return StaffTurn(idle(state), (refused,))
        return cause(state, ProposeCorrection(file.id, talk.ticked[0].key, talk.ticked[0].reason))
    if talk.dossier != file.id or talk.screen != "confirm" or talk.decision is None:
        return say(state, "nothing-to-send", {"code": code_of(file)}, button("open", file.id))
    return hold(state, file, talk.decision)


def done(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    return _when("done", state, file, argument, ctx)


def invite(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    return _when("invite", state, file, argument, ctx)


def _when(action: str, state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """Moments to choose from, a page at a time; choosing one is the decision. A result may be had at once."""
    kind: type[Done | Invite] = Done if action == "done" else Invite
    refused = hindrance(file, state.officer, kind)
    if refused:
        return StaffTurn(state, (refused,))
    if kind is Done and file.post is not None:  # nobody comes for it
        return hold(state, file, Done(ctx.now.replace(second=0, microsecond=0)))
    slots, at_once = [slot for slot in ctx.slots() if slot != file.appointment_at], kind is Done and ctx.open
    chosen = next((slot for slot in slots if _stamp(slot) == argument), None)
    if at_once and argument == _AT_ONCE:
        chosen = ctx.now.replace(second=0, microsecond=0)
    if chosen is not None:
        return hold(state, file, kind(chosen))
    if not slots and not at_once:
        return say(idle(state), "when-none")
    some = spread(slots)
    page = int(argument[1:]) if argument[:1] == "p" and argument[1:].isdecimal() else 0
    shown = some[page * _SLOTS : (page + 1) * _SLOTS] or some[:_SLOTS]
    offered = [button(action, file.id, _AT_ONCE, label=text("staff-button.at-once"))] if at_once and not page else []
    offered += [button(action, file.id, _stamp(slot), label=moment_words(slot, ctx.now)) for slot in shown]
    if (page + 1) * _SLOTS < len(some):
        offered.append(button(action, file.id, f"p{page + 1}", label=text("staff-button.later")))
    gone = argument and argument[:1] != "p"
    stands = file.appointment_at if file.status in (Status.DONE, Status.INVITED) else None
    key = "when-gone" if gone else f"when-{action}" if stands is None else "when-other"
    shown_words = {"code": code_of(file), "at": moment_words(stands, ctx.now) if stands else ""}
    state = on(state, "when", file.id)
    return say(state, key, shown_words, *offered, button("no", file.id))


def spread(slots: Sequence[datetime]) -> tuple[datetime, ...]:
    """A few moments of each day, from its first to its last, instead of every half-hour."""
    days: dict[object, list[datetime]] = {}
    for slot in slots:
        days.setdefault(slot.astimezone(VIETNAM).date(), []).append(slot)
    chosen: list[datetime] = []
    for day in days.values():
        if len(day) <= _A_DAY:
            chosen += day
        else:
            chosen += [day[(len(day) - 1) * n // (_A_DAY - 1)] for n in range(_A_DAY)]
    return tuple(chosen)


def forward(state: StaffState, file: DossierFile, _argument: str, ctx: StaffContext) -> StaffTurn:
    """One press where the catalogue knows who decides; else the name is asked."""
    procedure = ctx.procedure_of(file)
    if procedure.intake != "collect-and-forward":
        return elsewhere(state, file, "", ctx)
    return hold(state, file, Forward(procedure.authority))


def elsewhere(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    refused = hindrance(file, state.officer, Forward)
    if refused:
        return StaffTurn(state, (refused,))
    state = on(state, "forward", file.id)
    return say(state, "forward-other", {"code": code_of(file)}, button("no", file.id))


def _stamp(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime(_STAMP)
