"""«Báo tin cho tôi ở đâu?»: where first, where else, at night or not, and no news at all until they want it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from conversations import linking
from conversations.drafts import DECLINED, NOTIFY
from conversations.menu import resume as resume_draft
from conversations.messages import Button
from conversations.render import button, short, text
from conversations.state import Address, Context, Say, State, Told, Turn
from conversations.where_effects import GiveMissed, SeenNotice

SCREEN: Final = "where"
# How an address is added on each channel: the button, and the press that begins it.
_ADDS: Final = {
    "zalo": ("told-zalo", "join:zalo"),
    "telegram": ("told-telegram", "join:telegram"),
    "phone": ("told-phone", "prove"),
    "email": ("told-email", "mail"),
}
_MESSENGERS: Final = frozenset({"zalo", "telegram"})
_ORDER: Final = ("where.line-first", "where.line-next")
_BY_PHONE: Final = frozenset({"sms", "zns"})


def begin(state: State, _arg: str, _ctx: Context) -> Turn:
    return Turn(state.at(SCREEN))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    told = state.person.told
    again: tuple[Button | str, ...] = (button("told-again", "resumenews"), *resume_draft(state), "menu")
    if told.stopped:
        return (Say("where.stopped", {}, again),)
    addresses = tuple(ctx.addresses)
    many = len(addresses) > 1  # no numbers: choices have them
    lines = [
        text(_ORDER[min(n, 1)] if many else "where.line", {"where": _line(one)}) for n, one in enumerate(addresses)
    ]
    words = {
        "lines": "\n".join(lines),
        "next": "\n" + text("where.next") if len(addresses) > 1 else "",
        "night": text("where.night-quiet" if told.quiet else "where.night-all"),
    }
    buttons = (*_choices(addresses), *_more(addresses, ctx), *linking.part_way(ctx), *_rest(state, told))
    return (Say("where.ask", words, buttons),)


def choose(state: State, arg: str, ctx: Context) -> Turn:
    """This one first from now on."""
    chosen = next((one for one in ctx.addresses if _key(one) == arg), None)
    if chosen is None:
        return Turn(state.at(SCREEN), (Say("where.gone"),))
    here = text("where.here") if chosen.here else _name(chosen)
    return Turn(_telling(state, chat=arg), (Say("where.chosen", {"where": here}),), ask=False)


def quiet(state: State, arg: str, _ctx: Context) -> Turn:
    wanted = arg != "off"
    return Turn(_telling(state, quiet=wanted), (Say("where.quiet-on" if wanted else "where.quiet-off"),))


def stop(state: State, _arg: str, _ctx: Context) -> Turn:
    """No news from now on; the dossier's page goes on showing everything."""
    if state.person.told.stopped:
        return Turn(state, (Say("where.stopped-already", {}, (button("told-again", "resumenews"), "menu")),), ask=False)
    consents = (*(c for c in state.person.consents if c not in (NOTIFY, DECLINED)), DECLINED)
    stopped = _telling(state, stopped=True)
    after = replace(stopped, person=replace(stopped.person, consents=consents))
    return Turn(after, (Say("where.stop", {}, (button("told-again", "resumenews"), "mine", "menu")),), ask=False)


def resume(state: State, _arg: str, _ctx: Context) -> Turn:
    """News again, and what was missed."""
    if not state.person.told.stopped:
        return Turn(state, (Say("where.not-stopped", {}, (*resume_draft(state), "menu")),), ask=False)
    consents = (*(c for c in state.person.consents if c not in (NOTIFY, DECLINED)), NOTIFY)
    going = _telling(state, stopped=False)
    after = replace(going, person=replace(going.person, consents=consents))
    return Turn(after, (), (GiveMissed(),), ask=False)


def seen(state: State, arg: str, _ctx: Context) -> Turn:
    """«Đã xem» beneath a notice."""
    return Turn(state, (Say("where.seen", {}, ("mine", "menu")),), (SeenNotice(arg),), ask=False)


def ways_in(ctx: Context) -> tuple[str, ...]:
    """The button, where there is anything to choose, or to add."""
    return ("where",) if ctx.ways or len(ctx.addresses) > 1 else ()


def _choices(addresses: Sequence[Address]) -> tuple[Button, ...]:
    return tuple(button("told-first", f"told:{_key(one)}", {"where": _name(one)}) for one in addresses[1:] if one.well)


def _more(addresses: Sequence[Address], ctx: Context) -> tuple[Button, ...]:
    known = {"phone" if one.channel in _BY_PHONE else one.channel for one in addresses}
    return tuple(button(*add) for way, add in _ADDS.items() if way in ctx.ways and way not in known)


def _rest(state: State, told: Told) -> tuple[Button | str, ...]:
    night = button("quiet-off", "quiet:off") if told.quiet else button("quiet-on", "quiet:on")
    return (night, button("told-stop", "stopnews"), *resume_draft(state), "menu")


def _line(address: Address) -> str:
    name = text("where.here-line", {"where": _name(address)}) if address.here else _name(address)
    mended = address.channel in _MESSENGERS  # by writing there
    return name if address.well else text("where.unwell-chat" if mended else "where.unwell", {"where": name})


def _name(address: Address) -> str:
    return short(address.label or text(f"where.name-{address.channel}"))


def _key(address: Address) -> str:
    return address.chat or address.channel


def _telling(state: State, **changes: object) -> State:
    told = replace(state.person.told, **changes)
    return replace(state, person=replace(state.person, told=told))
