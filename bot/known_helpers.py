"""Village heads whom an office knows: noted by their phone, recognised once they have proven it."""

from __future__ import annotations

from typing import Final

from bot.scene import Scene
from domain.rights import PHONE, Right, allows
from storage.sealed import keys
from storage.work import Work

_NOTED: Final = "helper:"  # in the installation: this and the number's keyed hash; the value is the office


def knows(scene: Scene, person: str, office: str) -> bool:
    """Whether this person is one of them: by a number (E.164) that has been proven to be theirs."""
    proven = (p.value for p in scene.work.proofs.of(person) if p.kind == PHONE and Right.DETAILS in allows(p.how))
    return any(scene.work.installation.get(_key(number)) == office for number in proven)


def note(work: Work, number: str, office: str) -> None:
    """An office knows whoever has this number (E.164); with an empty office nobody does any longer."""
    work.installation.put(_key(number), office)


def _key(number: str) -> str:
    return _NOTED + keys().look_up(number)
