"""Where to go instead, when a dossier is refused: from the catalogue, typed, or nowhere."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from conversations.cards import code_of
from conversations.notices import notice, view_of
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import hindrance, idle, on, say, tell
from domain.dossier import Decision, Refuse, Stop

MOST: Final = 8  # places on one screen
NOWHERE: Final = "none"


def ask(state: StaffState, file: DossierFile, _argument: str, ctx: StaffContext) -> StaffTurn:
    """The refusal itself waits in the talk."""
    if not isinstance(_waiting(state, file), Refuse):
        return say(state, "nothing-to-send", {"code": code_of(file)}, button("open", file.id))
    offered = [
        button("place", file.id, str(number), label=name) for number, name in enumerate(places(file, ctx)[:MOST])
    ]
    nowhere = button("place", file.id, NOWHERE, label=text("staff-life.instead-none"))
    state = replace(state, talk=replace(state.talk, screen="instead"))
    return tell(state, "instead", {"code": code_of(file)}, *offered, nowhere, button("no", file.id))


def chosen(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """One of the places, by its number in the list, or none."""
    known = places(file, ctx)
    if argument == NOWHERE:
        return typed(state, file, "", ctx)
    if not argument.isdecimal() or int(argument) >= len(known):
        return say(state, "button-old")
    return typed(state, file, known[int(argument)], ctx)


def typed(state: StaffState, file: DossierFile, place: str, ctx: StaffContext) -> StaffTurn:
    """The words of the refusal with the place, to be read before they go out."""
    decision = _waiting(state, file)
    if not isinstance(decision, Refuse):
        return say(state, "nothing-to-send", {"code": code_of(file)}, button("open", file.id))
    return confirm(state, file, replace(decision, instead=place), ctx)


def confirm(state: StaffState, file: DossierFile, decision: Refuse | Stop, ctx: StaffContext) -> StaffTurn:
    """A refusal or a stop as the citizen will read it; nothing goes out before the last press."""
    refused = hindrance(file, state.officer, type(decision))
    if refused:
        return StaffTurn(idle(state), (refused,))
    action = "refuse" if isinstance(decision, Refuse) else "stop"
    more = [button("instead", file.id)] if isinstance(decision, Refuse) and not decision.instead else []
    reword = button(action, file.id, label=text("staff-button.reword"))
    state = on(state, "confirm", file.id, key=action, decision=decision)
    words = {"words": words_of(state, file, decision, ctx)}
    return say(state, "confirm", words, button("send", file.id), *more, reword, button("no", file.id))


def places(file: DossierFile, ctx: StaffContext) -> tuple[str, ...]:
    """Who decides it by law first, then the other offices and bodies that the catalogue names."""
    procedure = ctx.procedure_of(file)
    first = () if procedure.commune_role == "decides" else (procedure.authority,)
    return tuple(dict.fromkeys((*first, *ctx.elsewhere())))


def words_of(state: StaffState, file: DossierFile, decision: Decision, ctx: StaffContext) -> str:
    """What the citizen will read."""
    procedure = ctx.procedure_of(file)
    return notice(decision, view_of(file, procedure), ctx.office, procedure, state.officer.name).text


def _waiting(state: StaffState, file: DossierFile) -> Decision | None:
    return state.talk.decision if state.talk.dossier == file.id else None
