"""What a dossier costs: confirmed, paid, given back. Each step is a row of history in the transaction of its effect."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

import msgspec

from bot import claims, decisions, held
from bot.say import alert, by_phone, to_citizen
from bot.scene import Scene
from bot.views import code_of, dossier_view
from conversations import fees, money, post
from conversations.entry import DIRECT
from conversations.messages import Message
from conversations.money_state import ReturnMoney, SetFee, SetPostage, TakeMoney
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_post import postage_words
from conversations.staff_state import Officer
from domain.dossier import AskMoney, NotAllowed, Settle, Status
from domain.fees import BACK, Charge, Outcome, confirmed, credited, returned
from domain.memos import new_memo
from domain.values import VIETNAM, money_words
from storage.dossiers import Record

DESK: Final = "desk"
BANK: Final = "bank"  # who acts in history where a bank told of it
_SITTING: Final = timedelta(minutes=30)  # a house rule: so long whoever came to the desk is taken to be still there
_CLOSED: Final = frozenset({Status.REFUSED, Status.STOPPED, Status.WITHDRAWN})


def by_officer(
    scene: Scene, officer: Officer, record: Record, effect: SetFee | TakeMoney | ReturnMoney | SetPostage
) -> list[Message]:
    """What an officer decides about a dossier's money; gives the words for them. Whoever has not claimed it may not."""
    claims.must_have(officer, record)
    match effect:
        case SetFee(_, amount, reason):
            return _set_fee(scene, officer, record, amount, reason)
        case SetPostage(_, fee):
            return _set_postage(scene, officer, record, fee)
        case TakeMoney(_, amount):
            charge = scene.work.charges.get(record.id)
            if charge is None or not charge.missing_vnd:
                return [_line("till-none", code=code_of(record))]
            receive(scene, record, amount, DESK, scene.now, officer.id)
            line = noted(scene, record, "done-till", code=code_of(record), amount=money_words(amount))
            return [_with_next(scene, record, line)]
        case ReturnMoney(_, amount):
            return _give_back(scene, officer, record, amount)
        case _:
            assert_never(effect)


def receive(scene: Scene, record: Record, amount_vnd: int, how: str, at: datetime, actor: str, **facts: Any) -> Outcome:
    """Money has come for a dossier whose charge is confirmed: noted, and its citizen gets a receipt.

    `at` is when it was paid; `facts` are what history is to keep besides.
    """
    record = _settled(scene, record)
    charge = scene.work.charges.get(record.id)
    assert charge is not None, "money is received for a charge"
    after, outcome = credited(charge, amount_vnd, how, closed=record.status in _CLOSED)
    scene.work.charges.put(record.id, after, scene.now)
    data = {"amount_vnd": amount_vnd, "how": how, "outcome": outcome, "paid_vnd": after.paid_vnd, **facts}
    decisions.note(scene, record, actor, "paid", data)
    goes_on = _go_on(scene, record, after, amount_vnd, how, actor, str(facts.get("reference", "")))
    record = scene.again(record)
    view = dossier_view(scene, record, record.person)
    told = money.receipt(view, after, outcome, amount_vnd, at.astimezone(VIETNAM), scene.world.office(record.office))
    if goes_on:
        told = msgspec.structs.replace(told, text=f"{told.text}\n{text('money.received-goes-on')}")
    if how != DESK or not _without_chat(scene, record):  # whoever pays at the desk stands there
        to_citizen(scene, record.chat, told, f"dossier:{record.id}", kind="paid")
    if outcome in BACK:
        alert(scene, record, "money-back")
    elif goes_on and actor == BANK:
        alert(scene, record, "money-came")
    return outcome


def _set_fee(scene: Scene, officer: Officer, record: Record, amount_vnd: int, reason: str) -> list[Message]:
    postage = record.body.post.fee_vnd or 0 if record.body.post else 0
    charge = confirmed(_charge(scene, record), amount_vnd + postage, reason)
    _confirm(scene, officer.id, record, charge)
    record = scene.again(record)
    view = dossier_view(scene, record, record.person)
    chat = not by_phone(scene, record.chat)
    told = money.confirmed(view, charge, scene.world.office(record.office), officer.name, chat=chat)
    if not (_without_chat(scene, record) and record.channel == DIRECT and scene.now - record.submitted_at < _SITTING):
        to_citizen(scene, record.chat, told, f"dossier:{record.id}")
    if charge.excess_vnd:
        alert(scene, record, "money-back")
    words = fees.charge_words(charge, record.body.post)
    return [_with_next(scene, record, noted(scene, record, "done-fee", code=code_of(record), fee=words))]


def _set_postage(scene: Scene, officer: Officer, record: Record, fee_vnd: int) -> list[Message]:
    """Paid in advance, it is part of the charge; else the receiver pays the postman."""
    wish = record.body.post
    if wish is None:
        raise NotAllowed("gone")
    body = msgspec.structs.replace(record.body, post=msgspec.structs.replace(wish, fee_vnd=fee_vnd))
    scene.work.dossiers.change(record, body=body)
    record = scene.again(record)
    decisions.note(scene, record, officer.id, "postage", {"fee_vnd": fee_vnd})
    charge = scene.work.charges.get(record.id)
    more = fee_vnd - (wish.fee_vnd or 0)
    if charge is None and fee_vnd and fees.certain(scene.procedure(record.catalogue_version)):
        charge, more = _charge(scene, record), fee_vnd
    if charge is not None and more:
        charge = confirmed(charge, max(0, charge.amount_vnd + more), charge.reason)
        _confirm(scene, officer.id, record, charge)
        record = scene.again(record)
    view = dossier_view(scene, record, record.person)
    total = fees.charge_words(charge, record.body.post) if charge is not None else ""
    key, blanks = post.postage_told(view, total)
    words = "\n".join([text(key, blanks), *([text("post.postage-total", blanks)] if total and fee_vnd else [])])
    ways = fees.pay_buttons(view.id, charge, scene.world.office(record.office))
    to_citizen(scene, record.chat, Message(words, ways), f"dossier:{record.id}")
    line = text("post.done-postage", {"code": code_of(record), "postage": postage_words(fee_vnd)})
    return [_told(scene, record, Message(line))]


def less(scene: Scene, record: Record, postage_vnd: int, actor: str) -> None:
    """It does not go by post any more: what was to be paid for that in advance is no longer part of the charge."""
    charge = scene.work.charges.get(record.id)
    if charge is None:
        return
    charge = confirmed(charge, max(0, charge.amount_vnd - postage_vnd), charge.reason)
    _confirm(scene, actor, record, charge)
    if charge.excess_vnd:
        alert(scene, scene.again(record), "money-back")


def _confirm(scene: Scene, actor: str, record: Record, charge: Charge) -> None:
    scene.work.charges.put(record.id, charge, scene.now, "" if actor == decisions.CITIZEN else actor)
    data = {"amount_vnd": charge.amount_vnd, "state": charge.state, "reason": charge.reason, "memo": charge.memo}
    decisions.note(scene, record, actor, "fee", data)
    _go_on(scene, record, charge, 0, "", actor, "")


def _give_back(scene: Scene, officer: Officer, record: Record, amount_vnd: int) -> list[Message]:
    charge = scene.work.charges.get(record.id)
    if charge is None or amount_vnd > charge.paid_vnd:
        return [_line("refund-none", code=code_of(record))]
    after = returned(charge, amount_vnd)
    scene.work.charges.put(record.id, after, scene.now)
    data = {"amount_vnd": amount_vnd, "paid_vnd": after.paid_vnd, "state": after.state}
    decisions.note(scene, record, officer.id, "refund", data)
    view = dossier_view(scene, record, record.person)
    to_citizen(scene, record.chat, money.returned(view, amount_vnd, officer.name), f"dossier:{record.id}")
    return [noted(scene, record, "done-refund", code=code_of(record), amount=money_words(amount_vnd))]


def _go_on(scene: Scene, record: Record, charge: Charge, amount_vnd: int, how: str, actor: str, reference: str) -> bool:
    """A dossier that waited for the money goes on once nothing is missing; who confirms less than was paid frees it."""
    record = scene.again(record)
    if isinstance(record.held, AskMoney) and record.held.amount_vnd != charge.missing_vnd:
        decisions.void(scene, record)  # it would ask for what is no longer missing
        record = scene.again(record)
    if charge.missing_vnd:
        return False
    record = _settled(scene, record)
    if record.status != Status.PAYING:
        return False
    decisions.carry_out(scene, record, Settle(amount_vnd, how or charge.state, reference), actor)
    return True


def _settled(scene: Scene, record: Record) -> Record:
    """What was decided while it waited for money comes first: whoever decided meant it, and it may end the dossier."""
    if record.status != Status.PAYING or record.held is None:
        return record
    held.carry_out(scene, record)
    return scene.again(record)


def _charge(scene: Scene, record: Record) -> Charge:
    """The dossier's, or a new one with a memo that no other has."""
    known = scene.work.charges.get(record.id)
    if known is not None:
        return known
    memo = new_memo(secrets.token_bytes(16))
    while scene.work.charges.with_memo([memo]):
        memo = new_memo(secrets.token_bytes(16))
    return Charge(0, memo)


def _without_chat(scene: Scene, record: Record) -> bool:
    """Whether somebody would have to telephone; invented people are told of on the screen."""
    return by_phone(scene, record.chat) and not scene.world.office(record.office).practice


def _with_next(scene: Scene, record: Record, line: Message) -> Message:
    """What is usually done next: take the money, and once it is all there, give the result away."""
    record, charge = scene.again(record), scene.work.charges.get(record.id)
    if charge is not None and charge.missing_vnd:
        return msgspec.structs.replace(line, buttons=(button("till", record.id),))
    if record.status == Status.DONE and record.held is None and record.body.post is None:
        return msgspec.structs.replace(line, buttons=(button("hand", record.id),))
    return line


def _line(key: str, **blanks: object) -> Message:
    return Message(text(f"money.{key}", blanks))


def noted(scene: Scene, record: Record, key: str, **blanks: object) -> Message:
    """What was done, and that the citizen knows; who has no chat is telephoned, and that is said elsewhere."""
    return _told(scene, record, _line(key, **blanks))


def _told(scene: Scene, record: Record, line: Message) -> Message:
    return line if by_phone(scene, record.chat) else _line("told", line=line.text)
