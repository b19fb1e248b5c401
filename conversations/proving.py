"""«Xác nhận số điện thoại»: by the messenger's own contact, by a code to the number, or by an officer at the desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from conversations import find, looking_up, menu
from conversations.look_effects import AskCode, AskDeskCode, CheckCode, ProveShared
from conversations.messages import Button, ContactShared, Event, TextSent
from conversations.render import button
from conversations.state import Context, Say, State, Turn
from domain.rights import PHONE, Right, may
from domain.values import clean, phone, show_phone

SCREEN: Final = "prove"
# By channel: what its own contact proves. Telegram has compared the contact's owner with the sender; in Zalo people
# write their number themselves.
SHARES: Final[Mapping[str, str]] = {"telegram": "telegram", "zalo": "zalo"}
_SURE: Final = "telegram"
_CODE: Final = re.compile(r"\d{6}")


def begin(state: State, arg: str, ctx: Context) -> Turn:
    """The words, or a button with the number that was asked for."""
    number = phone(arg) or ""
    if SHARES.get(ctx.channel) != _SURE and number and ctx.codes_by_phone:
        return send(state, number, ctx)
    return Turn(state.at(SCREEN, query=number))


def send(state: State, arg: str, ctx: Context) -> Turn:
    """A code to the number."""
    number = phone(arg)
    if number is None:
        return Turn(state.at(SCREEN))
    if may(ctx.proofs, PHONE, number, Right.DETAILS, ctx.now):
        return Turn(state.at(looking_up.SCREEN, query=number))
    if not ctx.codes_by_phone:
        return Turn(state.at(SCREEN, query=number))
    return Turn(state.at(looking_up.SCREEN, query=number, changing=looking_up.CODE), (), (AskCode(number),))


def at_desk(state: State, arg: str, _ctx: Context) -> Turn:
    """A code to be read out at the desk."""
    number = phone(arg)
    return Turn(state.at(SCREEN, query=number), (), (AskDeskCode(number),)) if number else Turn(state.at(SCREEN))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    number = state.talk.query
    about = {"phone": show_phone(number)} if number else {}
    ways: list[Button] = []
    if number and ctx.codes_by_phone:
        ways.append(button("code-send", f"code:{number}"))
    if number:
        ways.append(button("code-desk", f"codedesk:{number}"))
    rest: tuple[Button | str, ...] = (*ways, *menu.resume(state), "menu")
    if SHARES.get(ctx.channel) == _SURE:
        return (Say("prove.share", about, rest, "phone"),)
    if not number and ctx.channel in SHARES:  # their word: a code or the desk comes after it
        return (Say("prove.share-zalo", about, rest, "phone"),)
    if not number:
        return (Say("prove.which", {}, rest),)
    return (Say("prove.desk", about, rest),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """What is typed while a number is being proven or looked at."""
    if isinstance(event, ContactShared):
        return shared(state, event, ctx)
    if not isinstance(event, TextSent):
        return Turn(state)
    code = re.sub(r"[\s.\-]", "", clean(event.text))
    awaited = state.talk.screen == looking_up.SCREEN and state.talk.changing == looking_up.CODE
    if awaited and _CODE.fullmatch(code):
        return Turn(state, (), (CheckCode(code),))
    number = looking_up.number_in(event.text)
    if state.talk.screen == SCREEN and number:
        return begin(state, number, ctx)
    if state.talk.screen == SCREEN and code.lstrip("+").isdecimal():
        return Turn(state, (Say("prove.number-form"),))
    if awaited and code.isdecimal() and not number:
        return Turn(state, (Say("prove.code-form"),))
    return find.answer(state, event, ctx)


def shared(state: State, event: ContactShared, ctx: Context, *, busy: bool = False) -> Turn:
    """A contact outside a form: one's own proves the number, another's is nobody's business.

    `busy`: something else is being told, and goes on.
    """
    how = SHARES.get(ctx.channel)
    if not event.own or how is None:
        asked = state.talk.screen in (SCREEN, looking_up.SCREEN)
        return Turn(state, (Say("prove.not-own" if asked else "misfit.contact"),))
    number = _number(event.phone)
    said = Say("prove.claimed" if how == "zalo" else "prove.done", {"phone": show_phone(number)})
    after = state if busy else state.at(looking_up.SCREEN, query=number)
    return Turn(after, (said,), (ProveShared(number, how),))


def beside(turn: Turn, event: ContactShared, ctx: Context) -> Turn:
    """A form took one's own number: that proves it as well."""
    how = SHARES.get(ctx.channel)
    if not event.own or how is None:
        return turn
    return replace(turn, effects=(*turn.effects, ProveShared(_number(event.phone), how)))


def _number(shared_phone: str) -> str:
    """A foreign number stays as the messenger gave it."""
    return phone(shared_phone) or shared_phone
