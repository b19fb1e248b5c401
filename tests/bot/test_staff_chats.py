"""What officers do on a messenger happens as on the live page, and no group ever reads anything personal."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from conversations.messages import Edited, File, Left, Message, Shown, Started, Unsupported
from conversations.render import text
from domain.codes import show
from handlers.telegram_door import GROUP, STAFF
from storage import tables as t
from storage.dossiers import Record
from storage.sealed import Keys
from storage.work import Work
from tests.bot.phones import DESK, Phones
from tests.bot.test_desk import EASY, handed_in
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import Actor, Whole, jpeg, running

THU, HEAD = "700100", "700200"


class Desk:
    """An office on its phones: Thu, the head, a group; and one citizen with a dossier."""

    def __init__(self, whole: Whole, phones: Phones, thu: Actor, head: Actor, citizen: Actor, dossier: str) -> None:
        self.whole, self.phones = whole, phones
        self.thu, self.head, self.citizen, self.dossier = thu, head, citizen, dossier

    @property
    def card(self) -> str:
        return self.phones.card(DESK, self.dossier)

    async def page(self) -> list[Shown]:
        """What is new for Thu on the live page."""
        return await self.thu.news()

    async def heard(self) -> list[str]:
        """What is new for the citizen."""
        return [shown.message.text for shown in await self.citizen.news() if not shown.own]

    def clear(self) -> None:
        for address in (THU, HEAD, DESK):
            self.phones.clear(address)


async def opened(whole: Whole) -> Desk:
    phones, thu, head = Phones(whole), await whole.officer("Thu"), await whole.officer("Hà", "head")
    await phones.link(THU, thu)
    await phones.link(HEAD, head)
    await phones.join(HEAD, head)
    citizen = await greeted(whole)
    dossier = (await hand_in(citizen, whole.world.catalogue.procedures[EASY])).id
    made = Desk(whole, phones, thu, head, citizen, dossier)
    await made.page()
    made.clear()
    return made


async def test_a_whole_dossier_by_presses_in_the_group(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, undo=60) as whole:
        desk = await opened(whole)
        phones, code = desk.phones, ""
        whole.times = 5
        said = await phones.presses(THU, f"d:claim:{desk.dossier}", DESK, desk.card)
        assert said[0].text.startswith("Giấy tờ hồ sơ")
        papers = phones.read(THU)
        assert [bool(message.files) for message in papers].count(True) >= 1
        assert [button.label for button in papers[-1].buttons][:2] == ["Tiếp nhận", "Yêu cầu bổ sung"]
        assert "Người giữ việc: Thu" in phones.chats[DESK][desk.card].text
        on_page = await desk.page()
        assert [shown.message.text for shown in on_page if shown.private] == [message.text for message in said]

        await phones.presses(THU, f"d:accept:{desk.dossier}", DESK, desk.card)
        assert "Đã ghi «Tiếp nhận»" in phones.texts(THU)[-1]
        await phones.presses(THU, f"d:now:{desk.dossier}", "", "1")  # in the private chat
        code = phones.texts(THU)[-1].rpartition(" ")[2].rstrip(".")
        assert code in phones.chats[DESK][desk.card].text
        await phones.presses(THU, f"d:done:{desk.dossier}", DESK, desk.card)
        await phones.says(THU, "1")
        await phones.presses(THU, f"d:now:{desk.dossier}", DESK, desk.card)
        assert "Có kết quả" in phones.chats[DESK][desk.card].text
        assert {m.card for m in phones.read(DESK)} == {f"dossier:{desk.dossier}"}  # nobody else was disturbed
        rows = await whole.run(lambda work: [e.what for e in work.history.of(desk.dossier)])
        assert rows == ["submit", "claim", "accept", "done"]


async def test_a_reply_to_the_card_or_to_a_line_beneath_it_reaches_the_citizen(whole_on_both: Whole) -> None:
    desk = await opened(whole_on_both)
    phones = desk.phones
    await phones.says(THU, "Chị gửi lại ảnh giúp nhé", DESK, desk.card)
    assert any("Chị gửi lại ảnh" in words for words in await desk.heard())
    [line] = [shown for shown in await desk.page() if "Chị gửi lại ảnh" in shown.message.text]
    assert (line.own, line.private, line.message.speaker) == (True, False, "Thu")
    assert [message.text for message in phones.read(DESK) if not message.card] == []  # it stands there already
    assert phones.read(THU) == []

    await desk.citizen.says("Vâng, chiều tôi gửi")
    theirs = phones.id_of(DESK, "chiều tôi gửi")
    assert phones.chats[DESK][theirs].speaker.startswith("Người dân · ")
    await phones.says(HEAD, "Cảm ơn chị", DESK, theirs)
    assert any("Cảm ơn chị" in words for words in await desk.heard())

    await desk.thu.says("Chào chị, Thu đây", reply_to=next(s.id for s in desk.thu.shown.values() if s.message.card))
    assert phones.chats[DESK][phones.id_of(DESK, "Thu đây")].speaker.startswith("Thu · ")
    assert phones.read(THU) == []


async def test_a_reply_in_the_private_chat_to_papers_or_a_citizens_words(whole: Whole) -> None:
    desk = await opened(whole)
    phones = desk.phones
    await phones.presses(THU, f"d:claim:{desk.dossier}", DESK, desk.card)
    paper = next(number for number, message in phones.chats[THU].items() if message.files)
    await phones.says(THU, "Ảnh này thiếu góc, chị chụp lại nhé", reply_to=paper)
    assert any("thiếu góc" in words for words in await desk.heard())
    assert phones.texts(THU)[-1] == text("desk.sent")
    assert "thiếu góc" in phones.texts(DESK)[-1]

    await desk.citizen.says("Số mới của tôi là 0912 345 678")
    assert "•••" in phones.texts(DESK)[-1]
    assert "0912 345 678" in phones.texts(THU)[-1]
    await phones.photographs(THU, reply_to=phones.id_of(THU, "0912 345 678"))
    assert any(shown.message.files for shown in await desk.citizen.news())

    await phones.presses(THU, f"d:refuse:{desk.dossier}")
    await phones.says(THU, "Không đủ giấy tờ theo quy định", reply_to=paper)  # the bot waits for a reason
    assert not any("Không đủ giấy tờ" in words for words in await desk.heard())
    assert "Người dân sẽ nhận được" in phones.texts(THU)[-1]
    question = phones.id_of(THU, "Người dân sẽ nhận được")
    await phones.says(THU, "Thôi", reply_to=question)
    await phones.says(THU, "cảm ơn", reply_to=question)
    assert await desk.heard() == []


async def test_a_reply_to_any_photo_of_an_album(whole_on_both: Whole) -> None:
    desk = await opened(whole_on_both)
    phones = desk.phones
    await phones.presses(THU, f"d:claim:{desk.dossier}", DESK, desk.card)
    photos = (File("a", "image/jpeg", 1), File("b", "image/jpeg", 1), File("c", "image/jpeg", 1))
    await desk.whole.run(lambda work: _album(work, photos, desk.dossier))
    await desk.whole.app.idle()
    first = next(number for number, message in phones.chats[THU].items() if len(message.files) == 3)
    for number in (first, *phones.albums[first]):
        await phones.says(THU, f"Ảnh {number} mờ", reply_to=number)
        assert any(f"Ảnh {number} mờ" in words for words in await desk.heard())


def _album(work: Work, photos: tuple[File, ...], dossier: str) -> None:
    chat = work.chats.find(STAFF, THU)
    assert chat is not None
    work.outbox.add(chat.id, STAFF, Message("Căn cước", files=photos), subject=f"dossier:{dossier}")


async def test_whoever_blocked_the_bot_hears_it_from_the_press(whole: Whole) -> None:
    desk = await opened(whole)
    phones = desk.phones
    await phones.happens(STAFF, THU, Left("blocked"))
    said = await phones.presses(THU, f"d:claim:{desk.dossier}", DESK, desk.card)
    assert [message.text for message in said] == [text("desk.unreachable")]
    assert "Người giữ việc: Thu" in phones.chats[DESK][desk.card].text
    await phones.says(THU, "/start")
    said = await phones.presses(THU, f"d:papers:{desk.dossier}", DESK, desk.card)
    assert any(message.files for message in said)


async def test_commands_in_the_group_are_answered_privately_and_chatter_is_ignored(whole: Whole) -> None:
    desk = await opened(whole)
    phones = desk.phones
    await phones.says(THU, "/homnay", DESK)
    await phones.says(THU, "/tim Hoa", DESK, desk.card)  # a command, whatever it answers
    assert len(phones.texts(THU)) == 2
    await phones.says(THU, "1", DESK)  # not the first button of that list
    await phones.says(THU, "homnay", DESK)
    await phones.photographs(THU, DESK)
    assert len(phones.texts(THU)) == 2
    await phones.says(THU, "chị ơi", DESK, "999999")
    await phones.photographs(THU, DESK, reply_to="999999")
    assert phones.texts(THU)[2:] == [text("desk.not-a-card")] * 2
    await phones.does(THU, Started(), DESK)
    await phones.does(THU, Unsupported("sticker"), DESK)
    await phones.does(THU, Edited("chị à"), DESK)
    assert len(phones.texts(THU)) == 7
    assert phones.texts(DESK) == [phones.chats[DESK][desk.card].text]
    assert await desk.heard() == []


async def test_an_album_without_a_card_is_answered_once(whole: Whole) -> None:
    desk = await opened(whole)
    for _ in range(4):
        await desk.phones.photographs(THU, album="a1")
    waiting = await whole.run(_waiting)
    assert waiting + len(desk.phones.texts(THU)) == 1


def _waiting(work: Work) -> int:
    rows = select(func.count()).select_from(t.outbox).where(t.outbox.c.status == "waiting")
    return int(work.connection.scalar(rows) or 0)


@pytest.mark.parametrize(
    "value",
    ["", "x", "d", "d:claim", "d:claim:", "d:accept:nothere", "c:answer:nothere", "s:x:y", "d:nothing:{dossier}",
     "d:value:{dossier}:9", "d:tick:{dossier}:p999", "d:pass:{dossier}:nobody", "d:because:{dossier}:-1",
     "\u202e:\x00:é", "z" * 64, "d:accept:{dossier}:99999999999999999999"],
)  # fmt: skip
async def test_forged_buttons_change_nothing(whole: Whole, value: str) -> None:
    desk = await opened(whole)
    said = await desk.phones.presses(THU, value.format(dossier=desk.dossier), DESK, "\u0660")
    assert said
    assert await whole.run(lambda work: [e.what for e in work.history.of(desk.dossier)]) == ["submit"]
    assert desk.phones.texts(DESK) == [desk.phones.chats[DESK][desk.card].text]


async def test_another_office_sees_and_does_nothing(whole: Whole) -> None:
    desk = await opened(whole)
    other = await whole.officer("Minh", "head", "dong-kinh")
    await desk.phones.link("700300", other)
    desk.phones.clear("700300")
    for action in ("claim", "take", "papers", "accept", "answer", "open"):
        said = await desk.phones.presses("700300", f"d:{action}:{desk.dossier}", DESK, desk.card)
        assert [message.text for message in said] == [text("staff.not-found")]
    await desk.phones.says("700300", "Chào chị", DESK, desk.card)
    await desk.phones.says("700300", "/tim Hoa", DESK)
    assert desk.phones.texts("700300")[-2:] == [text("desk.not-a-card"), text("staff.find-none", {"words": "Hoa"})]
    assert await desk.heard() == []
    assert len(desk.phones.read(DESK)) == 1


async def test_two_press_at_once_and_old_buttons_are_refused_kindly(whole: Whole) -> None:
    desk = await opened(whole)
    phones = desk.phones
    await phones.presses(THU, f"d:claim:{desk.dossier}", DESK, desk.card)
    [said] = await phones.presses(HEAD, f"d:claim:{desk.dossier}", DESK, desk.card)
    assert "Thu" in said.text
    for _ in range(2):  # two presses of one hand
        await phones.presses(THU, f"d:accept:{desk.dossier}", DESK, desk.card)
    await phones.presses(THU, f"d:accept:{desk.dossier}", DESK, "1")  # a card of yesterday
    rows = await whole.run(lambda work: [e.what for e in work.history.of(desk.dossier)])
    assert rows == ["submit", "claim", "accept"]


async def test_papers_of_a_page_stay_on_the_page(whole: Whole) -> None:
    desk = await opened(whole)
    await desk.thu.press(f"d:claim:{desk.dossier}")
    assert desk.phones.read(THU) == []
    assert "Người giữ việc: Thu" in desk.phones.chats[DESK][desk.card].text
    await desk.head.press(f"d:take:{desk.dossier}")  # somebody else's doing is news there
    assert ["nhận thay" in words for words in desk.phones.texts(THU)] == [True]


async def test_no_group_reads_anything_personal(whole: Whole) -> None:
    """Everything that a citizen and two officers say, in the group, on the page and privately, is looked through."""
    desk = await opened(whole)
    phones, citizen = desk.phones, desk.citizen
    code = show(await whole.run(lambda work: work.dossiers.get(desk.dossier).tracking_code))  # type: ignore[union-attr]
    await whole.run(lambda work: _answer(work, desk.dossier, requester_residence="Thôn 3, xã Sơn Tiến"))
    secrets = ("042194001234", "0984123456", "Nguyễn Thị Hoa", "Thôn 3, xã Sơn Tiến", "C1234567", "15/08/1994")
    await citizen.press("call")
    await citizen.says(f"Tôi là Nguyễn Thị Hoa, số 0984 123 456, căn cước 042 194 001 234, hồ sơ {code}")
    whole_call = next(m for m in phones.read(DESK) if m.card.startswith("call:"))
    assert "•••" in whole_call.text
    assert code in whole_call.text
    for words in (
        "Số tôi: 0984.123.456",
        "CCCD 042194001234 và +84 984 123 456",
        "nguyễn thị hoa ở Thôn 3, xã Sơn Tiến",
        f"hồ sơ {code} của tôi, hộ chiếu C1234567",
        "số ٠٩٨٤١٢٣٤٥٦ ạ",
    ):
        await citizen.says(words)
    await citizen.sends(jpeg())
    await citizen.press("endcall")
    await phones.presses(THU, f"d:claim:{desk.dossier}", DESK, desk.card)
    await citizen.press(f"call:{desk.dossier}")
    await phones.presses(THU, f"d:papers:{desk.dossier}", DESK, desk.card)
    await phones.says(THU, "/tim Hoa", DESK)
    await phones.says(THU, f"/hoso {code}", DESK)
    await citizen.says("Tôi gửi lại ảnh đây, 0984123456")
    await citizen.sends(jpeg(80))
    card = next(s.id for s in desk.thu.shown.values() if s.message.card == f"dossier:{desk.dossier}")
    await desk.thu.says("Chị Nguyễn Thị Hoa ơi, số 042194001234 chưa khớp", reply_to=card)
    await desk.thu.sends(jpeg(96), reply_to=card)
    await desk.head.says("Gọi chị theo 0984 123 456 nhé", reply_to=card)
    for button in ("accept", "done", "hand"):
        await phones.presses(THU, f"d:{button}:{desk.dossier}", DESK, desk.card)

    read = phones.read(DESK)
    assert not any(message.files for message in read)
    everything = "\n".join(f"{message.speaker}\n{message.text}\n{message.buttons}" for message in read)
    flat = "".join(c for c in everything.casefold() if c not in " .-")
    for secret in secrets:
        assert secret.casefold() not in everything.casefold()
        assert "".join(c for c in secret.casefold() if c not in " .-") not in flat
    assert "٠٩٨٤" not in everything
    assert everything.count(code) > 5
    assert sum("📎 1 tệp" in message.text for message in read) == 3

    theirs = [message for message in phones.read(THU) if message.speaker == "Người dân"]
    assert [len(message.files) for message in theirs if message.files] == [1, 1]  # before the claim and after
    assert any("0984.123.456" in message.text for message in theirs)
    assert all(message.text.startswith("Hồ sơ") or "Người dân gặp" in message.text for message in theirs)
    heads = [message for message in phones.read(HEAD) if message.speaker == "Người dân"]
    assert [len(message.files) for message in heads if message.files] == [1]  # only while nobody had it


def _answer(work: Work, dossier: str, **new: str) -> None:
    """What the citizen was asked for again."""
    before = work.drafts.answers(dossier)
    work.drafts.save_answers(dossier, before, {**before, **new})


async def test_without_a_group_a_citizens_words_reach_whoever_has_the_dossier(whole: Whole) -> None:
    phones, thu = Phones(whole), await whole.officer("Thu")
    dossier = await handed_in(whole)
    await phones.link(THU, thu)
    await phones.presses(THU, f"d:claim:{dossier}")
    await phones.presses(THU, f"d:answer:{dossier}")
    await phones.says(THU, "Chào chị")
    assert phones.texts(THU)[-1] == text("desk.sent")
    citizen = await whole.citizen("ban")
    await citizen.says("Chào em")
    assert phones.texts(THU)[-1].endswith("\nChào em")


async def test_without_a_group_new_work_is_told_privately(whole_on_both: Whole) -> None:
    whole = whole_on_both
    phones, thu, head = Phones(whole), await whole.officer("Thu"), await whole.officer("Hà", "head")
    await phones.link(THU, thu)
    await phones.link(HEAD, head)
    await phones.says(HEAD, "/vang")
    for address in (THU, HEAD):
        phones.clear(address)
    citizen = await greeted(whole)
    dossier = (await hand_in(citizen, whole.world.catalogue.procedures[EASY])).id
    code = await whole.run(lambda work: show(_record(work, dossier).tracking_code))
    assert phones.texts(THU) == [f"Cả nhóm: hồ sơ mới – {code}"]
    assert phones.texts(HEAD) == []  # away

    await phones.presses(THU, f"d:claim:{dossier}")
    phones.clear(THU)
    await phones.presses(THU, f"d:give:{dossier}")
    assert f"Cả nhóm: việc được trả lại nhóm, cần người nhận – {code}" in phones.texts(THU)


async def test_a_group_that_lost_the_bot_counts_as_none(whole: Whole) -> None:
    desk = await opened(whole)
    await handed_in(whole, "ban-2")
    assert desk.phones.texts(THU) == []
    await desk.phones.happens(GROUP, DESK, Left("removed"))
    desk.clear()
    await handed_in(whole, "ban-3")
    [told] = desk.phones.texts(THU)
    assert told.startswith("Cả nhóm: hồ sơ mới – ")


def _record(work: Work, dossier: str) -> Record:
    record = work.dossiers.get(dossier)
    assert record is not None
    return record
