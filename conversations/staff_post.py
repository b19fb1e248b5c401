"""An officer sends a result by post: what it costs, its number, and whether it arrived."""

from __future__ import annotations

from typing import Final

from conversations import fees
from conversations.cards import code_of
from conversations.messages import Button
from conversations.money_state import RefusePost, SetPostage
from conversations.render import text
from conversations.staff_buttons import button, standing
from conversations.staff_state import DossierFile, StaffContext, StaffState, StaffTurn
from conversations.staff_turns import cause, hindrance, hold, idle, on
from conversations.state import Say
from domain.dossier import HandOver, Post, SendBack, Status
from domain.fees import LEAST_VND, MOST_VND, amount_typed
from domain.tracking import tracking_number
from domain.values import money_words, show_phone

CARRIER = "VNPost"  # the public postal service (bưu chính công ích)
SURE: Final = "sure"
TYPED = frozenset({"postage", "sent"})


def begin(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """Where it goes, for this officer's eyes alone, and what to do next."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    wish = file.post
    if wish is None:
        return _say(idle(state), "none", {"code": code_of(file)})
    shown = {
        "code": code_of(file),
        "name": wish.name,
        "phone": show_phone(wish.phone),
        "address": wish.address,
        "postage": postage_words(wish.fee_vnd),
        "tracking": "\n" + text("post.desk-tracking", {"tracking": wish.tracking}) if wish.tracking else "",
    }
    return _say(on(state, "post", file.id), "desk", shown, *_next(file), button("no", file.id))


def postage(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """What the post costs: 0 where the receiver pays the postman."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    if file.post is None:
        return _say(idle(state), "none", {"code": code_of(file)})
    if argument.isdecimal() and (int(argument) == 0 or LEAST_VND <= int(argument) <= MOST_VND):
        return cause(state, SetPostage(file.id, int(argument)))
    by_receiver = button("postage", file.id, "0", label=text("post.button-by-receiver"))
    return _say(
        on(state, "postage", file.id), "ask-postage", {"code": code_of(file)}, by_receiver, button("no", file.id)
    )


def decline(state: StaffState, file: DossierFile, argument: str, _ctx: StaffContext) -> StaffTurn:
    """It cannot be sent, such as a result that only the applicant may be given; asked first, for the address goes."""
    refused = hindrance(file, state.officer)
    if refused:
        return StaffTurn(state, (refused,))
    if file.post is None or standing(file) == Status.POSTED:
        return _say(idle(state), "none", {"code": code_of(file)})
    if argument == SURE:
        return cause(state, RefusePost(file.id))
    sure = button("nopost", file.id, SURE, label=text("staff-button.fee-sure"))
    return _say(on(state, "nopost", file.id), "ask-nopost", {"code": code_of(file)}, sure, button("no", file.id))


def sent(state: StaffState, file: DossierFile, _argument: str, ctx: StaffContext) -> StaffTurn:
    """Given to the post: its number is asked."""
    refused = hindrance(file, state.officer, Post)
    if refused:
        return StaffTurn(state, (refused,))
    if file.post is None:
        return _say(idle(state), "none", {"code": code_of(file)})
    still = fees.reminder(file.charge, ctx.procedure_of(file))
    shown = {"code": code_of(file), "money": f"\n{still}" if still else ""}
    confirm = (button("fee", file.id),) if still and file.charge is None else ()
    return _say(on(state, "sent", file.id), "ask-tracking", shown, *confirm, button("no", file.id))


def arrived(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """The post has delivered it."""
    return hold(state, file, HandOver((), "post"))


def came_back(state: StaffState, file: DossierFile, _argument: str, _ctx: StaffContext) -> StaffTurn:
    """The post could not deliver it: it waits at the desk again."""
    if Status(file.status) != Status.POSTED:
        return _say(idle(state), "not-posted", {"code": code_of(file)})
    return hold(state, file, SendBack(text("post.came-back")))


def typed(state: StaffState, file: DossierFile, words: str, ctx: StaffContext) -> StaffTurn:
    """An amount, or a tracking number."""
    if state.talk.screen == "postage":
        amount = amount_typed(words)
        if amount is None:
            limits = {"least": money_words(LEAST_VND), "most": money_words(MOST_VND)}
            return StaffTurn(state, (Say("money.ask-again", limits, state.talk.offered),))
        return postage(state, file, str(amount), ctx)
    number = tracking_number(words)
    if number is None:
        return _say(state, "tracking-wrong", {}, button("no", file.id))
    return hold(state, file, Post(CARRIER, number))


def postage_words(fee_vnd: int | None) -> str:
    if fee_vnd is None:
        return text("post.unknown")
    return text("post.receiver-pays") if fee_vnd == 0 else money_words(fee_vnd)


def _next(file: DossierFile) -> tuple[Button, ...]:
    status = standing(file)
    if status == Status.POSTED:
        return (button("arrived", file.id), button("returned", file.id))
    costs = (button("postage", file.id), button("nopost", file.id))
    return (button("sent", file.id), *costs) if status == Status.DONE else costs


def _say(state: StaffState, key: str, blanks: dict[str, str], *buttons: Button) -> StaffTurn:
    return StaffTurn(state, (Say(f"post.{key}", blanks, buttons),))
