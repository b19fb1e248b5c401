"""Practice: invented dossiers of invented people, some with faults, as a new clerk may meet them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from catalogue.model import Catalogue, Office, Paper, Procedure, Question
from catalogue.search import Search
from conversations import drafts, page
from conversations.messages import FileSent, Finding, Message, Pressed
from conversations.rehearsal.pretend import Pretend
from conversations.rehearsal.robot import Whims, onward
from conversations.render import text
from conversations.state import Draft

FEWEST, MOST = 5, 10
_KINDS: Final = (
    "xac-nhan-tinh-trang-hon-nhan",
    "khai-sinh",
    "ban-sao-trich-luc-ho-tich",
    "khai-tu",
    "mai-tang-bao-tro-xa-hoi",
    "doi-cap-lai-giay-khuyet-tat",
    "tro-cap-xa-hoi-hang-thang",
    "thay-doi-cai-chinh-ho-tich",
    "tach-hop-thua-dat",
    "cong-nhan-ho-ngheo",
)  # what a desk sees most, the commonest first
_FAMILY: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hồ", "Đặng", "Phan", "Võ")
_MIDDLE: Final = ("Thị", "Văn", "Đức", "Hữu", "Thị Ngọc", "Thanh")
_GIVEN: Final = ("Tập", "Mẫu", "Thử", "Luyện", "Ví", "Dụ", "Diễn")  # nobody's: each says that it is practice
_STEPS: Final = 250
_GOOD: Final = Finding()


class Sheet(Struct, frozen=True):
    """One paper to be drawn: what stands on it, and whether the picture is poor."""

    document: str
    title: str
    lines: tuple[str, ...]
    poor: bool = False


class Invented(Struct, frozen=True):
    """One dossier: the draft as handed in, its papers to be drawn, and the fault built in ("": none)."""

    draft: Draft
    sheets: tuple[Sheet, ...]
    fault: str = ""


class _Person(Whims):
    """Who hands in: an invented name, choices at random, every paper sent."""

    def __init__(self, chance: random.Random, name: str) -> None:
        self._chance = chance
        self._name = name

    def answer(self, question: Question) -> str | None:
        return self._name if question.person == "requester" and question.detail == "name" else None

    def choice(self, question: Question) -> int | None:
        return self._chance.randrange(len(question.choices))

    def paper(self, papers: Sequence[Paper]) -> Paper | None:
        return papers[0] if len(papers) == 1 and self._chance.random() < 0.7 else None


def marked(office: Office, message: Message) -> Message:
    """What anybody reads of an office for practice says so; the one place for words in chats."""
    if not office.practice or not message.text:
        return message
    return replace(message, text=text("practice.marked", {"text": message.text}))


def invented(catalogue: Catalogue, search: Search, office: Office, now: datetime, seed: int) -> tuple[Invented, ...]:
    """Five to ten dossiers of different kinds; the same seed invents the same."""
    chance = random.Random(seed)  # noqa: S311 - invented people, no secret
    today = now.date()
    known = [catalogue.procedures[kind] for kind in _KINDS if kind in catalogue.procedures]
    kinds = [procedure for procedure in known if page.taken_here(procedure, office, today)]
    count = min(len(kinds), chance.randint(FEWEST + 1, MOST - 2))
    made = []
    for number, procedure in enumerate(kinds[:count]):
        name = f"{chance.choice(_FAMILY)} {chance.choice(_MIDDLE)} {chance.choice(_GIVEN)}"
        draft = _filled(procedure, Pretend(catalogue, search, now, office=office.id), _Person(chance, name))
        if draft is not None:
            made.append(_with_fault(procedure, draft, name, number, chance))
    return tuple(made)


def _filled(procedure: Procedure, world: Pretend, person: Whims) -> Draft | None:
    """As the robot fills it in; None where that does not come to its end."""
    world.take(Pressed(f"start:{procedure.id}"))
    for number in range(_STEPS):
        event = onward(world.state, world, person, number)
        if event is None:
            return world.state.draft if world.state.talk.screen == "draft" else None
        world.take(event)
        if isinstance(event, FileSent) and world.state.draft is not None:
            for document in world.state.draft.documents:
                if document.verdict == "checking":
                    world.take(world.checked(document.id, _GOOD))
    return None


def _with_fault(procedure: Procedure, draft: Draft, name: str, number: int, chance: random.Random) -> Invented:
    """Every other dossier has something that a clerk should see: a poor photo, a wrong paper, one that is missing."""
    sheets = [Sheet(d.id, _title(procedure, d.paper), (f"Họ và tên: {name}",)) for d in draft.documents]
    needed = [n for n, d in enumerate(draft.documents) if not drafts.may_skip(procedure.paper(d.paper))]
    where = chance.choice(needed or [*range(len(sheets))]) if sheets else None
    fault = ("", "poor", "", "wrong", "missing")[number % 5] if where is not None else ""
    if where is not None:
        sheet = sheets[where]
        match fault:
            case "poor":
                sheets[where] = replace(sheet, poor=True)
            case "wrong":
                sheets[where] = replace(sheet, title=text("practice.wrong-paper"))
            case "missing":
                draft = replace(draft, documents=tuple(d for n, d in enumerate(draft.documents) if n != where))
                del sheets[where]
            case _:
                pass
    return Invented(
        replace(draft, applicant=name if draft.applicant == drafts.OTHER else draft.applicant), tuple(sheets), fault
    )


def _title(procedure: Procedure, key: str) -> str:
    return next((page.paper_short(p) for p in procedure.papers if p.key == key), procedure.display_name)
