"""Every button that officers are offered for a dossier, pressed once at each status; and what citizens hear of it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from catalogue.model import Procedure
from conversations import cards, notices, staff, staff_papers
from conversations.messages import Button, Event, File, Message, Pressed, TextSent
from conversations.rehearsal import limits
from conversations.rehearsal.faults import Fault, wrong_with
from conversations.rehearsal.limits import CHANNELS, Channel
from conversations.rehearsal.pretend import Pretend
from conversations.rehearsal.pretend_desk import HEAD, PretendDesk, decided, handed_in
from conversations.staff_state import DossierFile, StaffState, StaffTalk
from conversations.state import DossierView, Draft
from domain.dossier import FINAL, QUIET, AskMore, Decision, Status, Submit, Supplement, Withdraw
from domain.dossier import Fault as Missing
from domain.values import VIETNAM

_TYPED: Final = ("Ảnh mờ, không đọc được số, chữ ký và con dấu.", "12", "26/11/2026 8h")
_MOMENT: Final = re.compile(r"\d{8,}")
_MOST: Final = 8000  # turns for one dossier; a desk with more buttons than that is no desk


class _At(Struct, frozen=True):
    """Where an officer stands: the dossier, their own talk, and what they can press."""

    file: DossierFile
    talk: StaffTalk
    buttons: tuple[Button, ...]


class DeskWalker:
    """Tries one procedure's dossiers from the card in the group to each of their ends."""

    def __init__(self, procedure: Procedure, world: Pretend) -> None:
        self._procedure = procedure
        self._world = world
        self._office = office = world.office(world.state.person.office)
        self._now = world.now.astimezone(VIETNAM)
        self._head = replace(HEAD, office=office.id)
        self.faults: dict[Fault, None] = {}
        self.views: dict[str, DossierView] = {}  # by status, as the citizen sees the dossier
        self.turns = 0
        self.longest = 0
        self._edges: set[tuple[str, str]] = set()
        self._pressed: set[tuple[str, ...]] = set()

    def walk(self, draft: Draft) -> None:
        """From the new card on; each button is pressed once at each status."""
        file = replace(handed_in(draft, self._procedure, self._office, self._now), owner=self._head)
        self._told(Submit(), file)
        self._worst(file)
        waiting = deque([self._card(file)])
        while waiting and self.turns < _MOST:
            at = waiting.popleft()
            for event in self._events(at):
                after = self._turn(at, event)
                if after is not None:
                    waiting.append(after)
        self._dead_ends()

    def _events(self, at: _At) -> Iterable[Event]:
        typed = _TYPED if at.talk.screen else ()
        values = [button.value for button in at.buttons if button.value.startswith("d:")]
        events: list[Event] = [*map(Pressed, values), *map(TextSent, typed)]
        for event in events:
            key = (at.file.status, at.talk.screen, at.talk.key, _MOMENT.sub("0", _what(event)))
            if key not in self._pressed:
                self._pressed.add(key)
                yield event

    def _turn(self, at: _At, event: Event) -> _At | None:
        """Where one event leads; None where nothing more can be pressed."""
        self.turns += 1
        place = f"cán bộ, hồ sơ {at.file.status}, {_what(event).replace(at.file.id, '…')}"
        desk = PretendDesk(at.file, self._procedure, self._world)
        try:
            said = staff.turn(StaffState(at.talk, self._head), event, desk)
            messages = staff.words(said, desk)
            file, decision = at.file, None
            for effect in said.effects:
                file, decision = desk.after(self._head, effect)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            self._fault(place, f"lỗi chương trình: {type(error).__name__}: {error}", "")
            return None
        if not messages and not said.effects:
            self._fault(place, "ngõ cụt: không có câu trả lời", "")
        self._check(messages, place, limits.FOR_STAFF)
        if decision is not None:
            self._edges.add((at.file.status, file.status))
            self._told(decision, file)
            return self._card(file)
        buttons = tuple(button for message in messages for button in message.buttons)
        return _At(file, said.state.talk, buttons or said.state.talk.offered)

    def _card(self, file: DossierFile) -> _At:
        """The card in the group, and the menu behind it."""
        place = f"thẻ hồ sơ ({file.status})"
        try:
            card = cards.dossier_card(file, self._procedure, self._now)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            self._fault(place, f"lỗi chương trình: {type(error).__name__}: {error}", "")
            return _At(file, StaffTalk(), ())
        self._check((card,), place, limits.FOR_STAFF)
        return _At(file, StaffTalk(), card.buttons)

    def _told(self, decision: Decision, file: DossierFile) -> None:
        """What the citizen hears, and the timeline that they can look up."""
        place = f"báo cho người dân: {decision.__struct_config__.tag}"
        try:
            view = notices.view_of(file, self._procedure)
            view = replace(view, steps=file.steps)
            self.views.setdefault(file.status, view)
            if isinstance(decision, QUIET):
                return
            self._check((notices.notice(decision, view, self._office, self._procedure, self._head.name),), place)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            self._fault(place, f"lỗi chương trình: {type(error).__name__}: {error}", "")

    def _worst(self, file: DossierFile) -> None:
        """All papers for the officer; all of them wanted again, each for a long reason; and what came of it."""
        self._check(staff_papers.messages(file, self._procedure), "giấy tờ cho cán bộ xem", limits.FOR_STAFF)
        for paper in self._procedure.papers:
            shown = staff_papers.originals(file, self._procedure, paper.key)
            self._check(shown, f"ảnh gốc {paper.key}", limits.FOR_STAFF)
            printed = File("", "application/pdf", 0, f"{paper.key}-{file.tracking_code}.pdf")
            self._check((Message(paper.name, files=(printed,)),), f"tệp in {paper.key}", limits.FOR_STAFF)
        everything = AskMore(tuple(Missing(paper.key, _TYPED[0]) for paper in self._procedure.papers))
        asked = decided(file, everything, self._now)
        self._told(everything, asked)
        self._told(Supplement(tuple(f.key for f in everything.faults)), file)
        self._told(Withdraw(), decided(file, Withdraw(), self._now))

    def _dead_ends(self) -> None:
        """From each status that was reached officers get to an end."""
        ending = {str(status) for status in FINAL}
        while more := {start for start, end in self._edges if end in ending} - ending:
            ending |= more
        reached = {Status.SUBMITTED, *(end for _, end in self._edges)}
        for status in sorted(reached - ending):
            self._fault(f"cán bộ, hồ sơ {status}", "ngõ cụt: không có nút nào đi tiếp tới kết thúc", "")
        if Status.HANDED_OVER not in reached:
            self._fault("cán bộ", "ngõ cụt: bấm cách nào cũng không tới lúc trả kết quả", "")

    def _check(self, messages: Sequence[Message], place: str, channels: Sequence[Channel] = CHANNELS) -> None:
        for message in messages:
            self.longest = max(self.longest, limits.units(message.text))
            for what in wrong_with(message, channels):
                self._fault(place, what, message.text)

    def _fault(self, place: str, what: str, words: str) -> None:
        self.faults[Fault(self._procedure.id, place, what, words)] = None


def _what(event: Event) -> str:
    match event:
        case Pressed(value):
            return value
        case TextSent(text):
            return text
        case _:
            return ""
