"""A linked procedure over the whole program: its parts are noted, told and shown, and the result waits for them."""

from __future__ import annotations

from conversations.render import text
from conversations.state import Part
from documents.control import hops
from domain.dossier import Status
from storage.dossiers import Record
from tests.bot import replay
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import Actor, Whole

BUNDLE = "lien-thong-khai-sinh-thuong-tru-bhyt"


async def begun(whole: Whole, citizen: Actor, officer: Actor) -> Record:
    """Handed in and accepted."""
    record = await hand_in(citizen, whole.world.catalogue.procedures[BUNDLE])
    await officer.press(f"d:claim:{record.id}")
    await officer.press(f"d:parts:{record.id}")
    assert officer.last.message.text == text("linked.early", {"code": "x"}).replace(" x ", f" {shown_code(record)} ")
    await officer.press(f"d:accept:{record.id}")
    await officer.press(f"d:now:{record.id}")
    return await again(whole, record)


def shown_code(record: Record) -> str:
    code = record.tracking_code
    return record.official_code or f"{code[:4]}-{code[4:8]}-{code[8:]}"


async def again(whole: Whole, record: Record) -> Record:
    found = await whole.run(lambda work: work.dossiers.get(record.id))
    assert found is not None
    return found


async def test_parts_are_noted_told_and_shown_and_the_result_follows(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await begun(whole, citizen, officer)
    keys = ["khai-sinh", "thuong-tru", "the-bhyt"]
    told = await whole.run(lambda work: work.drafts.answers(record.id))
    keys += ["the-can-cuoc"] if told["want_id_card"] == "Có" else []

    await officer.press(f"d:parts:{record.id}")
    assert [b for b in officer.buttons if b.startswith("d:parts:")] == [f"d:parts:{record.id}:{key}" for key in keys]
    await officer.press(f"d:part:{record.id}:w.thuong-tru")
    await citizen.news()
    before = len(citizen.shown)
    await citizen.press(f"d:{record.id}")
    assert "- Đăng ký thường trú (Công an xã): cơ quan đang làm" in citizen.last.message.text
    assert "- Khai sinh (UBND xã): đang chờ" in citizen.last.message.text

    await officer.press(f"d:part:{record.id}:d.khai-sinh")
    await citizen.news()
    news = [s.message.text for s in list(citizen.shown.values())[before:]]
    assert any("phần Khai sinh đã xong." in words for words in news)

    await officer.press(f"d:done:{record.id}")
    assert "còn phần chưa xong" in officer.last.message.text
    assert "Khai sinh" not in officer.last.message.text
    await officer.press_label(text("linked.anyway"))
    assert any(b.startswith(f"d:done:{record.id}:") for b in officer.buttons)  # the moments to choose from

    await officer.press(f"d:part:{record.id}:r.the-bhyt")
    assert "Vì sao phần Thẻ bảo hiểm y tế" in officer.last.message.text
    await officer.says("Bé đã có thẻ từ nơi sinh")
    for key in keys:
        if key not in ("khai-sinh", "the-bhyt"):
            await officer.press(f"d:part:{record.id}:d.{key}")
    settled = next(s.message for s in reversed(officer.shown.values()) if not s.message.card)
    assert "đều đã có kết quả" in settled.text
    assert [b.value for b in settled.buttons] == [f"d:done:{record.id}"]
    await citizen.news()
    last = list(citizen.shown.values())[-1].message.text
    assert "Thẻ bảo hiểm y tế (Bảo hiểm xã hội): không được giải quyết. Bé đã có thẻ từ nơi sinh" in last
    assert text("linked.told-all") in last

    await officer.press(f"d:done:{record.id}")
    assert any(b.startswith(f"d:done:{record.id}:") for b in officer.buttons)
    await officer.press(officer.buttons[0])
    await officer.press(f"d:now:{record.id}")
    after = await again(whole, record)
    assert after.status == Status.DONE
    assert after.body.parts == tuple(
        Part(key, "refused", "Bé đã có thẻ từ nơi sinh") if key == "the-bhyt" else Part(key, "done") for key in keys
    )
    await whole.run(lambda work: replay.check(work, after))
    rows = await whole.run(lambda work: [e for e in work.history.of(record.id) if e.what == "part"])
    assert [(row.data["key"], row.data["before"], row.data["after"]) for row in rows][:3] == [
        ("thuong-tru", "waiting", "with-authority"),
        ("khai-sinh", "waiting", "done"),
        ("the-bhyt", "waiting", "refused"),
    ]
    assert {row.from_status == row.to_status for row in rows} == {True}
    all_rows = await whole.run(lambda work: work.history.of(record.id))
    slip = [(hop.receiver, hop.note) for hop in hops(all_rows, {}) if "liên thông" in hop.work]
    assert slip[0] == ("Công an xã", "Đăng ký thường trú: cơ quan đang làm")
    assert ("Bảo hiểm xã hội", "Thẻ bảo hiểm y tế: không được giải quyết; Bé đã có thẻ từ nơi sinh") in slip


async def test_noting_the_same_again_tells_nobody(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await begun(whole, citizen, officer)
    await officer.press(f"d:part:{record.id}:d.khai-sinh")
    await citizen.news()
    told = len(citizen.shown)
    await officer.press(f"d:part:{record.id}:d.khai-sinh")
    assert "đã ghi như vậy rồi" in officer.last.message.text
    await citizen.news()
    assert len(citizen.shown) == told
    rows = await whole.run(lambda work: [e for e in work.history.of(record.id) if e.what == "part"])
    assert len(rows) == 1


async def test_only_who_works_on_it_notes_parts_and_only_parts_that_are_there(whole: Whole) -> None:
    citizen, officer, colleague = await greeted(whole), await whole.officer("Thu"), await whole.officer("Minh")
    record = await begun(whole, citizen, officer)
    await colleague.press(f"d:part:{record.id}:d.khai-sinh")
    await officer.press(f"d:part:{record.id}:d.khong-co")
    await officer.press(f"d:part:{record.id}:x.khai-sinh")
    await officer.press(f"d:part:{record.id}")
    assert (await again(whole, record)).body.parts == ()


async def test_a_procedure_without_parts_has_none_to_note(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await hand_in(citizen, whole.world.catalogue.procedures["xac-nhan-tinh-trang-hon-nhan"])
    await officer.press(f"d:claim:{record.id}")
    await officer.press(f"d:parts:{record.id}")
    assert "không có nhiều phần" in officer.last.message.text
    assert not any(b.startswith("d:parts") for b in officer.buttons)
