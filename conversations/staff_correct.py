"""Proposing another value for one answer: it counts once the citizen has agreed."""

from __future__ import annotations

from msgspec.structs import replace

from conversations.cards import code_of
from conversations.notices import correction, label, shown, view_of
from conversations.plans import question_of
from conversations.render import text
from conversations.staff_answers import DESK, answered, key_at, place, written
from conversations.staff_buttons import CORRECTABLE, button, standing
from conversations.staff_faults import PAGE
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hindrance, idle, not_allowed, on, say
from conversations.state import Say, Want
from domain.dossier import FINAL
from domain.values import VIETNAM, Wrong


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
    questions = answered(file, procedure)
    if not questions:
        return say(idle(state), "fix-none", {"code": code_of(file)})
    page = int(argument) if argument.isdecimal() and int(argument) * PAGE < len(questions) else 0
    offered = [
        button("which", file.id, place(procedure, question), label=label(procedure, question.key))
        for question in questions[page * PAGE : (page + 1) * PAGE]
    ]
    if (page + 1) * PAGE < len(questions):
        offered.append(button("fix", file.id, str(page + 1), label=text("staff-button.later")))
    state = on(state, "fix-which", file.id)
    return say(state, "fix", {"code": code_of(file)}, *offered, button("no", file.id))


def which(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """The old value, and what to type or choose instead."""
    refused = _hindered(state, file)
    if refused:
        return StaffTurn(state, (refused,))
    procedure = ctx.procedure_of(file)
    key = key_at(procedure, argument) if argument.startswith("q") else None
    if key is None or key not in {question.key for question in answered(file, procedure)}:
        return say(state, "button-old")
    return _ask(on(state, "fix", file.id, key=key), file, ctx)


def _ask(state: StaffState, file: DossierFile, ctx: StaffContext) -> StaffTurn:
    procedure = ctx.procedure_of(file)
    question = question_of(procedure, state.talk.key)
    assert question is not None
    offered = [button("value", file.id, str(number), label=choice) for number, choice in enumerate(question.choices, 1)]
    old = shown(procedure, question.key, file.answers.get(question.key, ""))
    asked = {"label": label(procedure, question.key), "old": old or text("notices.correction-nothing")}
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
    question = question_of(procedure, state.talk.key)
    assert question is not None
    old = file.answers.get(question.key, "")
    read = written(question, given, ctx.now.astimezone(VIETNAM).date())
    if isinstance(read, Wrong):
        again = _ask(state, file, ctx)
        return StaffTurn(state, (Say(f"wrong.{read.key}", {"ask": f"{question.label}:"}), *again.says))
    if read.offers:
        days = zip(read.offers, read.labels, strict=True)
        offered = [button("value", file.id, day, label=words) for day, words in days]
        return say(state, "fix-calendar", {}, *offered, button("no", file.id))
    new = read.value
    if new == old and file.marks.get(question.key) != DESK:
        return say(state, "fix-same", {}, button("no", file.id))
    want = Want(question.key, new)
    view = replace(view_of(file, procedure), correction=want, correction_old=old)
    words = correction(view, procedure, state.officer.name).text
    send = button("send", file.id, label=text("staff-button.send-fix"))
    state = on(state, "fix-send", file.id, ticked=(want,))
    return say(state, "confirm", {"words": words}, send, button("no", file.id))
