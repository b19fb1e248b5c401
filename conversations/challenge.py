"""A little question that a child answers at once, for whoever looks up as fast as a machine: words, no pictures."""

from __future__ import annotations

from random import Random
from typing import Final

from msgspec import Struct

from conversations.messages import Button
from conversations.render import text
from conversations.state import Context, Say, State

SCREEN: Final = "challenge"
_CHOICES: Final = 4
_KINDS: Final = ("largest", "smallest", "flies", "swims", "fruit", "cooks", "writes", "day")


class Question(Struct, frozen=True):
    """What is asked, what may be chosen, and which of that is right."""

    words: str
    choices: tuple[str, ...]
    right: int


def begin(state: State, wanted: str, ctx: Context) -> State:
    """Asks; `wanted` is what is taken up again after the right answer."""
    return state.at(SCREEN, query=f"{ctx.fresh}\n{wanted}")


def ask(state: State, _ctx: Context) -> tuple[Say, ...]:
    seed = _seed(state)
    asked = question(seed)
    buttons = [Button(choice, f"human:{n}:{seed}") for n, choice in enumerate(asked.choices)]
    return (Say("challenge.ask", {"question": asked.words}, (*buttons, "menu")),)


def right(state: State, arg: str) -> bool | None:
    """Whether the pressed answer is right; None where it belongs to a question that is no longer asked."""
    chosen, _, seed = arg.partition(":")
    if state.talk.screen != SCREEN or seed != _seed(state) or not chosen.isdecimal():
        return None
    return int(chosen) == question(seed).right


def wanted(state: State) -> str:
    """What was to be looked up before the question."""
    return state.talk.query.partition("\n")[2]


def question(seed: str) -> Question:
    """Another for every seed, and always the same for one."""
    chance = Random(seed)  # noqa: S311 - not a secret: whoever can read the question may answer it
    kind = chance.choice(_KINDS)
    if kind in ("largest", "smallest"):
        numbers = chance.sample(range(11, 99), _CHOICES)
        best = max(numbers) if kind == "largest" else min(numbers)
        return Question(text(f"challenge.{kind}"), tuple(map(str, numbers)), numbers.index(best))
    choices = [chance.choice(_words(f"{kind}-yes")), *chance.sample(_words(f"{kind}-no"), _CHOICES - 1)]
    wanted_choice = choices[0]
    chance.shuffle(choices)
    return Question(text(f"challenge.{kind}"), tuple(choices), choices.index(wanted_choice))


def _words(key: str) -> list[str]:
    return [word.strip() for word in text(f"challenge.{key}").split(",")]


def _seed(state: State) -> str:
    return state.talk.query.partition("\n")[0]
