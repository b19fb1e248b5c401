"""The scene in which everything of one transaction happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.world import World
from catalogue.model import Procedure
from storage.conflict import Conflict
from storage.dossiers import Record
from storage.work import Work

ELSEWHERE: Final = "-"  # a messenger's group that no office has joined


@dataclass(frozen=True, slots=True)
class Scene:
    """One transaction under way: its work, the world around it, and office time as the event brought it."""

    work: Work
    world: World
    now: datetime
    actor: str = ""  # the officer who acts, if one does
    on_page: str = ""  # the same, where they act on a live page
    group: str = ""  # the messenger's group (a chat's id, or ELSEWHERE) in which they act
    network: str = ""  # hashed: where the event came from, for limits

    def procedure(self, version: str) -> Procedure:
        """A procedure as it was in one version."""
        return self.world.procedure(self.work, version)

    def again(self, record: Record) -> Record:
        """The same dossier as this transaction has left it."""
        after = self.work.dossiers.get(record.id)
        if after is None:
            raise Conflict
        return after


def present(work: Work, world: World) -> Scene:
    """The scene where no event brought a moment: office time is read now."""
    return Scene(work, world, world.now())
