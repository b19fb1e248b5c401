"""What is answered to words about one's own dossier: by how it stands, with the buttons for what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from conversations import (
    again,
    agreeing,
    appointment,
    collector,
    cosigning,
    fees,
    money,
    notices,
    post,
    track,
)
from conversations.messages import Button
from conversations.render import button, short
from conversations.state import Context, DossierView, Say, State, Turn
from domain.dossier import FINAL, Rebook, Status, possible
from domain.values import money_words

LISTED: Final = 4  # dossiers to choose from


def one(state: State, ctx: Context, fitting: Sequence[DossierView], head: str) -> Turn | None:
    """Straight there where only one can be meant; else which one is asked."""
    if not fitting:
        return None
    if len(fitting) == 1:
        return BEGINS[head](state, fitting[0].id, ctx)
    buttons = [Button(short(notices.title(d)), f"{head}:{d.id}") for d in fitting[:LISTED]]
    return Turn(state, (Say("own.which", {}, (*buttons, "mine")),), ask=False)


def _fix(state: State, ctx: Context) -> Turn | None:
    """What is wanted stands on the dossier's page, with the button to send it."""
    return one(state, ctx, [d for d in ctx.dossiers if d.status in (Status.INCOMPLETE, Status.PENDING)], "d")


def _why(state: State, ctx: Context) -> Turn | None:
    """The reason stands in the timeline, and how to begin again beneath it."""
    return one(state, ctx, [d for d in ctx.dossiers if d.status in (Status.REFUSED, Status.STOPPED)], "d")


def _cosign(state: State, ctx: Context) -> Turn | None:
    """Whether the second person has agreed stands there, and the button for another link."""
    return one(state, ctx, [d for d in _active(ctx) if d.cosigner is not None], "d")


def _move(state: State, ctx: Context) -> Turn | None:
    return one(state, ctx, visits(ctx), "move") or _no_visit(state, ctx)


def _absent(state: State, ctx: Context) -> Turn | None:
    expected = visits(ctx)
    if len(expected) != 1:
        return _move(state, ctx)
    view, procedure = expected[0], ctx.procedure_of(expected[0])
    others = collector.button_of(view, procedure)
    ways = [button("move", f"move:{view.id}"), *([others] if others else []), *post.buttons(view, procedure)]
    said = Say("own.absent", _visit(view, ctx), (*ways, button("call", f"call:{view.id}")))
    return Turn(state.at("move", dossier=view.id), (said,), ask=False)  # another moment may be typed at once


def _collect(state: State, ctx: Context) -> Turn | None:
    ready = [d for d in ctx.dossiers if d.status == Status.DONE and d.post is None]
    return one(state, ctx, ready, "collect") or _no_visit(state, ctx)


def _code(state: State, ctx: Context) -> Turn | None:
    given = [d for d in ctx.dossiers if d.status == Status.DONE and d.collector is not None]
    return one(state, ctx, given, "collect") or (Turn(state.at("mine")) if ctx.dossiers else None)


def _post(state: State, ctx: Context) -> Turn | None:
    """What has been wished or sent is shown; it can be changed there."""
    sent = [d for d in ctx.dossiers if d.post is not None and Status(d.status) not in FINAL]
    wished = [d for d in ctx.dossiers if post.offered(d, ctx.procedure_of(d))]
    ready = [d for d in ctx.dossiers if d.status == Status.DONE]  # where it cannot be sent that is said
    return one(state, ctx, sent, "d") or one(state, ctx, wished, "post") or one(state, ctx, ready, "post")


def _pay(state: State, ctx: Context) -> Turn | None:
    owing = [d for d in ctx.dossiers if missing(d)]
    if len(owing) > 1:
        return one(state, ctx, owing, "d")
    views = owing or _active(ctx)
    if not views:
        return None
    view = views[0]
    if len(views) > 1:
        return one(state, ctx, views, "d")
    about = {"title": notices.title(view), "fee": notices.fee_words(ctx.procedure_of(view), view.charge, view.post)}
    office = ctx.office(view.office)
    waits = view.status == Status.PAYING
    ways = fees.pay_buttons(view.id, view.charge, office, waits=waits)
    key = "pay" if ways else "pay-desk" if owing else "fee" if view.charge is not None else "fee-later"
    about |= {"place": notices.place(office)}
    return _said(state, f"own.{key}", about, view, *ways)


def _paid(state: State, ctx: Context) -> Turn | None:
    """Nobody is to pay twice, nor to somebody who is not the office."""
    owing = [d for d in ctx.dossiers if missing(d)]
    settled = [d for d in ctx.dossiers if d.charge is not None and d.charge.paid_vnd]
    views = owing or settled or _active(ctx)
    if not views:
        return None
    view = views[0]
    paid = money_words(view.charge.paid_vnd) if view.charge is not None else ""
    excess = view.charge.excess_vnd if view.charge is not None else 0
    key = "waits" if owing else "excess" if excess else "came" if settled else "nothing"
    about = {"title": notices.title(view), "missing": money_words(missing(view)), "paid": paid}
    return _said(state, f"own.paid-{key}", about | {"excess": money_words(excess)}, view)


def _trust(state: State, _ctx: Context) -> Turn | None:
    return Turn(state, (Say("own.trust", {}, ("trust", "hotline", "call", "menu")),), ask=False)


def _ready(state: State, ctx: Context) -> Turn | None:
    views = _active(ctx)[:LISTED]
    if not views:
        return Turn(state.at("mine")) if ctx.dossiers else None
    lines = [
        "\n".join(
            (
                notices.title(d),
                notices.standing_words(d, forwards=ctx.procedure_of(d).intake == "collect-and-forward"),
                *track.late_words(d, ctx),
            )
        )
        for d in views
    ]
    late = [button("call", f"call:{d.id}") for d in views if track.late_words(d, ctx)][:1]
    label = "open-dossier" if len(views) == 1 else ""
    buttons = [button(label, f"d:{d.id}") if label else Button(short(notices.title(d)), f"d:{d.id}") for d in views]
    expected = [d for d in views if d.id in {v.id for v in visits(ctx)}]
    move = [button("move", f"move:{expected[0].id}")] if len(views) == 1 and expected else []
    return Turn(state, (Say("own.ready", {"lines": "\n\n".join(lines)}, (*buttons, *move, *late, "menu")),), ask=False)


def _bring(state: State, ctx: Context) -> Turn | None:
    expected = visits(ctx)
    if len(expected) != 1:
        return one(state, ctx, expected, "d") or _no_visit(state, ctx)
    return _said(state, "own.bring", _visit(expected[0], ctx), expected[0], button("move", f"move:{expected[0].id}"))


def _no_visit(state: State, ctx: Context) -> Turn | None:
    """Nothing is agreed yet that could be moved or collected."""
    views = _active(ctx)
    return _said(state, "own.no-visit", {}, views[0]) if views else None


def _said(state: State, key: str, about: Mapping[str, object], view: DossierView, *ways: Button) -> Turn:
    buttons = (*ways, button("open-dossier", f"d:{view.id}"), button("call", f"call:{view.id}"))
    return Turn(state, (Say(key, about, buttons),), ask=False)


def _visit(view: DossierView, ctx: Context) -> dict[str, object]:
    procedure = ctx.procedure_of(view)
    return {
        "title": notices.title(view),
        "now": appointment.held_words(view, ctx),
        "place": notices.place(ctx.office(view.office)),
        "bring": notices.bring(procedure),
    }


def _active(ctx: Context) -> list[DossierView]:
    return [d for d in ctx.dossiers if Status(d.status) not in FINAL]


def visits(ctx: Context) -> list[DossierView]:
    """Where somebody is expected, whether or not an hour is agreed."""
    return [d for d in ctx.dossiers if Rebook in possible(Status(d.status)) and d.post is None]


def missing(view: DossierView) -> int:
    return view.charge.missing_vnd if view.charge is not None else 0


def _opened(state: State, dossier: str, _ctx: Context) -> Turn:
    return Turn(state.at("dossier", dossier=dossier))


# By the list of catalogue/asked.toml that the words stand in.
KINDS: Final[Mapping[str, Callable[[State, Context], Turn | None]]] = {
    "fix": _fix,
    "why": _why,
    "cosign": _cosign,
    "code": _code,
    "trust": _trust,
    "paid": _paid,
    "collect": _collect,
    "post": _post,
    "move": _move,
    "absent": _absent,
    "pay": _pay,
    "bring": _bring,
    "ready": _ready,
}
BEGINS: Final[Mapping[str, Callable[[State, str, Context], Turn]]] = {
    "move": appointment.begin,
    "collect": collector.begin,
    "post": post.begin,
    "postno": post.drop,
    "postok": post.agreed,
    "postedit": post.edit,
    "d": _opened,
    "draftok": agreeing.right,
    "draftno": agreeing.wrong,
    "again": again.begin,
    "cosign": cosigning.link,
    "paycode": money.pay_code,
    "paydesk": money.pay_desk,
}
