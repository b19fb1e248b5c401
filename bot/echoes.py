"""Calls of which nobody knows what came of them, on messengers that tell us what we have said there."""

from __future__ import annotations

from typing import Final

from bot.scene import Scene
from handlers.zalo_door import ZALO
from storage.echoes import Echoes
from storage.outbox import ASKED_TO_WAIT, Row

ECHOED: Final = frozenset({ZALO})
WAIT: Final = 20.0  # seconds in which an echo comes if it comes at all
_CALLS: Final = 4  # at most, for one message


def doubted(scene: Scene, row: Row) -> bool:
    """Nobody answered a call; whether it is taken care of: said already, or said again unless its echo comes.

    Not where echoes don't come to us, or such a message has none: then it would be said again blindly.
    """
    echoes = Echoes(scene.work)
    if echoes.settled(row.id):
        return True
    if row.message.asks or row.attempts >= _CALLS or not echoes.come(row.channel):
        return False
    scene.work.outbox.later(row.id, WAIT, ASKED_TO_WAIT)
    return True
