"""How satisfied somebody was with their dossier: one tap, then words; a low one is taken up by a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from conversations import commands, notices
from conversations.effects import Rate, RateWord
from conversations.messages import Button, Event, TextSent
from conversations.render import button, text
from conversations.satisfaction import STARS, question, star_buttons, stars_words
from conversations.state import Context, DossierView, Say, State, Turn
from domain.dossier import Status
from domain.figures import LOW
from domain.values import fold

CHANGEABLE: Final = timedelta(days=7)
RATED: Final = frozenset({Status.HANDED_OVER, Status.REFUSED, Status.STOPPED})  # who withdraws had no service to rate
LONGEST: Final = 1_000
_NOTHING: Final = frozenset({"khong", "khong a", "khong can", "khong co gi", "thoi", "thoi a", "bo qua", "het"})
_ASKED: Final = frozenset({"danh gia", "toi muon danh gia", "danh gia ho so", "danhgia"})
_LOOSELY: Final = frozenset(  # how it was, but not how many of five: the five are shown
    {"tam duoc", "tam on", "cung duoc", "cung tam", "tot lam", "rat tot", "te qua", "qua te", "te lam", "chan qua"}
    | {"hai long lam", "khong hai long lam", "chua hai long", "binh thuong thoi"}
)
_SAID: Final = {fold(stars_words(stars)): stars for stars in STARS}


def offered(dossier: DossierView, ctx: Context) -> tuple[Button, ...]:
    """On the dossier's own page: to rate it, or to change the rating while that counts."""
    if not _may(dossier, ctx):
        return ()
    return (button("rate-change" if dossier.stars else "rate", f"rate:{dossier.id}"),)


def press(state: State, arg: str, ctx: Context) -> Turn:
    """`<dossier>:<stars>` rates; `<dossier>` alone asks."""
    dossier_id, _, stars = arg.partition(":")
    dossier = next((d for d in ctx.dossiers if d.id == dossier_id), None)
    if dossier is None:
        return Turn(state, (Say("track.not-found"),))
    if stars not in map(str, STARS):
        return _ask(state, dossier, ctx)
    return _rate(state, dossier, int(stars), ctx)


def by_words(state: State, words: str, ctx: Context) -> Turn | None:
    """A button's label typed as an answer to the notice, or the wish to rate; None where the words are neither."""
    said = fold(words)
    stars = _SAID.get(said, 0)
    if not stars and said not in _ASKED | _LOOSELY:
        return None
    dossier = next((d for d in ctx.dossiers if _may(d, ctx)), None)
    if said in _LOOSELY and (dossier is None or dossier.stars):
        return None
    if dossier is None:
        return None if stars else Turn(state.at("mine"), (Say("rating.nothing"),))
    return _rate(state, dossier, stars, ctx) if stars else _ask(state, dossier, ctx)


def no_word(state: State, _arg: str, ctx: Context) -> Turn:
    """Nothing more to say."""
    if state.talk.screen != "rate-word":
        return Turn(state, (Say("rating.no-word"),))
    return Turn(state.at("menu"), (Say("rating.no-word", {}, _onward(ctx)),), ask=False)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """The words, on the screen that waits for them."""
    dossier = next((d for d in ctx.dossiers if d.id == state.talk.dossier), None)
    if not isinstance(event, TextSent):
        return Turn(state)
    if dossier is None or fold(event.text) in _NOTHING or commands.greets(event.text):
        return no_word(state, "", ctx)
    if len(event.text) > LONGEST:
        return Turn(state, (Say("rating.too-long", {"most": LONGEST}, (_none(dossier),)),), ask=False)
    key = "rating.word-low" if 0 < dossier.stars <= LOW else "rating.word"
    return Turn(state.at("menu"), (Say(key, {}, _onward(ctx)),), (RateWord(dossier.id, event.text),), ask=False)


def ask_word(state: State, ctx: Context) -> tuple[Say, ...]:
    """Asked again when somebody comes back to this screen."""
    dossier = next((d for d in ctx.dossiers if d.id == state.talk.dossier), None)
    return (Say("rating.more", {}, (_none(dossier),) if dossier else ("menu",)),)


def _ask(state: State, dossier: DossierView, ctx: Context) -> Turn:
    if not _may(dossier, ctx):
        return Turn(state, (_refused(dossier),))
    asked = question(grief=notices.grieving(dossier.procedure))
    blanks = {"title": notices.title(dossier), "question": asked}
    return Turn(state, (Say("rating.asked", blanks, star_buttons(dossier.id)),), ask=False)


def _rate(state: State, dossier: DossierView, stars: int, ctx: Context) -> Turn:
    if not _may(dossier, ctx):
        return Turn(state, (_refused(dossier),))
    about = {"stars": stars_words(stars), "desk": ctx.office(dossier.office).desk, "more": ""}
    if dossier.stars == stars:
        return Turn(state, (Say("rating.same", about),), ask=False)
    grief = "-grief" if notices.grieving(dossier.procedure) else ""
    key = "rating.low" if stars <= LOW else "rating.thanks"
    effect = (Rate(dossier.id, stars),)
    if ctx.call_open or state.talk.screen == "draft":  # what is typed next is meant for something else
        return Turn(state, (Say(key + grief, about),), effect, ask=not ctx.call_open)
    if dossier.stars and stars > LOW:  # the words were asked for the first time
        return Turn(state, (Say(key + grief, about, _onward(ctx)),), effect, ask=False)
    said = Say(key + grief, about | {"more": "\n\n" + text("rating.more")}, (_none(dossier),))
    return Turn(state.at("rate-word", dossier=dossier.id), (said,), effect, ask=False)


def _may(dossier: DossierView, ctx: Context) -> bool:
    if not dossier.own or dossier.status not in RATED:
        return False
    return dossier.rated_at is None or ctx.now - dossier.rated_at <= CHANGEABLE


def _refused(dossier: DossierView) -> Say:
    return Say("rating.closed" if dossier.rated_at is not None else "rating.early")


def _none(dossier: DossierView) -> Button:
    return button("rate-none", f"rateno:{dossier.id}")


def _onward(ctx: Context) -> tuple[Button | str, ...]:
    return () if ctx.call_open else ("mine", "menu")
