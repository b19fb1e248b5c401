"""An officer and the money of one dossier: confirming the fee, taking it at the desk, giving it back."""

from __future__ import annotations

from conversations import fees
from conversations.cards import code_of
from conversations.messages import Button
from conversations.money_state import ReturnMoney, SetFee, TakeMoney
from conversations.render import text
from conversations.staff_buttons import button, money_matters, standing
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, hindrance, hold, idle, not_allowed, on
from conversations.state import Say
from domain.dossier import FINAL, AskMoney, possible
from domain.fees import LEAST_VND, MOST_VND, Charge, amount_typed
from domain.values import money_words

TYPED = frozenset({"fee", "fee-why", "till", "refund"})  # screens on which what is typed counts


def begin(state: StaffState, file: DossierFile, argument: str, ctx: StaffContext) -> StaffTurn:
    """What is known of the fee, or one of its choices: an amount, an exemption, another reason."""
    refused = hindrance(file, state.officer)
    if refused is None and not money_matters(file):
        refused = not_allowed("final" if standing(file) in FINAL else "status", file, "fee")
    if refused:
        return StaffTurn(state, (refused,))
    if argument == "why":
        return _say(on(state, "fee-why", file.id), "ask-why", {"code": code_of(file)}, button("no", file.id))
    choices = fees.offers(ctx.procedure_of(file), file.answers)
    kind, number = argument[:1], argument[1:]
    if kind == "a" and number.isdecimal() and LEAST_VND <= int(number) <= MOST_VND:
        return cause(state, SetFee(file.id, int(number)))
    if kind == "o" and number.isdecimal() and int(number) < len(choices):
        chosen = choices[int(number)]
        return cause(state, SetFee(file.id, chosen.amount_vnd, chosen.reason))
    if argument != "again" and file.charge is not None:
        return _shown(state, file, file.charge)
    return _ask(state, file, choices, ctx)


def till(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """Taken at the desk."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    missing = file.charge.missing_vnd if file.charge else 0
    if not missing:
        return _say(idle(state), "till-none" if file.charge else "first", {"code": code_of(file)}, _fee(file))
    if argument.isdecimal() and LEAST_VND <= int(argument) <= MOST_VND:
        return cause(state, TakeMoney(file.id, int(argument)))
    whole = button("till", file.id, str(missing), label=money_words(missing))
    return _say(on(state, "till", file.id), "till", {"code": code_of(file)}, whole, button("no", file.id))


def owe(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """It goes on only when this is paid; the clock stands still meanwhile."""
    missing = file.charge.missing_vnd if file.charge else 0
    if not missing:
        return _say(state, "first", {"code": code_of(file)}, _fee(file))
    return hold(state, file, AskMoney(missing))


def refund(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """Given back, whole or in part."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    charge = file.charge
    if charge is None or not charge.paid_vnd:
        return _say(idle(state), "refund-none", {"code": code_of(file)})
    if argument.isdecimal() and 0 < int(argument) <= charge.paid_vnd:
        return cause(state, ReturnMoney(file.id, int(argument)))
    amounts = dict.fromkeys(filter(None, (charge.excess_vnd, charge.paid_vnd)))
    choices = [button("refund", file.id, str(amount), label=money_words(amount)) for amount in amounts]
    key = "refund-more" if argument else "refund"
    shown = {"code": code_of(file), "paid": money_words(charge.paid_vnd)}
    return _say(on(state, "refund", file.id), key, shown, *choices, button("no", file.id))


def typed(state: StaffState, file: DossierFile, words: str, ctx: StaffContext) -> StaffTurn:
    """An amount, or why nothing is to be paid; what a screen was opened for is looked at anew."""
    screen = state.talk.screen
    if screen == "fee-why":
        refused = hindrance(file, state.officer)
        return StaffTurn(idle(state), (refused,)) if refused else cause(state, SetFee(file.id, 0, words))
    amount = amount_typed(words)
    if amount is None:
        limits = {"least": money_words(LEAST_VND), "most": money_words(MOST_VND)}
        return _say(state, "ask-again", limits, *state.talk.offered)
    if screen == "fee":
        shown = {"code": code_of(file), "amount": money_words(amount)}
        sure = button("fee", file.id, f"a{amount}", label=text("staff-button.fee-sure"))
        return _say(state, "ask-sure", shown, sure, button("no", file.id))
    too_much = screen == "refund" and file.charge is not None and amount > file.charge.paid_vnd
    if too_much or any(offered.value.endswith(f":{amount}") for offered in state.talk.offered):
        return (till if screen == "till" else refund)(state, file, str(amount), ctx)
    return _sure(state, file, screen, amount)


def _sure(state: StaffState, file: DossierFile, screen: str, amount: int) -> StaffTurn:
    """An amount of one's own is read once more: the citizen hears of it at once."""
    shown = {"code": code_of(file), "amount": money_words(amount)}
    sure = button(screen, file.id, str(amount), label=text("staff-button.money-sure"))
    return _say(state, "till-sure" if screen == "till" else "refund-sure", shown, sure, button("no", file.id))


def _ask(state: StaffState, file: DossierFile, choices: tuple[fees.Offer, ...], ctx: StaffContext) -> StaffTurn:
    procedure = ctx.procedure_of(file)
    shown = {
        "code": code_of(file),
        "known": fees.rule_words(procedure, file.answers),
        "note": procedure.fee.note,
    }
    buttons = [button("fee", file.id, f"o{number}", label=offer.label) for number, offer in enumerate(choices)]
    why = button("fee", file.id, "why", label=text("staff-button.fee-why"))
    return _say(on(state, "fee", file.id), "ask", shown, *buttons, why, button("no", file.id))


def _shown(state: StaffState, file: DossierFile, charge: Charge) -> StaffTurn:
    excess = ""
    if charge.excess_vnd:
        excess = "\n" + text("money.shown-excess", {"excess": money_words(charge.excess_vnd)})
    buttons: list[Button] = []
    if charge.missing_vnd:
        buttons.append(button("till", file.id))
        if AskMoney in possible(standing(file)):
            buttons.append(button("owe", file.id))
    if charge.paid_vnd:
        buttons.append(button("refund", file.id))
    if standing(file) not in FINAL:
        buttons.append(button("fee", file.id, "again", label=text("staff-button.fee-again")))
    shown = {"code": code_of(file), "fee": fees.charge_words(charge, file.post), "excess": excess}
    return _say(on(state, "money", file.id), "shown", shown, *buttons, button("no", file.id))


def _fee(file: DossierFile) -> Button:
    return button("fee", file.id)


def _say(state: StaffState, key: str, blanks: dict[str, object] | dict[str, str], *buttons: Button) -> StaffTurn:
    return StaffTurn(state, (Say(f"money.{key}", blanks, buttons),))
