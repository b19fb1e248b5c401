"""Which of a dossier's pictures are in another dossier of the same office: neutral, since households share papers."""

from __future__ import annotations

from typing import Final

from bot.scene import Scene
from bot.views import code_of
from domain.likeness import bits, near
from storage.dossiers import Record

_MOST: Final = 20_000  # pictures looked through, the newest first


def elsewhere(scene: Scene, record: Record) -> dict[str, str]:
    """Document to the code of a dossier that holds the same picture."""
    own = [d for d in scene.work.drafts.documents(record.id) if d.finding is not None and d.finding.look]
    if not own:
        return {}
    looks = scene.work.drafts.looks(record.office, _MOST)
    others = [(dossier, bits(look)) for _, dossier, look in looks if dossier != record.id]
    found: dict[str, str] = {}
    for document in own:
        assert document.finding is not None
        look = bits(document.finding.look)
        same = next((dossier for dossier, other in others if near(look, other)), None)
        other = scene.work.dossiers.get(same) if same else None
        if other is not None:
            found[document.id] = code_of(other)
    return found
