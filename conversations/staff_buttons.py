"""The officers' buttons, at most 64 bytes each.

`d:<action>:<dossier-id>[:argument]`, `c:<action>:<call-id>`, and `s:<command>:me` for what concerns no dossier.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from conversations.messages import Button
from conversations.render import short, text
from conversations.staff_state import DossierFile, Officer
from domain.dossier import (
    FINAL,
    Accept,
    AskMore,
    Done,
    Forward,
    HandOver,
    Invite,
    Refuse,
    Role,
    SendBack,
    Status,
    Stop,
    decide,
    possible,
)

# Which kind of decision an action leads to; other actions decide nothing.
DECIDES: Final[dict[str, type]] = {
    "accept": Accept,
    "more": AskMore,
    "refuse": Refuse,
    "invite": Invite,
    "forward": Forward,
    "elsewhere": Forward,
    "done": Done,
    "redate": Done,
    "hand": HandOver,
    "back": SendBack,
    "stop": Stop,
}
_MAIN: Final[dict[Status, tuple[str, ...]]] = {
    Status.SUBMITTED: ("accept", "more", "refuse"),
    Status.INCOMPLETE: ("stop",),
    Status.ACCEPTED: ("done", "more", "stop"),
    Status.PROCESSING: ("done", "more", "stop"),
    Status.DRAFTED: ("done", "more"),
    Status.SIGNING: ("done",),
    Status.PAYING: ("stop",),
    Status.PENDING: ("stop",),
    Status.INVITED: ("accept", "invite", "more", "refuse"),
    Status.FORWARDED: ("done", "stop"),
    Status.DONE: ("hand", "back", "redate"),
    Status.POSTED: ("hand", "back"),
}
CORRECTABLE: Final = frozenset({Status.SUBMITTED, Status.INCOMPLETE, Status.INVITED, Status.ACCEPTED, Status.PENDING})
_IN_PERSON: Final = frozenset({"collect-then-appointment", "info"})


class Press(Struct, frozen=True):
    """A button's value taken apart. `kind`: "d" for a dossier, "c" for a call, "s" for the officer."""

    kind: str
    action: str
    subject: str
    argument: str = ""


def read(value: str) -> Press | None:
    """None when the value is not one of ours."""
    parts = value.split(":", 3)
    if len(parts) < 3 or parts[0] not in ("d", "c", "s"):
        return None
    return Press(*parts)


def button(action: str, subject: str, argument: str = "", *, label: str = "", kind: str = "d") -> Button:
    """The label is the action's own unless another is given."""
    value = f"{kind}:{action}:{subject}" + (f":{argument}" if argument else "")
    return Button(short(label) if label else text(f"staff-button.{action}"), value)


def standing(file: DossierFile) -> Status:
    """The status as it will be once the held decision has taken effect."""
    now = Status(file.status)
    return now if file.held is None else decide(now, file.held)


def main_actions(file: DossierFile, intake: str) -> tuple[str, ...]:
    """What the card offers: few, and the likeliest first. While a decision is held, only that can be changed."""
    if file.held is not None:
        return ("undo", "now")
    status = Status(file.status)
    if status in FINAL:
        return ()
    if file.owner is None:
        return ("claim", "menu")
    actions = _MAIN[status]
    if status == Status.SUBMITTED and intake in _IN_PERSON:
        actions = ("invite", *actions)
    if status == Status.ACCEPTED and intake == "collect-and-forward":
        actions = ("forward", "more", "stop")
    return (*actions, "papers", "menu")


def other_actions(file: DossierFile, intake: str, officer: Officer) -> tuple[str, ...]:
    """Everything else this officer may do with it now."""
    status = standing(file)
    mine = file.owner is not None and file.owner.id == officer.id
    head = officer.role == Role.HEAD
    actions: list[str] = []
    if mine or head:
        shown = {DECIDES.get(action) for action in main_actions(file, intake)}
        allowed = possible(status) - shown
        actions += [a for a, kind in DECIDES.items() if kind in allowed and a not in ("redate", "elsewhere")]
        if Forward in possible(status) and Forward in shown:
            actions.append("elsewhere")
        if status in CORRECTABLE and file.correction is None:
            actions.append("fix")
    if mine and file.held is None:
        actions.append("give")
    if status not in FINAL and (mine or head):
        actions.append("pass")
    if head and not mine and status not in FINAL:
        actions.append("take")
    if mine or head:
        actions.append("bundle")
    if mine or head or file.owner is None:
        actions += ["answer", "end"] if file.call_open else ["answer"]
    return tuple(actions)


def card_buttons(file: DossierFile, intake: str) -> tuple[Button, ...]:
    """Under the card in the group."""
    offered = [button(action, file.id) for action in main_actions(file, intake)]
    if file.twin and offered:
        offered.append(button("open", file.twin, label=text("staff-button.twin")))
    return tuple(offered)
