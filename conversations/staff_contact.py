"""/lienhe: an officer's own Zalo, phone number and e-mail, where they hear of what nobody has opened."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from conversations.contact_state import AddZalo, AskContact, DropContact, OwnWay, ProveContact, TryContacts
from conversations.messages import Button
from conversations.render import short, text
from conversations.staff_buttons import Press
from conversations.staff_state import StaffContext, StaffState, StaffTalk, StaffTurn
from conversations.staff_turns import idle
from conversations.state import Say
from domain.mail import Address, read
from domain.values import phone

PHONE: Final = "contact-phone"
EMAIL: Final = "contact-email"
CODE: Final = "contact-code"
SCREENS: Final = frozenset({PHONE, EMAIL, CODE})
ACTIONS: Final = frozenset({"cadd", "cdrop", "ctry", "cleave"})
_KINDS: Final = {"phone": "sms", "email": "email"}  # which channel an address of a kind is reached by
_SIX: Final = re.compile(r"\D*(?:\d\D*){6}")


def begin(state: StaffState, _rest: str, ctx: StaffContext) -> StaffTurn:
    """The list, with all that can be done about it."""
    return _say(idle(state), *listed(ctx.own_ways(), ctx.own_channels))


def listed(ways: tuple[OwnWay, ...], channels: frozenset[str]) -> tuple[str, dict[str, str], tuple[Button, ...]]:
    """Key, blanks and buttons of the list; also said after a change."""
    if not channels and not ways:
        return "contact.nowhere", {}, ()
    lines = "\n".join(text("contact.line" if way.well else "contact.line-lost", _blanks(way)) for way in ways)
    adds = [_add("zalo")] if "zalo" in channels else []
    adds += [_add(kind) for kind, channel in _KINDS.items() if channel in channels]
    drops = [Button(short(text("contact.button-drop", _blanks(way))), f"s:cdrop:me:{way.chat}") for way in ways]
    trial = [Button(text("contact.button-try"), "s:ctry:me")] if ways else []
    return ("contact.list" if ways else "contact.none"), {"lines": lines}, (*adds, *trial, *drops)


def press(state: StaffState, press: Press, ctx: StaffContext) -> StaffTurn:
    """A button of this conversation."""
    match press.action:
        case "cadd" if press.argument == "zalo" and "zalo" in ctx.own_channels:
            return StaffTurn(idle(state), effects=(AddZalo(),))
        case "cadd" if _KINDS.get(press.argument) in ctx.own_channels:
            screen = PHONE if press.argument == "phone" else EMAIL
            return _say(replace(state, talk=StaffTalk(screen)), f"contact.ask-{press.argument}", {}, (_leave(),))
        case "cdrop":
            return StaffTurn(idle(state), effects=(DropContact(press.argument),))
        case "ctry":
            return StaffTurn(idle(state), effects=(TryContacts(),))
        case "cleave":
            return _say(idle(state), "contact.left")
        case _:
            return begin(state, "", ctx)


def typed(state: StaffState, words: str, _ctx: StaffContext) -> StaffTurn:
    """A number, an address, or the code that was sent there."""
    match state.talk.screen:
        case "contact-phone":
            number = phone(words)
            return _ask(state, "phone", number) if number else _say(state, "contact.wrong-phone", {}, (_leave(),))
        case "contact-email":
            found = read(words)
            if isinstance(found, Address):
                return _ask(state, "email", found.value)
            return _say(state, "contact.wrong-email", {}, (_leave(),))
        case _:
            if _SIX.fullmatch(words):
                return StaffTurn(state, effects=(ProveContact(re.sub(r"\D", "", words)),))
            return _say(state, "contact.wrong-code", {}, (_leave(),))


def _ask(state: StaffState, kind: str, value: str) -> StaffTurn:
    return StaffTurn(replace(state, talk=StaffTalk(CODE)), effects=(AskContact(kind, value),))


def _add(kind: str) -> Button:
    return Button(text(f"contact.button-{kind}"), f"s:cadd:me:{kind}")


def _leave() -> Button:
    return Button(text("contact.button-leave"), "s:cleave:me")


def _blanks(way: OwnWay) -> dict[str, object]:
    return {"where": text(f"contact.on-{way.channel}", {"label": way.label})}


def _say(
    state: StaffState, key: str, blanks: dict[str, str] | None = None, buttons: tuple[Button, ...] = ()
) -> StaffTurn:
    return StaffTurn(state, (Say(key, blanks or {}, buttons),))
