"""A closure of the office, of one procedure or of the portal: what is put together, and its words for citizens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from conversations.messages import Button, Message
from conversations.render import short, text
from domain.values import moment_words

if TYPE_CHECKING:
    from catalogue.model import Office, Procedure

OFFICE: Final = ""  # the whole desk
PORTAL: Final = "*portal"  # the National Portal: people may come, but nothing can be entered there


class Closing(Struct, frozen=True):
    """A closure being put together. `what` None: not chosen yet."""

    what: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    reason: str = ""


class ClosureView(Struct, frozen=True):
    """A closure as it was announced; `ends_at` is when it ended where it was ended early."""

    id: str
    procedure: str  # OFFICE, PORTAL or a procedure's id
    starts_at: datetime
    ends_at: datetime
    reason: str

    def on(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at

    def touches(self, procedure: str) -> bool:
        """Whether dossiers of this procedure are concerned."""
        return self.procedure in (OFFICE, PORTAL, procedure)

    @property
    def shuts(self) -> bool:
        """Whether nobody can come: not where only the portal is down."""
        return self.procedure != PORTAL


class DeclareClosure(Struct, frozen=True, tag=True):
    """Announce it: everybody concerned hears once, appointments move, clocks are marked."""

    procedure: str
    starts_at: datetime
    ends_at: datetime
    reason: str


class EndClosure(Struct, frozen=True, tag=True):
    """Open again now."""

    closure: str


ClosureEffect = DeclareClosure | EndClosure


def current(closures: Sequence[ClosureView], procedure: str, at: datetime) -> ClosureView | None:
    """What concerns this procedure now: where several do, the one that ends last."""
    on = [closure for closure in closures if closure.on(at) and closure.touches(procedure)]
    return max(on, key=lambda closure: (closure.shuts, closure.ends_at), default=None)


def shut(closures: Sequence[ClosureView], procedure: str, at: datetime) -> bool:
    """Whether nobody can come for this procedure at a moment."""
    return any(closure.shuts and closure.on(at) and closure.touches(procedure) for closure in closures)


def reopening(closures: Sequence[ClosureView], procedure: str, at: datetime) -> datetime:
    """`at` itself where the desk is not shut then, else the moment from which what was handed in counts."""
    moved = True
    while moved:
        ends = [c.ends_at for c in closures if c.shuts and c.on(at) and c.touches(procedure)]
        moved = bool(ends)
        at = max(ends, default=at)
    return at


def words(closure: ClosureView | DeclareClosure, office: Office, procedure: Procedure | None) -> str:
    """What is said of it to everybody, in one paragraph."""
    key = {OFFICE: "office", PORTAL: "portal"}.get(closure.procedure, "procedure")
    return text(f"closure.told-{key}", _about(closure, office, procedure))


def notice(
    closure: ClosureView,
    office: Office,
    procedure: Procedure | None,
    *,
    running: Sequence[str],
    moved: Sequence[tuple[str, str, datetime, datetime | None]],
    drafts: bool,
) -> Message:
    """The one message to a citizen. `running`: codes of what is worked on; `moved`: id, code, old and new moment."""
    lines = [words(closure, office, procedure)]
    buttons: list[Button] = []
    for dossier, code, old, new in moved:
        if new is None:
            lines.append(text("closure.moved-none", {"code": code, "old": moment_words(old)}))
        else:
            lines.append(text("closure.moved", {"code": code, "old": moment_words(old), "new": moment_words(new)}))
        buttons.append(Button(short(text("closure.button-move", {"code": code})), f"move:{dossier}"))
    if running:
        lines.append(text("closure.dossiers", {"codes": ", ".join(running)}))
    if drafts:
        lines.append(text("closure.drafts"))
    return Message("\n\n".join(lines), tuple(buttons))


def on_page(closure: ClosureView, office: Office, procedure: Procedure | None) -> str:
    """Who opens a procedure or begins it meanwhile reads this first."""
    key = "portal" if not closure.shuts else "office" if closure.procedure == OFFICE else "procedure"
    return text(f"closure.page-{key}", _about(closure, office, procedure))


def _about(closure: ClosureView | DeclareClosure, office: Office, procedure: Procedure | None) -> Mapping[str, object]:
    return {
        "desk": office.desk,
        "procedure": procedure.display_name if procedure is not None else "",
        "starts": moment_words(closure.starts_at),
        "ends": moment_words(closure.ends_at),
        "reason": closure.reason,
    }
