"""Look-up: what a number is good for, and what looking for one that is not one's own leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from bot import decisions, limits, linking, mandate_ends, one_time, proving, proving_desk, reach
from bot.say import alert
from bot.scene import Scene
from bot.views import dossier_view, dossier_views
from conversations import looking_up
from conversations.look_effects import (
    AskCode,
    AskDeskCode,
    CheckCode,
    Follow,
    HeldBack,
    JoinByNumber,
    LookedUp,
    ProveShared,
    ShownHuman,
    WhoEffect,
)
from conversations.messages import Message
from conversations.render import button, text
from conversations.state import DossierView
from domain.rights import FRESH, PHONE, Proof, Right, may
from storage.chats import DESK, Chat
from storage.dossiers import Record

PURPOSE: Final = "prove"  # of a code that proves a number


def may_look(scene: Scene, chat: Chat, phone: str, *, pair: bool) -> str:
    """As conversations ask it; nothing here depends on whether there is anything to be found."""
    room = limits.room(scene, limits.LOOK, *_keys(scene, chat, phone))
    if pair:
        room = limits.room(scene, limits.PAIR, f"number:{phone}") and room
    if not room:
        return looking_up.OVER
    return looking_up.HUMAN if limits.like_a_machine(scene, chat) else "yes"


def of_phone(scene: Scene, person: str, phone: str, proofs: Sequence[Proof]) -> Sequence[DossierView]:
    """All that was handed in with a number; nothing is looked at unless it is proven."""
    if not may(proofs, PHONE, phone, Right.DETAILS, scene.now):
        return ()
    known = scene.work.dossiers.of_phone(phone)
    found = [one for one in known if _still(scene, one, person) and not mandate_ends.shut(scene, person, one)]
    views = dossier_views(scene, found, person)
    return [replace(view, unheard=_unheard(scene, record)) for view, record in zip(views, found, strict=True)]


def pair(scene: Scene, person: str, code: str, phone: str) -> DossierView | None:
    """One query for both, whichever of them is wrong."""
    record = scene.work.dossiers.pair(code, phone)
    if record is None or mandate_ends.shut(scene, person, record):
        return None
    return dossier_view(scene, record, person)


def carry_out(scene: Scene, chat: Chat, effect: WhoEffect) -> Message | None:
    """What was asked for; the words that follow where only this knows them."""
    assert chat.person is not None
    match effect:
        case LookedUp(phone, paired):
            limits.count(scene, limits.LOOK, *_keys(scene, chat, phone))
            if paired:
                limits.count(scene, limits.PAIR, f"number:{phone}")
        case HeldBack():
            limits.over(scene, chat, limits.LOOK)
        case ShownHuman():
            limits.passed(scene, chat)
        case ProveShared(phone, how):
            proving.prove(scene, chat.person, PHONE, phone, how, chat=chat.id)
        case AskCode(phone):
            how = reach.ZNS if reach.templated(scene, Message("", template=one_time.TEMPLATE)) else reach.SMS
            sent = one_time.ask(scene, chat, PURPOSE, PHONE, phone, how)
            return _not_sent(phone) if sent is None else None
        case CheckCode(code):
            return _check(scene, chat, code)
        case AskDeskCode(phone):
            return proving_desk.make(scene, chat, phone)
        case Follow(dossier, phone):
            return _follow(scene, chat, dossier, phone)
        case JoinByNumber(phone):
            return _join(scene, chat, phone)
    return None


def _check(scene: Scene, chat: Chat, code: str) -> Message | None:
    """With the right one the number is proven, and what the talk asks next shows it."""
    assert chat.person is not None
    found = one_time.check(scene, chat, code, PURPOSE)
    again = button("code-again", f"code:{found.target}") if found.target else button("prove")
    match found.state:
        case "ok":
            proving.prove(scene, chat.person, PHONE, found.target, found.subject, chat=chat.id)
            return None
        case "wrong":
            return Message(text("prove.code-wrong"), (again, button("menu")))
        case _:
            return Message(text("prove.code-over"), (again, button("menu")))


def _follow(scene: Scene, chat: Chat, dossier: str, phone: str) -> Message | None:
    """A dossier that the desk entered becomes the speaker's own; one that somebody else has taken stays theirs."""
    assert chat.person is not None
    record = scene.work.dossiers.get(dossier, lock=True)
    allowed = may(proving.proven(scene, chat.person), PHONE, phone, Right.TAKE_OVER, scene.now)
    if (
        record is None
        or not allowed
        or mandate_ends.shut(scene, chat.person, record)
        or not _unheard(scene, record)
        or not _handed_in_with(scene, record, phone)
    ):
        return Message(text("look-up.not-followed"), (button("call"), button("menu")))
    if not linking.take_over(scene, chat, record.person):
        return Message(text("look-up.not-followed"), (button("call"), button("menu")))
    scene.work.dossiers.change(scene.again(record), chat=chat.id)
    decisions.note(scene, scene.again(record), decisions.CITIZEN, "followed", {"how": "phone"})
    alert(scene, scene.again(record), "followed")
    title = scene.procedure(record.catalogue_version).display_name
    opens = button("open-dossier", f"d:{record.id}")
    return Message(text("look-up.followed", {"title": title}), (opens, button("menu")))


def _join(scene: Scene, chat: Chat, phone: str) -> Message:
    """Another chat has proven the same number: it is asked whether both are one human."""
    assert chat.person is not None
    others = [one for one in scene.work.proofs.holders(PHONE, phone) if one != chat.person]
    if may(proving.proven(scene, chat.person), PHONE, phone, Right.MERGE, scene.now):
        for other in others:
            if may(proving.proven(scene, other), PHONE, phone, Right.MERGE, scene.now):
                asked = linking.claim(scene, chat, other)
                if asked is not None:
                    return asked
    return Message(text("look-up.no-other"), (button("look-back", f"look:{phone}"), button("menu")))


def _unheard(scene: Scene, record: Record) -> bool:
    """Whether it belongs to somebody who has no chat, and whom officers telephone."""
    return scene.work.chats.channel_of(record.chat) == DESK


def _still(scene: Scene, record: Record, person: str) -> bool:
    """Whether its end is not so long ago that the number may be another's by now."""
    return record.person == person or record.closed_at is None or scene.now - record.closed_at < FRESH


def _handed_in_with(scene: Scene, record: Record, phone: str) -> bool:
    return any(one.id == record.id for one in scene.work.dossiers.of_phone(phone, record.office))


def _not_sent(phone: str) -> Message:
    desk = button("code-desk", f"codedesk:{phone}")
    return Message(text("prove.not-sent"), (desk, button("menu")))


def _keys(scene: Scene, chat: Chat, phone: str) -> tuple[str, ...]:
    return (f"chat:{chat.id}", f"net:{scene.network}", f"number:{phone}")
