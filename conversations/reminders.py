"""What a citizen is reminded of when a moment has come, and the line that tells the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from catalogue.model import Office, Procedure
from conversations import cards, fees, notices
from conversations.messages import Button, Message
from conversations.render import short, text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile
from conversations.state import DossierView
from domain.codes import show
from domain.dossier import Status
from domain.reminders import What
from domain.values import moment_words

# What the desk may do about it, for officers to press right there.
_ACTIONS: Final = {
    What.DUE_SOON: ("extend",),
    What.SUPPLEMENT_OVER: ("stop",),
    What.DRAFT_OVER: ("silent", "phoned"),
    What.VISIT_MISSED: ("missed",),
}


def for_desk(what: What, file: DossierFile, *, extended: bool) -> Message:
    """The line under the card; what was `extended` once is not extended again."""
    if what == What.DUE_SOON and extended:
        return cards.alert_line(file, f"{what}-extended")
    buttons = tuple(button(action, file.id) for action in _ACTIONS.get(what, ()))
    return replace(cards.alert_line(file, what), buttons=buttons)


def words(what: What, view: DossierView, office: Office, procedure: Procedure, until: datetime | None) -> Message:
    """The reminder; `until` is when the wait ends, where that is known."""
    about = {"title": notices.title(view), "code": view.official_code or show(view.tracking_code)}
    opens, call = _button("open", f"d:{view.id}"), _button("call", f"call:{view.id}")
    match what:
        case What.SUPPLEMENT:
            wanted = "\n".join(f"- {notices.label(procedure, want.key)}" for want in view.wants)
            limit = _limit("supplement-until", until)
            return _say("supplement", {**about, "wanted": wanted, "until": limit}, _fix(view), call)
        case What.DRAFT:
            return _say("draft", {**about, "until": _limit("draft-until", until)}, *_answers(view), opens, call)
        case What.MONEY:
            fee = fees.charge_words(view.charge, view.post) if view.charge is not None else ""
            ways = fees.pay_buttons(view.id, view.charge, office, waits=True)
            blanks = {**about, "until": _limit("money-until", until), "fee": fee, "place": notices.place(office)}
            return _say("money" if fee else "money-unknown", blanks, *ways, opens, call)
        case What.VISIT_EVE | What.VISIT_SOON:
            move = _button("move", f"move:{view.id}")
            return _visit(what, view, office, procedure, about, opens, move, call)
        case _:
            raise ValueError(what)


def _visit(
    what: What,
    view: DossierView,
    office: Office,
    procedure: Procedure,
    about: dict[str, str],
    *buttons: Button,
) -> Message:
    assert view.appointment_at is not None
    key = "pickup" if view.status == Status.DONE else "visit"
    way = text("reminder.map", {"url": office.map_url}) if office.map_url else ""
    blanks = {
        **about,
        "at": moment_words(view.appointment_at),
        "place": notices.place(office),
        "bring": notices.bring(procedure),
        "map": f"\n{way}" if way else "",
    }
    return _say(f"{key}-soon" if what == What.VISIT_SOON else f"{key}-eve", blanks, *buttons)


def _limit(key: str, until: datetime | None) -> str:
    return "\n" + text(f"reminder.{key}", {"at": moment_words(until)}) if until is not None else ""


def _answers(view: DossierView) -> tuple[Button, Button]:
    """To a draft of the result."""
    return _button("draft-right", f"draftok:{view.id}"), _button("draft-wrong", f"draftno:{view.id}")


def _fix(view: DossierView) -> Button:
    return Button(short(text("notices.button-fix")), f"fix:{view.id}")


def _button(key: str, value: str) -> Button:
    return Button(short(text(f"notices.button-{key}")), value)


def _say(key: str, blanks: dict[str, str], *buttons: Button) -> Message:
    return Message(text(f"reminder.{key}", blanks), buttons)
