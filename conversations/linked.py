"""Parts of a linked procedure: which a dossier has, and how far each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from catalogue.conditions import holds
from catalogue.model import LinkedPart, Procedure
from conversations.render import text
from conversations.state import Part
from domain.dossier import FINAL, Status

WAITING: Final = "waiting"
WITH_AUTHORITY: Final = "with-authority"
DONE: Final = "done"
REFUSED: Final = "refused"
STATUSES: Final = (WITH_AUTHORITY, DONE, REFUSED, WAITING)
_BEFORE: Final = frozenset({Status.SUBMITTED, Status.INCOMPLETE, Status.INVITED})
_SETTLED: Final = frozenset({DONE, REFUSED})


def parts_of(procedure: Procedure, answers: Mapping[str, str], noted: Sequence[Part], day: date) -> tuple[Part, ...]:
    """All parts that these answers ask for, in order; what nobody has noted yet is waiting. `day`: of handing in.

    A part that was noted stays, also where a corrected answer no longer asks for it.
    """
    known = {part.key: part for part in noted}
    return tuple(
        known.get(part.key) or Part(part.key)
        for part in procedure.parts
        if part.key in known or part.when is None or holds(part.when, answers, day)
    )


def settled(parts: Sequence[Part]) -> bool:
    """Whether every part is done or refused; also where there are none."""
    return all(part.status in _SETTLED for part in parts)


def accepted(status: str) -> bool:
    """Whether it has got so far that there may be progress to note."""
    return Status(status) not in _BEFORE


def notable(parts: Sequence[Part], status: str) -> bool:
    """Whether there is progress to note: it has parts, is accepted and not closed."""
    return bool(parts) and accepted(status) and Status(status) not in FINAL


def part_named(procedure: Procedure, key: str) -> LinkedPart | None:
    return next((part for part in procedure.parts if part.key == key), None)


def name_of(procedure: Procedure, part: Part) -> str:
    """As the catalogue calls it; its key where the catalogue no longer has it."""
    named = part_named(procedure, part.key)
    return named.name if named is not None else part.key


def status_words(part: Part) -> str:
    return text(f"linked.status-{part.status}")


def lines(procedure: Procedure, parts: Sequence[Part]) -> tuple[str, ...]:
    """A line for each: what it is, who does it, how far it is and what was noted of it."""
    said: list[str] = []
    for part in parts:
        named = part_named(procedure, part.key)
        about = {
            "name": name_of(procedure, part),
            "authority": named.authority if named is not None else "",
            "status": status_words(part),
            "note": part.note,
        }
        said.append(text("linked.line-note" if part.note else "linked.line", about))
    return tuple(said)


def card_line(procedure: Procedure, parts: Sequence[Part]) -> tuple[str, ...]:
    """All in one line for the group, without notes: those may tell of a person. Nothing before the first step."""
    if all(part.status == WAITING for part in parts):
        return ()
    told = [text("linked.card-part", {"name": name_of(procedure, p), "status": status_words(p)}) for p in parts]
    return (text("linked.card", {"parts": " · ".join(told)}),)
