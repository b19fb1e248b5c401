"""Walks through a procedure as a citizen and an officer would, by what is offered to them."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import select

from catalogue.model import Procedure
from conversations import record, render
from conversations.messages import Started
from storage import tables as t
from storage.dossiers import Record
from storage.work import Work
from tests.bot.whole import Actor, Whole, jpeg

_ONWARD: Final = ("for", "yes", "anyway", "card", "on", "rowdone", "noextra", "odd", "none", "done", "ans")
_ASKED: Final = re.compile(r"Giấy \d|Bạn chụp giúp|Tôi đang chờ ảnh")  # begins what asks for a photo
_TYPED: Final = {
    "date": "15/08/1994",
    "person_name": "Nguyễn Thị Hoa",
    "id_number": "042194001234",
    "phone": "0984123456",
    "number": "2",
}


async def greeted(whole: Whole, name: str = "ban") -> Actor:
    """A citizen whose chat is open."""
    citizen = await whole.citizen(name)
    await citizen.send(Started())
    return citizen


async def to_review(citizen: Actor, procedure: Procedure, until: str = "submit:") -> None:
    """Answer whatever is asked, photograph whatever is wanted, until it can be handed in, or such a button comes."""
    for _ in range(150):
        values = [button.value for button in citizen.last.message.buttons]
        onward = next((v for head in _ONWARD for v in values if v.startswith(f"{head}:")), "")
        if any(v.startswith(until) for v in values):
            return
        if onward:
            await citizen.press(onward)
        elif any(v.startswith(("skip:", "redo:")) for v in values) or _ASKED.match(citizen.last.message.text):
            await citizen.sends(jpeg())
        else:
            await citizen.says(_typed(citizen.last.message.text, procedure))
    raise AssertionError(f"no end in sight: {citizen.last.message.text}")


def _typed(asked: str, procedure: Procedure) -> str:
    question = next((q for q in procedure.questions if (q.ask or record.label(q)) in asked), None)
    if question is not None and question.example:
        return question.example
    return _TYPED.get(question.kind if question is not None else "text", "Thôn 3, xã Sơn Tiến")


async def hand_in(citizen: Actor, procedure: Procedure) -> Record:
    """From the page to the tracking code."""
    await citizen.press(f"start:{procedure.id}")
    await to_review(citizen, procedure)
    await citizen.press(next(v for v in citizen.buttons if v.startswith("submit:")))
    record = (await records(citizen.whole))[-1]
    assert record.procedure == procedure.id
    return record


async def records(whole: Whole) -> list[Record]:
    """All dossiers, the oldest first."""

    def look(work: Work) -> list[Record]:
        ids = work.connection.scalars(select(t.dossiers.c.id).order_by(t.dossiers.c.submitted_at)).all()
        return [record for record in map(work.dossiers.get, ids) if record is not None]

    return await whole.run(look)


async def finish(officer: Actor, *, forwards: bool, asks_for_days: bool = False, unsigned: bool = False) -> int:
    """From the new card to the result in hand, by labels; gives the number of presses.

    `unsigned`: a second person has not agreed yet, and the dossier is accepted all the same.
    """
    await officer.news()
    labels = ["claim", "accept", *(["due-none"] if asks_for_days else []), *(["forward"] if forwards else []), "done"]
    parts = 0
    for label in labels:
        parts += await settle_parts(officer) if label == "done" else 0
        await officer.press_label(render.text(f"staff-button.{label}"))
        if label == "accept" and unsigned:
            await officer.press_label(render.text("staff-life.accept-unsigned-yes"))
    await officer.press(officer.buttons[0])  # the first hour that is offered
    await officer.press_label(render.text("staff-button.hand"))
    await officer.press_label(render.text("staff-button.send-hand"))
    return len(labels) + 3 + parts + unsigned


async def settle_parts(officer: Actor) -> int:
    """Each part of a linked procedure that its newest card offers is noted as done; gives the number of presses."""
    offered = [b.value for shown in officer.shown.values() if shown.message.card for b in shown.message.buttons]
    if not any(value.startswith("d:parts:") for value in offered):
        return 0
    presses = 0
    while True:
        await officer.press_label(render.text("staff-button.parts"))
        waiting = [v for v in officer.buttons if v.startswith("d:parts:")]
        await officer.press(waiting[presses // 3])
        await officer.press_label(render.text("linked.mark-done"))
        presses += 3
        if presses == 3 * len(waiting):
            return presses
