"""«Tin này có thật không?»: whether a message or a paper came from the office, and where the office writes from.

Words that were forwarded are compared with what we sent; a code with the one that stands under it. Nothing is told of
whom it was for. What asks for money or a one-time code is warned of whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from conversations import menu
from conversations.messages import Button, Event, FileSent, TextSent
from conversations.render import button, text
from conversations.state import Context, Say, State, Turn
from domain.values import fold, moment_words

SCREEN: Final = "trust"
OVER: Final = "over"  # asked too often
_SHORTEST: Final = 20  # letters of a message that are enough to be one; a code is known at any length
# As fold() writes them. What staff never ask for; also in a message that only says so.
_LURES: Final = re.compile(
    r"\botp\b|ma xac (?:thuc|nhan)|mat khau|chuyen (?:tien|khoan) (?:vao|den|cho|qua|toi)|so tai khoan"
    r"|cai (?:dat )?ung dung|tai (?:app|ung dung)|\.apk\b|vneid gia|phi kich hoat|dong phi gap"
)


class Genuine(Struct, frozen=True):
    """What is known of some words. `kind` is a text under "impostors": notice, paper, code, over; empty: not ours."""

    kind: str = ""
    at: datetime | None = None


class Official(Struct, frozen=True):
    """Where we write from: by "web", "telegram", "zalo", "email", "sms" and "phone", what stands there."""

    places: Mapping[str, str]


def begin(state: State, _arg: str, _ctx: Context) -> Turn:
    return Turn(state.at(SCREEN))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """Where we write from, what we never ask for, and how to have something checked."""
    shown = "\n".join(f"- {line}" for line in lines(ctx.official().places))
    return (Say("impostors.ask", {"places": shown}, _ways(state)),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """What was pasted, forwarded or typed."""
    match event:
        case TextSent(words):
            return _checked(state, words, ctx)
        case FileSent():
            return Turn(state, (Say("impostors.picture", {}, _ways(state)),), ask=False)
        case _:
            return Turn(state)


def lines(places: Mapping[str, str]) -> Sequence[str]:
    """One for each place, as citizens read it."""
    return [text(f"impostors.place-{kind}", {"place": place}) for kind, place in places.items()]


def lures(words: str) -> bool:
    """Whether words ask for what nobody of the office ever asks for, or speak of it."""
    return _LURES.search(fold(words)) is not None


def verdict(found: Genuine, words: str) -> str:
    """One sentence or two: ours or not, and what to do."""
    if found.kind and not (found.kind == OVER and lures(words)):
        at = moment_words(found.at) if found.at is not None else ""
        return text(f"impostors.{found.kind}", {"at": at})
    if lures(words):
        return text("impostors.lure")
    return text("impostors.unknown" if len(words.strip()) >= _SHORTEST else "impostors.unknown-code")


def _checked(state: State, words: str, ctx: Context) -> Turn:
    said = verdict(ctx.genuine(words), words)
    return Turn(state, (Say("impostors.verdict", {"said": said}, _ways(state)),), ask=False)


def _ways(state: State) -> tuple[Button | str, ...]:
    return (button("hotline", "hotline"), *menu.resume(state), "menu")
