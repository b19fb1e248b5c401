"""What a page of the first set-up shows, and what it needs from the rest of the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from msgspec import Struct

PATH: Final = "/cai-dat"
TEXT, SECRET, LONG, CHOICE = "text", "secret", "long", "choice"


class Field(Struct, frozen=True):
    """One thing to fill in; a SECRET is never shown again, so its `value` is empty. `options`: value and label."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    kind: str = TEXT
    options: tuple[tuple[str, str], ...] = ()


class Action(Struct, frozen=True):
    """A button; the form goes along with it."""

    name: str
    label: str
    main: bool = False


SAVE: Final = Action("luu", "Lưu và sang bước sau", main=True)
SKIP: Final = Action("bo-qua", "Bỏ qua, làm sau")
BACK: Final = Action("lui", "Quay lại bước trước")
NEXT: Final = Action("tiep", "Sang bước sau", main=True)


class Told(Struct, frozen=True):
    """How something went, in one sentence."""

    good: bool
    words: str


class Page(Struct, frozen=True):
    """One step. `links`: address and label, opened beside the page. `reload`: seconds after which it goes on alone."""

    step: str
    title: str
    place: str  # such as "Bước 2 / 10"
    lead: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    fields: tuple[Field, ...] = ()
    actions: tuple[Action, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    reload: int = 0


class Paper(Struct, frozen=True):
    """A PDF to be printed."""

    name: str
    data: bytes


class Setup(Protocol):
    """Who may come in, and the steps."""

    async def enter(self, token: str) -> str:
        """The cookie of a session, for a link that is good; else empty. A link is good once."""
        ...

    async def known(self, cookie: str) -> bool:
        """Whether this session is open."""
        ...

    async def page(self, step: str) -> Page | None:
        """A step, or for "" the first that is not done; None where there is none of this name."""
        ...

    async def pressed(self, step: str, action: str, given: Mapping[str, str]) -> Page | str:
        """The same page with what came of it, or the name of the step to go to."""
        ...

    async def paper(self, name: str) -> Paper | None: ...

    async def mark(self) -> str:
        """By which this installation is known again from outside; no secret."""
        ...
