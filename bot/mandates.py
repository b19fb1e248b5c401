"""The consent of a person helped: asked for, given, shown to officers, and good for a time.

How it is shown is in bot/mandate_views.py, what its end does to the dossier in bot/mandate_ends.py.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from bot import known_helpers, mandate_ends, one_time, reach
from bot.drafts import forget_files
from bot.mandate_views import HELPER, helped, helper_of, view, with_nobody
from bot.scene import Scene
from bot.world import fresh
from conversations import helping
from conversations.drafts import tag
from conversations.helping_effects import AskConsent, KeepConsent, ReadOutCode, RevokeConsent, SettleConsent
from conversations.messages import Button, Message
from conversations.render import short, text
from conversations.staff_state import Officer
from conversations.state import Draft, Helper, State
from domain import helping as rule
from domain.helping import OPENS, Standing, Way
from domain.rights import PHONE
from domain.values import VIETNAM
from storage.chats import Chat
from storage.dossiers import Record
from storage.mandates import Mandate, Names

AS_IT_IS: Final = "short"  # of conversations/briefly.py: these words are a short message already
GIVEN: Final = "consent"  # what the history calls it
Effect = AskConsent | ReadOutCode | KeepConsent | SettleConsent | RevokeConsent


def carry_out(scene: Scene, chat: Chat, person: str, effect: Effect) -> Message | None:
    """What a helper's turn, or that of the person helped, asked for; gives the words where it could not be done."""
    match effect:
        case AskConsent(how=Way.DESK):
            return _at_desk(scene, person, effect)
        case AskConsent():
            return _send_code(scene, chat, person, effect)
        case ReadOutCode(owner, code):
            return _take_code(scene, chat, person, owner, code)
        case KeepConsent():
            return _keep(scene, person, effect)
        case SettleConsent(mandate, good):
            _settle(scene, person, mandate, good=good)
        case RevokeConsent(mandate):
            if any(one.id == mandate and one.holds for one in helped(scene, person)):
                mandate_ends.end(scene, mandate, Standing.REVOKED, by="helped")
    return None


# ---- what it does to a dossier


def evidence(scene: Scene, record: Record) -> Message | None:
    """For the officer who looks at the papers: the voice or the sheet itself."""
    mandate = scene.work.mandates.of(record.id)
    if mandate is None or not mandate.evidence or mandate.how not in (Way.VOICE, Way.SHEET):
        return None
    known = scene.work.files.get(mandate.evidence)
    if known is None:
        return None
    words = text(f"helping.evidence-{mandate.how}", {"name": mandate.names.applicant})
    ending = ".jpg" if mandate.how == Way.SHEET else ""
    named = msgspec.structs.replace(known[0], name=known[0].name or f"dong-y{ending}")
    return Message(words, files=(named,))


def by_sms(scene: Scene) -> bool:
    """Whether a code can be sent to the phone of the person helped."""
    return reach.SMS in reach.channels(scene)


def lacking(scene: Scene, person: str, draft: Draft) -> bool:
    """Whether a draft may not be handed in yet; the conversation has asked, and here nothing gets past it."""
    if not helping.needed(draft, scene.procedure(draft.version), _today(scene)):
        return False
    return not helping.opens(view(scene, person, draft.id), draft.applicant)


def attach(scene: Scene, draft: Draft, person: str, office: str) -> Helper | None:
    """What the dossier that a draft becomes is to know of its helper; None where nobody is helped."""
    if not helping.needed(draft, scene.procedure(draft.version), _today(scene)):
        return None
    mandate = scene.work.mandates.of(draft.id)
    if mandate is None or mandate.helper != person or mandate.status not in OPENS:
        return None
    return msgspec.structs.replace(helper_of(mandate), known=known_helpers.knows(scene, person, office))


def note(scene: Scene, record: Record, actor: str) -> None:
    """A row of history: how they agreed, to which words, and who helps."""
    mandate = scene.work.mandates.of(record.id)
    if mandate is None or record.body.helper is None:
        return
    facts = {
        "status": mandate.status,
        "how": mandate.how,
        "helper": mandate.names.helper,
        "relation": mandate.names.relation,
        "wording": mandate.names.wording,
        "given_at": mandate.given_at,
        "ends_at": mandate.ends_at,
        "phone": mandate.phone,
        "evidence": mandate.evidence,
        "mandate": mandate.id,
    }
    status = (record.status, record.status)
    scene.work.history.add(record.id, scene.now, actor, GIVEN, status, {k: v for k, v in facts.items() if v})
    scene.work.cards.want(f"dossier:{record.id}")


def at_desk(scene: Scene, officer: Officer, record: Record) -> bool:
    """The officer has heard it from the person themselves; False where nobody waits for that."""
    mandate = scene.work.mandates.of(record.id)
    if mandate is None or mandate.status != Standing.AT_DESK or record.body.helper is None:
        return False
    _good(scene, mandate, officer=officer.id)
    _show(scene, record, officer.id)
    return True


def revoke_at_desk(scene: Scene, officer: Officer, record: Record) -> bool:
    """The person helped has told the officer so; False where nothing is left to take back."""
    mandate = scene.work.mandates.of(record.id)
    if mandate is None or mandate.status not in OPENS:
        return False
    mandate_ends.end(scene, mandate.id, Standing.REVOKED, by=officer.id)
    return True


def opened(scene: Scene, before: State, after: State) -> None:
    """A helper has come to a dossier's page, or to what is asked for again; whoever is helped sees when."""
    draft = after.draft.dossier if after.draft is not None and after.talk.screen == "draft" else ""
    dossier = draft or after.talk.dossier
    was = before.draft.dossier if before.draft is not None and before.talk.screen == "draft" else ""
    if not dossier or dossier in (was, before.talk.dossier):
        return
    mandate = scene.work.mandates.of(dossier)
    record = scene.work.dossiers.get(dossier) if mandate is not None else None
    if record is not None and record.person == after.person.id:
        scene.work.history.look(dossier, after.person.id, HELPER, scene.now)


# ---- asking and giving


def _ask(
    scene: Scene, person: str, effect: AskConsent | KeepConsent, status: Standing, phone: str = ""
) -> Mandate | None:
    """A new row in the place of what was asked before; None where nothing may be asked."""
    work = scene.work
    names = _names(scene, person, effect)
    before = work.mandates.of(effect.owner)
    if names is None or (before is not None and before.status in OPENS):
        return None
    forget_files(work, work.mandates.clear(effect.owner))
    known = phone or (before.phone if before is not None else "")
    id_ = effect.id if isinstance(effect, KeepConsent) else fresh()
    ref = effect.file.ref if isinstance(effect, KeepConsent) else None
    made = Mandate(id_, person, effect.owner, names, effect.how, status, scene.now, known, ref)
    work.mandates.add(made)
    return made


def _names(scene: Scene, person: str, effect: AskConsent | KeepConsent) -> Names | None:
    """Of a draft as it is now; of a dossier as the consent that has run out says."""
    draft = scene.work.drafts.get(effect.owner, person)
    if draft is not None:
        name = scene.procedure(draft.version).display_name
        return Names(draft.applicant, effect.helper, effect.relation, name)
    before = scene.work.mandates.of(effect.owner)
    if before is None or before.helper != person or before.status != Standing.EXPIRED:
        return None
    return before.names if with_nobody(scene, before.owner) else None


def _send_code(scene: Scene, chat: Chat, person: str, effect: AskConsent) -> Message | None:
    before = scene.work.mandates.of(effect.owner)
    mine = before is not None and before.helper == person
    phone = effect.phone or (before.phone if before is not None and mine else "")
    if not phone:
        return Message(text("common.old-button"))
    own = {proof.value for proof in scene.work.proofs.of(person) if proof.kind == PHONE}
    names = _names(scene, person, effect)
    if names is None:
        return Message(text("helping.gone"))
    about = {"name": names.applicant, "given": helping.given(names.helper), "procedure": names.procedure}
    if phone in own:
        return Message(text("helping.phone-own", about), _ways_on(effect.owner))
    mandate = _ask(scene, person, effect, Standing.ASKED, phone)
    if mandate is None:
        return None

    office = scene.world.office(chat.office).short_name
    named = {**about, "procedure": short(names.procedure), "office": office[:1].upper() + office[1:]}

    def words(code: str) -> Message:
        """By SMS alone: what Zalo approves says no matter, and nobody agrees to what they are not told."""
        return Message(text("helping.sms", {**named, "code": code}), template=AS_IT_IS)

    if one_time.ask(scene, chat, _purpose(effect.owner), PHONE, phone, mandate.id, words) is None:
        scene.work.mandates.clear(effect.owner)
        return Message(text("helping.code-unsent"), _ways_on(effect.owner))
    return None


def _take_code(scene: Scene, chat: Chat, person: str, owner: str, code: str) -> Message | None:
    mandate = scene.work.mandates.of(owner)
    if mandate is None or mandate.helper != person or mandate.status != Standing.ASKED:
        return Message(text("helping.gone"))
    checked = one_time.check(scene, chat, code, _purpose(owner))
    if checked.state == "ok" and checked.subject == mandate.id and checked.target == mandate.phone:
        _given(scene, mandate)
        return None
    key = "code-wrong" if checked.state == "wrong" else "code-over"
    return Message(text(f"helping.{key}", {"name": mandate.names.applicant}), _ways_on(owner, code=True))


def _ways_on(owner: str, *, code: bool = False) -> tuple[Button, ...]:
    """Nobody is left without a way on."""
    kinds = {"again": "code-again", "other": "way-other"} if code else {"other": "way-other"}
    return tuple(Button(text(f"helping.{key}"), f"help-way:{way}:{tag(owner)}") for way, key in kinds.items())


def _keep(scene: Scene, person: str, effect: KeepConsent) -> Message | None:
    """A voice counts at once: an officer hears it. A sheet is looked at first, as every photo is."""
    voice = effect.how == Way.VOICE
    mandate = _ask(scene, person, effect, Standing.ASKED if voice else Standing.CHECKING)
    if mandate is None:
        forget_files(scene.work, [effect.file.ref])
        return Message(text("helping.gone"))
    if voice:
        _given(scene, mandate)
    return None


def _settle(scene: Scene, person: str, wanted: str, *, good: bool) -> None:
    mandate = scene.work.mandates.get(wanted)
    if mandate is None or mandate.helper != person or mandate.status != Standing.CHECKING:
        return
    if good:
        _given(scene, mandate)
    else:
        forget_files(scene.work, scene.work.mandates.clear(mandate.owner))


def _at_desk(scene: Scene, person: str, effect: AskConsent) -> Message | None:
    """Nobody waits for ever: until they have come it is good for as long as a consent would be."""
    mandate = _ask(scene, person, effect, Standing.AT_DESK) if _begun(scene, person, effect.owner) else None
    if mandate is not None:
        until = scene.now + rule.LIFE
        scene.work.mandates.change(mandate.id, ends_at=until)
        mandate_ends.plan(scene, mandate.id, until)
    return None


def _begun(scene: Scene, person: str, owner: str) -> bool:
    return scene.work.drafts.get(owner, person) is not None


def _given(scene: Scene, mandate: Mandate) -> None:
    """From now on the helper may; a dossier whose consent had run out is theirs again."""
    _good(scene, mandate)
    if scene.work.dossiers.get(mandate.owner) is not None:
        record = mandate_ends.give_back(scene, mandate)
        _show(scene, record, HELPER)


def _good(scene: Scene, mandate: Mandate, *, officer: str | None = None) -> None:
    until = scene.now + rule.LIFE
    changes = {"status": Standing.GIVEN, "given_at": scene.now, "ends_at": until, "officer": officer}
    scene.work.mandates.change(mandate.id, **changes)
    mandate_ends.plan(scene, mandate.id, until)


def _show(scene: Scene, record: Record, actor: str) -> None:
    """The dossier's own line of it, and its row of history."""
    mandate = scene.work.mandates.of(record.id)
    assert mandate is not None
    known = record.body.helper is not None and record.body.helper.known
    helper = msgspec.structs.replace(helper_of(mandate), known=known)
    body = msgspec.structs.replace(record.body, helper=helper)
    scene.work.dossiers.change(record, body=body)
    note(scene, scene.again(record), actor)


def _today(scene: Scene) -> date:
    return scene.now.astimezone(VIETNAM).date()


def _purpose(owner: str) -> str:
    """A code a dossier: one helper may sit with several people at once."""
    return f"c:{owner}"
