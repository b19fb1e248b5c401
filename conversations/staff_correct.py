"""Proposing another value for one answer: it counts once the citizen has agreed."""

from __future__ import annotations

from msgspec.structs import replace

from conversations.cards import code_of
from conversations.notices import correction, label, shown, view_of
from conversations.render import text
from conversations.staff_buttons import CORRECTABLE, button, standing
from conversations.staff_faults import PAGE, answered, key_at
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hindrance, idle, not_allowed, on, say
from conversations.state import Say, Want
from domain.dossier import FINAL
from domain.values import VIETNAM, Wrong, parse


def _hindered(state: StaffState, file: DossierFile) -> Say | None:
    if standing(file) not in CORRECTABLE:
        return not_allowed("final" if standing(file) in FINAL else "status", file, "fix")
    refused = hindrance(file, state.officer)
    if refused is None and file.correction is not None:
        return Say("staff.fix-open", {"code": code_of(file)})
    return refused


def begin(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """Which answer, a page at a time."""
    refused = _hindered(state, file)
    if refused:
        return StaffTurn(state, (refused,))
    procedure = ctx.procedure_of(file)
    places = answered(file, procedure)
    if not places:
        return say(idle(state), "fix-none", {"code": code_of(file)})
    page = int(argument) if argument.isdecimal() and int(argument) * PAGE < len(places) else 0
    offered = [
        button("which", file.id, f"q{place}", label=label(procedure, procedure.questions[place].key))
        for place in places[page * PAGE : (page + 1) * PAGE]
    ]
    if (page + 1) * PAGE < len(places):
        offered.append(button("fix", file.id, str(page + 1), label=text("staff-button.later")))
    state = on(state, "fix-which", file.id)
    return say(state, "fix", {"code": code_of(file)}, *offered, button("no", file.id))


def which(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """The old value, and what to type or choose instead."""
    refused = _hindered(state, file)
    if refused:
        return StaffTurn(state, (refused,))
    key = key_at(ctx.procedure_of(file), argument) if argument.startswith("q") else None
    if key is None or not file.answers.get(key):
        return say(state, "button-old")
    return _ask(on(state, "fix", file.id, key=key), file, ctx)


def _ask(state: StaffState, file: DossierFile, ctx: StaffContext) -> StaffTurn:
    procedure = ctx.procedure_of(file)
    question = procedure.question(state.talk.key)
    offered = [button("value", file.id, str(number), label=choice) for number, choice in enumerate(question.choices, 1)]
    asked = {
        "label": label(procedure, question.key),
        "old": shown(procedure, question.key, file.answers.get(question.key, "")),
    }
    return say(state, "fix-choice" if offered else "fix-value", asked, *offered, button("no", file.id))


def value(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """A choice was pressed: its number is as good as its label."""
    if state.talk.screen != "fix" or state.talk.dossier != file.id:
        return say(state, "nothing-to-send", {"code": code_of(file)}, button("open", file.id))
    return typed(state, file, argument, ctx)


def typed(state: StaffState, file: DossierFile, given: str, ctx: StaffContext) -> StaffTurn:
    """The new value; then old and new as the citizen will see them."""
    refused = _hindered(state, file)
    if refused:
        return StaffTurn(idle(state), (refused,))
    procedure = ctx.procedure_of(file)
    question = procedure.question(state.talk.key)
    old = file.answers.get(question.key, "")
    new = parse(
        question.kind,
        given,
        choices=question.choices,
        today=ctx.now.astimezone(VIETNAM).date(),
        partial=question.partial_ok,
        least=question.min,
        most=question.max,
    )
    if isinstance(new, Wrong):
        again = _ask(state, file, ctx)
        return StaffTurn(state, (Say(f"wrong.{new.key}"), *again.says))
    if new == old:
        return say(state, "fix-same", {}, button("no", file.id))
    want = Want(question.key, new)
    view = replace(view_of(file, procedure), correction=want, correction_old=old)
    words = correction(view, procedure, state.officer.name).text
    send = button("send", file.id, label=text("staff-button.send-fix"))
    state = on(state, "fix-send", file.id, ticked=(want,))
    return say(state, "confirm", {"words": words}, send, button("no", file.id))
