"""A procedure's fee by its rule: what may be said of it, and what an officer can confirm with one press."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from catalogue.model import Office, Procedure
from conversations.messages import Button
from conversations.render import text
from conversations.state import PostWish
from domain import vietqr
from domain.fees import Charge
from domain.values import fold, money_words

_ALL: Final = "moi truong hop"  # "Mọi trường hợp": nobody pays, so nobody needs a reason


class Offer(Struct, frozen=True):
    """One press: an amount, or nothing to pay with the reason."""

    label: str
    amount_vnd: int
    reason: str = ""


def rule_words(procedure: Procedure, answers: Mapping[str, str]) -> str:
    """The fee by the catalogue, before an officer has confirmed it; what is not certain is left to them."""
    fee = procedure.fee
    if not procedure.known("fee"):
        return text("notices.fee-unknown")
    if fee.amount_vnd is None:
        return text("notices.fee-cases" if fee.items else "notices.fee-unknown")
    amount = _amount(procedure, answers) if fee.amount_vnd else text("notices.fee-free")
    if procedure.confidence_of("fee") != "high":
        return text("notices.fee-confirm", {"amount": amount})
    return text("notices.fee-sure" if fee.amount_vnd else "notices.fee-amount", {"amount": amount})


def charge_words(charge: Charge, post: PostWish | None = None) -> str:
    """The confirmed fee and how far it is paid, for its citizen."""
    postage = post.fee_vnd if post is not None and post.fee_vnd else 0
    if charge.state == "waived":
        return text("money.free-because", {"reason": charge.reason}) if charge.reason else text("notices.fee-free")
    blanks = {"amount": money_words(charge.amount_vnd), "postage": money_words(postage)}
    amount = text("money.with-postage" if postage else "money.amount", blanks)
    if charge.state == "due" and charge.paid_vnd:
        blanks = {"paid": money_words(charge.paid_vnd), "missing": money_words(charge.missing_vnd)}
        return amount + text("money.is-underpaid", blanks)
    return amount + text(f"money.is-{charge.state}")


def card_words(charge: Charge) -> str:
    """For the group: never why somebody need not pay."""
    if charge.state == "waived":
        return text("money.card-waived")
    some = charge.state == "due" and charge.paid_vnd
    blanks = {"amount": money_words(charge.amount_vnd), "paid": money_words(charge.paid_vnd)}
    words = text("money.card-underpaid" if some else f"money.card-{charge.state}", blanks)
    if charge.excess_vnd:
        words += " · " + text("money.card-excess", {"excess": money_words(charge.excess_vnd)})
    return words


def certain(procedure: Procedure) -> bool:
    """Whether nobody pays for it and that is known, so that there is nothing to confirm."""
    fee = procedure.fee
    return procedure.known("fee") and procedure.confidence_of("fee") == "high" and fee.amount_vnd == 0 and not fee.items


def reminder(charge: Charge | None, procedure: Procedure) -> str:
    """For the officer who gives the result away: what is still to be settled; empty where nothing is."""
    if charge is None:
        return "" if certain(procedure) else text("money.still-unconfirmed")
    return text("money.still-due", {"missing": money_words(charge.missing_vnd)}) if charge.missing_vnd else ""


def by_code(charge: Charge, office: Office) -> bool:
    """Only into the office's own account, and only what an officer has confirmed."""
    return office.bank_account is not None and not office.practice and 0 < charge.missing_vnd <= vietqr.MOST_VND


def pay_buttons(dossier: str, charge: Charge | None, office: Office, *, waits: bool = False) -> tuple[Button, ...]:
    """The ways to pay what is still missing, where there is more than one. `waits`: it does not go on before."""
    if charge is None or not by_code(charge, office):
        return ()
    return (
        Button(text("money.button-pay-code"), f"paycode:{dossier}"),
        Button(text("money.button-pay-now" if waits else "money.button-pay-desk"), f"paydesk:{dossier}"),
    )


def offers(procedure: Procedure, answers: Mapping[str, str]) -> tuple[Offer, ...]:
    """What the catalogue knows, each amount once; the likeliest first."""
    found: dict[tuple[int, str], Offer] = {}
    for offer in _offers(procedure, answers):
        found.setdefault((offer.amount_vnd, offer.reason), offer)
    return tuple(found.values())


def _offers(procedure: Procedure, answers: Mapping[str, str]) -> Iterator[Offer]:
    fee = procedure.fee
    for item in fee.items:
        if item.amount_vnd:
            yield Offer(f"{money_words(item.amount_vnd)}: {item.case}", item.amount_vnd)
    if fee.amount_vnd:
        count = _count(procedure, answers)
        yield Offer(_amount(procedure, answers), fee.amount_vnd * count)
    yield Offer(text("money.free"), 0)
    for who in fee.exempt_for:
        if not fold(who).startswith(_ALL):
            yield Offer(text("money.exempt", {"who": who}), 0, who)


def _amount(procedure: Procedure, answers: Mapping[str, str]) -> str:
    one, count = procedure.fee.amount_vnd or 0, _count(procedure, answers)
    if procedure.fee.per is None or count == 1:
        return money_words(one)
    return text("money.times", {"count": count, "one": money_words(one), "all": money_words(one * count)})


def _count(procedure: Procedure, answers: Mapping[str, str]) -> int:
    given = answers.get(procedure.fee.per or "", "")
    return int(given) if given.isdecimal() and 0 < int(given) < 1_000 else 1
