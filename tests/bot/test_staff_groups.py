"""Messengers' groups of an office: joined by a one-time code, left, lost, come back to, moved."""

from __future__ import annotations

import re

import pytest

from bot.addresses import lost
from bot.scene import present
from conversations.messages import Left, Message, Moved, Returned, Started
from conversations.render import text
from handlers.telegram_door import CITIZENS, GROUP, STAFF
from storage import outbox
from storage.work import Work
from tests.bot.phones import DESK, Phones
from tests.bot.test_desk import handed_in
from tests.bot.whole import Actor, Whole

THU, HEAD = "700100", "700200"
WRONG = text("desk.group-code-wrong")


async def desk(whole: Whole) -> tuple[Phones, Actor, Actor]:
    """Thu and the head on their phones; no group yet."""
    phones, thu, head = Phones(whole), await whole.officer("Thu"), await whole.officer("Hà", "head")
    await phones.link(THU, thu)
    await phones.link(HEAD, head)
    phones.clear(THU)
    phones.clear(HEAD)
    return phones, thu, head


async def test_a_group_joins_by_a_code_from_the_head(whole_on_both: Whole) -> None:
    whole = whole_on_both
    dossiers = [await handed_in(whole, f"ban-{number}") for number in range(2)]
    phones, _, _ = await desk(whole)
    await phones.named()
    await phones.says(HEAD, "/nhom")
    [asked] = phones.texts(HEAD)
    assert "60 phút" in asked
    code = re.search(r"^/nhom (\S+)$", asked, re.MULTILINE)
    assert code is not None
    assert f"https://t.me/motcua_canbo_bot?startgroup={code[1]}" in asked

    whole.times = 5
    await phones.does(THU, Started(code[1]), DESK)  # as Telegram sends it for the link
    [welcome] = [message for message in phones.read(DESK) if not message.card]
    cards = [message for message in phones.read(DESK) if message.card]
    assert "xã Sơn Tiến" in welcome.text
    assert "không bao giờ hiện trong nhóm" in welcome.text
    assert sorted(message.card for message in cards) == sorted(f"dossier:{dossier}" for dossier in dossiers)
    assert phones.texts(THU) == [text("desk.group-joined", {"name": "Thu", "office": "xã Sơn Tiến"})]
    assert phones.texts(HEAD)[1:] == phones.texts(THU)

    new = await handed_in(whole, "ban-3")
    assert phones.read(DESK)[-1].card == f"dossier:{new}"


async def test_a_code_joins_one_group_of_its_own_office(whole: Whole) -> None:
    phones, _, head = await desk(whole)
    other = await whole.officer("Minh", "head", "dong-kinh")
    await phones.link("700300", other)
    foreign, code = await phones.code(other), await phones.code(head)
    for wrong in (foreign, "x" * 32, "-", "' OR 1=1"):
        phones.clear(THU)
        await phones.says(THU, f"/nhom {wrong}", DESK)
        assert phones.texts(THU) == [WRONG]
    phones.clear(THU)
    await phones.says(THU, f"/nhom {code}")  # not in a group
    assert f"/nhom {code}" in phones.texts(THU)[0]
    assert phones.read(DESK) == []

    await phones.says(THU, f"/nhom@motcua_canbo_bot {code}", DESK)
    assert len(phones.read(DESK)) == 1
    phones.clear(THU)
    await phones.says(THU, f"/nhom {code}", DESK)
    await phones.says(THU, f"/nhom {code}", "-55")
    assert phones.texts(THU) == [text("desk.group-known", {"office": "xã Sơn Tiến"}), WRONG]

    phones.clear("700300")
    await phones.says("700300", f"/nhom {foreign}", DESK)
    assert phones.texts("700300") == [text("desk.group-taken")]
    await phones.says("700300", "/roinhom", DESK)
    assert phones.texts("700300")[1:] == [text("desk.group-none")]
    assert len(phones.read(DESK)) == 1
    await phones.says("700300", f"/nhom {foreign}", "-66")  # the code was not spent on it
    assert len(phones.read("-66")) == 1


async def test_the_head_ends_it(whole: Whole) -> None:
    await handed_in(whole)
    phones, _, head = await desk(whole)
    await phones.says(HEAD, "/roinhom")
    assert phones.texts(HEAD) == [text("desk.groups-none")]
    await phones.join(HEAD, head)
    await phones.join(HEAD, head, "-200")
    phones.clear(HEAD)
    await phones.says(HEAD, "/roinhom")
    await phones.says(HEAD, "/roinhom", "-300")
    await phones.says(THU, "/roinhom", "-200")
    assert phones.texts(HEAD) == [text("desk.groups-many", {"count": 2}), text("desk.group-none")]
    phones.clear(DESK)
    phones.clear("-200")
    await phones.says(HEAD, "/roinhom", "-200")
    assert "không còn nối" in phones.read("-200")[-1].text
    await phones.says(HEAD, "/roinhom")
    assert "không còn nối" in phones.read(DESK)[-1].text
    assert "(Hà nối lúc 10 giờ" in phones.texts(HEAD)[-1]
    before = len(phones.read(DESK))
    await handed_in(whole, "ban-2")
    assert len(phones.read(DESK)) == before


@pytest.mark.parametrize(("why", "words"), [("removed", "bị đưa ra khỏi"), ("muted", "không còn được gửi tin")])
async def test_a_lost_group_is_told_to_the_head_and_comes_back(whole: Whole, why: str, words: str) -> None:
    dossier = await handed_in(whole)
    phones, thu, head = await desk(whole)
    await phones.join(HEAD, head)
    await phones.join(HEAD, head, "-200")
    phones.clear(HEAD)
    phones.clear(DESK)
    phones.closed[DESK] = why
    await phones.happens(GROUP, DESK, Left(why))
    assert [words in told for told in phones.texts(HEAD)] == [True]
    assert any(words in shown.message.text and not shown.private for shown in await thu.news())
    assert words in phones.texts("-200")[-1]

    await phones.presses(THU, f"d:claim:{dossier}", "-200")
    assert "Người giữ việc: Thu" not in phones.read(DESK)[0].text
    newer = await handed_in(whole, "ban-2")
    assert len(phones.read(DESK)) == 1
    assert len(phones.texts(HEAD)) == 1  # told once

    del phones.closed[DESK]
    await phones.happens(GROUP, DESK, Returned())
    assert "đã trở lại" in phones.texts(HEAD)[-1]
    assert "Người giữ việc: Thu" in phones.chats[DESK][phones.card(DESK, dossier)].text
    assert phones.card(DESK, newer)


async def test_what_the_deliverer_finds_is_told_once_too(whole: Whole) -> None:
    phones, _, head = await desk(whole)
    await phones.join(HEAD, head)
    phones.clear(HEAD)

    def find(work: Work) -> None:
        chat = work.chats.find(GROUP, DESK)
        assert chat is not None
        lost(present(work, whole.world), chat, "muted")

    await whole.run(find)
    await whole.run(find)
    await phones.happens(GROUP, DESK, Left("muted"))
    assert len(phones.texts(HEAD)) == 1
    await phones.happens(GROUP, DESK, Left("removed"))  # which asks for something else
    assert len(phones.texts(HEAD)) == 2


async def test_an_officer_who_blocks_the_bot_is_named_to_the_head(whole: Whole) -> None:
    dossier = await handed_in(whole)
    phones, _, head = await desk(whole)
    await phones.join(HEAD, head)
    phones.clear(HEAD)
    phones.closed[THU] = "blocked"
    await phones.happens(STAFF, THU, Left("blocked"))
    assert [told.startswith("Thu không nhận được tin riêng") for told in phones.texts(HEAD)] == [True]
    await phones.presses(THU, f"d:claim:{dossier}", DESK)
    assert phones.read(THU) == []
    del phones.closed[THU]
    await phones.says(THU, "/cuatoi")  # whoever writes can be written to
    assert len(phones.texts(THU)) == 1


async def test_a_group_that_moves_is_followed_and_old_ids_stand_for_nothing(whole: Whole) -> None:
    dossier = await handed_in(whole)
    phones, _, head = await desk(whole)
    await phones.join(HEAD, head)
    await phones.presses(THU, f"d:claim:{dossier}", DESK)
    card = phones.card(DESK, dossier)
    new = "-100999"
    for _ in range(2):  # it is told from both sides
        await phones.happens(GROUP, DESK, Moved(new))
    assert [message.card for message in phones.read(new)] == [f"dossier:{dossier}"]
    phones.clear(THU)
    await phones.says(THU, "Chào chị", new, card)  # somebody else's message has this number there
    assert phones.texts(THU) == [text("desk.not-a-card")]
    await phones.presses(THU, f"d:give:{dossier}", new, phones.card(new))
    assert "Chưa ai nhận việc" in phones.chats[new][phones.card(new)].text
    assert "Người giữ việc: Thu" in phones.chats[DESK][card].text


async def test_the_old_side_of_a_group_that_joined_anew_is_forgotten(whole: Whole) -> None:
    await handed_in(whole)
    phones, _, head = await desk(whole)
    await phones.join(HEAD, head)
    await phones.join(HEAD, head, "-100999")
    await phones.happens(GROUP, DESK, Moved("-100999"))
    phones.clear(DESK)
    await handed_in(whole, "ban-2")
    assert len(phones.read("-100999")) == 3
    assert len(phones.read(DESK)) == 1


async def test_what_happens_to_unknown_chats_is_nobodys_business(whole: Whole) -> None:
    phones, _, _ = await desk(whole)
    for event in (Left("removed"), Returned(), Moved("-1")):
        for channel in (GROUP, STAFF, CITIZENS):
            await phones.happens(channel, "-777", event)
    assert phones.read(HEAD) == []


async def test_a_citizen_who_returns_gets_what_was_missed(whole: Whole) -> None:
    phones, _, _ = await desk(whole)

    def send(work: Work) -> None:
        chat = work.chats.open_citizen(CITIZENS, "88", whole.world.now())
        work.outbox.add(chat.id, CITIZENS, Message("Có kết quả"), lane=outbox.NOTICE)

    phones.closed["88"] = "blocked"
    await whole.run(send)
    await phones.happens(CITIZENS, "88", Left("blocked"))
    del phones.closed["88"]
    assert phones.read("88") == []
    await phones.happens(CITIZENS, "88", Returned())
    assert phones.texts("88") == ["Có kết quả"]
