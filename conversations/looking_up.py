"""Look-up by phone number, by code, or by both: everything to its proven owner, and to others nothing but a bare state.

Whether a number has a dossier is never looked at before it is proven: what a stranger reads, and the work behind it, is
the same for every number.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from conversations import challenge, menu, questions, spoken, track
from conversations.look_effects import Follow, HeldBack, JoinByNumber, LookedUp, ShownHuman
from conversations.messages import Button
from conversations.render import button, short, text
from conversations.state import Context, DossierView, Say, State, Turn
from domain.codes import find_official_code, find_tracking_code, looks_like_code
from domain.dossier import FINAL
from domain.rights import PHONE, Right, may
from domain.values import clean, fold, phone, show_phone

SCREEN: Final = "look"
PAGE: Final = "look-page"
CODE: Final = "code"  # a code was sent to the number, and is to be typed
_PAIR: Final = "pair"  # the dossier's own code is to be typed
OVER: Final = "over"
HUMAN: Final = "human"
_BARE_NUMBER: Final = re.compile(
    r"(?:(?:ho so|ma|so|cua|toi|tui|em|minh|day|la|dien thoai|sdt|dt|tra cuu|tra|tim|theo|bang|kiem tra|xem|giup|cho"
    r"|voi|a|nhe|theo doi)[ .:,]+)*\+?\d(?:[ .\-]?\d){8,11}(?: ?(?:a|nhe|voi|giup|em|toi))*"
)


def begin(state: State, arg: str, ctx: Context) -> Turn:
    """The word «Tra cứu», or a button with the number."""
    typed, _, page = arg.partition(":")
    proven = (proof.value for proof in ctx.proofs if may([proof], PHONE, proof.value, Right.DETAILS, ctx.now))
    number = phone(typed) or next(proven, None)
    if number is None:
        return Turn(state.at(SCREEN))
    turn = look(state, number, ctx)
    paged = turn.state.talk.screen == SCREEN and page.isdecimal() and len(page) < 4
    return replace(turn, state=turn.state.at(SCREEN, query=number, page=int(page))) if paged else turn


def by_words(state: State, words: str, ctx: Context) -> Turn | None:
    """A number, a code or both in a message; None where there is neither."""
    code = find_tracking_code(words) or find_official_code(words)
    number = number_in(words, beside=code is not None)
    if number and code:
        return pair(state, number, code, ctx)
    if code:
        return pair(state, state.talk.query, code, ctx) if _pairing(state) else by_code(state, words, ctx)
    if looks_like_code(words):
        return Turn(state, (Say("track.mistyped"),))
    return look(state, number, ctx) if number else None


def by_code(state: State, words: str, ctx: Context) -> Turn:
    """A code alone: one's own dossier opens; of another's the bare state, by the tracking code that only few know."""
    code = find_tracking_code(words) or find_official_code(words) or ""
    if any(code in (own.tracking_code, own.official_code) for own in ctx.dossiers):
        return track.by_words(state, words, ctx) or Turn(state)
    for number in dict.fromkeys(proof.value for proof in ctx.proofs if proof.kind == PHONE):
        page = _own_page(state, number, code, ctx)
        if page is not None:
            return page
    mine = next((p.value for p in ctx.proofs if may([p], PHONE, p.value, Right.BARE, ctx.now)), "")
    if mine and find_tracking_code(words) is None:  # the number need not be said once more
        return pair(state, mine, code, ctx)
    held = _gate(state, "", code, ctx)
    return held or _found(state, code, ctx)


def look(state: State, number: str, ctx: Context) -> Turn:
    """By number alone. Nothing is looked at unless it is proven."""
    if may(ctx.proofs, PHONE, number, Right.DETAILS, ctx.now):
        return Turn(state.at(SCREEN, query=number))
    held = _gate(state, number, "", ctx)
    return held or Turn(state.at(SCREEN, query=number), (), (LookedUp(number),))


def pair(state: State, number: str, code: str, ctx: Context) -> Turn:
    """By both: the bare state where they belong together, else words that do not tell which of them was wrong."""
    page = _own_page(state, number, code, ctx)
    held = None if page else _gate(state, number, code, ctx, pair=True)
    return page or held or _paired(state, number, code, ctx)


def wants_code(state: State, arg: str, _ctx: Context) -> Turn:
    """The button «Tôi có mã hồ sơ»."""
    number = phone(arg)
    return Turn(state.at(SCREEN, query=number, changing=_PAIR) if number else state.at(SCREEN))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """The list where the number is proven; else the ways to come to it."""
    number = state.talk.query
    if not number:
        return (Say("look-up.ask", {}, ("mine", *menu.resume(state), "menu")),)
    about = {"phone": show_phone(number)}
    if may(ctx.proofs, PHONE, number, Right.DETAILS, ctx.now):
        return (_list(state, number, ctx),)
    rest: tuple[Button | str, ...] = ("mine", *menu.resume(state), "menu")
    if state.talk.changing == CODE:
        again = button("code-again", f"code:{number}")
        return (Say("look-up.code-sent", about, (again, "menu")),)
    if state.talk.changing == _PAIR:
        return (Say("look-up.which-code", about, (button("prove-mine", f"prove:{number}"), *rest)),)
    ways = (button("prove-mine", f"prove:{number}"), button("have-code", f"havecode:{number}"))
    own = "\n\n" + text("look-up.own-here") if ctx.dossiers else ""  # the same for every number
    return (Say("look-up.stranger", {**about, "own": own}, (*ways, *rest)),)


def open_page(state: State, arg: str, ctx: Context) -> Turn:
    """One dossier out of the list of a number that is proven."""
    number = state.talk.query
    if state.talk.screen not in (SCREEN, PAGE) or _of(number, arg, ctx) is None:
        return Turn(state, (Say("common.old-button"),))
    return Turn(state.at(PAGE, query=number, dossier=arg))


def ask_page(state: State, ctx: Context) -> tuple[Say, ...]:
    """To be read only: what changes a dossier is done in the chat that it belongs to."""
    number = state.talk.query
    dossier = _of(number, state.talk.dossier, ctx)
    if dossier is None:
        return ask(state.at(SCREEN, query=number), ctx)
    seen = replace(dossier, correction=None, collector=None, post=None, cosigner=None)
    follow = (button("follow", f"follow:{dossier.id}"),) if _offers(dossier) else ()
    back = button("look-back", f"look:{number}")
    return (Say("look-up.page", track.told(seen, ctx), (*follow, back, "menu")),)


def follow(state: State, arg: str, ctx: Context) -> Turn:
    """The button «Báo tin cho tôi ở đây» of a dossier that the desk entered."""
    number = state.talk.query
    dossier = _of(number, arg, ctx) if state.talk.screen == PAGE else None
    if dossier is None or not dossier.unheard:
        return Turn(state, (Say("common.old-button"),))
    return Turn(state.at("dossier", dossier=arg), (), (Follow(arg, number),))


def join(state: State, arg: str, _ctx: Context) -> Turn:
    """The button «Nối với cuộc trò chuyện khác»."""
    number = phone(arg)
    return Turn(state, (), (JoinByNumber(number),)) if number else Turn(state.at(SCREEN))


def answered(state: State, arg: str, ctx: Context) -> Turn:
    """The little question was answered: with the right answer what was wanted goes on."""
    sure = challenge.right(state, arg)
    wanted = challenge.wanted(state)
    if sure is None:
        return Turn(state, (Say("common.old-button"),))
    if ctx.may_look() == OVER:
        return _over(state)
    if not sure:
        return Turn(challenge.begin(state, wanted, ctx), (Say("challenge.again"),), (LookedUp(),))
    number, _, code = wanted.partition("\n")
    if code:
        turn = _paired(state, number, code, ctx) if number else _found(state.at("menu"), code, ctx)
    else:
        turn = Turn(state.at(SCREEN, query=number), (), (LookedUp(number),))
    return replace(turn, effects=(ShownHuman(), *turn.effects))


def number_in(words: str, *, beside: bool = False) -> str | None:
    """The one phone number in a message that says nothing else; `beside` a code, whatever else is said."""
    official = find_official_code(words)
    rest = re.sub(re.escape(official), " ", clean(words), flags=re.IGNORECASE) if official else clean(words)
    number = phone(rest) or phone(spoken.phone(rest))
    return number if beside or number is None or _BARE_NUMBER.fullmatch(fold(rest).lstrip("+")) else None


def _own_page(state: State, number: str, code: str, ctx: Context) -> Turn | None:
    """The dossier with this code out of those of a number that is proven."""
    one = next((d for d in ctx.dossiers_of(number) if code in (d.tracking_code, d.official_code)), None)
    if one is None:
        return None
    return Turn(state.at("dossier", dossier=one.id) if one.own else state.at(PAGE, query=number, dossier=one.id))


def _pairing(state: State) -> bool:
    return state.talk.screen == SCREEN and state.talk.changing == _PAIR and bool(state.talk.query)


def _gate(state: State, number: str, code: str, ctx: Context, *, pair: bool = False) -> Turn | None:
    """What holds somebody back who looks up too often; the same whether there is anything to be found."""
    match ctx.may_look(number, pair=pair):
        case "over":
            return _over(state)
        case "human":
            return Turn(challenge.begin(state, f"{number}\n{code}", ctx))
        case _:
            return None


def _over(state: State) -> Turn:
    says = (Say("look-up.over", {}, ("prove", "mine", "call", "menu")),)
    return Turn(state.at("menu"), says, (HeldBack(),), ask=False)


def _found(state: State, code: str, ctx: Context) -> Turn:
    turn = track.by_words(state, code, ctx) or Turn(state)
    return replace(turn, effects=(LookedUp(),))


def _paired(state: State, number: str, code: str, ctx: Context) -> Turn:
    found = ctx.pair(code, number)
    state = state.at(SCREEN, query=number, changing=_PAIR)
    prove = button("prove-mine", f"prove:{number}")
    said = Say("look-up.pair-wrong", {}, (prove, "call", "menu"))
    if found is not None:
        said = replace(track.bare(found, code), buttons=(prove, "menu"))
    return Turn(state, (said,), (LookedUp(number, pair=True),), ask=False)


def _list(state: State, number: str, ctx: Context) -> Say:
    """Grouped by whom they are for, as one's own."""
    found = ctx.dossiers_of(number)
    about = {"phone": show_phone(number)}
    if not found:
        return Say("look-up.none", about, (*_helped(ctx), "mine", "find", "menu"))
    groups: dict[str, list[str]] = {}
    buttons: list[Button] = []
    for dossier in found:
        line = {"procedure": dossier.procedure_name, "status": track.status_words(dossier)}
        line["code"] = track.code_words(dossier)
        groups.setdefault(questions.for_words(dossier.applicant), []).append(text("track.line", line))
        label = short(text("track.button-code", line))
        buttons.append(Button(label, f"{'d' if dossier.own else 'lookd'}:{dossier.id}"))
    shown = [text("track.group", {"applicant": who, "lines": "\n".join(lines)}) for who, lines in groups.items()]
    join = (button("look-join", f"lookjoin:{number}"),) if any(_elsewhere(d) for d in found) else ()
    rest = (*menu.paged(buttons, state.talk.page, f"look:{number}"), *_helped(ctx), *join, "menu")
    return Say("look-up.list", {**about, "groups": "\n\n".join(shown)}, rest)


def _helped(ctx: Context) -> tuple[Button, ...]:
    """To what others handed in for whom this number belongs to: it is not in the list, for it is not theirs."""
    return (Button(text("helping.own-button"), "helped"),) if ctx.helped else ()


def _offers(dossier: DossierView) -> bool:
    """Whether there will be news of it that an officer would have to telephone about."""
    return dossier.unheard and dossier.status not in FINAL


def _elsewhere(dossier: DossierView) -> bool:
    """Whether it belongs to another chat, whose reader may be the same human."""
    return not dossier.own and not dossier.unheard


def _of(number: str, dossier: str, ctx: Context) -> DossierView | None:
    """One of those that this speaker may read."""
    return next((one for one in ctx.dossiers_of(number) if one.id == dossier), None)
