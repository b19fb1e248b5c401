"""Cards as their subjects stand, and those of groups on live pages drawn where they lag behind."""

from __future__ import annotations

from bot.outgoing import LIVE
from bot.scene import Scene
from bot.views import call_file, dossier_file
from conversations import cards, practice
from conversations.messages import Message
from storage.messages import Line


def draw(scene: Scene) -> bool:
    """Newest state only, new ones at the end; True when there was something to draw."""
    work = scene.work
    lagging = work.cards.lagging(LIVE)
    for card in lagging:
        message, shown = card_of(scene, card.subject), card.message
        if message is not None and shown:
            work.messages.edit(card.chat, int(shown), message)
        elif message is not None:
            shown = str(work.messages.add(card.chat, [Line(message)], scene.now))
        work.cards.drawn(card, shown)
    return bool(lagging)


def card_of(scene: Scene, subject: str) -> Message | None:
    """The card of "dossier:<id>" or "call:<id>"; None when its subject is gone."""
    kind, _, number = subject.partition(":")
    if kind == "dossier":
        record = scene.work.dossiers.get(number)
        if record is None:
            return None
        procedure = scene.procedure(record.catalogue_version)
        card = cards.dossier_card(dossier_file(scene, record), procedure, scene.now)
        return practice.marked(scene.world.office(record.office), card)
    call = scene.work.calls.get(number)
    if call is None:
        return None
    return practice.marked(scene.world.office(call.office), cards.call_card(call_file(scene.work, call)))
