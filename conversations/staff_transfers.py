"""Transfers of which nobody knows whose they are: `/tien` lists them for one officer, who links each or sends it back.

What was written into a transfer is somebody's own words, so it is never shown in the group.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from conversations.cards import code_of
from conversations.messages import Button
from conversations.money_state import DropTransfer, LinkTransfer, TransferFile
from conversations.render import short, text
from conversations.staff_buttons import Press, button
from conversations.staff_state import StaffContext, StaffState, StaffTalk, StaffTurn
from conversations.staff_turns import cause, idle, say
from conversations.state import Say
from domain.dossier import Role
from domain.values import moment_words, money_words

_MOST: Final = 8
_SHOWN: Final = 120  # characters of what was written into it
SCREEN: Final = "transfer"
ACTIONS: Final = frozenset({"transfer", "linked", "dropped"})


def listed(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    """All that are open, the oldest first."""
    found = ctx.transfers()
    if not found:
        return _say(idle(state), "list-none")
    lines = [
        text("money.list-line", {"number": number, **_facts(transfer)}) for number, transfer in enumerate(found, 1)
    ]
    head = text("money.list", {"count": len(found)})
    buttons = [
        button("transfer", str(one.id), kind="s", label=text("money.list-open", {"number": number, **_facts(one)}))
        for number, one in enumerate(found[:_MOST], 1)
    ]
    return say(idle(state), "shown", {"text": "\n\n".join([head, *lines])}, *buttons)


def press(state: StaffState, pressed: Press, ctx: StaffContext) -> StaffTurn:
    """One of them: opened, linked with a dossier, or gone back."""
    transfer = _transfer(pressed.subject, ctx)
    if transfer is None:
        return _say(idle(state), "transfer-gone")
    if pressed.action == "transfer":
        state = replace(state, talk=StaffTalk(SCREEN, key=str(transfer.id)))
        return _say(state, "transfer", _facts(transfer), *_buttons(transfer, state))
    if pressed.action == "dropped":
        return cause(state, DropTransfer(transfer.id))
    file = ctx.dossier(pressed.argument)
    if file is None:
        return _say(state, "transfer-what")
    return cause(state, LinkTransfer(transfer.id, file.id))


def typed(state: StaffState, words: str, ctx: StaffContext) -> StaffTurn:
    """The code of the dossier that it is for; shown once more before it counts."""
    transfer = _transfer(state.talk.key, ctx)
    if transfer is None:
        return _say(idle(state), "transfer-gone")
    file = ctx.dossier(words)
    if file is None:
        return _say(state, "transfer-what", {}, *_buttons(transfer, state))
    if file.charge is None:
        return _say(idle(state), "transfer-fee", {"code": code_of(file)}, button("fee", file.id))
    shown = {**_facts(transfer), "code": code_of(file), "procedure": file.procedure_name}
    sure = button("linked", str(transfer.id), file.id, kind="s")
    return _say(state, "transfer-sure", shown, sure, button("help", "me", kind="s", label=text("staff-button.no")))


def _transfer(number: str, ctx: StaffContext) -> TransferFile | None:
    return next((one for one in ctx.transfers() if str(one.id) == number), None)


def _buttons(transfer: TransferFile, state: StaffState) -> tuple[Button, ...]:
    back = (button("dropped", str(transfer.id), kind="s"),) if state.officer.role == Role.HEAD else ()
    return (*back, button("money", "me", kind="s"))


def _facts(transfer: TransferFile) -> dict[str, object]:
    memo = short(transfer.memo, _SHOWN) or "…"
    return {"amount": money_words(transfer.amount_vnd), "at": moment_words(transfer.at), "memo": memo}


def _say(state: StaffState, key: str, blanks: dict[str, object] | None = None, *buttons: Button) -> StaffTurn:
    return StaffTurn(state, (Say(f"money.{key}", blanks or {}, buttons),))
