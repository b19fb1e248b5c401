"""A citizen wants the result by post: to whom and where, step by step; changed or dropped until it is sent."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec.structs import replace

from catalogue.model import Office, Procedure
from conversations import notices, spoken
from conversations.messages import Button, ContactShared, Event, Message, TextSent
from conversations.money_state import DropPost, WishPost
from conversations.render import text
from conversations.staff_post import postage_words
from conversations.state import Context, DossierView, PostWish, Say, State, Turn
from domain.dossier import Status
from domain.values import Wrong, parse_name, phone, show_phone

WHEN: Final = frozenset(
    {
        Status.ACCEPTED,
        Status.PENDING,
        Status.PROCESSING,
        Status.DRAFTED,
        Status.SIGNING,
        Status.PAYING,
        Status.FORWARDED,
        Status.DONE,
    }
)
_LEAST: Final = 10  # characters of an address that a postman can find
_MOST: Final = 300
_WORDS: Final = 4  # hamlet, village, commune, province; at least two of them not numbers
SCREENS: Final = ("post-address", "post-name", "post-phone", "post-confirm")


def offered(view: DossierView, procedure: Procedure) -> bool:
    """Whether the result may still come by post; where nobody told us, an officer says it later."""
    return view.status in WHEN and procedure.collection != "in-person"


def buttons(view: DossierView, procedure: Procedure) -> tuple[Button, ...]:
    """On the dossier's page."""
    if not offered(view, procedure):
        return ()
    if view.post is None:
        return (Button(text("post.button-wish"), f"post:{view.id}"),)
    return (
        Button(text("post.button-change"), f"post:{view.id}"),
        Button(text("post.button-drop"), f"postno:{view.id}"),
    )


def fact(view: DossierView) -> str:
    """A line of the dossier's page."""
    wish = view.post
    if wish is None or not wish.address:
        return ""
    tracking = "\n" + text("post.track-number", {"tracking": wish.tracking}) if wish.tracking else ""
    about = {"name": wish.name, "address": wish.address, "postage": postage_words(wish.fee_vnd), "tracking": tracking}
    return text("post.track", about)


def begin(state: State, arg: str, ctx: Context) -> Turn:
    """What is known of the receiver is shown to be confirmed; the rest is asked."""
    view = _own(arg, ctx)
    refused = _refused(state, view, ctx)
    if refused is not None:
        return refused
    assert view is not None
    return _on(state, view.post or _known(ctx), view.id)


def edit(state: State, arg: str, ctx: Context) -> Turn:
    """All of it once more."""
    return _refused(state, _own(arg, ctx), ctx) or _on(state, PostWish("", "", ""), arg)


def agreed(state: State, arg: str, ctx: Context) -> Turn:
    """What was shown counts."""
    view, wish = _own(arg, ctx), _wish(state)
    refused = _refused(state, view, ctx)
    if refused is not None:
        return refused
    assert view is not None
    if state.talk.screen != "post-confirm" or state.talk.dossier != arg or not wish.phone:
        return _on(state, view.post or _known(ctx), arg)
    known = ctx.procedure_of(view).collection is not None or (view.post is not None and view.post.fee_vnd is not None)
    said = Say("post.wished" if known else "post.wished-asked")
    return Turn(state.at("dossier", dossier=arg), (said,), (WishPost(arg, wish.name, wish.phone, wish.address),))


def drop(state: State, arg: str, ctx: Context) -> Turn:
    """Collects it after all."""
    view = _own(arg, ctx)
    if view is None or (view.post is not None and view.status not in WHEN):
        return Turn(state, (Say("post.not-now"),))
    effects = (DropPost(arg),) if view.post is not None else ()
    return Turn(state.at("dossier", dossier=arg), (Say("post.dropped"),), effects)


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """The question of the screen that is open."""
    view, wish = _own(state.talk.dossier, ctx), _wish(state)
    if view is None:
        return (Say("post.not-now", {}, ("mine", "menu")),)
    leave = Button(text("post.button-no"), f"postno:{view.id}")
    if state.talk.screen != "post-confirm":
        asks = "phone" if state.talk.screen == "post-phone" else ""
        return (Say(state.talk.screen.replace("-", "."), {}, (leave,), asks),)
    shown = {"name": wish.name, "phone": show_phone(wish.phone), "address": wish.address}
    yes = Button(text("post.button-yes"), f"postok:{view.id}")
    return (Say("post.confirm", shown, (yes, Button(text("post.button-edit"), f"postedit:{view.id}"), leave)),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """What was typed for the open question; what is no such answer is asked again."""
    wish, screen = _wish(state), state.talk.screen
    typed = event.phone if isinstance(event, ContactShared) else event.text if isinstance(event, TextSent) else ""
    match screen:
        case "post-address" if _LEAST <= len(typed) <= _MOST and _worded(typed):
            wish = replace(wish, address=" ".join(typed.split()))
        case "post-address":
            return Turn(state, (Say("post.address-wrong"),))
        case "post-name":
            name = _name(typed, ctx)
            if isinstance(name, Wrong):
                return Turn(state, (Say(f"wrong.{name.key}"),))
            wish = replace(wish, name=name)
        case _:
            number = phone(typed)
            if number is None:
                return Turn(state, (Say("wrong.phone"),))
            wish = replace(wish, phone=number)
    return _on(state, wish, state.talk.dossier)


def _on(state: State, wish: PostWish, dossier: str) -> Turn:
    """To the first thing that is not known yet."""
    missing = next((part for part in ("address", "name", "phone") if not getattr(wish, part)), "confirm")
    kept = msgspec.json.encode(wish).decode()
    return Turn(state.at(f"post-{missing}", dossier=dossier, query=kept))


def _worded(address: str) -> bool:
    words = address.split()
    return len(words) >= _WORDS and sum(any(c.isalpha() for c in word) for word in words) > 1


def _name(typed: str, ctx: Context) -> str | Wrong:
    """A name as it stands on a card; "tôi" is whoever speaks, where that is known."""
    if not spoken.kin(typed):
        name = parse_name(typed)
        return name if isinstance(name, Wrong) or " " in name else Wrong("name-missing")
    alone = len(typed.split()) == 1
    return (_known(ctx).name if alone else "") or Wrong("name-missing")


def _wish(state: State) -> PostWish:
    try:
        return msgspec.json.decode(state.talk.query, type=PostWish)
    except msgspec.DecodeError:
        return PostWish("", "", "")


def _known(ctx: Context) -> PostWish:
    """Whoever speaks, as they wrote themselves on an earlier form."""
    own = next((person.fields for person in ctx.people if person.own), {})
    return PostWish(own.get("name", ""), own.get("phone", ""), own.get("current") or own.get("residence", ""))


def _refused(state: State, view: DossierView | None, ctx: Context) -> Turn | None:
    if view is None or view.status not in WHEN:
        return Turn(state, (Say("post.not-now"),))
    if not offered(view, ctx.procedure_of(view)):
        return Turn(state, (Say("post.not-offered"),))
    return None


def _own(dossier: str, ctx: Context) -> DossierView | None:
    return next((d for d in ctx.dossiers if d.id == dossier), None)


def refused(view: DossierView, office: Office) -> Message:
    """An officer has said that it cannot be sent."""
    about = {"title": notices.title(view), "code": view.official_code, "place": notices.place(office)}
    ways = (Button(text("money.button-open"), f"d:{view.id}"), Button(text("money.button-call"), f"call:{view.id}"))
    return Message(text("post.refused", about), ways)


def postage_told(view: DossierView, fee: str) -> tuple[str, dict[str, str]]:
    """The text's key and blanks when an officer has said what the post costs; `fee` is all that is to be paid."""
    assert view.post is not None
    about = {"title": notices.title(view), "code": view.official_code, "postage": postage_words(view.post.fee_vnd)}
    return ("post.postage" if view.post.fee_vnd else "post.postage-receiver"), {**about, "fee": fee}
