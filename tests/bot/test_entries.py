"""A dossier entered at the desk is like any other: row, history, papers looked at, words that reach an officer."""

from __future__ import annotations

from sqlalchemy import func, select

from conversations.state import Contact
from domain.dossier import Status
from storage import tables as t
from storage.chats import DESK
from storage.dossiers import Record
from storage.work import Work
from tests.bot import replay
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import Actor, Whole, jpeg


async def _entered(officer: Actor, *, photos: int = 1, way: str = "Trực tiếp tại bàn") -> Record:
    await officer.says("/tiepnhan khai tử")
    await officer.press_label(way)
    await officer.says("Nguyễn Thị Lài")
    await officer.says("0984 123 456")
    for _ in range(photos):
        await officer.sends(jpeg())
    await officer.press_label("Xong ảnh" if photos else "Xem bản giấy, không chụp")
    await officer.press_label("Ghi nhận")
    await officer.whole.app.idle()
    return (await records(officer.whole))[-1]


async def test_it_is_accepted_owned_and_told_to_nobody_but_the_clerk(whole_on_both: Whole) -> None:
    whole = whole_on_both
    thu, ha = await whole.officer("Thu"), await whole.officer("Hà", "head")
    record = await _entered(thu, photos=2)
    assert (record.status, record.channel) == (Status.ACCEPTED, "direct")
    assert record.official_code
    assert record.due_at
    assert record.owner == thu.reader.address
    assert record.body.contact == Contact("Nguyễn Thị Lài", "+84984123456")

    def look(work: Work) -> tuple[list[tuple[str, str]], list[str], int]:
        chat = work.chats.get(record.chat)
        assert chat is not None
        assert chat.channel == DESK
        history = [(entry.what, entry.actor) for entry in work.history.of(record.id)]
        verdicts = [document.verdict for document in work.drafts.documents(record.id)]
        waiting = work.connection.scalar(select(func.count()).select_from(t.outbox)) or 0
        return history, verdicts, waiting

    history, verdicts, waiting = await whole.run(look)
    assert history[:3] == [("submit", record.owner), ("claim", record.owner), ("accept", record.owner)]
    assert len(verdicts) == 2
    assert "checking" not in verdicts  # looked at like a citizen's
    await whole.run(lambda work: replay.check(work, record))
    assert waiting == 0
    await ha.news()
    seen = "\n".join(shown.message.text for shown in ha.shown.values())
    assert record.official_code in seen
    assert "Lài" not in seen
    (slip,) = [shown for shown in thu.shown.values() if shown.message.files and "giay-tiep-nhan" in str(shown.message)]
    assert "Nguyễn Thị Lài" in slip.message.text
    found = await whole.app.live.fetch(thu.reader, slip.message.files[0].ref)
    assert found is not None
    assert found[1].startswith(b"%PDF")
    assert "0984" not in seen


async def test_what_its_person_is_to_know_goes_to_whoever_has_it_now(whole: Whole) -> None:
    thu, binh = await whole.officer("Thu"), await whole.officer("Bình")
    record = await _entered(thu)
    await thu.press(f"d:pass:{record.id}:{binh.reader.address}")
    await binh.press(f"d:done:{record.id}:now")
    await binh.news()
    calls = [s.message.text for s in binh.shown.values() if s.message.text.startswith("☎")]
    assert len(calls) == 1
    assert "Nguyễn Thị Lài, số 0984 123 456" in calls[0]
    await thu.news()
    assert not any(s.message.text.startswith("☎") for s in thu.shown.values())


async def test_a_letter_is_marked_so_and_its_sender_telephoned(whole: Whole) -> None:
    thu = await whole.officer("Thu")
    record = await _entered(thu, photos=0, way="Qua bưu chính")
    assert record.channel == "post"
    said = [s.message.text for s in thu.shown.values()]
    assert any(words.startswith("☎") and "Nguyễn Thị Lài" in words for words in said)
    assert any("nộp qua bưu chính" in words for words in said)


async def test_whoever_leaves_an_entry_leaves_no_file(whole: Whole) -> None:
    thu = await whole.officer("Thu")
    await thu.says("/tiepnhan khai tử")
    await thu.press_label("Trực tiếp tại bàn")
    await thu.sends(jpeg())
    assert await _files(whole) == 1
    await thu.press_label("Thôi, bỏ hết")
    await whole.app.idle()
    assert await _files(whole) == 0
    assert await records(whole) == []


async def _files(whole: Whole) -> int:
    return await whole.run(lambda work: work.connection.scalar(select(func.count()).select_from(t.files)) or 0)


async def test_what_was_asked_for_again_is_brought_to_the_desk(whole: Whole) -> None:
    """Also by somebody who began to send it in a chat: that is not waited for any more."""
    thu, citizen = await whole.officer("Thu"), await greeted(whole)
    online = await hand_in(citizen, whole.world.catalogue.procedures["ban-sao-trich-luc-ho-tich"])
    entered = await _entered(thu)
    await thu.press(f"d:claim:{online.id}")
    for record in (online, entered):
        for press in ("more", "tick:p0", "why:paper-1", "review", "send", "brought", "brought:yes"):
            action, _, argument = press.partition(":")
            await thu.press(f"d:{action}:{record.id}" + (f":{argument}" if argument else ""))
    after = {record.id: record for record in await records(whole)}
    assert (after[online.id].status, after[entered.id].status) == (Status.SUBMITTED, Status.ACCEPTED)
    assert [record.body.wants for record in after.values()] == [(), ()]
    await citizen.news()
    assert not await whole.run(lambda work: work.drafts.lines(online.person))
    rows = await whole.run(lambda work: [entry for entry in work.history.of(entered.id) if entry.what == "supplement"])
    assert [(row.actor, row.data["at_desk"]) for row in rows] == [(thu.reader.address, True)]
