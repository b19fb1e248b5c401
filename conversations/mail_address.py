"""«Thêm e-mail»: an address for copies, and for what can't be said here; a code or a link in a mail proves it."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from conversations import find, menu
from conversations.mail_effects import AskMailCode, CheckMailCode, DropMail
from conversations.messages import Button, Event, TextSent
from conversations.render import button
from conversations.state import Context, Say, State, Turn
from domain.mail import Address, read
from domain.rights import EMAIL
from domain.values import Wrong, clean

SCREEN: Final = "mail"  # an address is awaited, or there is one
MEANT: Final = "mail-meant"  # one that looks mistyped: `query` is it, and what was probably meant, on two lines
CODE: Final = "mail-code"  # `query` is where the code went
_DIGITS: Final = re.compile(r"\d{6}")
_ADDRESS: Final = re.compile(r"\S+@\S+")


def begin(state: State, arg: str, ctx: Context) -> Turn:
    """`""` (the screen), `new`, `again`, `meant`, `as-typed`, `copies`, `no-copies`, `drop`."""
    if EMAIL not in ctx.ways:
        return Turn(state, (Say("mail.none-here", {}, menu.resume(state) or ("menu",)),), ask=False)
    own, waiting = address(ctx), state.talk.query
    match arg:
        case "new":
            return Turn(state.at(SCREEN, changing="new"))
        case "again" if state.talk.screen == CODE and waiting:
            return _send(state, waiting, changing="again")
        case "meant" | "as-typed" if state.talk.screen == MEANT and waiting:
            typed, _, meant = waiting.partition("\n")
            return _send(state, meant if arg == "meant" else typed)
        case "copies" | "no-copies" if own:
            told = replace(state.person.told, copies=arg == "copies")
            said = Say(f"mail.copies-{'on' if told.copies else 'off'}", {"value": own})
            return Turn(replace(state.at("menu"), person=replace(state.person, told=told)), (said,))
        case "drop" if own:
            return _dropped(state, own)
        case _:
            return Turn(state.at(SCREEN))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    own, rest = address(ctx), menu.resume(state) or ("menu",)
    if not own or state.talk.changing == "new":
        return (Say("mail.ask-other" if own else "mail.ask", {}, rest),)
    copies = state.person.told.copies
    other = button("mail-no-copies", "mail:no-copies") if copies else button("mail-copies", "mail:copies")
    buttons = (other, button("mail-other", "mail:new"), button("mail-drop", "mail:drop"), *rest)
    return (Say("mail.have-copies" if copies else "mail.have", {"value": own}, buttons),)


def ask_meant(state: State, ctx: Context) -> tuple[Say, ...]:
    typed, _, meant = state.talk.query.partition("\n")
    if not meant:
        return ask(state, ctx)
    kept = button("mail-as-typed", "mail:as-typed", {"value": typed})
    about = {"value": typed, "instead": meant}
    return (Say("mail.meant", about, (Button(meant, "mail:meant"), kept, button("mail-other", "mail:new"))),)


def ask_code(state: State, ctx: Context) -> tuple[Say, ...]:
    """Until the address is proven, in whichever way."""
    if _proven(state, ctx):
        return ask(state, ctx)
    buttons = (button("mail-again", "mail:again"), button("mail-other", "mail:new"), *(menu.resume(state) or ("menu",)))
    key = "mail.sent-again" if state.talk.changing == "again" else "mail.sent"
    return (Say(key, {"value": state.talk.query, "minutes": 10}, buttons),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """What is typed where an address or a code is awaited; a search goes on to where it always goes."""
    if not isinstance(event, TextSent):
        return Turn(state)
    awaits = state.talk.screen == CODE and not _proven(state, ctx)
    code = re.sub(r"[\s.\-]", "", clean(event.text))
    if awaits and _DIGITS.fullmatch(code):
        return Turn(state, (), (CheckMailCode(code),))
    if _ADDRESS.search(event.text):
        return _typed(state, event.text)
    if awaits and code.isdecimal():
        return Turn(state, (Say("mail.code-form"),), ask=False)
    if state.talk.screen == SCREEN and not (address(ctx) and state.talk.changing != "new"):
        return _typed(state, event.text)
    return find.answer(state, event, ctx)


def address(ctx: Context) -> str:
    """The one proven last, or empty."""
    return next((proof.value for proof in ctx.proofs if proof.kind == EMAIL), "")


def _typed(state: State, words: str) -> Turn:
    found = read(words)
    if isinstance(found, Wrong):
        return Turn(state, (Say(f"mail.wrong-{found.key}"),), ask=False)
    return _asked_back(state, found) if found.instead else _send(state, found.value)


def _asked_back(state: State, found: Address) -> Turn:
    return Turn(state.at(MEANT, query=f"{found.value}\n{found.instead}"))


def _send(state: State, to: str, *, changing: str = "") -> Turn:
    return Turn(state.at(CODE, query=to, changing=changing), (), (AskMailCode(to),))


def _dropped(state: State, own: str) -> Turn:
    told = replace(state.person.told, copies=False)
    here = replace(state.at("menu"), person=replace(state.person, told=told))
    return Turn(here, (Say("mail.dropped", {"value": own}),), (DropMail(own),))


def _proven(state: State, ctx: Context) -> bool:
    return any(proof.kind == EMAIL and proof.value == state.talk.query for proof in ctx.proofs)
