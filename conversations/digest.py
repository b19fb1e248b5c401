"""The morning's list for the desk: what is late, to be answered, due, who comes, what is due next. Nothing personal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from conversations.cards import MOST, code_of, opening
from conversations.messages import Message
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import DossierFile
from domain.dossier import Status
from domain.values import VIETNAM, date_words

_KINDS: Final = ("late", "answer", "due", "visit", "soon")


class Digest(Struct, frozen=True):
    """The dossiers of one morning, by what they want."""

    late: tuple[DossierFile, ...] = ()
    answer: tuple[DossierFile, ...] = ()
    due: tuple[DossierFile, ...] = ()
    visit: tuple[DossierFile, ...] = ()
    soon: tuple[DossierFile, ...] = ()  # due on the next working day

    def of(self, kind: str) -> tuple[DossierFile, ...]:
        files: tuple[DossierFile, ...] = getattr(self, kind)
        return files

    @property
    def files(self) -> tuple[DossierFile, ...]:
        """All, in the order in which they are listed."""
        return (*self.late, *self.answer, *self.due, *self.visit, *self.soon)


def sorted_out(files: Sequence[DossierFile], now: datetime, following: date) -> Digest:
    """Which of these want what today; `following` is the next working day."""
    kinds: dict[str, list[DossierFile]] = {kind: [] for kind in _KINDS}
    for file in files:
        kind = _kind(file, now, following)
        if kind:
            kinds[kind].append(file)
    kinds["visit"].sort(key=_at)
    return Digest(**{kind: tuple(of_kind) for kind, of_kind in kinds.items()})


def _kind(file: DossierFile, now: datetime, following: date) -> str:
    today = now.astimezone(VIETNAM).date()
    status = Status(file.status)
    if status in (Status.INVITED, Status.DONE):
        return "visit" if file.appointment_at is not None and _at(file).date() == today else ""
    deadline = _at(file)
    if deadline < now:
        return "late"
    if status == Status.SUBMITTED:
        return "answer" if deadline.date() == today else ""
    return {today: "due", following: "soon"}.get(deadline.date(), "")


def _at(file: DossierFile) -> datetime:
    """The moment by which it wants something."""
    status = Status(file.status)
    if status in (Status.INVITED, Status.DONE):
        at = file.appointment_at
    else:
        at = file.answer_by if status == Status.SUBMITTED else file.due_at
    assert at is not None
    return at.astimezone(VIETNAM)


def for_group(digest: Digest, today: date) -> Message:
    """One message; as many buttons as fit."""
    lines = [text("cards.digest", {"day": date_words(today)}), *_sections(digest)]
    return Message("\n".join(lines), opening(digest.files))


def _sections(digest: Digest) -> Iterator[str]:
    number = 0
    for kind in _KINDS:
        files = digest.of(kind)
        if files:
            yield text(f"cards.digest-{kind}", {"count": len(files)})
        for file in files[:MOST]:
            number += 1
            about = {"number": number, "code": code_of(file), "procedure": file.procedure_name}
            owner = file.owner.name if file.owner else text("cards.digest-nobody")
            at = _at(file)
            when = f"{at:%d/%m}" if kind in ("late", "soon") else f"{at:%H:%M}"
            yield text("cards.digest-line", {**about, "owner": owner, "when": when})
        if len(files) > MOST:
            yield text("cards.lapsed-more", {"count": len(files) - MOST})
            number += len(files) - MOST


def for_head(digest: Digest, today: date, unhappy: int = 0, guesses: int = 0, seal: str = "") -> Message:
    """How much, and with whom; `unhappy` low ratings still wait for an answer, `guesses` chats were held back.

    `seal`: the code of the audit's end, which is kept here as well so that nobody cuts it off unnoticed.
    """
    counts = {kind: len(digest.of(kind)) for kind in _KINDS}
    told = [text(f"cards.digest-head-count-{kind}", {"count": count}) for kind, count in counts.items() if count]
    counted = ", ".join(told) or text("cards.digest-head-count-none")
    lines = [text("cards.digest-head", {"day": date_words(today), "counts": counted})]
    late = Counter(_owner(file) for file in digest.late)
    for owner, count in Counter(map(_owner, digest.files)).most_common():
        key = "cards.digest-head-late" if late[owner] else "cards.digest-head-line"
        lines.append(text(key, {"owner": owner, "count": count, "late": late[owner]}))
    if unhappy:
        lines.append(text("cards.digest-head-unhappy", {"count": unhappy}))
    if guesses:
        lines.append(text("cards.digest-head-guesses", {"count": guesses}))
    if seal:
        lines.append(text("cards.digest-head-seal", {"code": seal}))
    return Message("\n".join(lines), (button("today", "me", kind="s"),) if unhappy else ())


def _owner(file: DossierFile) -> str:
    return file.owner.name if file.owner else text("cards.digest-nobody")
