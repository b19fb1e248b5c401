"""Pieces that every officer's turn is made of: staying, closing a screen, refusing kindly, holding a decision."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from conversations.cards import code_of, status_words
from conversations.messages import Button
from conversations.render import text
from conversations.staff_buttons import DECIDES, button, standing
from conversations.staff_state import Decide, DossierFile, Officer, StaffEffect, StaffState, StaffTalk, StaffTurn
from conversations.state import Say
from domain.dossier import FINAL, AskMore, Decision, NotAllowed, Role, permit, possible
from domain.values import VIETNAM, date_words, moment_words

_NOTHING: Mapping[str, object] = {}


def say(state: StaffState, key: str, blanks: Mapping[str, object] = _NOTHING, *buttons: Button) -> StaffTurn:
    return StaffTurn(state, (Say(f"staff.{key}", blanks, buttons),))


def tell(state: StaffState, key: str, blanks: Mapping[str, object] = _NOTHING, *buttons: Button) -> StaffTurn:
    """The same out of the texts about what lies between acceptance and handing over."""
    return StaffTurn(state, (Say(f"staff-life.{key}", blanks, buttons),))


def cause(state: StaffState, *effects: StaffEffect) -> StaffTurn:
    """Whoever carries the effects out says how it went."""
    return StaffTurn(idle(state), effects=effects)


def idle(state: StaffState) -> StaffState:
    """No screen open."""
    return replace(state, talk=StaffTalk())


def on(state: StaffState, screen: str, dossier: str, **changes: object) -> StaffState:
    """On a screen of this dossier, everything else forgotten but what `changes` names."""
    return replace(state, talk=StaffTalk(screen, dossier, **changes))  # type: ignore[arg-type]


def owns(file: DossierFile, officer: Officer) -> bool:
    return file.owner is not None and file.owner.id == officer.id


def not_allowed(reason: str, file: DossierFile, action: str = "") -> Say:
    """Why it cannot be done, naming owner, status or what was wanted, with the button that helps."""
    blanks = {
        "owner": file.owner.name if file.owner else "",
        "status": status_words(file),
        "code": code_of(file),
        "action": text(f"staff-button.{action}", {}) if action else "",
        "until": moment_words(file.wait_until) if file.wait_until else "",
        "due": date_words(file.due_at.astimezone(VIETNAM).date()) if file.due_at else "",
    }
    phoned = tuple(button("phoned", file.id, said, label=text(f"staff-life.phoned-{said}")) for said in ("yes", "no"))
    help_by = {
        "not-claimed": (button("claim", file.id),),
        "absent": (button("present", "me", kind="s"),),
        "stop-unlimited": (button("pass", file.id),),
        "second-round": (button("pass", file.id), button("newly", file.id)),
        "silence-early": phoned,
        "silence-undelivered": phoned,
        "silence-unreminded": phoned,
        "held": (button("undo", file.id), button("now", file.id)),
    }
    return Say(f"not-allowed.{reason}", blanks, help_by.get(reason, ()))


def hindrance(file: DossierFile, officer: Officer, kind: type | None = None, *, newly: str = "") -> Say | None:
    """Why this officer may not work on the dossier now, or not decide this; None when they may."""
    if officer.absent:
        return not_allowed("absent", file)
    if kind is not None and kind not in possible(standing(file)):
        if file.held is not None:
            return not_allowed("held", file, _action(type(file.held)))
        return not_allowed("final" if standing(file) in FINAL else "status", file, _action(kind))
    if file.owner is None and officer.role != Role.HEAD:
        return not_allowed("not-claimed", file)
    if kind is None:
        mine = owns(file, officer) or officer.role == Role.HEAD
        return None if mine else not_allowed("not-owner", file)
    try:
        permit(kind, officer.role, owner=owns(file, officer), rounds=file.rounds, newly=newly)
    except NotAllowed as error:
        return not_allowed(error.reason, file, _action(kind))
    return None


def _action(kind: type) -> str:
    return next(action for action, decision in DECIDES.items() if decision is kind)


def hold(state: StaffState, file: DossierFile, decision: Decision) -> StaffTurn:
    """The decision is taken; for a moment it can still be taken back from the card."""
    newly = decision.newly if isinstance(decision, AskMore) else ""
    refused = hindrance(file, state.officer, type(decision), newly=newly)
    if refused:
        return StaffTurn(idle(state), (refused,))
    return cause(state, Decide(file.id, file.version, decision))
