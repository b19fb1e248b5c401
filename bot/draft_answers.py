"""What the citizen says to a draft of the result; the officer hears it beneath the card."""

from __future__ import annotations

from bot import decisions
from bot.say import alert, to_group
from bot.scene import Scene
from conversations.effects import AnswerShown
from conversations.messages import Message
from conversations.render import text
from domain.dossier import AnswerDraft, NotAllowed
from storage.dossiers import Record


def answer(scene: Scene, record: Record, effect: AnswerShown) -> Message | None:
    """Carry it out; gives the words for the citizen."""
    decision = AnswerDraft(agreed=effect.agreed, remark=effect.remark)
    try:
        words = decisions.carry_out(scene, record, decision, decisions.CITIZEN)
    except NotAllowed:
        return Message(text("agree.draft-over"))
    after = scene.again(record)
    alert(scene, after, "draft-right" if effect.agreed else "draft-wrong")
    if effect.remark:
        said = Message(effect.remark, speaker=text("desk.citizen"))
        to_group(scene, record.office, said, f"dossier:{record.id}")
    return words
