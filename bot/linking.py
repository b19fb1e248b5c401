"""Chats become one person's: a code is carried to the other place, a number comes back, and only then they are linked.

Both are short-lived, work once and are kept as keyed hashes. Machine time counts their lives.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final, assert_never

import msgspec

from bot import limits, linking_officers, linking_words, merging, proving
from bot.linking_words import place, tell
from bot.outgoing import WEB
from bot.scene import Scene
from conversations.linking import ALPHABET, DIGITS, LENGTH, PREFIX, shown
from conversations.linking_effects import GiveCode, GiveNumber, LinkingEffect, OfferCode, Refuse, Unlink
from conversations.messages import Message
from conversations.render import button, text
from conversations.staff_state import Officer
from storage.chats import OFFICER, UNHEARD, Chat
from storage.sealed import keys

CODE: Final = "link"  # what a token is for
NUMBER: Final = "linking"
LIFE: Final = 15 * 60.0  # seconds
QR: Final = "link-qr"  # the job that draws the code
PLACES: Final = ("zalo", "telegram", "web")
_TRIES: Final = 3  # wrong numbers, after which all begins anew


def places(scene: Scene, chat: Chat) -> Sequence[str]:
    """The channels on which somebody may go on who is here: those that are on."""
    return [channel for channel in PLACES if channel != chat.channel and linking_words.address(scene, channel)]


def carry_out(scene: Scene, chat: Chat, effect: LinkingEffect) -> Message | None:
    """What a citizen's turn asked for; gives the words that follow."""
    match effect:
        case OfferCode(channel):
            return make(scene, chat, channel)
        case GiveCode(code, agreed):
            return _agreed(scene, chat, code) if agreed else accept(scene, chat, code)
        case GiveNumber(number):
            return confirm(scene, chat, number)
        case Refuse():
            return refuse(scene, chat)
        case Unlink(other):
            return unlink(scene, chat, other)
        case _:
            assert_never(effect)


def make(scene: Scene, chat: Chat, channel: str = "") -> Message:
    """A new code, and how it gets to `channel`; the one before is void. A QR code of the link follows by a job."""
    open_to = places(scene, chat)
    where = channel if channel in open_to else next(iter(open_to), "")
    code = _open(scene, chat, "")
    link = linking_words.link(scene, where, PREFIX + code)
    about = {"code": shown(code), "minutes": round(LIFE / 60)}
    way = text(f"linking.way-{where}", {"link": link}) if where else ""
    if chat.channel == WEB and linking_words.address(scene, WEB):  # a new phone, and no messenger on it
        page = linking_words.link(scene, WEB, PREFIX + code)
        way = "\n\n".join(filter(None, (way, text("linking.way-page", {"link": page}))))
    if link:
        order = msgspec.json.encode([chat.id, where, link])
        scene.work.jobs.add(QR, chat.id, key=f"{QR}:{chat.id}", payload=order)
    return Message(text("linking.code", {**about, "way": way}), linking_words.onward(scene, chat, again=where))


def make_for_officer(scene: Scene, officer: Officer) -> str:
    """A code with which one chat of a citizens' channel becomes an address at which this officer is alerted."""
    return shown(_open(scene, scene.work.chats.open_staff(OFFICER, officer.id, scene.now), f"officer:{officer.id}"))


def accept(scene: Scene, chat: Chat, code: str) -> Message:
    """A code was typed here. Nobody is linked by that: this chat shows a number that has to come back."""
    work = scene.work
    if not limits.allowed(scene, CODE, f"chat:{chat.id}", f"net:{scene.network}"):
        limits.over(scene, chat, CODE)
        return Message(text("linking.too-many"), (button("call"),))
    grant = work.tokens.grant(_hashed(code), CODE)
    if grant is not None and grant.subject:
        return linking_officers.ask(scene, grant.subject, code)
    maker = work.chats.get(grant.chat) if grant is not None else None
    if grant is None or maker is None or maker.person is None:
        return Message(text("linking.wrong-code"), linking_words.way_on(scene, chat))
    if maker.id == chat.id:
        return Message(text("linking.own-code"), linking_words.way_on(scene, chat))
    work.tokens.close(CODE, maker.id)
    if maker.person == chat.person:
        return Message(text("linking.already"), linking_words.onward(scene, chat))
    return _ask_back(scene, maker, chat, "accepted", "asked")


def confirm(scene: Scene, chat: Chat, number: str) -> Message:
    """The number was typed where the code was made: both chats, and all others of either, are one person's now."""
    work = scene.work
    waits = work.tokens.of_chat(NUMBER, chat.id)
    if waits is None and work.tokens.about(NUMBER, f"{chat.id}:") is not None:
        return Message(text("linking.number-there"), (button("join-no", "nojoin"), *linking_words.way_on(scene, chat)))
    if waits is None:
        return Message(text("linking.none-waits"), linking_words.onward(scene, chat, again="-"))
    there, _, tries = waits.subject.partition(":")
    if work.tokens.grant(_back(chat, number), NUMBER) is None:
        return _wrong(scene, chat, there, int(tries) + 1)
    work.tokens.close(NUMBER, chat.id)
    other = work.chats.get(there)
    if other is None or other.person is None or chat.person is None:
        return Message(text("linking.none-waits"), linking_words.onward(scene, chat, again="-"))
    heard = [*_hearing(scene, chat.person), *_hearing(scene, other.person)]
    if not merging.merge(scene, chat.person, other.person, CODE, chat=chat.id):
        return Message(text("linking.already"), linking_words.onward(scene, chat))
    linked = text("linking.linked", {"where": place("on", chat.channel, other.channel)})
    tell(scene, other.id, Message(linked, linking_words.onward(scene, chat)))
    for third in heard:
        if third.id not in (chat.id, other.id):
            new = chat if any(third.id == one.id for one in heard if one.person == other.person) else other
            tell(scene, third.id, linking_words.linked_too(scene, new))
    there = place("on", other.channel, chat.channel)
    return Message(text("linking.linked", {"where": there}), linking_words.onward(scene, chat))


def refuse(scene: Scene, chat: Chat) -> Message:
    """Nothing that waits is linked; the other place is told, and has to begin anew."""
    tokens = scene.work.tokens
    waits = tokens.of_chat(NUMBER, chat.id) or tokens.about(NUMBER, f"{chat.id}:")
    tokens.close(CODE, chat.id)
    if waits is not None:
        tokens.close(NUMBER, waits.chat)
        there = waits.subject.partition(":")[0] if waits.chat == chat.id else waits.chat
        scene.work.audit.add("link-refused", scene.now, chat=chat.id, subject=there)
        tell(scene, there, Message(text("linking.refused-there")))
    return Message(text("linking.refused"), linking_words.way_on(scene, chat))


def unlink(scene: Scene, chat: Chat, other_id: str) -> Message:
    """Another chat of this person, or this one, goes on as somebody who has nothing; all stays with the others.

    Within a week of the linking that brought both together, that is taken back instead: each has again what they
    brought. Else whoever got somebody to link could throw them out and keep what was theirs.
    """
    work = scene.work
    person = chat.person or ""
    other = work.chats.get(other_id)
    others = [one for one in _hearing(scene, person) if one.id != other_id]
    if other is None or other.person != person or not others:
        return Message(text("linking.not-linked"), linking_words.way_on(scene, chat))
    stays = next((one for one in others if one.id == chat.id), others[0])
    noted = merging.between(scene, person, stays.id, other_id)
    if noted is not None:
        went = merging.undo(scene, noted)
        key = "parted"
        strangers = [one for one in (*went, *(c.id for c in others), other_id) if one != chat.id]
    else:
        work.merging.lock(person)
        alone = work.chats.leave(other_id, scene.now)
        proving.go_with(scene, other_id, person, alone)
        work.merging.untold(other_id)
        work.merging.close_files([other_id], person)
        work.merging.call_home(person, stays.id)
        merging.settle(scene, other_id, alone)
        key, strangers = "unlinked", [other_id]
        work.audit.add("unlinked", scene.now, chat=chat.id, subject=other_id)
    for chat_id in (CODE, NUMBER):
        work.tokens.close(chat_id, other_id)
    if chat.id != other_id and other_id in strangers:
        tell(scene, other_id, Message(text("linking.left"), (button("call"), button("menu"))))
    where = place("on", other.channel, chat.channel)
    return Message(text(f"linking.{key}", {"where": where}), linking_words.way_on(scene, chat))


def claim(scene: Scene, chat: Chat, other: str) -> Message | None:
    """A proof says that `other` is the same human: where they are heard they confirm it there, by the same number."""
    person = chat.person
    assert person is not None
    now = scene.work.merging.current(other)
    alive = [one for one in _hearing(scene, now) if not one.unreachable]
    if now == person or not alive:
        return None
    if not limits.allowed(scene, CODE, f"chat:{chat.id}"):  # each time somebody else hears of it
        return Message(text("linking.too-many"), (button("call"), button("menu")))
    return _ask_back(scene, alive[-1], chat, "claim-shown", "claimed")


def take_over(scene: Scene, chat: Chat, desk_person: str) -> bool:
    """What an officer entered for somebody without a chat is theirs who has proven the number (bot/proving.py).

    False where somebody is heard for that person already: they would have to agree.
    """
    person = chat.person
    now = scene.work.merging.current(desk_person)
    if person is None or _hearing(scene, now):
        return False
    return merging.merge(scene, person, now, "desk", chat=chat.id)


def _ask_back(scene: Scene, maker: Chat, chat: Chat, here: str, there: str) -> Message:
    """Show a number here, that `maker`'s reader has to type there."""
    tokens = scene.work.tokens
    number = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
    tokens.close(NUMBER, maker.id)
    tokens.make(NUMBER, maker.id, LIFE, f"{chat.id}:0", token=_back(maker, number))
    where = place("at", chat.channel, maker.channel)
    asked = text(f"linking.{there}", {"where": where, "at": linking_words.clock(scene.now)})
    tell(scene, maker.id, Message(asked, (button("join-number", "joinnum"), button("not-me", "nojoin"))))
    where = place("on", maker.channel, chat.channel)
    about = {"where": where, "has": linking_words.has(scene, maker.person or ""), "number": number}
    return Message(text(f"linking.{here}", about), (button("join-no", "nojoin"),))


def _wrong(scene: Scene, chat: Chat, there: str, tries: int) -> Message:
    if tries < _TRIES:
        scene.work.tokens.rename(NUMBER, chat.id, f"{there}:{tries}")
        return Message(text("linking.wrong-number"), (button("not-me", "nojoin"), button("menu")))
    scene.work.tokens.close(NUMBER, chat.id)
    scene.work.audit.add("link-guessed", scene.now, chat=chat.id, subject=there)
    tell(scene, there, Message(text("linking.refused-there")))
    return Message(text("linking.stopped"), linking_words.onward(scene, chat, again="-"))


def _agreed(scene: Scene, chat: Chat, code: str) -> Message:
    """To be alerted here as an officer."""
    if not limits.allowed(scene, CODE, f"chat:{chat.id}", f"net:{scene.network}"):
        limits.over(scene, chat, CODE)
        return Message(text("linking.too-many"), (button("call"),))
    grant = scene.work.tokens.grant(_hashed(code), CODE)
    if grant is None or scene.work.tokens.spend(_hashed(code), CODE) is None:
        return Message(text("linking.wrong-code"), linking_words.way_on(scene, chat))
    return linking_officers.agreed(scene, chat, grant.subject)


def _hearing(scene: Scene, person: str) -> list[Chat]:
    """A person's chats in which somebody is heard."""
    return [chat for chat in scene.work.chats.of_person(person) if chat.channel not in UNHEARD]


def _open(scene: Scene, chat: Chat, subject: str) -> str:
    """A code that nobody has open."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 2))
    code += secrets.choice(ALPHABET[:8]) + secrets.choice(ALPHABET[8:])  # a digit and a letter: it is no number or word
    scene.work.tokens.close(CODE, chat.id)
    scene.work.tokens.make(CODE, chat.id, LIFE, subject, token=_hashed(code))
    return code


def _hashed(code: str) -> str:
    return keys().look_up(f"link {code}")


def _back(maker: Chat, number: str) -> str:
    return keys().look_up(f"link {maker.id} {number}")
