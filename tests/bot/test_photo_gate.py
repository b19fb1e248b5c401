"""Poor photos are told from good ones by the real checks, before anything is said; the officer sees what was kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from conversations.messages import Pressed
from conversations.render import text
from storage import tables as t
from tests.bot.messenger import Chatter, Messenger
from tests.bot.photos import blurred, page
from tests.bot.walk import greeted, records
from tests.bot.whole import Actor, Whole, another
from tests.documents.pictures.photos import photo

PROCEDURE = "giay-khen-gia-dinh"


async def at_papers(whole: Whole) -> Chatter:
    messenger = Messenger(whole)
    messenger.connect()
    made = Chatter(messenger)
    await made.to_papers(PROCEDURE)
    return made


async def looked_at(citizen: Chatter, data: bytes) -> list[str]:
    """One photo, and the words that it leads to."""
    await citizen.does(citizen.photo(data=data))
    assert await citizen.told() == []
    await citizen.whole.app.idle()
    return [message.text for message in await citizen.told()]


async def test_a_blurred_photo_is_asked_for_twice_and_then_taken(whole: Whole) -> None:
    citizen = await at_papers(whole)
    words = text("papers.poor-blurred", {"where": ""})
    assert await looked_at(citizen, blurred(1)) == [words]
    assert await looked_at(citizen, blurred(2)) == [words]
    (said,) = await looked_at(citizen, blurred(3))
    assert said.startswith("Ảnh còn mờ. Tôi vẫn giữ: ")
    (document,) = (await citizen.draft()).documents
    assert (document.verdict, document.used) == ("ok", True)
    assert len(document.copies) == 1


async def test_a_good_photo_takes_the_place_of_a_blurred_one(whole: Whole) -> None:
    citizen = await at_papers(whole)
    await looked_at(citizen, blurred(1))
    (before,) = (await citizen.draft()).documents
    (said,) = await looked_at(citizen, another())
    assert said.startswith("Đã nhận 1 ảnh, ảnh rõ: ")
    (after,) = (await citizen.draft()).documents
    assert after.id != before.id
    left = [await whole.run(lambda work, ref=ref: work.files.get(ref)) for ref in before.refs]  # type: ignore[misc]
    assert left == [None] * len(before.refs)


async def test_the_same_photo_twice(whole: Whole) -> None:
    citizen = await at_papers(whole)
    await looked_at(citizen, page(900))
    (said,) = await looked_at(citizen, page(900))
    assert "Ảnh này giống hệt ảnh bạn đã gửi" in said


async def test_the_officer_sees_what_was_kept_in_spite_of_what(whole: Whole) -> None:
    citizen = await at_papers(whole)
    await looked_at(citizen, blurred(1))
    await press(citizen, "anyway:")
    await press(citizen, "done:")
    while not await offered(citizen, "submit:"):
        await looked_at(citizen, another())
        await press(citizen, "done:")
    await press(citizen, "submit:")
    (record,) = await records(whole)
    officer = await whole.officer("Thu")
    await officer.news()
    await officer.press(f"d:claim:{record.id}")
    shown = [s.message for s in officer.shown.values() if s.message.files and "người dân vẫn dùng" in s.message.text]
    assert [message.text.splitlines()[-1] for message in shown] == ["· Tệp 1: người dân vẫn dùng: ảnh mờ"]
    documents = await whole.run(lambda work: work.drafts.documents(record.id))
    assert [file.ref for file in shown[0].files] == list(documents[0].copies)
    await originals(officer, documents[0].ref)
    await officer.press(f"d:bundle:{record.id}")
    await whole.app.idle()
    await officer.news()
    printed = [file for s in officer.shown.values() for file in s.message.files if file.media_type == "application/pdf"]
    assert len(printed) == 1
    looks = await whole.run(lambda work: work.history.looks(record.id))
    assert [what for _, what, _ in looks] == ["papers", "papers", "bundle"]


async def originals(officer: Actor, ref: str) -> None:
    value = next(b.value for s in officer.shown.values() for b in s.message.buttons if b.value.startswith("d:raw:"))
    await officer.press(value)
    assert officer.last.message.text.startswith("Bản gốc như người dân gửi, chưa xoay và chưa cắt")
    assert [file.ref for file in officer.last.message.files] == [ref]
    assert await officer.whole.app.live.fetch(officer.reader, ref) is not None


async def offered(citizen: Chatter, head: str) -> str:
    talk = await citizen.talk()
    return next((button.value for button in talk.offered if button.value.startswith(head)), "")


async def press(citizen: Chatter, head: str) -> None:
    value = await offered(citizen, head)
    assert value
    await citizen.does(Pressed(value))
    await citizen.whole.app.idle()
    await citizen.told()


@pytest.mark.parametrize(
    ("kind", "seed", "problem"),
    [
        ("defocus", 0, "blurred"),
        ("motion", 2, "blurred"),
        ("dark", 4, "dark"),
        ("overexposed", 0, "overexposed"),
        ("empty", 2, "no-document"),
        ("screenshot", 4, "screenshot"),
        ("far", 2, "too-small-shrunk"),
    ],
)
async def test_what_is_wrong_with_a_simulated_photo_is_named(whole: Whole, kind: str, seed: int, problem: str) -> None:
    citizen = await at_papers(whole)
    assert await looked_at(citizen, photo(seed, kind, 1280).jpeg) == [text(f"papers.poor-{problem}", {"where": ""})]


async def test_a_good_simulated_photo_is_let_through(whole: Whole) -> None:
    citizen = await at_papers(whole)
    (said,) = await looked_at(citizen, photo(0, "good", 1280).jpeg)
    assert said.startswith("Đã nhận 1 ảnh, ảnh rõ: ")


async def test_a_picture_shows_where_the_trouble_is(whole: Whole) -> None:
    citizen = await at_papers(whole)
    await citizen.does(citizen.photo(data=photo(2, "far", 1280).jpeg))
    await whole.app.idle()
    (said,) = await citizen.told()
    (document,) = (await citizen.draft()).documents
    assert [file.ref for file in said.files] == [document.marked]
    assert [button.label for button in said.buttons] == [text("button.anyway"), text("button.call")]


async def test_an_id_card_is_read_while_the_form_is_filled(whole: Whole) -> None:
    citizen = await greeted(whole)
    procedure = whole.world.catalogue.procedures["ban-sao-trich-luc-ho-tich"]
    await citizen.press(f"start:{procedure.id}")
    for label in ("for-self", "agree", "disagree"):
        await citizen.press_label(text(f"button.{label}"))
    card = photo(8, "good", 1280)
    assert card.sheet is not None
    assert card.sheet.person is not None
    await citizen.sends(card.jpeg)
    assert f"Tôi đọc được từ thẻ: {card.sheet.person.name}" in citizen.last.message.text
    await citizen.press_label("Dùng các thông tin này")
    (line,) = await whole.run(lambda work: work.connection.execute(select(t.documents.c.paper, t.documents.c.verdict)))
    assert tuple(line) == ("giay-to-tuy-than", "ok")
