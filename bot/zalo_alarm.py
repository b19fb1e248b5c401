"""Trouble with the Official Account, told to those who can do something: once a day for each kind of it."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.say import to_heads
from bot.scene import present
from bot.world import World
from conversations.messages import Message
from conversations.render import TEXTS, text
from storage.work import Work

_TOLD: Final = "zalo-told"  # in `installation`: what was told when, as JSON
_AGAIN: Final = 86_400.0  # seconds


def tell(work: Work, world: World, oa: str) -> None:
    """To the heads of every office: whoever looks after the account is one of them, or known to them."""
    held = work.zalo.get(oa)
    if held is None or not held.trouble:
        return
    told = msgspec.json.decode(work.installation.get(_TOLD) or "{}", type=dict[str, float])
    now = work.machine_now()
    if now - told.get(held.trouble, 0.0) < _AGAIN:
        return
    recent = {what: at for what, at in told.items() if now - at < _AGAIN}
    work.installation.put(_TOLD, msgspec.json.encode({**recent, held.trouble: now}).decode())
    scene = present(work, world)
    message = Message(words(held.trouble))
    for office in world.catalogue.offices.values():
        if not office.practice:
            to_heads(scene, office.id, message)


def words(trouble: str) -> str:
    """What it means and what is to be done, in words."""
    where, _, code = trouble.partition(" ")
    known = f"zalo_account.{where}-{code.lstrip('-')}"
    return text(known if known in TEXTS else f"zalo_account.{where}", {"code": code})
