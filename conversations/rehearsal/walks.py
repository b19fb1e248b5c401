"""One robot's way from a procedure's page to its end, and everything that was wrong on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from catalogue import consistency
from catalogue.model import Paper, Procedure, Question
from conversations import drafts, engine, form, helping, page, plans
from conversations.messages import Event, FileSent, Finding, Message, Pressed, TextSent
from conversations.plans import Block
from conversations.rehearsal import limits
from conversations.rehearsal.faults import Fault, wrong_with
from conversations.rehearsal.pretend import Pretend
from conversations.rehearsal.robot import Whims, base, onward
from conversations.rehearsal.wishes import Answers
from conversations.state import DossierView, Draft, State

_MOST_STEPS: Final = 400
_WORDS: Final = ("???", "không biết", "quay lại")  # typed once wherever something is asked
_DEAD: Final = frozenset({"common.old-button"})
_GOOD: Final = Finding()
_HELPER: Final = "Hồ Văn Nam"  # an invented person

Reached = tuple[str, ...]  # such as ("choice", "sex", "Nam") or ("detour", "0")


class Plan(Whims):
    """A citizen who means to give these answers; where none is meant the choice that was taken least."""

    def __init__(self, answers: Answers, taken: Counter[Reached], *, other: bool, more: str = "") -> None:
        self._answers = answers
        self._taken = taken
        self._other = other
        self._more = more  # a block's, extra question's or paper's key that is wanted too
        self._anew: set[str] = set()

    def answer(self, question: Question) -> str | None:
        return self._answers.get(base(question))

    def choice(self, question: Question) -> int | None:
        counts = [self._taken["choice", base(question), choice] for choice in question.choices]
        return counts.index(min(counts))

    def another_row(self, block: Block, rows: int) -> bool:
        return rows < 2 and self._more in {q.key for q in block.questions}

    def added(self, questions: Sequence[Question]) -> Question | None:
        wanted = {self._more, *self._answers}
        return next((q for q in questions if base(q) in wanted), None)

    def paper(self, papers: Sequence[Paper]) -> Paper | None:
        return next((p for p in papers if p.key == self._more), None)

    def for_other(self) -> bool:
        return self._other

    def changed(self, questions: Sequence[Question], draft: Draft) -> Question | None:
        for question in questions:
            meant, key = self._answers.get(question.key), question.key
            given = draft.marks.get(key) in form.UNASKED and draft.answers.get(key) != meant
            if meant and given and key not in self._anew:
                self._anew.add(key)
                return question
        return None


class Walker:
    """Walks one procedure again and again, and remembers what was reached, looked at and wrong."""

    def __init__(self, make: Pretend, procedure: Procedure) -> None:
        self._make = make
        self.procedure = procedure
        self.reached: Counter[Reached] = Counter()
        self.faults: dict[Fault, None] = {}
        self.turns = 0
        self.longest: dict[str, int] = {}
        self._looked: set[str] = set()
        self._photos = 0
        self.ended: list[Draft] = []  # as it was handed in, each time

    def page(self) -> None:
        """What is read before anybody begins."""
        world = self._world()
        for head in ("open", "legal", "form"):
            self._event(world, Pressed(f"{head}:{self.procedure.id}"), f"trang ({head})")
            self._look_around(world, f"trang ({head})")

    def leads_to_person(self) -> None:
        """What is not taken here ends with an officer who is called."""
        world = self._world()
        self._event(world, Pressed(f"open:{self.procedure.id}"), "trang (open)")
        self._event(world, Pressed(f"start:{self.procedure.id}"), "bắt đầu")
        led = world.state.talk.procedure not in ("", self.procedure.id)  # to what stands in its place now
        if not world.call_open and not led:
            self._fault("bắt đầu", "ngõ cụt: không nhận hồ sơ mà cũng không gọi được cán bộ", world.last)

    def follow(self, view: DossierView) -> None:
        """What its citizen reads of a dossier, and all that can be pressed there."""
        world = self._world()
        world.dossiers = [replace(view, own=True)]
        place = f"theo dõi hồ sơ ({view.status})"
        if self._event(world, Pressed(f"d:{view.id}"), place):
            self._look_around(world, place)

    def walk(self, whims: Whims) -> None:
        """From the page to the dossier."""
        world = self._world()
        if not self._event(world, Pressed(f"start:{self.procedure.id}"), "bắt đầu"):
            return
        for _ in range(_MOST_STEPS):
            place = self._place(world)
            self._look_around(world, place)
            event = onward(world.state, world, whims, self._next_photo())
            if event is None:
                self._hand_in(world)
                return
            before = self._standing_still(world)
            if not self._event(world, event, place):
                return
            if isinstance(event, FileSent) and not self._photo_checked(world, place):
                return
            if self._standing_still(world) == before:
                self._fault(place, f"ngõ cụt: câu trả lời {_words(event)!r} không đi tiếp được", world.last)
                return
            self._note(world)
        self._fault(self._place(world), "ngõ cụt: đi mãi không tới trang nộp", world.last)

    def _world(self) -> Pretend:
        made = self._make
        return Pretend(made.catalogue, made.search, made.now, office=made.state.person.office)

    def _next_photo(self) -> int:
        self._photos += 1
        return self._photos

    def _hand_in(self, world: Pretend) -> None:
        draft = world.state.draft
        self._note(world)
        handed = {b.value for m in world.last for b in m.buttons}
        if draft is None or f"submit:{draft.id}" not in handed:
            self._fault("trang xem lại", "ngõ cụt: không có nút nộp", world.last)
            return
        for question in form.standing(self.procedure, draft, drafts.today_of(world)):
            self.reached["question", base(question)] += 1
            if question.choices:
                self.reached["choice", base(question), draft.answers.get(question.key, "")] += 1
        if not self._event(world, Pressed(f"submit:{draft.id}"), "nộp"):
            return
        if world.state.talk.screen == helping.SCREEN and not self._agreed(world, draft):
            return
        if not world.dossiers:
            self._fault("nộp", "ngõ cụt: bấm nộp mà không thành hồ sơ", world.last)
            return
        self.ended.append(draft)
        wanted = {p.key for p in drafts.papers(self.procedure, draft.answers, drafts.today_of(world))}
        for paper in self.procedure.papers:
            if paper.key not in wanted:
                self.reached["no-paper", paper.key] += 1

    def _agreed(self, world: Pretend, draft: Draft) -> bool:
        """Whoever is helped says yes at the desk; then it is handed in."""
        end = drafts.tag(draft.id)
        place = "đồng ý nộp hộ"
        if not self._event(world, Pressed(f"help-as:relative:{end}"), place):
            return False
        named = any(b.value == f"help-way:desk:{end}" for m in world.last for b in m.buttons)
        if not named and not self._event(world, TextSent(_HELPER), place):
            return False
        events = (Pressed(f"help-way:desk:{end}"), Pressed(f"submit:{draft.id}"))
        return all(self._event(world, event, place) for event in events)

    def _photo_checked(self, world: Pretend, place: str) -> bool:
        documents = world.state.draft.documents if world.state.draft is not None else ()
        for document in documents:
            if document.verdict == "checking" and not self._event(world, world.checked(document.id, _GOOD), place):
                return False
        return True

    def _event(self, world: Pretend, event: Event, place: str) -> bool:
        """One event, and whether the talk goes on."""
        self.turns += 1
        try:
            turn = world.take(event)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            self._fault(place, f"lỗi chương trình: {type(error).__name__}: {error}", world.last)
            return False
        self._check(world.last[:-1], place)
        self._check(world.last[-1:], self._place(world))
        if isinstance(event, Pressed) and any(say.key in _DEAD for say in turn.says):
            self._fault(place, f"nút không còn tác dụng: {event.value}", world.last)
            return False
        return True

    def _look_around(self, world: Pretend, place: str) -> None:
        """Once for each thing that is asked: press every button, type what is no answer; the walk itself stays."""
        if place in self._looked:
            return
        self._looked.add(place)
        said = engine.ask(world.state, world)
        if not said:
            self._fault(place, "ngõ cụt: không hỏi gì", ())
        buttons = {b.value: b for m in world.last for b in m.buttons}
        state = replace(world.state, talk=replace(world.state.talk, offered=tuple(buttons.values())))
        events: list[Event] = [*map(Pressed, buttons), *map(TextSent, _WORDS)]
        if state.talk.screen == "draft":
            events += [Pressed("later"), Pressed("call")]
        for event in events:
            self._try(world, state, event, place)

    def _try(self, world: Pretend, state: State, event: Event, place: str) -> None:
        """What an event would lead to; nothing of it is kept."""
        self.turns += 1
        try:
            turn = engine.turn(state, event, world)
            messages, _ = engine.words(turn, world)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            self._fault(place, f"lỗi chương trình sau {_words(event)!r}: {type(error).__name__}: {error}", world.last)
            return
        if not messages and not turn.effects:
            self._fault(place, f"ngõ cụt: {_words(event)!r} không được trả lời", world.last)
        self._check(messages, place)
        if isinstance(event, Pressed) and any(say.key in _DEAD for say in turn.says):
            self._fault(place, f"nút không còn tác dụng: {event.value}", world.last)

    def _check(self, messages: Sequence[Message], place: str) -> None:
        for message in messages:
            self.longest["text"] = max(self.longest.get("text", 0), limits.units(message.text))
            for what in wrong_with(message):
                self._fault(place, what, (message,))

    def _fault(self, place: str, what: str, shown: Sequence[Message]) -> None:
        words = shown[-1].text if shown else ""
        self.faults[Fault(self.procedure.id, place, what, words)] = None

    def _note(self, world: Pretend) -> None:
        """What this walk has come to."""
        draft = world.state.draft
        if draft is None or world.state.talk.screen != "draft":
            return
        match drafts.step(world.state, draft, self.procedure, drafts.today_of(world)):
            case drafts.Ask(question) if plans.row_of(question.key) > 1:
                self.reached["row", plans.plan(self.procedure).blocks[base(question)].key] += 1
            case drafts.Give(paper):
                self.reached["paper", paper.key] += 1
            case drafts.Detoured(number):
                self.reached["detour", str(number)] += 1
            case _:
                pass
        failed = consistency.failed(self.procedure, draft.answers, drafts.today_of(world))
        for number, rule in enumerate(self.procedure.consistency):
            self.reached["doubt", str(number)] += rule in failed

    def _place(self, world: Pretend) -> str:
        """What is asked, in words that an official finds in the data file."""
        draft = world.state.draft
        if draft is None or world.state.talk.screen != "draft":
            return f"màn hình {world.state.talk.screen}"
        match drafts.step(world.state, draft, self.procedure, drafts.today_of(world)):
            case drafts.Ask(question):
                waiting = " (chọn cách hiểu)" if draft.pending is not None and draft.pending.offers else ""
                return f"câu hỏi {base(question)}{waiting}"
            case drafts.Give(paper):
                return f"giấy tờ {paper.key} ({len(drafts.documents(draft, paper.key))} ảnh)"
            case drafts.More(block):
                return f"thêm dòng {block.key}"
            case drafts.Detoured(number):
                return f"rẽ hướng detours[{number}]"
            case drafts.Doubtful(number):
                return f"đối chiếu consistency[{number}]"
            case step:
                return _STEPS.get(type(step).__name__, type(step).__name__)

    @staticmethod
    def _standing_still(world: Pretend) -> tuple[object, ...]:
        """What must differ after an event that leads on."""
        draft = world.state.draft
        return (draft, world.state.talk.screen, world.state.talk.changing, world.state.person.consents)


_STEPS: Final = {
    "ForWhom": "khai cho ai",
    "Consent": "đồng ý",
    "Applicant": "tên người được làm thay",
    "ConfirmCard": "thẻ căn cước đọc được",
    "Extra": "ghi thêm",
    "Choose": "giấy tờ tùy trường hợp",
    "Review": "trang xem lại",
}


def _words(event: Event) -> str:
    match event:
        case Pressed(value):
            return f"[{value}]"
        case TextSent(text):
            return text
        case _:
            return "ảnh"


def taken(world: Pretend, procedure: Procedure) -> bool:
    return page.taken_here(procedure, world.office(world.state.person.office), drafts.today_of(world))
