"""An e-mail address is proven: by the code in a mail, typed in the chat, or by the link in it, pressed on our page."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot import limits, one_time, outbound, proving, reach
from bot.outgoing import to_chat
from bot.scene import Scene
from conversations.mail_effects import AskMailCode, CheckMailCode, DropMail, MailEffect
from conversations.mail_words import CODE
from conversations.messages import Button, Message
from conversations.render import button, text
from domain.rights import EMAIL
from domain.values import moment_words
from storage.chats import Chat
from storage.outbox import Row
from storage.persons import told_of

PURPOSE: Final = "email"  # of the code; and of the link's token, whose subject is the address' own chat
LINK: Final = "mail"
LINK_LIFE: Final = 86_400.0  # seconds: mails may take hours, and be read in the evening
_ASKER: Final = "asker"  # of the mail's facts: the chat in which it was asked for
STOPPED: Final = "blocked"  # why nothing is sent: its owner wants no mails


def carry_out(scene: Scene, chat: Chat, effect: MailEffect) -> Message | None:
    """What was asked for; the words that follow where only this knows them."""
    assert chat.person is not None
    match effect:
        case AskMailCode(address):
            return _send(scene, chat, address)
        case CheckMailCode(code):
            return _check(scene, chat, chat.person, code)
        case DropMail(address):
            proving.unprove(scene, chat.person, EMAIL, address)
    return None


def _send(scene: Scene, chat: Chat, address: str) -> Message | None:
    """None where it is on its way: what is asked next says so."""
    there = reach.chat(scene, reach.EMAIL, address)
    other = button("mail-other", "mail:new")
    if there.unreachable == STOPPED:
        return _stopped(scene, chat, address, other)
    if there.unreachable:
        scene.work.chats.mark(there.id, "")  # typed anew by somebody: it may have been made meanwhile
    desk = scene.world.office(chat.office).desk

    def words(code: str) -> Message:
        """The mail: a code and, where a page of ours can be reached, a link."""
        link = _link(scene, chat, there)
        press = text("mail.prove-or-press") if link else ""
        about = {"code": f"{code[:3]} {code[3:]}", "desk": desk, "minutes": one_time.MINUTES, "or_press": press}
        buttons = (Button(text("mail.prove-button"), link),) if link else ()
        facts = {"code": code, outbound.OFFICE: chat.office, _ASKER: chat.id}
        return Message(text("mail.prove", about), buttons, template=CODE, facts=facts)

    if one_time.ask(scene, chat, PURPOSE, EMAIL, address, words=words) is None:
        return Message(text("mail.not-sent"), (button("menu"),))
    return None


def _stopped(scene: Scene, chat: Chat, address: str, other: Button) -> Message | None:
    """Its owner wants no mails. Whoever else types it reads what is read of any address, and nothing is sent."""
    known = proving.proven(scene, chat.person or "")
    if any(proof.kind == EMAIL and proof.value == address for proof in known):
        return Message(text("mail.stopped-there", {"value": address}), (other, button("menu")))
    keys = (f"chat:{chat.id}", f"net:{scene.network}", f"number:{address}")
    return None if limits.allowed(scene, limits.CODE, *keys) else Message(text("mail.not-sent"), (button("menu"),))


def _link(scene: Scene, chat: Chat, there: Chat) -> str:
    if not scene.world.settings.public_url:
        return ""
    scene.work.tokens.withdraw(LINK, there.id)
    token = scene.work.tokens.make(LINK, chat.id, LINK_LIFE, there.id)
    return f"{scene.world.settings.address}/thu/xacnhan/{token}"


def _check(scene: Scene, chat: Chat, person: str, code: str) -> Message:
    checked = one_time.check(scene, chat, code, PURPOSE)
    if checked.state == "ok":
        return _prove(scene, chat, person, checked.target, "mail.proven")
    again = (button("mail-again", "mail:again"), button("mail-other", "mail:new"), button("menu"))
    return Message(text(f"mail.code-{checked.state}"), again)


def _prove(scene: Scene, chat: Chat, person: str, address: str, key: str) -> Message:
    """One address a person: an older one is not used any more."""
    for proof in proving.proven(scene, person):
        if proof.kind == EMAIL and proof.value != address:
            proving.unprove(scene, person, EMAIL, proof.value)
    proving.prove(scene, person, EMAIL, address, "email", chat=chat.id)
    copies = () if told_of(chat.settings).copies else (button("mail-copies", "mail:copies"),)
    return Message(text(key, {"value": address}), (*copies, button("menu")))


def not_taken(scene: Scene, row: Row) -> None:
    """The mail with the code was refused: whoever waits for it hears so, instead of waiting."""
    chat = scene.work.chats.get(row.message.facts.get(_ASKER, "")) if row.channel == reach.EMAIL else None
    if chat is not None:
        other = (button("mail-other", "mail:new"), button("menu"))
        to_chat(scene, chat, [Message(text("mail.bounced", {"value": row.address}), other)])


# by the link ----------------------------------------------------------------------------------------------------------


def shown(scene: Scene, token: str) -> dict[str, str] | None:
    """What whoever opens the link is asked: whose address it is, and when it was typed in; None where it is over."""
    grant = scene.work.tokens.grant(token, LINK)
    there = scene.work.chats.get(grant.subject) if grant else None
    chat = scene.work.chats.get(grant.chat) if grant else None
    if grant is None or there is None or chat is None:
        return None
    at = scene.now - timedelta(seconds=LINK_LIFE - grant.seconds)
    return {"value": there.address, "at": moment_words(at), "desk": scene.world.office(chat.office).desk}


def pressed(scene: Scene, token: str) -> str | None:
    """The address that is proven now; None where the link was used or is over. The chat that asked is told."""
    grant = scene.work.tokens.grant(token, LINK)
    if grant is None or scene.work.tokens.spend(token, LINK) is None:
        return None
    there, chat = scene.work.chats.get(grant.subject), scene.work.chats.get(grant.chat)
    if there is None or chat is None or chat.person is None:
        return None
    to_chat(scene, chat, [_prove(scene, chat, chat.person, there.address, "mail.proven-page")])
    scene.work.codes.drop(chat.id, PURPOSE)
    return there.address


# no more mails --------------------------------------------------------------------------------------------------------


def stop(scene: Scene, token: str, *, again: bool = False) -> tuple[str, str] | None:
    """No mails to this address from now on, or mails again; gives it and the desk, None where the link is none."""
    found = stops(scene, token)
    if found is None:
        return None
    there, desk = found
    if again and there.unreachable == STOPPED:
        scene.work.chats.mark(there.id, "")
    elif not again:
        scene.work.chats.mark(there.id, "")  # whatever was noted before: its owner's word stands above it
        scene.work.chats.mark(there.id, STOPPED)  # what waits is told elsewhere when its turn comes
    return there.address, desk


def stops(scene: Scene, token: str) -> tuple[Chat, str] | None:
    """Whose mails a link stops, and which desk sends them."""
    key = outbound.address_key(token)
    there = scene.work.chats.by_key(reach.EMAIL, key) if key else None
    return None if there is None else (there, scene.world.office("").desk)
