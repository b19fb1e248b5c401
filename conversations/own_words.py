"""What people say of a dossier they have handed in, such as "nộp tiền ở đâu" or "đổi giờ": to the screen for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from msgspec.structs import asdict, replace

from catalogue.model import OwnAsked
from catalogue.phrases import Phrases, as_words
from catalogue.search import Found
from conversations import (
    again,
    agreeing,
    apply,
    appointment,
    collector,
    commands,
    cosigning,
    notices,
    own_answers,
    photos,
    post,
    spoken,
)
from conversations.drafts import today_of
from conversations.messages import Event, FileSent, TextSent
from conversations.render import button
from conversations.state import Context, DossierView, Say, State, Turn
from domain.dossier import Status
from domain.values import fold

_LONGEST: Final = 15  # words; a longer tale is about more than a dossier
_BESIDE: Final = 1  # word that may stand beside a phrase; with more, something else is meant
_BESIDE_EXCUSE: Final = 3  # why somebody cannot come is their own story
SCREENS: Final = frozenset({"move", "collector", agreeing.SCREEN, *post.SCREENS})  # that ask about one dossier
_OF_SCREEN: Final = {"move": "move", "collector": "collect", **dict.fromkeys(post.SCREENS, "post")}
_NO_POST: Final = re.compile(r"\b(?:khong|thoi) (?:muon )?(?:gui|nhan qua)\b")
_LEAVES: Final = frozenset(
    {"thoi", "thoi a", "thoi khong can", "khong", "khong a", "khong can", "khong can nua", "bo qua", "giu nguyen"}
    | {"toi bam nham", "bam nham", "nham", "nham roi", "de sau", "thoi de sau"}
)
_DOSSIER: Final = ["ho", "so"]  # each alone is something else: hộ, sổ
_BY_THE_WAY: Final = re.compile(
    "a|ah|ad|anh|ba|bac|ban|bao|bi|bo|can|cha|chau|chi|chong|cho|chu|chua|co|con|cua|cung|da|dau|day|de|di|du|duoc|em|gai|gi|gio"
    "|giay|giup|hay|hom|ket|khi|khong|ko|la|lai|lam|luon|ma|mai|me|minh|mot|moi|muon|nao|nay|nen|ngay|nguoi|nhe|nhi"
    "|noi|nua|o|oi|ong|phai|qua|ra|roi|sao|se|ta|tai|thay|the|thi|thoi|to|toi|tra|trai|tui|va|vay|ve|vi|viec|vo|voi|xa"
    "|xin|hoi|ay|kia|mat|den|lay|nhan|thu|luc|chieu|sang|trua|tuan|sau|thang|hai|tu|nam|bay|chu|nhat|ruoi|[0-9]+[hg]?[0-9]*"
)


def labelled(state: State, words: str, ctx: Context) -> Turn | None:
    """The label of a button under a notice, typed instead of pressed: a notice comes between two turns."""
    said = fold(words).strip(" .!")
    for labels, head, fits in _LABELS:
        if said in labels:
            fitting = [d for d in ctx.dossiers if fits(d)]
            return own_answers.one(
                state, ctx, fitting, head if len(fitting) == 1 else "d"
            )  # to choose one agrees to nothing yet
    drafted = [d for d in ctx.dossiers if d.status == Status.DRAFTED] if said in _MAYBE_RIGHT else []
    if len(drafted) == 1:  # "dung" is also how people without accents write "stop"
        ways = (button("draft-right", f"draftok:{drafted[0].id}"), button("draft-wrong", f"draftno:{drafted[0].id}"))
        return Turn(state, (Say("own.draft", {"title": notices.title(drafted[0])}, ways),), ask=False)
    return None


def answered(state: State, words: str, found: Found, ctx: Context) -> Turn | None:
    """None where no dossier of theirs is meant, or nothing can be said of it. `found`: what a search makes of it."""
    near = found.outside is not None or found.routing is not None or bool(found.choices)
    kind = meant(words, ctx.catalogue.asked.own, near=near)
    if found.confident and kind != "fix":  # to add something is also a procedure of its own
        return None
    moment = appointment.names_moment(words, today_of(ctx))
    visits = own_answers.visits(ctx) if moment else ()  # dossiers with their histories: not for every message
    if len(visits) == 1 and (kind == "move" or (not kind and _only_by_the_way(words))):
        return appointment.answer(state.at("move", dossier=visits[0].id), TextSent(words), ctx)
    return own_answers.KINDS[kind](state, ctx) if kind else None


def _only_by_the_way(words: str) -> bool:
    """Whether nothing but a moment is named: "sáng mai", "thứ 5 lúc 8h nhé"; not "chiều nay có làm không"."""
    said = [word.folded for word in as_words(words)]
    return len(said) <= _LONGEST and all(_BY_THE_WAY.fullmatch(word) and not _ASKING.fullmatch(word) for word in said)


def meant(words: str, asked: OwnAsked, *, near: bool = False) -> str:
    """The list whose phrase this message holds and little else; empty where there is none.

    `near`: something else was found for it as well, so that a word beside the phrase may name that.
    """
    said = as_words(words)
    if len(said) > _LONGEST:
        return ""
    strict = any(word.key != word.folded for word in said)
    places = _phrases(asked).find(said, strict=strict)
    taken = {n for begin, end, _ in places for n in range(begin, end)}
    taken |= {at for n in range(len(said) - 1) if [w.folded for w in said[n : n + 2]] == _DOSSIER for at in (n, n + 1)}
    beside = [word for n, word in enumerate(said) if n not in taken and not _BY_THE_WAY.fullmatch(word.folded)]
    kinds = {kind for _, _, kind in places}
    kind = next((kind for kind in asked.__struct_fields__ if kind in kinds), "")
    most = _BESIDE_EXCUSE if kind == "absent" else 0 if near else _BESIDE
    return kind if len(beside) <= most else ""


def turned(state: State, event: Event, ctx: Context) -> Turn | None:
    """Words that answer no question of the screen: never mind, yes or no to what was shown, or another wish."""
    screen = state.talk.screen
    if screen not in SCREENS or not isinstance(event, TextSent):
        return None
    words, said = event.text, fold(event.text)
    sure = spoken.yes_or_no(words)
    if sure is not None and not said.startswith("thoi") and (value := _settled(state, sure=sure)):
        head, _, about = value.partition(":")
        return own_answers.BEGINS[head](state, about, ctx)
    if said in _LEAVES or (screen in post.SCREENS and _NO_POST.search(said)):
        return left(state)
    if commands.grateful(words) and commands.greets(words):
        leave = button("open-dossier", f"d:{state.talk.dossier}")
        return Turn(state, (Say("common.thanks", {}, (leave, "menu")),), ask=False)
    kind = meant(words, ctx.catalogue.asked.own) if screen != agreeing.SCREEN else ""
    if screen == "move" and kind != "absent" and appointment.names_moment(words, today_of(ctx)):
        return None
    if kind and kind == _OF_SCREEN.get(screen):
        return Turn(state)  # asked again: these words are nobody's name, nor where somebody lives
    return own_answers.KINDS[kind](state, ctx) if kind else None


def left(state: State) -> Turn:
    """Back to the dossier's page, nothing changed."""
    return Turn(state.at("dossier", dossier=state.talk.dossier))


def _settled(state: State, *, sure: bool) -> str:
    """The button that yes or no presses, where the screen shows something to be confirmed."""
    dossier = state.talk.dossier
    if state.talk.screen == "post-confirm":
        return f"postok:{dossier}" if sure else f"postedit:{dossier}"
    if state.talk.screen == "collector" and collector.complete(state):
        return f"collect:{dossier}:ok" if sure else f"collect:{dossier}:change"
    return ""


def photo(state: State, event: FileSent, ctx: Context) -> Turn | None:
    """A picture that nobody has asked for: most likely what is still wanted, or the proof of a transfer."""
    if state.draft is not None:
        return None
    lines = [line for line in ctx.drafts if line.dossier]
    owing = [d for d in ctx.dossiers if own_answers.missing(d)]
    if lines:
        said = Say(
            "own.photo-fix", {}, (*(apply.line_button(line, ctx) for line in lines[: own_answers.LISTED]), "menu")
        )
    elif owing:
        ways = (button("call", f"call:{owing[0].id}"), button("open-dossier", f"d:{owing[0].id}"))
        said = Say("own.photo-paid", {}, ways)
    else:
        return None
    turn = photos.refused(state, event, said.key)
    return replace(turn, says=(said,), ask=False) if turn.says else turn


@lru_cache(maxsize=4)
def _phrases(asked: OwnAsked) -> Phrases[str]:
    return Phrases((phrase, kind) for kind, listed in asdict(asked).items() for phrase in listed)


_ASKING: Final = re.compile("co|khong|ko|lam|viec|nao|gi|dau|sao")
_MAYBE_RIGHT: Final = frozenset(
    {"dung", "dung het", "dung het roi", "dung roi a", "ok", "duoc", "dong y", "vang", "co"}
)
_LABELS: Final[tuple[tuple[frozenset[str], str, Callable[[DossierView], bool]], ...]] = (
    (frozenset({"dung roi"}), "draftok", lambda d: d.status == Status.DRAFTED),
    (
        frozenset({"can sua", "sai roi", "co cho sai", "chua dung", "khong dung", "sai"}),
        "draftno",
        lambda d: d.status == Status.DRAFTED,
    ),
    (frozenset({"nop lai", "lam lai tu ho so nay"}), "again", lambda d: d.status in again.ENDED),
    (frozenset({"lien ket cho nguoi cung ky", "lien ket"}), "cosign", cosigning.waits),
    (frozenset({"tra bang ma qr", "ma qr"}), "paycode", lambda d: bool(own_answers.missing(d))),
    (frozenset({"tra khi den nhan", "tra tai quay"}), "paydesk", lambda d: bool(own_answers.missing(d))),
    (frozenset({"khong gui buu dien nua"}), "postno", lambda d: d.post is not None and d.status in post.WHEN),
)
