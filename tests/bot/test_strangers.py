"""Whatever strangers press: an officer of another office, a citizen, another citizen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from conversations import render, screens, staff
from domain.codes import show
from storage import tables as t
from storage.dossiers import Record
from storage.history import Entry
from storage.work import Work
from tests.bot.test_procedures import CATALOGUE
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import Actor, Whole, jpeg

FULL = CATALOGUE.procedures["xac-nhan-tinh-trang-hon-nhan"]
ACTIONS = sorted(
    {key.partition(".")[2] for key in render.TEXTS if key.startswith("staff-button.")} | set(staff.ACTIONS)
)
SECRET = ("Nguyễn Thị Hoa", "0984 123 456", "0984123456")
Kept = tuple[Record | None, list[Entry], int, int]


async def state(whole: Whole, record: Record, stranger: Actor) -> Kept:
    """All about the dossier, and how many messages everybody else has."""

    def look(work: Work) -> Kept:
        own = t.messages.c.chat.in_([stranger.reader.chat, stranger.reader.group])
        others = work.connection.scalar(select(func.count()).select_from(t.messages).where(~own)) or 0
        looks = len(work.history.looks(record.id))
        return work.dossiers.get(record.id), list(work.history.of(record.id)), others, looks

    return await whole.run(look)


@pytest.mark.parametrize("role", ["officer", "head"])
async def test_an_officer_of_another_office_can_do_none_of_it(role: str, whole: Whole) -> None:
    citizen, thu = await greeted(whole), await whole.officer("Thu")
    foreign = await whole.officer("Minh", role, "thuc-hanh")
    record = await hand_in(citizen, FULL)
    await thu.press(f"d:claim:{record.id}")
    await citizen.press(f"call:{record.id}")
    await citizen.says("Cho tôi hỏi")
    call = await whole.run(lambda work: work.calls.open_of(record.person))
    assert call is not None
    await whole.pass_time(timedelta(hours=6))  # that the call waits has been said; the presses below take hours
    await thu.news()
    card = next(s.id for s in thu.shown.values() if s.message.card == f"dossier:{record.id}")
    before = await state(whole, record, foreign)

    heard = []
    for subject, kind in ((record.id, "d"), (record.tracking_code, "d"), (call.id, "c")):
        for action in ACTIONS:
            for argument in ("", f":{foreign.officer}", f":{thu.officer}", ":1", ":giay-to-tuy-than"):
                heard += await foreign.press(f"{kind}:{action}:{subject}{argument}")
    for words in (f"/hoso {show(record.tracking_code)}", show(record.tracking_code), "/tim hoa", "/homnay", "/quahan"):
        heard += await foreign.says(words)
    heard += await foreign.says("Chào bạn", reply_to=card)
    heard += await foreign.sends(jpeg(), reply_to=card)

    assert await state(whole, record, foreign) == before
    told = "\n".join(shown.message.text for shown in heard if not shown.own)
    assert told
    assert not any(secret in told for secret in (*SECRET, FULL.display_name))
    papers = await whole.run(lambda work: work.drafts.documents(record.id))
    assert papers
    assert [await whole.app.live.fetch(foreign.reader, paper.ref) for paper in papers] == [None] * len(papers)


async def test_a_citizen_can_press_no_officers_button(whole: Whole) -> None:
    citizen = await greeted(whole)
    record = await hand_in(citizen, FULL)
    before = await state(whole, record, citizen)
    for action in ACTIONS:
        await citizen.press(f"d:{action}:{record.id}")
    assert await state(whole, record, citizen) == before


async def test_another_citizen_can_do_nothing_with_it(whole: Whole) -> None:
    citizen, thu, stranger = await greeted(whole), await whole.officer("Thu"), await greeted(whole, "la")
    record = await hand_in(citizen, FULL)
    await thu.press(f"d:claim:{record.id}")
    await citizen.press(f"start:{FULL.id}")
    draft = (await whole.run(lambda work: work.drafts.lines(record.person)))[0].id
    before = await state(whole, record, stranger)
    heard = []
    for head in (*screens.PRESSES, "start", "back"):
        if head not in ("call", "callp", "callo"):  # these only call for an officer, about nothing
            for subject in (
                record.id,
                record.tracking_code,
                draft,
                f"handle:{draft[:6]}",
                f"giay-to-tuy-than:{draft[:6]}",
            ):
                heard += await stranger.press(f"{head}:{subject}")
    heard += await stranger.press(f"call:{record.id}")
    assert await state(whole, record, stranger) == before
    assert not any(secret in shown.message.text for shown in heard for secret in SECRET)
    assert len(await records(whole)) == 1
    papers = await whole.run(lambda work: work.drafts.documents(record.id))
    assert [await whole.app.live.fetch(stranger.reader, paper.ref) for paper in papers] == [None] * len(papers)
