"""Consent over the whole program: given in four ways, run out, taken back; and what a helper sees afterwards."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from bot import known_helpers, mandates, proving
from bot.context import CitizenContext
from bot.scene import present
from conversations import screens
from conversations.messages import Message, Pressed
from domain.codes import show
from domain.helping import LIFE, Standing, Way
from domain.rights import PHONE
from domain.values import VIETNAM
from storage import tables as t
from storage.chats import DESK, GROUP, OFFICER, Chat
from storage.dossiers import Record
from storage.mandates import Mandate
from storage.sealed import Keys
from storage.work import Work
from tests.bot.walk import greeted, records, to_review
from tests.bot.whole import Actor, Whole, jpeg, running

SINGLE = "xac-nhan-tinh-trang-hon-nhan"
MAN = "Lê Thị Mận"
PHONE_OF_MAN = "+84912345678"
OGG = b"OggS" + bytes(200)


@pytest.fixture
async def whole_on_both(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """With a way to send SMS, of which none leaves."""
    async with running(database_url, tmp_path, sms_gateway="json", sms_url="http://127.0.0.1:9/sms") as made:
        yield made


@pytest.fixture
async def whole(sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(sqlite_url, tmp_path, sms_gateway="json", sms_url="http://127.0.0.1:9/sms") as made:
        yield made


async def at_ways(whole: Whole, applicant: str = MAN, name: str = "truong thon") -> Actor:
    """Somebody's draft for somebody else, where the ways of consenting are offered."""
    helper = await greeted(whole, name)
    await helper.press(f"start:{SINGLE}")
    if any(value.startswith("new:") for value in helper.buttons):
        await helper.press(f"new:{SINGLE}")
    await helper.press_label("Giúp người khác")
    for _ in range(2):
        if "Đồng ý" in [b.label for b in helper.last.message.buttons]:
            await helper.press_label("Đồng ý")
    await helper.says(applicant)
    await to_review(helper, whole.world.catalogue.procedures[SINGLE])
    await helper.press_label("Tôi cam đoan và nộp hồ sơ")
    await helper.press_label("Trưởng thôn, tổ trưởng")
    return helper


async def code_of(whole: Whole) -> tuple[str, str]:
    """The newest SMS, and the code in it."""

    def look(work: Work) -> Message:
        newest = select(t.outbox.c.body).where(t.outbox.c.channel == "sms").order_by(t.outbox.c.id.desc()).limit(1)
        return msgspec.json.decode(work.connection.scalar(newest) or b"", type=Message)

    message = await whole.run(look)
    found = re.search(r"\b\d{6}\b", message.text)
    assert found is not None, message.text
    return message.text, found[0]


async def consented(whole: Whole, applicant: str = MAN, name: str = "truong thon", phone: str = "0912345678") -> Actor:
    """Handed in with a code from the phone of the person helped."""
    helper = await at_ways(whole, applicant, name)
    await helper.press_label("Gửi mã tới điện thoại")
    await helper.says(phone)
    await helper.says((await code_of(whole))[1])
    await helper.press_label("Tôi cam đoan và nộp hồ sơ")
    return helper


async def only(whole: Whole) -> Record:
    (record,) = await records(whole)
    return record


async def mandate_of(whole: Whole, owner: str) -> Mandate:
    found = await whole.run(lambda work: work.mandates.of(owner))
    assert found is not None
    return found


async def context_of(whole: Whole, actor: Actor) -> CitizenContext:
    def look(work: Work) -> CitizenContext:
        chat = work.chats.find(actor.reader.channel, actor.reader.address)
        assert chat is not None
        context = CitizenContext(present(work, whole.world), chat, changed=True)
        _ = context.drafts, context.dossiers, context.mandates, context.helped, context.people
        return context

    return await whole.run(look)


async def end_at_desk(whole: Whole, officer: str = "Thu") -> None:
    """The person helped takes it back before an officer."""
    desk = await whole.officer(officer)
    await desk.news()
    record = await only(whole)
    if record.owner is None:
        await desk.press(f"d:claim:{record.id}")
    await desk.press(f"d:unhelp:{record.id}")
    assert any("Đã thu hồi đồng ý" in shown.message.text for shown in await desk.press_label("Thu hồi"))


def _chats(work: Work, officer: Actor) -> list[Chat]:
    """Whose page an officer reads: their own, and the group's."""
    found = (work.chats.find(OFFICER, officer.officer), work.chats.find(GROUP, "son-tien"))
    return [chat for chat in found if chat is not None]


# ---- four ways


async def test_a_code_by_sms_names_helper_and_procedure(whole_on_both: Whole) -> None:
    whole = whole_on_both
    helper = await at_ways(whole)
    await helper.press_label("Gửi mã tới điện thoại")
    await helper.says("0912345678")
    words, code = await code_of(whole)
    assert words.startswith('Xa Son Tien: Hoa nop ho ban "Cap giay xac nhan tinh trang hon nhan". Ma ')
    wrong = "000000" if code != "000000" else "111111"
    await helper.says(wrong)
    assert "Mã chưa đúng" in helper.last.message.text
    assert await records(whole) == []
    await helper.says(code)
    await helper.press_label("Tôi cam đoan và nộp hồ sơ")
    record = await only(whole)
    line = record.body.helper
    assert line is not None
    assert (line.name, line.relation, line.how, line.status) == (
        "Nguyễn Thị Hoa",
        "village-head",
        Way.CODE,
        Standing.GIVEN,
    )
    mandate = await mandate_of(whole, record.id)
    assert (mandate.phone, mandate.names.wording) == (PHONE_OF_MAN, "2026-11")
    rows = [e for e in await whole.run(lambda work: work.history.of(record.id)) if e.what == mandates.GIVEN]
    assert [(e.data["how"], e.data["wording"]) for e in rows] == [("code", "2026-11")]


async def test_a_code_is_good_for_its_own_dossier_alone(whole: Whole) -> None:
    helper = await at_ways(whole)
    await helper.press_label("Gửi mã tới điện thoại")
    await helper.says("0912345678")
    _, code = await code_of(whole)
    await helper.says("menu")
    other = await at_ways(whole, "Trần Văn Cam")
    await other.press_label("Gửi mã tới điện thoại")
    await other.says("0987654321")
    await other.says(code)
    assert "Mã chưa đúng" in other.last.message.text


async def test_the_helpers_own_number_is_no_consent(whole: Whole) -> None:
    helper = await at_ways(whole)
    person = (await context_of(whole, helper))._person  # noqa: SLF001
    await whole.run(lambda work: proving.prove(present(work, whole.world), person, PHONE, PHONE_OF_MAN, "sms"))
    await helper.press_label("Gửi mã tới điện thoại")
    await helper.says("0912345678")
    assert "Số này là của bạn" in helper.last.message.text
    await helper.press_label("Cách khác")
    assert "Bạn chọn một cách" in helper.last.message.text
    count = await whole.run(lambda work: work.connection.scalar(select(func.count()).select_from(t.mandates)))
    assert count == 0


async def test_a_voice_is_played_by_the_officer(whole_on_both: Whole) -> None:
    whole = whole_on_both
    helper = await at_ways(whole)
    await helper.press_label("Gửi ghi âm")
    await helper.sends(OGG, "audio/ogg", "")
    await helper.press_label("Tôi cam đoan và nộp hồ sơ")
    record = await only(whole)
    desk = await whole.officer("Thu")
    await desk.news()
    await desk.press(f"d:claim:{record.id}")
    told = [shown.message for shown in desk.shown.values()]
    assert any(
        "Người nộp hộ: Nguyễn Thị Hoa (tự nhận là trưởng thôn, tổ trưởng); Lê Thị Mận đồng ý bằng ghi âm" in m.text
        for m in told
    )
    (proof,) = [m for m in told if m.text == "Ghi âm đồng ý của Lê Thị Mận"]
    seen = await whole.run(lambda work: work.files.get(proof.files[0].ref, [chat.id for chat in _chats(work, desk)]))
    assert seen is not None


async def test_a_signed_sheet_goes_through_the_check(whole: Whole) -> None:
    helper = await at_ways(whole)
    await helper.press_label("Chụp giấy đồng ý")
    await helper.sends(jpeg())
    await helper.press_label("Tôi cam đoan và nộp hồ sơ")
    record = await only(whole)
    assert record.body.helper is not None
    assert record.body.helper.how == Way.SHEET
    assert (await mandate_of(whole, record.id)).evidence


async def test_at_the_desk_it_is_not_accepted_before_it_was_heard(whole_on_both: Whole) -> None:
    whole = whole_on_both
    helper = await at_ways(whole)
    await helper.press_label("Đồng ý tại bàn")
    await helper.press_label("Tôi cam đoan và nộp hồ sơ")
    record = await only(whole)
    desk = await whole.officer("Thu")
    await desk.news()
    await desk.press(f"d:claim:{record.id}")
    await desk.press(f"d:accept:{record.id}")
    assert "phải đến bàn" in desk.last.message.text
    await desk.press(f"d:accept:{record.id}:sure")
    assert (await only(whole)).official_code is None
    assert any("Đã ghi" in shown.message.text for shown in await desk.press(f"d:consent:{record.id}"))
    await desk.press(f"d:accept:{record.id}")
    after = await only(whole)
    assert after.official_code is not None
    assert after.body.helper is not None
    assert after.body.helper.at is not None


# ---- the end of it


async def sees_nothing(whole: Whole, helper: Actor, record: Record) -> None:
    """Through every view that takes a person, and every button that a helper may still have."""
    context = await context_of(whole, helper)
    person = context._person  # noqa: SLF001
    assert list(context.dossiers) == []
    assert [line for line in context.drafts if line.dossier == record.id] == []
    assert list(context.people) == []
    assert list(context.helped) == []

    def look(work: Work) -> list[object]:
        scene = present(work, whole.world)
        chat = work.chats.find(helper.reader.channel, helper.reader.address)
        assert chat is not None
        fresh = CitizenContext(scene, chat, changed=True)
        refs = [document.ref for document in work.drafts.documents(record.id)]
        return [
            fresh.dossier_by_code(record.tracking_code),
            fresh.dossier_by_code(record.official_code or "-"),
            fresh.handed_in(record.id),
            fresh.draft(record.id),
            *(work.drafts.get(line.id, person) for line in work.drafts.lines(person)),
            *(work.files.get(ref, [chat.id]) for ref in refs),
            *fresh.dossiers_of("+84984123456"),
            *fresh.dossiers_of(PHONE_OF_MAN),
            fresh.pair(record.tracking_code, "+84984123456"),
            fresh.pair(record.tracking_code, PHONE_OF_MAN),
            work.calls.open_of(person),
        ]

    assert [seen for seen in await whole.run(look) if seen] == []
    before = len(await whole.run(lambda work: work.history.of(record.id)))
    named = [*filter(None, (record.tracking_code, show(record.tracking_code), record.official_code))]
    for value in screens.PRESSES:  # whatever it is about, this dossier's id is put behind it
        for shown in await helper.send(Pressed(f"{value}:{record.id}")):
            assert not any(name in shown.message.text for name in named), value
            assert not shown.message.files, value
    for words in ("hồ sơ của tôi", record.tracking_code, "bổ sung", "đổi giờ hẹn", "rút hồ sơ", "nộp tiền ở đâu"):
        for shown in await helper.says(words):
            assert shown.own or MAN not in shown.message.text or "rút đồng ý" in shown.message.text, words
    assert len(await whole.run(lambda work: work.history.of(record.id))) == before


@pytest.mark.parametrize("accepted", [False, True])
async def test_after_taking_it_back_no_path_shows_the_helper_anything(whole: Whole, *, accepted: bool) -> None:
    helper = await consented(whole)
    record = await only(whole)
    if accepted:
        desk = await whole.officer("Thu")
        await desk.news()
        await desk.press(f"d:claim:{record.id}")
        await desk.press(f"d:accept:{record.id}")
    record = await only(whole)
    await helper.press(f"call:{record.id}")
    await end_at_desk(whole)
    told = await helper.news()
    assert "đã rút đồng ý" in told[-1].message.text
    await sees_nothing(whole, helper, record)


async def test_its_news_reach_an_officer_who_telephones(whole_on_both: Whole) -> None:
    whole = whole_on_both
    helper = await consented(whole)
    await end_at_desk(whole)
    record = await only(whole)
    chat = await whole.run(lambda work: work.chats.get(record.chat))
    assert chat is not None
    assert (chat.channel, chat.address) == (DESK, record.id)
    assert record.body.contact is not None
    assert (record.body.contact.name, record.body.contact.phone) == (MAN, PHONE_OF_MAN)
    await helper.news()
    desk = await whole.officer("Thu")
    await desk.news()
    await desk.press(f"d:accept:{record.id}")
    await whole.app.idle()
    assert any("0912 345 678" in shown.message.text for shown in await desk.news() or desk.shown.values())
    assert await helper.news() == []


async def test_it_runs_out_and_is_asked_for_again(whole_on_both: Whole) -> None:
    whole = whole_on_both
    helper = await consented(whole)
    record = await only(whole)
    await whole.pass_time(LIFE - timedelta(hours=1))
    assert (await only(whole)).person == record.person
    await whole.pass_time(timedelta(hours=2))
    assert (await only(whole)).person != record.person
    assert any("đã hết hạn" in shown.message.text for shown in await helper.news())
    assert (await context_of(whole, helper)).dossiers == []
    await helper.press_label("Xin đồng ý lại")
    await helper.press_label("Gửi mã tới điện thoại")
    await helper.says("0912345678")
    await helper.says((await code_of(whole))[1])
    assert "đã đồng ý lại" in helper.last.message.text
    after = await only(whole)
    assert (after.person, after.chat) == (record.person, record.chat)
    assert after.body.contact is None
    await helper.press(f"d:{record.id}")
    assert "Lê Thị Mận đồng ý bằng mã tới 0912 345 678" in helper.last.message.text


async def test_who_never_comes_to_the_desk_is_waited_for_no_longer_than_a_consent_is_good(whole: Whole) -> None:
    helper = await at_ways(whole)
    await helper.press_label("Đồng ý tại bàn")
    await helper.press_label("Tôi cam đoan và nộp hồ sơ")
    record = await only(whole)
    await whole.pass_time(LIFE + timedelta(minutes=5))
    assert (await mandate_of(whole, record.id)).status == Standing.EXPIRED
    assert (await only(whole)).person != record.person


async def test_with_the_dossiers_end_it_ends_a_week_later(whole: Whole) -> None:
    helper = await consented(whole)
    record = await only(whole)
    await helper.press(f"wd:{record.id}")
    await helper.press(f"wdok:{record.id}")
    mandate = await mandate_of(whole, record.id)
    assert mandate.ends_at is not None
    assert mandate.ends_at.astimezone(VIETNAM) - whole.world.now() <= timedelta(days=7)
    await whole.pass_time(timedelta(days=7, minutes=1))
    assert (await mandate_of(whole, record.id)).status == Standing.OVER
    await sees_nothing(whole, helper, record)


async def test_the_person_helped_sees_each_look_and_takes_it_back(whole_on_both: Whole) -> None:
    whole = whole_on_both
    helper = await consented(whole)
    record = await only(whole)
    await helper.press(f"d:{record.id}")
    await helper.says("menu")
    await helper.press(f"d:{record.id}")
    man = await greeted(whole, "man")
    assert list((await context_of(whole, man)).helped) == []
    person = (await context_of(whole, man))._person  # noqa: SLF001
    await whole.run(lambda work: proving.prove(present(work, whole.world), person, PHONE, PHONE_OF_MAN, "sms"))
    (seen,) = (await context_of(whole, man)).helped
    assert len(seen.looks) == 2
    await man.says("hồ sơ của tôi")
    await man.press_label("Người khác nộp hộ tôi")
    assert "Nguyễn Thị Hoa (trưởng thôn, tổ trưởng); bạn đồng ý bằng mã" in man.last.message.text
    await man.press_label("Thu hồi đồng ý")
    await man.press_label("Thu hồi đồng ý")
    assert "không còn xem được" in man.last.message.text
    await sees_nothing(whole, helper, record)


async def test_a_village_head_whom_the_office_knows_is_told_apart(whole: Whole) -> None:
    """By a number that they have proven; others only say so."""
    helper = await at_ways(whole)
    person = (await context_of(whole, helper))._person  # noqa: SLF001
    await whole.run(lambda work: known_helpers.note(work, "+84987654321", "son-tien"))
    await whole.run(lambda work: proving.prove(present(work, whole.world), person, PHONE, "+84987654321", "sms"))
    await helper.press_label("Đồng ý tại bàn")
    await helper.press_label("Tôi cam đoan và nộp hồ sơ")
    record = await only(whole)
    assert record.body.helper is not None
    assert record.body.helper.known
    await whole.run(lambda work: known_helpers.note(work, "+84987654321", ""))
    assert not await whole.run(lambda work: known_helpers.knows(present(work, whole.world), person, "son-tien"))


async def test_nobody_takes_back_what_is_not_theirs(whole: Whole) -> None:
    await consented(whole)
    record = await only(whole)
    mandate = await mandate_of(whole, record.id)
    stranger = await greeted(whole, "la")
    await stranger.press(f"unhelpok:{mandate.id}")
    assert (await mandate_of(whole, record.id)).status == Standing.GIVEN


async def test_a_draft_that_is_given_up_takes_the_voice_with_it(whole: Whole) -> None:
    helper = await at_ways(whole)
    await helper.press_label("Gửi ghi âm")
    await helper.sends(OGG, "audio/ogg", "")
    await helper.says("hủy")
    await helper.press_label("Xóa hồ sơ này")
    await whole.app.idle()
    left = await whole.run(lambda work: work.connection.scalar(select(func.count()).select_from(t.mandates)))
    files = await whole.run(lambda work: work.connection.scalar(select(func.count()).select_from(t.files)))
    assert (left, files) == (0, 0)
