"""An officer notes how far each part of a linked procedure is; the result is offered when all have come to an end."""

from __future__ import annotations

from typing import Final

from conversations import linked, staff_decide
from conversations.cards import code_of
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, NotePart, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, hindrance, idle, not_allowed, on
from conversations.state import Say
from domain.dossier import FINAL, Done, Status

WHY: Final = "part-why"  # the screen on which a reason is awaited
ANYWAY: Final = "any"
_READY: Final = "0"  # in a button's value: refused for the ready reason


def parts(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """All parts; one that is pressed asks how far it is."""
    stopped = _stopped(state, file)
    if stopped:
        return stopped
    procedure = ctx.procedure_of(file)
    chosen = next((part for part in file.parts if part.key == argument), None)
    if chosen is None:
        shown = {"code": code_of(file), "lines": "\n".join(linked.lines(procedure, file.parts))}
        buttons = [
            button(
                "parts",
                file.id,
                part.key,
                label=text(
                    "linked.button", {"name": linked.name_of(procedure, part), "status": linked.status_words(part)}
                ),
            )
            for part in file.parts
        ]
        return StaffTurn(on(state, "parts", file.id), (Say("linked.ask", shown, (*buttons, button("no", file.id))),))
    named = linked.part_named(procedure, chosen.key)
    about = {
        "name": linked.name_of(procedure, chosen),
        "authority": named.authority if named else "",
        "code": code_of(file),
    }
    marks = [
        button(
            "part",
            file.id,
            f"{status[0]}.{chosen.key}" if status != linked.WAITING else f"o.{chosen.key}",
            label=text(f"linked.mark-{status}"),
        )
        for status in linked.STATUSES
        if status != chosen.status
    ]
    return StaffTurn(on(state, "parts", file.id), (Say("linked.ask-status", about, (*marks, button("no", file.id))),))


_MARKS: Final = {"w": linked.WITH_AUTHORITY, "d": linked.DONE, "r": linked.REFUSED, "o": linked.WAITING}


def part(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """How far one part is; the button carries both, so an old one works too. A refusal wants its reason."""
    stopped = _stopped(state, file)
    if stopped:
        return stopped
    mark, _, key = argument.partition(".")
    chosen = next((one for one in file.parts if one.key == key), None)
    if chosen is None or mark.rstrip(_READY) not in _MARKS:
        return StaffTurn(state, (Say("staff.button-old"),))
    status = _MARKS[mark.rstrip(_READY)]
    if status == linked.REFUSED and not mark.endswith(_READY):
        name = linked.name_of(ctx.procedure_of(file), chosen)
        ready = button("part", file.id, f"r{_READY}.{key}", label=text("linked.why-ready"))
        shown = {"name": name, "code": code_of(file)}
        buttons = (ready, button("no", file.id))
        return StaffTurn(on(state, WHY, file.id, key=key), (Say("linked.ask-why", shown, buttons),))
    note = text("linked.why-ready") if status == linked.REFUSED else ""
    return cause(state, NotePart(file.id, chosen.key, status, note))


def typed(state: StaffState, file: DossierFile, words: str, _ctx: StaffContext) -> StaffTurn:
    """The reason of a refusal, in the officer's own words."""
    stopped = _stopped(idle(state), file)
    return stopped or cause(state, NotePart(file.id, state.talk.key, linked.REFUSED, words))


def done(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """The result, when all parts have come to an end; before that the officer is asked once more."""
    unsettled = [one for one in file.parts if not linked.settled([one])]
    if argument or not unsettled or Status(file.status) == Status.DONE or hindrance(file, state.officer, Done):
        return staff_decide.done(state, file, "" if argument == ANYWAY else argument, ctx)
    shown = {"code": code_of(file), "lines": "\n".join(linked.lines(ctx.procedure_of(file), unsettled))}
    buttons = (
        button("done", file.id, ANYWAY, label=text("linked.anyway")),
        button("parts", file.id),
        button("no", file.id),
    )
    return StaffTurn(on(state, "parts", file.id), (Say("linked.done-early", shown, buttons),))


def _stopped(state: StaffState, file: DossierFile) -> StaffTurn | None:
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    if linked.notable(file.parts, file.status):
        return None
    if file.parts and Status(file.status) in FINAL:
        return StaffTurn(idle(state), (not_allowed("final", file),))
    key = "linked.early" if file.parts else "linked.none"
    return StaffTurn(idle(state), (Say(key, {"code": code_of(file)}),))
