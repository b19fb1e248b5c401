"""Who is staff on a messenger: one-time links, strangers, and officers who have left."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import func, select, update

from bot import absences, commands
from bot.scene import present
from conversations.messages import Left, Message, Started
from conversations.render import text
from handlers.telegram_door import STAFF
from storage import tables as t
from storage.work import Work
from tests.bot.phones import DESK, Phones
from tests.bot.test_desk import handed_in
from tests.bot.whole import Whole

USER, OTHER = "700100", "700200"
STRANGER = text("desk.stranger")
OLD = text("desk.link-old")


async def test_a_link_from_the_head_makes_a_user_an_officer_once(whole_on_both: Whole) -> None:
    whole = whole_on_both
    phones = Phones(whole)
    await phones.named()
    thu, head = await whole.officer("Thu"), await whole.officer("Hà", "head")
    [said] = [shown for shown in await head.says("/moi thu") if not shown.own]
    assert said.private
    assert "cho Thu" in said.message.text
    assert "60 phút" in said.message.text
    links = re.findall(r"https?://\S+", said.message.text)
    assert [link.split("?")[0].rsplit("/", 1)[0] for link in links] == [
        "https://t.me",
        "http://127.0.0.1:8080/canbo/vao",
    ]
    token = links[0].removeprefix("https://t.me/motcua_canbo_bot?start=")

    await phones.does(USER, Started(token))
    greeting, help_ = phones.texts(USER)
    assert greeting.startswith("Chào Thu.")
    assert "/homnay" in help_
    assert "/nhom" not in help_
    assert [shown.message.text for shown in await thu.news()][:1] == [greeting]

    await phones.does(OTHER, Started(token))
    assert phones.texts(OTHER) == [OLD]
    await phones.does(USER, Started(token))
    assert phones.texts(USER)[2:] == [text("desk.link-old-known", {"name": "Thu"})]


async def test_only_the_head_invites_and_only_their_own(whole: Whole) -> None:
    thu, head = await whole.officer("Thu"), await whole.officer("Hà", "head")
    await whole.officer("Bình", office="dong-kinh")
    for words in ("/moi Hà", "/moi", "/nhom", "/roinhom"):
        assert text("not-allowed.head-only") in (await thu.says(words))[-1].message.text
    assert "Không rõ là ai" in (await head.says("/moi Bình"))[-1].message.text
    alone = (await head.says("/moi"))[-1].message.text
    assert "cho Hà" in alone
    assert "t.me" not in alone  # nobody knows the bot's name before it has run
    assert "/canbo/vao/" in alone


async def test_links_go_old_and_rubbish_opens_nothing(whole: Whole) -> None:
    phones, thu = Phones(whole), await whole.officer("Thu")
    token = await phones.token(thu)
    await whole.run(lambda work: work.connection.execute(update(t.tokens).values(expires=0.0)))
    for payload in (token, "x", "office-son-tien", "-" * 64, "'; --", "é\ud800"[:1]):
        phones.clear(USER)
        await phones.does(USER, Started(payload))
        assert phones.texts(USER) == [OLD]


async def test_linking_again_moves_a_user_and_several_users_may_be_one_officer(whole: Whole) -> None:
    phones = Phones(whole)
    thu, lan = await whole.officer("Thu"), await whole.officer("Lan")
    await phones.link(USER, thu)
    await phones.link(OTHER, thu)
    assert (
        len([words for words in phones.texts(USER) if words.startswith("Chào Thu.")]) == 2
    )  # the other one is no secret
    await phones.link(USER, lan)
    phones.clear(USER)
    phones.clear(OTHER)
    await phones.says(USER, "/cuatoi")
    assert phones.texts(OTHER) == []
    assert len(phones.texts(USER)) == 1
    assert [shown.message.text for shown in await lan.news()][-2:] == ["/cuatoi", text("staff.mine-none")]


async def test_a_stranger_hears_one_sentence_and_not_forever(whole: Whole) -> None:
    phones = Phones(whole)
    whole.times = 5
    for _ in range(3):  # twenty seconds apart
        await phones.says(USER, "cho tôi xem hồ sơ")
    assert phones.texts(USER) == [STRANGER]
    await whole.pass_time(timedelta(minutes=1))
    await phones.does(USER, Started())
    assert phones.texts(USER) == [STRANGER] * 2


async def test_a_stranger_who_comes_back_is_answered(whole: Whole) -> None:
    phones = Phones(whole)
    await phones.says(USER, "chào")
    await phones.happens(STAFF, USER, Left("blocked"))
    await whole.pass_time(timedelta(minutes=1))
    await phones.says(USER, "chào")
    await phones.does(USER, Started("x"))
    assert phones.texts(USER) == [STRANGER, STRANGER, OLD]


async def test_a_strangers_press_is_answered_by_the_toast_alone(whole: Whole) -> None:
    dossier = await handed_in(whole)
    phones, head = Phones(whole), await whole.officer("Hà", "head")
    await phones.link(OTHER, head)
    await phones.join(OTHER, head)
    before = phones.texts(DESK)
    said = await phones.presses(USER, f"d:claim:{dossier}", DESK, phones.card(DESK, dossier))
    assert [message.text for message in said] == [STRANGER]
    assert [m.text for m in await phones.says(USER, f"/nhom {await phones.code(head)}", DESK)] == [STRANGER]
    await phones.says(USER, "chào", DESK, phones.card(DESK, dossier))
    assert phones.texts(DESK) == before
    assert phones.texts(USER) == []
    assert await whole.run(lambda work: [e.what for e in work.history.of(dossier)]) == ["submit"]


async def test_the_list_of_staff_tells_who_is_on_telegram(whole: Whole) -> None:
    phones, thu = Phones(whole), await whole.officer("Thu")
    await whole.officer("Hà", "head")

    def listed(work: Work) -> list[str]:
        return [commands._listed(work, officer) for officer in work.officers.all()]  # noqa: SLF001

    await phones.link(USER, thu)
    assert await whole.run(listed) == ["son-tien  head     Hà", "son-tien  officer  Thu  (Telegram)"]
    await phones.happens(STAFF, USER, Left("blocked"))
    await thu.says("/vang")
    assert (await whole.run(listed))[1] == "son-tien  officer  Thu  (vắng, Telegram: không gửi được)"


async def test_whoever_has_left_is_a_stranger_at_once(whole: Whole) -> None:
    dossier = await handed_in(whole)
    phones, thu, head = Phones(whole), await whole.officer("Thu"), await whole.officer("Hà", "head")
    await phones.link(USER, thu)
    await phones.link(OTHER, head)
    await phones.join(OTHER, head)
    token = await phones.token(thu)
    await phones.presses(USER, f"d:claim:{dossier}", DESK)
    phones.clear(USER)

    def leave(work: Work) -> None:
        officer, phone = work.officers.get(thu.officer), work.chats.find(STAFF, USER)
        assert officer is not None
        assert phone is not None
        work.outbox.add(phone.id, STAFF, Message("giấy tờ"))
        absences.leave(present(work, whole.world), officer)

    await whole.run(leave)
    await whole.app.idle()
    assert phones.texts(USER) == []  # what was on its way is for officers only
    said = await phones.presses(USER, f"d:papers:{dossier}", DESK)
    assert [message.text for message in said] == [STRANGER]
    await phones.says(USER, "/homnay")
    await phones.does(USER, Started(token))
    assert phones.texts(USER) == [STRANGER, OLD]
    waiting = select(func.count()).select_from(t.outbox).where(t.outbox.c.status == "waiting")
    assert await whole.run(lambda work: work.connection.scalar(waiting)) == 0
