"""What officers ask for again or propose: rows of people too, and the mark of an old answer goes with it."""

from __future__ import annotations

import msgspec

from conversations.render import text
from domain.dossier import Status
from storage.dossiers import Record
from storage.work import Work
from tests.bot.phones import DESK
from tests.bot.test_printing import printed, words
from tests.bot.test_staff_chats import THU, opened
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import Actor, Whole, another

HOUSEHOLD = "cong-nhan-ho-ngheo"
SECOND = "member_name.2"


async def household(whole: Whole) -> tuple[Actor, Actor, Record]:
    """Two people's names, the second one written as nobody should; claimed by Thu."""
    citizen, thu = await greeted(whole), await whole.officer("Thu")
    record = await hand_in(citizen, whole.world.catalogue.procedures[HOUSEHOLD])

    def told(work: Work) -> None:
        before = work.drafts.answers(record.id)
        work.drafts.save_answers(record.id, before, {**before, SECOND: "Le Van Tu"})
        marks = {SECOND: "desk", "member_name": "odd"}
        work.dossiers.change(record, body=msgspec.structs.replace(record.body, marks=marks))

    await whole.run(told)
    await thu.press(f"d:claim:{record.id}")
    return citizen, thu, record


def place(whole: Whole) -> str:
    """Of the second name, as buttons have it."""
    keys = [question.key for question in whole.world.catalogue.procedures[HOUSEHOLD].questions]
    return f"q{keys.index('member_name')}.2"


async def standing(whole: Whole) -> tuple[str, dict[str, str]]:
    """The second name and all marks."""
    (record,) = await records(whole)
    answers = await whole.run(lambda work: work.drafts.answers(record.id))
    return answers[SECOND], dict(record.body.marks)


async def test_a_row_is_asked_for_again_and_the_bundle_has_the_new(whole: Whole) -> None:
    citizen, thu, record = await household(whole)
    await thu.press(f"d:tick:{record.id}:{place(whole)}")
    await thu.says("Chưa có dấu")
    await thu.press(f"d:tick:{record.id}:p2")
    await thu.press(f"d:why:{record.id}:paper-6")
    await thu.press(f"d:review:{record.id}")
    await thu.press(f"d:send:{record.id}")
    await citizen.news()
    told = [shown.message.text for shown in citizen.shown.values()]  # the slip comes behind
    assert any("(Thành viên hộ, người thứ 2)\n   Lý do: Chưa có dấu" in words for words in told)

    await citizen.press(f"fix:{record.id}")
    await citizen.says("Lê Văn Tú")
    await citizen.sends(another())
    await citizen.press(next(value for value in citizen.buttons if value.startswith("done:")))
    await citizen.press_label(text("button.send-supplement"))
    assert (await records(whole))[0].status == Status.SUBMITTED
    assert await standing(whole) == ("Lê Văn Tú", {"member_name": "odd"})
    last = (await whole.run(lambda work: list(work.history.of(record.id))))[-1]
    assert (last.what, last.data["replaced"]) == ("supplement", {SECOND: "Le Van Tu"})
    await thu.press(f"d:bundle:{record.id}")
    (shown,) = printed(thu)
    read = await words(thu, shown)
    assert ("LÊ VĂN TÚ" in read, "LE VAN TU" in read.upper()) == (True, False)


async def test_the_proper_spelling_is_proposed_and_the_mark_goes_when_it_is_agreed_to(whole: Whole) -> None:
    citizen, thu, record = await household(whole)
    await thu.news()
    assert any("⚠ Cán bộ ghi lại 1 mục cho đúng" in shown.message.text for shown in thu.shown.values())
    for agreed, left in (("fixno", {SECOND: "desk", "member_name": "odd"}), ("fixok", {"member_name": "odd"})):
        await thu.press(f"d:which:{record.id}:{place(whole)}")
        await thu.says("LÊ VĂN TÚ")
        await thu.press(f"d:send:{record.id}")
        await citizen.press(f"{agreed}:{record.id}")
        assert await standing(whole) == ("Lê Văn Tú" if agreed == "fixok" else "Le Van Tu", left)


async def test_the_bundle_that_is_asked_for_in_a_group_comes_in_private(whole: Whole) -> None:
    desk = await opened(whole)
    await desk.phones.presses(THU, f"d:claim:{desk.dossier}", DESK, desk.card)
    desk.phones.clear(THU)
    before = len(desk.phones.read(DESK))
    await desk.phones.presses(THU, f"d:bundle:{desk.dossier}", DESK, desk.card)
    await whole.app.idle()
    assert [[file.media_type for file in message.files] for message in desk.phones.read(THU)] == [
        [],
        ["application/pdf"],
    ]
    assert len(desk.phones.read(DESK)) == before
    assert [message.files for message in desk.phones.read(DESK)] == [()] * before
