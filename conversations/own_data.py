"""«Dữ liệu của tôi»: what is kept of whoever asks, as a page and as a file; what they may have deleted, and what not.

The rights are those of Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: to see, to have a copy, to withdraw what was agreed
to, to have deleted what no law keeps. A dossier that was handed in is the office's record.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conversations import menu
from conversations.effects import DropDrafts, SendOwnData, WithdrawConsent
from conversations.messages import Button
from conversations.render import button, text
from conversations.state import Context, Say, State, Turn
from domain.values import moment_words

SCREENS: Final = ("own-data", "own-drop", "own-withdraw", "own-looks")
_NO_ARCHIVES: Final = frozenset({"zalo"})  # takes photos, PDF and Word alone
_MOST: Final = 10  # lines of one kind on the page; the file has them all


class Look(Struct, frozen=True):
    """That an officer looked at one of the person's dossiers; `what` is the key of a text under "own-data"."""

    at: datetime
    code: str
    officer: str
    what: str = ""


class OwnData(Struct, frozen=True):
    """What is kept of a person, in words; numbers and addresses are masked, since the page may be looked over."""

    addresses: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    consents: tuple[tuple[str, bool, datetime], ...] = ()  # purpose, given, since when; the newest of each
    drafts: tuple[str, ...] = ()  # what could be deleted
    dossiers: tuple[str, ...] = ()
    photos: int = 0
    people: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()
    keep_days: int = 0  # after a dossier's end


def show(state: State, _arg: str, _ctx: Context) -> Turn:
    return Turn(state.at("own-data"))


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    """The page."""
    data = ctx.own_data()
    lines = [
        _line("addresses", ", ".join(data.addresses)),
        _line("proofs", ", ".join(data.proofs)),
        *(_consent(*one) for one in data.consents),
        _several("drafts", data.drafts),
        _several("dossiers", data.dossiers),
        text("own-data.photos", {"count": data.photos}) if data.photos else "",
        _line("people", ", ".join(data.people)),
        _several("helpers", data.helpers),
    ]
    buttons: list[Button | str] = [button("own-file", "mydata:file")]
    buttons += [button("own-looks", "mydata:looks")] if data.dossiers else []
    buttons += [button("own-drop", "mydata:drop")] if data.drafts else []
    buttons += [button("own-forget", "forget")] if data.people else []
    buttons += [button("own-withdraw", "mydata:withdraw")] if _agreed(data) else []
    about = {"lines": "\n".join(filter(None, lines)) or text("own-data.nothing"), "days": data.keep_days}
    return (Say("own-data.page", about, (*buttons, *menu.resume(state), "menu")),)


def press(state: State, arg: str, ctx: Context) -> Turn:
    """One of the buttons of the page, or of the questions that it leads to."""
    data = ctx.own_data()
    match arg:
        case "file" if ctx.channel in _NO_ARCHIVES:
            way = (button("join-web", "join:web"),) if "web" in ctx.link_to else ()
            return Turn(
                state, (Say("own-data.file-elsewhere", {}, (*way, "call", *menu.resume(state), "menu")),), ask=False
            )
        case "file":
            return Turn(state, (Say("own-data.file-soon"),), (SendOwnData(),), ask=False)
        case "looks":
            return Turn(state.at("own-looks"))
        case "drop" if data.drafts:
            return Turn(state.at("own-drop"))
        case "withdraw":
            return Turn(state.at("own-withdraw"))
        case "dropped" if state.talk.screen == "own-drop":
            return Turn(_nowhere(state), (Say("own-data.dropped", {"count": len(data.drafts)}),), (DropDrafts(),))
        case "withdrawn" if state.talk.screen == "own-withdraw":
            agreed = replace(state.person, consents=("no-notify",))
            after = replace(_nowhere(state), person=agreed)
            return Turn(after, (Say("own-data.withdrawn"),), (WithdrawConsent(),))
        case _:
            return Turn(state.at("own-data"))


def ask_drop(_state: State, ctx: Context) -> tuple[Say, ...]:
    """Asks once: what is deleted has to be done again."""
    about = {"drafts": "\n".join(f"- {line}" for line in ctx.own_data().drafts)}
    return (Say("own-data.drop", about, (button("own-drop-yes", "mydata:dropped"), button("own-no", "mydata"))),)


def ask_withdraw(_state: State, _ctx: Context) -> tuple[Say, ...]:
    """Says what follows, and what the law keeps all the same."""
    yes = button("own-withdraw-yes", "mydata:withdrawn")
    return (Say("own-data.withdraw", {}, (yes, button("own-no", "mydata"))),)


def ask_looks(_state: State, ctx: Context) -> tuple[Say, ...]:
    """Who of the office looked at which dossier, the newest first."""
    looks = [look for look in ctx.own_data().looks if look.what != "listed"]  # a line of a search opens nothing
    lines = [
        text("own-data.look", {"at": moment_words(look.at), "officer": look.officer, "code": look.code})
        for look in looks[:_MOST]
    ]
    more = text("own-data.looks-more", {"count": len(looks) - _MOST}) if len(looks) > _MOST else ""
    shown = "\n".join([*lines, *([more] if more else [])]) or text("own-data.looks-none")
    return (Say("own-data.looks", {"lines": shown}, (button("own-back", "mydata"), "menu")),)


def _nowhere(state: State) -> State:
    """The draft that was open may be gone."""
    return state.at("own-data", draft="")


def _agreed(data: OwnData) -> bool:
    return any(given for purpose, given, _ in data.consents if purpose != "no-notify")


def _consent(purpose: str, given: bool, at: datetime) -> str:  # noqa: FBT001 - a row of the table
    about = {"day": f"{at:%d/%m/%Y}"}
    if purpose == "no-notify":
        return text("own-data.consent-declined", about) if given else ""
    about["purpose"] = text(f"own-data.consent-{purpose}")
    return text(f"own-data.consent-{'given' if given else 'taken'}", about)


def _line(key: str, words: str) -> str:
    return text(f"own-data.{key}", {"words": words}) if words else ""


def _several(key: str, lines: tuple[str, ...]) -> str:
    shown = [f"- {line}" for line in lines[:_MOST]]
    if len(lines) > _MOST:
        shown.append(text("own-data.more", {"count": len(lines) - _MOST}))
    return "\n".join([text(f"own-data.{key}", {"count": len(lines)}), *shown]) if lines else ""
