"""Browsers that are told while their page is closed, over the whole program and a push service of our own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import TCPConnector

from bot.push import CHANNEL
from bot.push_pages import PushPages, contact
from bot.scene import present
from bot.settings import BadSetting, Settings
from conversations.messages import Started, TextSent
from handlers.push_sender import PushSender
from storage.sealed import Keys
from storage.work import Work
from tests.bot.walk import hand_in
from tests.bot.whole import Actor, Whole, running
from tests.handlers.fake_push import FakePush

EASY = "xac-nhan-tinh-trang-hon-nhan"
CONTACT = "motcua@example.vn"


@pytest.fixture
async def told(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[tuple[Whole, FakePush]]:
    fake = FakePush()
    await fake.server.start_server()
    async with running(database_url, tmp_path, push_contact=CONTACT) as whole:
        pages = whole.app.pushes
        sender = PushSender(pages, f"mailto:{CONTACT}", connector=TCPConnector, origin=lambda _: fake.origin)
        whole.app.senders[CHANNEL] = sender
        fake.known_by = await pages.key()
        yield whole, fake
        await sender.close()
    await fake.server.close()


async def wish(whole: Whole, actor: Actor, fake: FakePush, which: str = "abc") -> None:
    found = fake.subscription(which)
    await whole.app.pushes.add(actor.reader, found.endpoint, found.p256dh, found.auth)


async def test_a_citizen_hears_that_there_is_news_and_never_what(told: tuple[Whole, FakePush]) -> None:
    whole, fake = told
    citizen, thu = await whole.citizen(), await whole.officer("Thu")
    await citizen.send(Started())
    record = await hand_in(citizen, whole.world.catalogue.procedures[EASY])
    await wish(whole, citizen, fake)
    await thu.press(f"d:claim:{record.id}")
    await thu.press_label("Tiếp nhận")
    await whole.app.idle()
    assert fake.told, "the acceptance is news"
    for one in fake.told:
        assert one["body"].startswith("Có tin mới về hồ sơ ")
        assert one["title"] == "Một Cửa · xã Sơn Tiến"
        assert one["tag"] == f"dossier:{record.id}"
    assert not any("Hoa" in str(one) or "hôn nhân" in str(one) for one in fake.told)


async def test_officers_hear_of_a_new_dossier_but_not_of_their_own_deeds(told: tuple[Whole, FakePush]) -> None:
    whole, fake = told
    thu = await whole.officer("Thu")
    await wish(whole, thu, fake)
    citizen = await whole.citizen()
    await citizen.send(Started())
    record = await hand_in(citizen, whole.world.catalogue.procedures[EASY])
    await whole.app.idle()
    assert [one["body"].startswith("Có tin mới về hồ sơ") for one in fake.told] == [True]
    fake.told.clear()
    await thu.press(f"d:claim:{record.id}")
    await thu.send(TextSent("/cuatoi"))
    await whole.app.idle()
    assert fake.told == []


async def test_a_citizen_who_calls_is_heard_by_closed_pages(told: tuple[Whole, FakePush]) -> None:
    whole, fake = told
    thu = await whole.officer("Thu")
    await wish(whole, thu, fake)
    citizen = await whole.citizen()
    await citizen.send(Started())
    await citizen.press("call")
    await citizen.says("Cho tôi hỏi lịch tiêm chủng")
    await whole.app.idle()
    assert [one["body"] for one in fake.told] == ["Có người dân cần gặp cán bộ."]


async def test_a_browser_that_is_gone_costs_nobody_anything(told: tuple[Whole, FakePush]) -> None:
    whole, fake = told
    citizen, thu = await whole.citizen(), await whole.officer("Thu")
    await citizen.send(Started())
    record = await hand_in(citizen, whole.world.catalogue.procedures[EASY])
    await wish(whole, citizen, fake)
    fake.status = 410
    await thu.press(f"d:claim:{record.id}")
    await thu.press_label("Tiếp nhận")
    await whole.app.idle()
    await thu.news()
    assert not any("chưa báo được" in shown.message.text for shown in thu.shown.values())
    chat = citizen.reader.chat
    assert await whole.run(lambda work: work.pushes.of(chat)) == []
    fake.status = 201
    await wish(whole, citizen, fake)  # they press again: it works again
    await thu.press_label("Có kết quả")
    await whole.app.idle()
    assert await whole.run(lambda work: len(work.pushes.of(chat))) == 1


async def test_a_browser_belongs_to_whoever_pressed_there_last(told: tuple[Whole, FakePush]) -> None:
    whole, fake = told
    mother, son = await whole.citizen("me"), await whole.citizen("con")
    await mother.send(Started())
    await son.send(Started())
    for actor in (mother, mother, son):
        await wish(whole, actor, fake)
    assert await whole.run(lambda work: work.pushes.of(mother.reader.chat)) == []
    assert len(await whole.run(lambda work: work.pushes.of(son.reader.chat))) == 1
    await whole.app.pushes.drop(mother.reader, fake.subscription().endpoint)
    assert len(await whole.run(lambda work: work.pushes.of(son.reader.chat))) == 1
    for number in range(7):
        await wish(whole, son, fake, f"b{number}")
    assert len(await whole.run(lambda work: work.pushes.of(son.reader.chat))) == 5


async def test_the_key_is_made_once_and_sealed(told: tuple[Whole, FakePush]) -> None:
    whole, _ = told
    again = PushPages(whole.app.database, whole.world)
    assert await again.key() == await whole.app.pushes.key()
    kept = await whole.run(lambda work: work.installation.get("push-key"))
    assert kept is not None
    assert (await again.secret()).hex() not in kept


async def test_what_is_kept_of_a_browser_is_sealed(told: tuple[Whole, FakePush]) -> None:
    whole, fake = told
    citizen = await whole.citizen()
    await citizen.send(Started())
    await wish(whole, citizen, fake)

    def raw(work: Work) -> str:
        rows = work.connection.exec_driver_sql("SELECT * FROM pushes").all()
        present(work, whole.world)
        return str([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows])

    assert fake.subscription().endpoint not in await whole.run(raw)


def test_who_may_be_written_to() -> None:
    settings = Settings()
    assert contact(settings) == ""
    assert contact(Settings(public_url="https://motcua.example.vn/x")) == "https://motcua.example.vn"
    assert contact(Settings(public_url="http://10.0.0.1")) == ""
    assert contact(Settings(push_contact="mailto:a@example.vn")) == "mailto:a@example.vn"
    with pytest.raises(BadSetting):
        contact(Settings(push_contact="gọi tôi"))
