"""A small world around the engine: the real catalogue, everything else in memory."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from functools import cache

from msgspec.structs import replace

from catalogue.load import load
from catalogue.model import Catalogue
from catalogue.search import Search
from conversations import engine
from conversations.effects import CheckDocument
from conversations.messages import Button, Event, File, FileSent, Finding, Pressed, TextSent
from conversations.rehearsal.pretend import Pretend

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TODAY = NOW.date()
GOOD = Finding()


@cache
def catalogue() -> Catalogue:
    return load()


@cache
def search() -> Search:
    return Search(catalogue())


class World(Pretend):
    """One person's chat, as a test plays it."""

    def __init__(self, *, office: str = "son-tien", consents: tuple[str, ...] = (), screen: str = "menu") -> None:
        super().__init__(catalogue(), search(), NOW, office=office, consents=consents, screen=screen)
        self.keys: tuple[str, ...] = ()

    # ---- what a test does

    def says(self, event: Event | str) -> tuple[str, ...]:
        """The keys of what is said, the questions included; a string is typed, "[Label]" is pressed."""
        if isinstance(event, str):
            event = self._pressed(event[1:-1]) if event.startswith("[") else TextSent(event)
        turn = self.take(event)
        asked = engine.ask(turn.state, self) if turn.ask else ()
        self.keys = tuple(say.key for say in (*turn.says, *asked))
        return self.keys

    def photo(
        self,
        album: str = "",
        media_type: str = "image/jpeg",
        size: int = 1000,
        finding: Finding | None = GOOD,
        caption: str = "",
    ) -> tuple[str, ...]:
        """A photo, and what our own worker finds (None: nothing yet); gives the keys of all that is said."""
        keys = self.says(FileSent(File(f"file{next(self._ids)}", media_type, size), caption, album=album))
        asked = [effect for effect in self.effects if isinstance(effect, CheckDocument)]
        if finding is None or not asked:
            return keys
        said, effects = self.last, self.effects
        then = self.seen(asked[-1].document, finding)
        self.keys, self.last, self.effects = (*keys, *then), (*said, *self.last), [*effects, *self.effects]
        return self.keys

    def seen(self, document: str, finding: Finding = GOOD, verdict: str = "ok") -> tuple[str, ...]:
        """What our own worker found; no two good photos are alike here."""
        marked = File(f"marked-{document}", "image/jpeg", 100) if finding.problems else None
        return self.says(replace(self.checked(document, finding, verdict), marked=marked))

    @property
    def text(self) -> str:
        """Everything said last, in one piece."""
        return "\n".join(m.text for m in self.last)

    @property
    def buttons(self) -> list[Button]:
        return [b for m in self.last for b in m.buttons]

    @property
    def labels(self) -> list[str]:
        return [b.label for b in self.buttons]

    def value(self, label: str) -> str:
        return next(b.value for b in self.buttons if b.label == label)

    def _pressed(self, label: str) -> Pressed:
        found = [b for b in (*self.buttons, *self.state.talk.offered) if b.label == label]
        assert found, f"no button {label!r} among {self.labels}"
        return Pressed(found[0].value)


def until(world: World, procedure: str, day: date) -> None:
    """The procedure is in force until this day."""
    known = world.catalogue.procedures
    ended = replace(known[procedure], valid_to=day)
    world.catalogue = dataclasses.replace(world.catalogue, procedures={**known, ended.id: ended})
