"""The second person who must agree: a link for them that works once, their answer, and a signature at the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from bot import claims, decisions
from bot.say import alert, desk_line, to_citizen
from bot.scene import Scene
from bot.views import code_of, dossier_view
from catalogue.conditions import holds
from catalogue.model import CoSign, Procedure
from conversations import cosigning, notices
from conversations.effects import AnswerCoSign, Effect, SubmitDossier
from conversations.messages import Button, Message
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import Officer
from conversations.state import CoSigner, CoSignView
from domain.dossier import FINAL, Accept, possible
from domain.values import fold, moment_words
from storage.chats import Chat
from storage.dossiers import Record

PURPOSE: Final = "cosign"  # what a token is for
LIFE: Final = 7 * 86_400.0  # seconds
PERSON: Final = "cosigner"  # the actor in the history
_BOT: Final = "telegram-username"  # in `installation`, once the citizens' bot has run
_WAITING: Final = frozenset({"waiting", "declined"})


def wanted(procedure: Procedure, answers: Mapping[str, str], today: date) -> CoSigner | None:
    """Whom these answers call for, by name where the form names them."""
    rule = procedure.co_signer
    if rule is None or (rule.when is not None and not holds(rule.when, answers, today)):
        return None
    return CoSigner(rule.role, _name(rule, procedure, answers))


def after(scene: Scene, chat: Chat, effects: Sequence[Effect]) -> list[Message]:
    """What follows from handing in: the link that is to be passed on."""
    handed_in = [effect.draft for effect in effects if isinstance(effect, SubmitDossier)]
    made = (link(scene, chat, dossier) for dossier in handed_in)
    return [message for message in made if message is not None]


def link(scene: Scene, chat: Chat, dossier: str) -> Message | None:
    """A new link; the one before is void. None where nobody is waited for."""
    work = scene.work
    record = work.dossiers.get(dossier)
    signer = record.body.cosigner if record is not None else None
    if record is None or signer is None or record.person != chat.person or not _open(record):
        return None
    work.tokens.withdraw(PURPOSE, record.id)
    payload = cosigning.PREFIX + work.tokens.make(PURPOSE, chat.id, LIFE, record.id)
    username = work.installation.get(_BOT)
    places = [("agree.cosign-web", f"{scene.world.settings.address}/?p={payload}")]
    if username:
        places.append(("agree.cosign-telegram", f"https://t.me/{username}?start={payload}"))
    about = {
        "role": signer.role,
        "name": " " + text("agree.cosign-name", {"name": signer.name}) if signer.name else "",
        "until": moment_words(scene.now + timedelta(seconds=LIFE)),
        "links": "\n".join(text(key, {"link": address}) for key, address in places),
    }
    return Message(text("agree.cosign-link", about))


def view(scene: Scene, token: str, person: str) -> CoSignView | None:
    """What whoever holds the link may read: a few answers, no photos. None when it is good for nothing any more."""
    grant = scene.work.tokens.grant(token, PURPOSE)
    record = scene.work.dossiers.get(grant.subject) if grant is not None else None
    maker = scene.work.chats.get(grant.chat) if grant is not None else None
    if record is None or not _open(record) or maker is None or maker.person != record.person:
        return None  # it is void as soon as whoever made it has nothing more to do with the dossier
    procedure = scene.procedure(record.catalogue_version)
    rule, signer = procedure.co_signer, record.body.cosigner
    if rule is None or signer is None:
        return None
    answers = scene.work.drafts.answers(record.id)
    told = [(notices.label(procedure, key), notices.shown(procedure, key, answers.get(key, ""))) for key in rule.shown]
    return CoSignView(
        record.office,
        procedure.display_name,
        signer.role,
        tuple(line for line in told if line[1]),
        own=record.person == person,
    )


def answer(scene: Scene, chat: Chat, effect: AnswerCoSign) -> Message | None:
    """Their yes or no, once; the requester and the officers hear of it."""
    work = scene.work
    known = view(scene, effect.token, chat.person or "")
    grant = work.tokens.grant(effect.token, PURPOSE)
    if known is None or known.own or grant is None or work.tokens.spend(effect.token, PURPOSE) is None:
        return Message(text("agree.cosign-gone"))
    record = work.dossiers.get(grant.subject, lock=True)
    if record is None or record.body.cosigner is None or not _open(record):
        return Message(text("agree.cosign-gone"))
    status = "signed" if effect.agreed else "declined"
    facts: dict[str, Any] = {
        "status": status,
        "role": record.body.cosigner.role,
        "person": chat.person,
        "chat": chat.id,
    }
    after = _set(scene, record, status, PERSON, facts)
    _tell(scene, after, f"agree.cosign-told-{status}")
    alert(scene, after, f"cosign-{status}")
    call = () if effect.agreed else (Button(text("button.call"), "call"),)
    return Message(text(f"agree.cosign-{status}"), call)


def at_desk(scene: Scene, officer: Officer, record: Record) -> list[Message]:
    """They signed on paper before the officer."""
    claims.must_have(officer, record)
    signer = record.body.cosigner
    if signer is None or not _open(record):
        return [desk_line("signed-already", code=code_of(record))]
    after = _set(scene, record, "desk", officer.id, {"status": "desk", "role": signer.role})
    scene.work.tokens.withdraw(PURPOSE, record.id)
    _tell(scene, after, "agree.cosign-told-desk")
    said = desk_line("signed-here", code=code_of(record))
    next_ = (button("accept", record.id),) if Accept in possible(record.status) else ()
    return [msgspec.structs.replace(said, buttons=next_)]


def _set(scene: Scene, record: Record, status: str, actor: str, facts: dict[str, Any]) -> Record:
    assert record.body.cosigner is not None
    signer = msgspec.structs.replace(record.body.cosigner, status=status, at=scene.now)
    body = msgspec.structs.replace(record.body, cosigner=signer)
    scene.work.dossiers.change(record, body=body)
    after = scene.again(record)
    decisions.note(scene, after, actor, PURPOSE, facts)
    return after


def _tell(scene: Scene, record: Record, key: str) -> None:
    assert record.body.cosigner is not None
    view = dossier_view(scene, record, record.person)
    about = {"role": record.body.cosigner.role, "title": notices.title(view), "code": code_of(record)}
    buttons = (Button(text("notices.button-open"), f"d:{record.id}"),)
    to_citizen(scene, record.chat, Message(text(key, about), buttons), f"dossier:{record.id}")


def _open(record: Record) -> bool:
    signer = record.body.cosigner
    return signer is not None and signer.status in _WAITING and record.status not in FINAL


def _name(rule: CoSign, procedure: Procedure, answers: Mapping[str, str]) -> str:
    """Of one name it is theirs; of two, that of whoever does not hand in, where the form tells."""
    names = [answers[key] for key in rule.names if answers.get(key)]
    if len(names) == 1:
        return names[0]
    own = [q.key for q in procedure.questions if q.person == "requester" and q.detail == "name"]
    requester = fold(answers.get(own[0], "")) if own else ""
    others = [name for name in names if fold(name) != requester]
    return others[0] if len(others) == 1 else ""
