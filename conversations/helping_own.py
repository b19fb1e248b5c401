"""What somebody may see and do about those who handed in for them: who, since when, each look, and taking it back."""

from __future__ import annotations

from conversations import helping
from conversations.helping_effects import RevokeConsent
from conversations.messages import Button
from conversations.render import short, text
from conversations.state import Context, HelpedView, Say, State, Turn
from domain.values import moment_words

SCREEN = "helped"
SURE = "unhelp"
_MOST = 8  # dossiers shown at once
_LOOKS = 30


def mine(state: State, _arg: str, _ctx: Context) -> Turn:
    return Turn(state.at(SCREEN))


def ask(_state: State, ctx: Context) -> tuple[Say, ...]:
    """All that others handed in for the speaker, as far as their phone is proven."""
    helped = ctx.helped[:_MOST]
    if not helped:
        return (Say("helping.own-none", {}, ("mine", "menu")),)
    lines, buttons = [], []
    for one in helped:
        lines.append(_line(one))
        of = text("helping.own-of", {"code": one.code}) if len(helped) > 1 else ""
        buttons.append(_own("looks", of, f"helplooks:{one.id}"))
        if one.holds:
            buttons.append(_own("revoke", of, f"unhelp:{one.id}"))
    return (Say("helping.own", {"lines": "\n\n".join(lines)}, (*buttons, "menu")),)


def looks(state: State, arg: str, ctx: Context) -> Turn:
    """When the helper opened it."""
    one = _one(arg, ctx)
    if one is None:
        return Turn(state.at(SCREEN), (Say("common.old-button"),))
    seen = "\n".join(text("helping.own-look", {"at": moment_words(at)}) for at in one.looks[-_LOOKS:])
    about = {"helper": one.helper.name, "procedure": one.procedure, "lines": seen}
    return Turn(state.at(SCREEN), (Say("helping.own-looks" if seen else "helping.own-looks-none", about),))


def revoke(state: State, arg: str, ctx: Context) -> Turn:
    """Asks first."""
    one = _one(arg, ctx)
    if one is None or not one.holds:
        return Turn(state.at(SCREEN), (Say("common.old-button"),))
    return Turn(state.at(SURE, query=arg))


def ask_revoke(state: State, ctx: Context) -> tuple[Say, ...]:
    one = _one(state.talk.query, ctx)
    if one is None or not one.holds:
        return ask(state, ctx)
    yes = Button(text("helping.revoke-yes"), f"unhelpok:{one.id}")
    no = Button(text("helping.revoke-no"), "helped")
    return (Say("helping.revoke-sure", {"helper": one.helper.name, "procedure": one.procedure}, (yes, no)),)


def revoked(state: State, arg: str, ctx: Context) -> Turn:
    """From now on the helper sees nothing more of it."""
    one = _one(arg, ctx)
    if one is None or not one.holds:
        return Turn(state.at(SCREEN), (Say("common.old-button"),))
    said = Say("helping.revoke-done", {"helper": one.helper.name, "procedure": one.procedure})
    return Turn(state.at(SCREEN), (said,), (RevokeConsent(one.id),))


def _one(mandate: str, ctx: Context) -> HelpedView | None:
    return next((one for one in ctx.helped if one.id == mandate), None)


def _line(one: HelpedView) -> str:
    helper = one.helper
    until = {"until": moment_words(helper.until) if helper.until is not None else ""}
    about = {
        "procedure": one.procedure,
        "code": one.code,
        "helper": helper.name,
        "relation": helping.relation_words(helper.relation),
        "consent": helping.consent_words(helper, text("helping.you")),
        "state": text("helping.own-holds" if one.holds and helper.until else "helping.own-ended", until),
    }
    return text("helping.own-line", about)


def _own(key: str, of: str, value: str) -> Button:
    return Button(short(text(f"helping.own-{key}-button", {"of": of})), value)
