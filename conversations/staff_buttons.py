"""The officers' buttons, at most 64 bytes each.

`d:<action>:<dossier-id>[:argument]`, `c:<action>:<call-id>`, and `s:<command>:me` for what concerns no dossier.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from conversations import linked
from conversations.messages import Button
from conversations.render import short, text
from conversations.staff_state import DossierFile, Officer
from domain.dossier import (
    FINAL,
    Accept,
    AnswerDraft,
    AskMoney,
    AskMore,
    Done,
    Extend,
    Forward,
    HandOver,
    Invite,
    Missed,
    Post,
    Present,
    Process,
    Refuse,
    ReturnUnsigned,
    Role,
    SendBack,
    ShowDraft,
    Status,
    Stop,
    decide,
    possible,
)
from domain.helping import OPENS, Standing

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
    "missed": Missed,
    "back": SendBack,
    "stop": Stop,
    "process": Process,
    "sign": Present,
    "unsigned": ReturnUnsigned,
    "draft": ShowDraft,
    "phoned": AnswerDraft,
    "silent": AnswerDraft,
    "extend": Extend,
    "owe": AskMoney,
    "sent": Post,
    "arrived": HandOver,
    "returned": SendBack,
}
_TWICE: Final = frozenset(
    {"redate", "elsewhere", "arrived", "returned", "owe", "sent"}
)  # actions whose kind of decision another one stands for
_MAIN: Final[dict[Status, tuple[str, ...]]] = {
    Status.SUBMITTED: ("accept", "more", "refuse"),
    Status.INCOMPLETE: ("stop",),
    Status.ACCEPTED: ("done", "process", "more"),
    Status.PROCESSING: ("done", "sign", "more"),
    Status.DRAFTED: ("phoned", "silent"),
    Status.SIGNING: ("done", "unsigned"),
    Status.PAYING: ("till", "stop"),
    Status.PENDING: ("stop",),
    Status.INVITED: ("accept", "invite", "more", "refuse"),
    Status.FORWARDED: ("done", "stop"),
    Status.DONE: ("hand", "back", "redate"),
    Status.POSTED: ("arrived", "returned"),
}
_FORWARDS: Final[dict[Status, tuple[str, ...]]] = {  # where another authority decides
    Status.ACCEPTED: ("forward", "more", "stop"),
    Status.PROCESSING: ("forward", "sign", "more"),
    Status.SIGNING: ("forward", "unsigned"),
}
CORRECTABLE: Final = frozenset({Status.SUBMITTED, Status.INCOMPLETE, Status.INVITED, Status.ACCEPTED, Status.PENDING})
_UNACCEPTED: Final = frozenset({Status.SUBMITTED, Status.INCOMPLETE, Status.INVITED})
WANTED: Final = frozenset({Status.INCOMPLETE, Status.PENDING})  # something was asked for again
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


def money_matters(file: DossierFile) -> bool:
    """Whether there is anything to do about money: once accepted; after the end while any is held or missing."""
    status = standing(file)
    if status in FINAL:
        return file.charge is not None and bool(file.charge.paid_vnd or file.charge.missing_vnd)
    return status not in _UNACCEPTED


def _money_left(file: DossierFile) -> bool:
    """Whether a dossier that has ended still has money to be taken or given back."""
    charge = file.charge
    if charge is None:
        return False
    over = file.status == Status.HANDED_OVER
    return bool(charge.missing_vnd or charge.excess_vnd) if over else bool(charge.paid_vnd)


def main_actions(file: DossierFile, intake: str) -> tuple[str, ...]:
    """What the card offers: few, and the likeliest first. While a decision is held, only that can be changed."""
    if file.held is not None:
        return ("undo", "now")
    status = Status(file.status)
    if status in FINAL:  # money may be held or missing, and the portal may have to be brought to the same end
        return (*(("charge",) if _money_left(file) else ()), *(("portal",) if file.portal is not None else ()))
    if file.owner is None:
        return ("claim", "menu")
    actions = _MAIN[status]
    if status == Status.SUBMITTED and intake in _IN_PERSON:
        actions = ("invite", *actions)
    if intake == "collect-and-forward":
        actions = _FORWARDS.get(status, actions)
    if status in WANTED and file.channel != "online":  # nobody sends it in a chat
        actions = ("brought", *actions)
    if status == Status.DONE and file.post is not None:
        actions = ("sent", "post", "hand")
    if not linked.settled(file.parts):  # each part has its own end, and the result is the last of them
        actions = tuple("parts" if action == "done" else action for action in actions)
    return (*actions, "papers", "menu")


def _decisions(file: DossierFile, intake: str, status: Status) -> list[str]:
    """What may be decided beyond what the card offers, and a correction."""
    shown = {DECIDES.get(action) for action in main_actions(file, intake)}
    allowed = possible(status) - shown
    actions = [a for a, kind in DECIDES.items() if kind in allowed and a not in _TWICE]
    if status == Status.DONE:  # there is a result: what can change is the hour
        actions = ["redate" if action == "done" else action for action in actions]
    if file.appointment_at is None and "missed" in actions:
        actions.remove("missed")
    if Forward in possible(status) and Forward in shown:
        actions.append("elsewhere")
    if status in CORRECTABLE and file.correction is None:
        actions.append("fix")
    if status in WANTED and file.held is None and "brought" not in main_actions(file, intake):
        actions.append("brought")
    return actions


def other_actions(file: DossierFile, intake: str, officer: Officer) -> tuple[str, ...]:
    """Everything else this officer may do with it now."""
    status = standing(file)
    mine = file.owner is not None and file.owner.id == officer.id
    head = officer.role == Role.HEAD
    actions = _decisions(file, intake, status) if mine or head else []
    if mine and file.held is None and status not in FINAL:
        actions.append("give")
    if status not in FINAL and (mine or head):
        actions.append("pass")
    if (mine or head) and file.cosigner is not None and file.cosigner.status in ("waiting", "declined"):
        actions.append("signed")
    if (mine or head) and file.helper is not None and file.helper.status in OPENS:
        actions += ["consent", "unhelp"] if file.helper.status == Standing.AT_DESK else ["unhelp"]
    if (mine or head) and money_matters(file):
        actions.append("fee" if file.charge is None else "charge")
    if (mine or head) and file.post is not None and "post" not in main_actions(file, intake):
        actions.append("post")
    if head and not mine and status not in FINAL:
        actions.append("take")
    if mine or head:
        if linked.notable(file.parts, file.status) and "parts" not in main_actions(file, intake):
            actions.append("parts")
        actions += ["bundle", "slips", "portal"]
    alone = file.helper is None or file.helper.status in OPENS  # else whoever is helped has no chat
    if (mine or head or file.owner is None) and file.channel == "online" and alone:  # others have no chat
        actions += ["answer", "end"] if file.call_open else ["answer"]
    return tuple(actions)


def card_buttons(file: DossierFile, intake: str) -> tuple[Button, ...]:
    """Under the card in the group."""
    offered = [button(action, file.id) for action in main_actions(file, intake)]
    if file.twin and offered:
        offered.append(button("open", file.twin, label=text("staff-button.twin")))
    return tuple(offered)
