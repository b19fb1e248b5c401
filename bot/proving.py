"""Proofs kept and looked up: which numbers and addresses somebody has shown to be theirs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.scene import Scene
from domain.rights import EMAIL, FRESH, PHONE, Proof, Right, allows

PROVED = "proved"  # in the audit


def prove(scene: Scene, person: str, kind: str, value: str, how: str, *, chat: str = "") -> None:
    """Keep that a person has proven a phone number (E.164) or an e-mail address, and note it in the audit.

    `how` stands in domain/rights.py. A number may be proven by several persons, such as a couple that shares a
    telephone. Long after, only whoever proved it last is still told there: the number may have been given away.
    """
    assert allows(how), f"{how} proves nothing"
    value = value.lower() if kind == EMAIL else value
    scene.work.proofs.add(person, Proof(kind, value, how, scene.now))
    scene.work.audit.add(PROVED, scene.now, chat=chat, subject=person, data={"kind": kind, "value": value, "how": how})


def proven(scene: Scene, person: str) -> Sequence[Proof]:
    """What stands, the newest first."""
    return scene.work.proofs.of(person)


def phone_of(scene: Scene, person: str) -> str:
    """The number proven last at which somebody may be told something, or empty."""
    return _last(scene, person, PHONE)


def email_of(scene: Scene, person: str) -> str:
    """The address proven last, or empty."""
    return _last(scene, person, EMAIL)


def unprove(scene: Scene, person: str, kind: str, value: str) -> None:
    """The number or address is not theirs any more, or they don't want it used."""
    scene.work.proofs.end(person, kind, value, scene.now)


def go_with(scene: Scene, chat: str, person: str, alone: str) -> None:
    """A chat is somebody else's from now on: what was proven there, and nowhere else of theirs, is so too."""
    work = scene.work
    here = {(noted.data["kind"], noted.data["value"]) for noted in work.audit.in_chat(PROVED, chat)}
    if not here:
        return
    others = (work.audit.in_chat(PROVED, one.id) for one in work.chats.of_person(person))
    elsewhere = {(noted.data["kind"], noted.data["value"]) for lines in others for noted in lines}
    for proof in proven(scene, person):
        if (proof.kind, proof.value) in here:
            work.proofs.add(alone, proof)
            if (proof.kind, proof.value) not in elsewhere:
                work.proofs.end(person, proof.kind, proof.value, scene.now)


def _last(scene: Scene, person: str, kind: str) -> str:
    known = (proof for proof in proven(scene, person) if proof.kind == kind and Right.NOTIFY in allows(proof.how))
    return next((proof.value for proof in known if _still(scene, person, proof)), "")


def _still(scene: Scene, person: str, proof: Proof) -> bool:
    """Whether it is fresh, or nobody else has shown since that it is theirs."""
    return scene.now - proof.at < FRESH or scene.work.proofs.holders(proof.kind, proof.value)[0] == person
