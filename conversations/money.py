"""A citizen pays a confirmed fee: by the code, or at the desk."""

from __future__ import annotations

from datetime import datetime

from catalogue.model import Office
from conversations import fees, notices
from conversations.messages import Button, Message
from conversations.money_state import SendPayCode
from conversations.render import text
from conversations.state import Context, DossierView, Say, State, Turn
from domain import vietqr
from domain.codes import show
from domain.dossier import Status
from domain.fees import Charge, Outcome
from domain.memos import purpose
from domain.values import moment_words, money_words


def pay_code(state: State, arg: str, ctx: Context) -> Turn:
    """The picture is made and comes behind these words."""
    found = _due(arg, ctx)
    if found is None:
        return Turn(state, (Say("money.nothing-due"),))
    view, charge = found
    office = ctx.office(view.office)
    if not fees.by_code(charge, office):
        about = {"missing": money_words(charge.missing_vnd)}
        return Turn(state, (Say("money.no-code", about, _open(view)),), ask=False)
    return Turn(state, (Say("money.code-coming"),), (SendPayCode(view.id),), ask=False)


def pay_desk(state: State, arg: str, ctx: Context) -> Turn:
    found = _due(arg, ctx)
    if found is None:
        return Turn(state, (Say("money.nothing-due"),))
    view, charge = found
    about = {"missing": money_words(charge.missing_vnd), "place": notices.place(ctx.office(view.office))}
    return Turn(state, (Say("money.at-desk", about, _open(view)),), ask=False)


def fact(view: DossierView) -> str:
    """A line of the dossier's page."""
    return text("money.track-fee", {"fee": fees.charge_words(view.charge, view.post)}) if view.charge else ""


def confirmed(view: DossierView, charge: Charge, office: Office, officer: str, *, chat: bool = True) -> Message:
    """An officer has confirmed what it costs. Without a `chat` it is read out: nobody can press a button."""
    about = {**_about(view), "officer": officer, "fee": fees.charge_words(charge, view.post), "reason": charge.reason}
    if charge.state == "waived":
        key = "money.waived" if charge.reason else "money.not-charged"
        return Message(text(key, about), (*_open(view), *_call(view)))
    ways = fees.pay_buttons(view.id, charge, office) if chat else ()
    how = text("money.how-both" if ways else "money.how-desk") if charge.missing_vnd else ""
    return Message(text("money.confirmed", about | {"how": how}), (*ways, *_open(view), *_call(view)))


def code_words(view: DossierView, charge: Charge, office: Office) -> tuple[str, str]:
    """What stands beside the code, and the code's own text."""
    account = office.bank_account
    assert account is not None
    memo = purpose(charge.memo, view.official_code)
    blanks = {
        **_about(view),
        "missing": money_words(charge.missing_vnd),
        "holder": account.holder,
        "bank": account.bank,
        "number": account.number,
        "purpose": memo,
        "code": notices.of_whom(_about(view)["code"], view.applicant),
    }
    payload = vietqr.payload(account.bin, account.number, amount_vnd=charge.missing_vnd, purpose=memo)
    return text("money.code", blanks), payload


def receipt(
    view: DossierView, charge: Charge, outcome: Outcome, amount_vnd: int, at: datetime, office: Office
) -> Message:
    """What has come and what follows from it; `charge` as it stands afterwards, `at` an aware moment."""
    blanks = {
        **_about(view),
        "amount": money_words(amount_vnd),
        "at": moment_words(at),
        "missing": money_words(charge.missing_vnd),
        "excess": money_words(charge.excess_vnd),
    }
    key = "money.received" if outcome == "settled" else f"money.received-{outcome}"
    words = text(key, blanks)
    waits = view.status == Status.PAYING
    ways = fees.pay_buttons(view.id, charge, office, waits=waits) if outcome == "underpaid" else ()
    return Message(words, (*ways, *_open(view)))


def returned(view: DossierView, amount_vnd: int, officer: str) -> Message:
    about = {**_about(view), "amount": money_words(amount_vnd), "officer": officer}
    return Message(text("money.returned", about), (*_open(view), *_call(view)))


def _due(dossier: str, ctx: Context) -> tuple[DossierView, Charge] | None:
    view = next((d for d in ctx.dossiers if d.id == dossier), None)
    if view is None or view.charge is None or not view.charge.missing_vnd:
        return None
    return view, view.charge


def _about(view: DossierView) -> dict[str, str]:
    return {"title": notices.title(view), "code": view.official_code or show(view.tracking_code)}


def _open(view: DossierView) -> tuple[Button, ...]:
    return (Button(text("money.button-open"), f"d:{view.id}"),)


def _call(view: DossierView) -> tuple[Button, ...]:
    return (Button(text("money.button-call"), f"call:{view.id}"),)
