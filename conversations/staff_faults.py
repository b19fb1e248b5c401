"""Asking for more: tick everything that is wrong, a reason for each, read the words, send them once."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from conversations.cards import code_of
from conversations.messages import Button
from conversations.notices import label, notice, view_of
from conversations.plans import base, row_of
from conversations.render import text
from conversations.staff_answers import answered, key_at, place
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hindrance, on, say
from conversations.state import Say, Want
from domain.dossier import AskMore, Fault

PAGE: Final = 8
_SCREENS: Final = frozenset({"more", "more-why", "confirm"})
_REASONS: Final = {"paper": 6, "answer": 3}


def begin(state: StaffState, file: DossierFile, _argument: str, ctx: StaffContext) -> StaffTurn:
    refused = hindrance(file, state.officer, AskMore)
    if refused:
        return StaffTurn(state, (refused,))
    return show(on(state, "more", file.id), file, ctx)


def resumed(state: StaffState, file: DossierFile) -> StaffState:
    """Back to the list with its ticks; a button of an older list begins a new one."""
    same = state.talk.dossier == file.id and state.talk.screen in _SCREENS
    talk = state.talk
    return on(state, "more", file.id, ticked=talk.ticked if same else (), newly=talk.newly if same else "")


def show(state: StaffState, file: DossierFile, ctx: StaffContext) -> StaffTurn:
    """The list of papers, what is ticked above it."""
    procedure = ctx.procedure_of(file)
    words = text("staff.more-again" if file.rounds else "staff.more", {"code": code_of(file), "count": file.rounds})
    ticked = [
        text("staff.more-line", {"label": label(procedure, want.key), "reason": want.reason})
        for want in state.talk.ticked
    ]
    if ticked:
        words = text("staff.more-ticked", {"intro": words, "ticked": "\n".join(ticked)})
    offered = [_tick(state, file, f"p{at}", paper.key, paper.name) for at, paper in enumerate(procedure.papers)]
    if answered(file, procedure):
        offered.append(button("answers", file.id, "0"))
    if ticked:
        offered.append(button("review", file.id))
    return say(state, "shown", {"text": words}, *offered, button("no", file.id))


def show_answers(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """The answers given, a page at a time."""
    refused = _hindrance(state, file)
    if refused:
        return StaffTurn(state, (refused,))
    state = resumed(state, file)
    procedure = ctx.procedure_of(file)
    questions = answered(file, procedure)
    page = int(argument) if argument.isdecimal() and int(argument) * PAGE < len(questions) else 0
    offered = [
        _tick(state, file, place(procedure, question), question.key, label(procedure, question.key))
        for question in questions[page * PAGE : (page + 1) * PAGE]
    ]
    if (page + 1) * PAGE < len(questions):
        offered.append(button("answers", file.id, str(page + 1), label=text("staff-button.later")))
    return say(state, "more-answers", {}, *offered, button("listed", file.id), button("no", file.id))


def listed(state: StaffState, file: DossierFile, _argument: str, ctx: StaffContext) -> StaffTurn:
    refused = _hindrance(state, file)
    return StaffTurn(state, (refused,)) if refused else show(resumed(state, file), file, ctx)


def tick(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """Untick what is ticked; else ask for the reason."""
    refused = _hindrance(state, file)
    if refused:
        return StaffTurn(state, (refused,))
    procedure = ctx.procedure_of(file)
    key = key_at(procedure, argument)
    if key is None:
        return say(state, "button-old")
    state = resumed(state, file)
    rest = tuple(want for want in state.talk.ticked if want.key != key)
    if len(rest) < len(state.talk.ticked):
        return show(on(state, "more", file.id, ticked=rest, newly=state.talk.newly), file, ctx)
    state = on(state, "more-why", file.id, ticked=rest, key=key, newly=state.talk.newly)
    kind = "paper" if argument.startswith("p") else "answer"
    offered = [
        button("why", file.id, f"{kind}-{number}", label=text(f"staff.reason-{kind}-{number}"))
        for number in range(1, _REASONS[kind] + 1)
    ]
    back = button("listed", file.id, label=text("staff-button.return"))
    return say(state, "more-why", {"label": label(procedure, key)}, *offered, back, button("no", file.id))


def why(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """A ready reason was pressed."""
    kind, _, number = argument.partition("-")
    known = kind in _REASONS and number.isdecimal() and 1 <= int(number) <= _REASONS[kind]
    if state.talk.screen != "more-why" or state.talk.dossier != file.id or not known:
        return listed(state, file, "", ctx)
    return because(state, file, text(f"staff.reason-{kind}-{int(number)}"), ctx)


def because(state: StaffState, file: DossierFile, reason: str, ctx: StaffContext) -> StaffTurn:
    """The reason for the fault in hand, pressed or typed."""
    refused = _hindrance(state, file)
    if refused:
        return StaffTurn(state, (refused,))
    ticked = (*state.talk.ticked, Want(state.talk.key, reason))
    return show(on(state, "more", file.id, ticked=ticked, newly=state.talk.newly), file, ctx)


def review(state: StaffState, file: DossierFile, _argument: str, ctx: StaffContext) -> StaffTurn:
    """The words as the citizen will read them."""
    refused = _hindrance(state, file)
    if refused:
        return StaffTurn(state, (refused,))
    state = resumed(state, file)
    if not state.talk.ticked:
        return say(state, "more-none", {}, button("listed", file.id), button("no", file.id))
    procedure = ctx.procedure_of(file)
    order = [paper.key for paper in procedure.papers] + [question.key for question in procedure.questions]
    wants = sorted(state.talk.ticked, key=lambda want: (order.index(base(want.key)), row_of(want.key)))
    decision = AskMore(tuple(Fault(want.key, want.reason) for want in wants), state.talk.newly)
    words = notice(decision, view_of(file, procedure), ctx.office, procedure, state.officer.name).text
    state = replace(state, talk=replace(state.talk, screen="confirm", decision=decision))
    send = button("send", file.id, label=text("staff-button.send-more"))
    edit = button("listed", file.id, label=text("staff-button.edit"))
    return say(state, "confirm", {"words": words}, send, edit, button("no", file.id))


def _hindrance(state: StaffState, file: DossierFile) -> Say | None:
    """Whoever has said why it is new may go on."""
    same = state.talk.dossier == file.id
    return hindrance(file, state.officer, AskMore, newly=state.talk.newly if same else "")


def _tick(state: StaffState, file: DossierFile, argument: str, key: str, name: str) -> Button:
    mark = "ticked-on" if any(want.key == key for want in state.talk.ticked) else "ticked-off"
    return button("tick", file.id, argument, label=text(f"staff.{mark}", {"label": name}))
