"""The citizen names who collects the result instead: name, phone, last four digits of that person's card."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from catalogue.model import Procedure
from conversations import menu, notices, spoken
from conversations.drafts import today_of
from conversations.effects import DropCollector, NameCollector, RenewCode
from conversations.messages import Button, ContactShared, Event, TextSent
from conversations.render import button, text
from conversations.state import Collector, Context, DossierView, Say, State, Turn
from domain.dossier import Status
from domain.reading import Reading, read
from domain.values import Wrong, clean, show_phone

TRIES: Final = 5  # wrong codes, after which only a new one helps
_NAME, _PHONE, _LAST4 = range(3)  # what is asked next, by how much has been given


def begin(state: State, arg: str, ctx: Context) -> Turn:
    """`<dossier>[:<what>]`: naming somebody, or what can be done with whom was named."""
    dossier_id, _, what = arg.partition(":")
    dossier = _waiting(dossier_id, ctx)
    if dossier is None:
        return Turn(state, (Say("collector.not-now"),))
    if _in_person(ctx.procedure_of(dossier)):
        move = button("move", f"move:{dossier.id}")
        return Turn(state.at("dossier", dossier=dossier.id), (Say("collector.in-person", {}, (move,)),), ask=False)
    here = state.at("collector", dossier=dossier.id)
    match what:
        case "change":
            return Turn(replace(here, talk=replace(here.talk, changing="new")))
        case "ok":
            return _confirmed(state, dossier)
        case "code" if dossier.collector is not None:
            return Turn(state.at("dossier", dossier=dossier.id), (), (RenewCode(dossier.id),))
        case "drop" if dossier.collector is not None:
            said = Say("collector.dropped", {"name": dossier.collector.name})
            return Turn(state.at("dossier", dossier=dossier.id), (said,), (DropCollector(dossier.id),))
        case "code" | "drop":
            return Turn(state.at("dossier", dossier=dossier.id), (Say("collector.gone"),))
        case _:
            return Turn(here)


def ask(state: State, ctx: Context) -> tuple[Say, ...]:
    dossier = _waiting(state.talk.dossier, ctx)
    if dossier is None:
        return menu.ask(state, ctx)
    given = _given(state)
    law = {"title": notices.title(dossier), "law": law_words(ctx.procedure_of(dossier))}
    leave = button("collector-no", f"d:{dossier.id}")
    asks = () if ctx.procedure_of(dossier).collection else (button("call", f"call:{dossier.id}"),)
    if dossier.collector is not None and not given and state.talk.changing != "new":
        keys = ("collector-code", "collector-change", "collector-drop")
        offered = tuple(button(key, f"collect:{dossier.id}:{key.removeprefix('collector-')}") for key in keys)
        buttons = (*offered, *asks, button("open-dossier", leave.value))
        return (Say("collector.named", law | _person(dossier.collector), buttons),)
    if len(given) > _LAST4:
        right = button("collector-ok", f"collect:{dossier.id}:ok")
        again = button("collector-again", f"collect:{dossier.id}:change")
        return (Say("collector.confirm", _person(Collector(given[0], given[1], given[2])), (right, again, leave)),)
    if len(given) == _NAME:
        return (Say("collector.ask-name", law, (*asks, leave)),)
    key = "collector.ask-phone" if len(given) == _PHONE else "collector.ask-last4"
    return (Say(key, {"name": given[0]}, (leave,)),)


def answer(state: State, event: Event, ctx: Context) -> Turn:
    """What is typed is the answer to the one question that is open."""
    given = _given(state)
    dossier = _waiting(state.talk.dossier, ctx)
    waits = dossier is not None and (dossier.collector is None or given or state.talk.changing == "new")
    typed = event.text if isinstance(event, TextSent) else event.phone if isinstance(event, ContactShared) else ""
    if not waits or len(given) > _LAST4 or not typed:
        return Turn(state, (Say("common.choose", {}, ask(state, ctx)[-1].buttons),), ask=False)
    value = _read(len(given), typed, ctx)
    if isinstance(value, Say):
        return Turn(state, (value,))
    return Turn(replace(state, talk=replace(state.talk, query="\n".join((*given, value)))))


def law_words(procedure: Procedure) -> str:
    """What the law wants of whoever collects for somebody else; unknown is left to the officer."""
    return text(f"collector.law-{procedure.collection or 'unknown'}")


def fact(collector: Collector) -> str:
    """One line for the dossier's page."""
    return text("collector.fact", _person(collector))


def button_of(dossier: DossierView, procedure: Procedure) -> Button | None:
    """What leads here from a notice or the dossier's page; None where nobody else may collect."""
    if dossier.status != Status.DONE or _in_person(procedure):
        return None
    return button("collector", f"collect:{dossier.id}")


def told(dossier: str, collector: Collector, code: str, procedure: Procedure) -> Say:
    """The code, once, for the citizen to pass on."""
    about = {
        "code": f"{code[:3]} {code[3:]}",
        "law": law_words(procedure),
        "bring": notices.bring(procedure) if procedure.originals else "",
    }
    buttons = (button("open-dossier", f"d:{dossier}"), button("call", f"call:{dossier}"))
    return Say("collector.code", _person(collector) | about, buttons)


def given_name(name: str) -> str:
    """What people call somebody by: the last word of the name."""
    return name.rsplit(maxsplit=1)[-1]


def complete(state: State) -> bool:
    """Whether all is given and shown to be confirmed."""
    return len(_given(state)) > _LAST4


def _confirmed(state: State, dossier: DossierView) -> Turn:
    given = _given(state)
    if state.talk.screen != "collector" or state.talk.dossier != dossier.id or len(given) <= _LAST4:
        return Turn(state.at("collector", dossier=dossier.id))  # an old button: what it was about is gone
    return Turn(state.at("dossier", dossier=dossier.id), (), (NameCollector(dossier.id, *given),))


def _read(step: int, typed: str, ctx: Context) -> str | Say:
    """The answer as it is kept, or what is wrong with it."""
    if step == _LAST4:
        digits = re.sub(r"[\s.\-]", "", clean(typed))
        right = re.fullmatch(r"[0-9]{4}|[0-9]{12}", digits)  # who copies the whole number need not count
        return digits[-4:] if right else Say("collector.wrong-last4")
    kind = "person_name" if step == _NAME else "phone"
    found: Reading | Wrong = read(kind, typed, today=today_of(ctx))
    if isinstance(found, Wrong):
        return Say(f"wrong.{found.key}")
    if step == _NAME and (" " not in found.value or spoken.kin(typed)):  # an officer compares it with a card
        return Say("wrong.name-missing")
    return found.value


def _given(state: State) -> tuple[str, ...]:
    return tuple(state.talk.query.split("\n")) if state.talk.query else ()


def _person(collector: Collector) -> dict[str, str]:
    name = collector.name
    phone = show_phone(collector.phone)
    return {"name": name, "given": given_name(name), "phone": phone, "last4": collector.last4}


def _waiting(dossier_id: str, ctx: Context) -> DossierView | None:
    return next((d for d in ctx.dossiers if d.id == dossier_id and d.status == Status.DONE), None)


def _in_person(procedure: Procedure) -> bool:
    return procedure.collection == "in-person"
