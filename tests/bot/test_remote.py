"""Files that a messenger keeps: fetched once, sealed, then checked, whatever fails on the way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from bot import fetch
from bot.live import Reader, reader_of
from bot.remote import described
from bot.scene import present
from bot.work import Worker
from conversations.messages import File, Pressed, Refused, TextSent, TryLater, Undeliverable
from handlers.telegram_door import CITIZENS
from storage import tables as t
from storage.work import Work
from tests.bot.messenger import Chatter, Messenger, bytes_of, jobs, words
from tests.bot.photos import heic
from tests.bot.whole import NearShop, Whole, another, jpeg, pdf


@pytest.fixture
async def citizen(whole_on_both: Whole) -> Chatter:
    """At a paper of up to ten pages; the messenger's files can't be had yet."""
    made = Chatter(Messenger(whole_on_both))
    await made.to_papers()
    return made


async def later(whole: Whole) -> None:
    """Jobs that were put off are ripe, and done."""
    await whole.run(lambda work: work.connection.execute(update(t.jobs).values(claimed_until=0.0)))
    await whole.app.idle()


async def only(citizen: Chatter) -> tuple[str, str, int, str]:
    """The one document: its file, type, size and verdict."""
    (document,) = (await citizen.draft()).documents
    return document.ref, document.media_type, document.size, document.verdict


async def test_a_photo_is_fetched_sealed_and_checked(citizen: Chatter) -> None:
    whole, messenger = citizen.whole, citizen.messenger
    await citizen.does(citizen.photo(data=jpeg(7), size=7))
    await whole.app.idle()
    assert await jobs(whole) == [f"fetch {CITIZENS}"]  # nobody here can fetch it: it waits
    assert (await only(citizen))[3] == "checking"
    messenger.connect()
    await whole.app.idle()
    ref, media_type, size, verdict = await only(citizen)
    assert (media_type, size, verdict) == ("image/jpeg", len(jpeg(7)), "ok")
    assert await bytes_of(whole, ref) == jpeg(7)
    assert await whole.run(lambda work: work.files.get(ref, [])) is None
    assert (await jobs(whole), messenger.asked) == ([], ["tg0"])


@pytest.mark.parametrize(
    ("said", "data", "found"),
    [
        ("application/octet-stream", jpeg(), "image/jpeg"),
        ("", pdf(), "application/pdf"),
        ("image/png", jpeg(), "image/jpeg"),
        ("image/heif", heic(), "image/heic"),
        ("image/jpg; charset=x", jpeg(), "image/jpeg"),
    ],
)
async def test_the_bytes_tell_what_it_is(whole: Whole, said: str, data: bytes, found: str) -> None:
    citizen = Chatter(Messenger(whole))
    await citizen.to_papers()
    citizen.messenger.connect()
    await citizen.does(citizen.photo(data=data, media_type=said, size=0))
    await whole.app.idle()
    ref, *rest = await only(citizen)
    assert rest == [found, len(data), "ok"]
    known = await whole.run(lambda work: work.files.get(ref))
    assert known is not None
    assert (known[0].media_type, known[0].size) == (found, len(data))


@pytest.mark.parametrize(
    ("said", "name", "media_type"),
    [
        ("", "giay.pdf", "application/pdf"),
        ("application/octet-stream", "ANH.JPG", "image/jpeg"),
        ("", "don.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("", "ảnh", ""),
        ("IMAGE/JPEG", "", "image/jpeg"),
        ("image/pjpeg", "", "image/jpeg"),
    ],
)
def test_a_name_may_tell_what_a_messenger_does_not(said: str, name: str, media_type: str) -> None:
    assert described(File("x", said, 1, name)).media_type == media_type


async def test_bytes_that_are_no_photo_are_asked_for_again(citizen: Chatter) -> None:
    citizen.messenger.connect()
    assert await citizen.hears(citizen.photo(data=b"MZ" * 50, media_type="")) == ""
    await citizen.whole.app.idle()
    assert "không phải ảnh hay PDF" in words(await citizen.told())
    assert (await citizen.draft()).documents == ()


async def test_a_bad_line_is_waited_for_and_says_nothing(
    citizen: Chatter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(fetch, "TRIES", 8)
    whole, messenger = citizen.whole, citizen.messenger
    messenger.connect()
    await citizen.hears(citizen.photo(data=TimeoutError()))
    for _ in range(fetch.TRIES - 1):
        await later(whole)
    assert len(messenger.asked) == fetch.TRIES - 1
    assert await citizen.told() == []
    messenger.files["tg0"] = another()
    await later(whole)
    assert (await only(citizen))[3] == "ok"
    assert {record.levelno for record in caplog.get_records("call")} <= {logging.WARNING, logging.INFO}


async def test_pauses_grow(citizen: Chatter) -> None:
    citizen.messenger.connect()
    await citizen.does(citizen.photo(data=TryLater(40)))
    waits = []
    for _ in range(6):
        await later(citizen.whole)

        def left(work: Work) -> float:
            return (
                float(work.connection.scalar(select(t.jobs.c.claimed_until).where(t.jobs.c.kind != "draft")) or 0)
                - work.machine_now()
            )

        waits.append(round(await citizen.whole.run(left)))
    assert waits == pytest.approx([40, 40, 40, 60, 300, 300], abs=2)


@pytest.mark.parametrize(
    ("error", "words_"),
    [
        (Undeliverable("gone"), "không tải được tệp bạn gửi cho «Tờ trình"),
        (Refused("wrong file_id"), "không tải được tệp bạn gửi cho «Tờ trình"),
        (Refused("too-large"), "lớn quá, tôi không mở được"),
    ],
)
async def test_what_will_never_come_is_asked_for_again(citizen: Chatter, error: Exception, words_: str) -> None:
    whole = citizen.whole
    citizen.messenger.connect()
    await citizen.hears(citizen.photo(data=error))
    ref = (await only(citizen))[0]
    await whole.app.idle()
    said = words(await citizen.told())
    assert words_ in said
    assert "Giấy 1/" in said
    assert (await citizen.draft()).documents == ()
    assert await whole.run(lambda work: work.files.get(ref)) is None
    assert await jobs(whole) == []


async def test_after_half_a_day_it_is_asked_for_again(citizen: Chatter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "TRIES", 4)
    citizen.messenger.connect()
    await citizen.hears(citizen.photo(data=ConnectionError()))
    for _ in range(fetch.TRIES):
        await later(citizen.whole)
    assert "Mời bạn gửi lại" in words(await citizen.told())
    assert await jobs(citizen.whole) == []


@pytest.mark.parametrize("point", ["put", "arrived", "received"])
async def test_a_crash_at_any_point_is_made_up_for(
    citizen: Chatter, point: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole, messenger = citizen.whole, citizen.messenger
    store = whole.app.live._store  # noqa: SLF001 - the one that the app opened
    messenger.connect()
    await citizen.hears(citizen.photo(data=Undeliverable("gone") if point == "received" else jpeg()))

    def dies(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        if point == "put":
            broken.setattr(store, "put", dies)
        else:
            broken.setattr(fetch, "_arrived" if point == "arrived" else "_forgotten", dies)
        with contextlib.suppress(MemoryError):
            await whole.app.idle()
    await later(whole)
    await later(whole)
    if point == "received":
        assert words(await citizen.told()).count("không tải được") == 1
        assert (await citizen.draft()).documents == ()
    else:
        assert (await only(citizen))[3] == "ok"
        assert await bytes_of(whole, (await only(citizen))[0]) == jpeg()
    assert await jobs(whole) == []
    caplog.clear()  # what failed on purpose may be logged


async def test_one_that_was_given_up_meanwhile_leaves_nothing(citizen: Chatter) -> None:
    whole, messenger = citizen.whole, citizen.messenger
    store = whole.app.live._store  # noqa: SLF001 - the one that the app opened

    async def slow(file_id: str) -> bytes:
        await citizen.does(Pressed(f"redo:van-ban-de-nghi:{(await citizen.draft()).id[:6]}"))
        return await messenger.fetch(file_id)

    whole.app.fetchers[CITIZENS] = slow
    await citizen.hears(citizen.photo())
    ref = (await only(citizen))[0]
    await whole.app.idle()
    assert (await citizen.draft()).documents == ()
    with pytest.raises(FileNotFoundError):
        store.get(ref)
    assert await jobs(whole) == []


async def test_what_nobody_takes_is_neither_fetched_nor_kept(whole_on_both: Whole) -> None:
    citizen = Chatter(Messenger(whole_on_both))
    citizen.messenger.connect()
    await citizen.hears(TextSent("chào"))
    await citizen.hears(citizen.photo())
    assert await jobs(whole_on_both) == []
    assert await whole_on_both.run(lambda work: work.connection.scalars(select(t.files.c.id)).all()) == []


async def test_a_slow_line_holds_up_neither_jobs_nor_other_files(whole: Whole) -> None:
    citizen = Chatter(Messenger(whole))
    await citizen.to_papers()
    held = asyncio.Event()

    async def slow(file_id: str) -> bytes:
        if file_id == "tg0":
            await held.wait()
        return another()

    whole.app.fetchers[CITIZENS] = slow
    whole.app.start()
    for _ in range(3):
        await citizen.does(citizen.photo("a1"))
    await until(citizen, lambda verdicts: verdicts.count("ok") == 2)
    held.set()
    await until(citizen, lambda verdicts: verdicts.count("ok") == 3)


async def until(citizen: Chatter, true: Callable[[list[str]], bool]) -> None:
    for _ in range(200):
        if true([document.verdict for document in (await citizen.draft()).documents]):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("waited in vain")


# whoever shows or sends it


async def test_a_sender_waits_for_it_and_learns_when_it_is_gone(citizen: Chatter) -> None:
    whole = citizen.whole
    await citizen.does(citizen.photo(data=jpeg()))
    ref = (await only(citizen))[0]
    with pytest.raises(TryLater):
        await whole.app.load(ref)
    citizen.messenger.connect()
    await whole.app.idle()
    assert await whole.app.load(ref) == jpeg()
    with pytest.raises(Refused):
        await whole.app.load("0" * 32)


async def test_bytes_that_the_store_has_lost_are_gone(citizen: Chatter, caplog: pytest.LogCaptureFixture) -> None:
    citizen.messenger.connect()
    await citizen.does(citizen.photo())
    await citizen.whole.app.idle()
    ref = (await only(citizen))[0]
    citizen.whole.app.live._store.delete(ref)  # noqa: SLF001 - the one that the app opened
    with pytest.raises(Refused):
        await citizen.whole.app.load(ref)
    assert "gone from the store" in caplog.text
    caplog.clear()


async def own_page(citizen: Chatter) -> Reader:
    def look(work: Work) -> Reader:
        chat = work.chats.find(CITIZENS, citizen.address)
        assert chat is not None
        return reader_of(present(work, citizen.whole.world), chat)

    return await citizen.whole.run(look)


async def test_a_page_waits_a_moment_for_it(citizen: Chatter, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = citizen.whole
    await citizen.does(citizen.photo(data=jpeg()))
    ref, reader = (await only(citizen))[0], await own_page(citizen)
    shown = asyncio.create_task(whole.app.live.fetch(reader, ref))
    await asyncio.sleep(0.1)
    assert not shown.done()
    citizen.messenger.connect()
    await whole.app.idle()
    found = await asyncio.wait_for(shown, 1.0)
    assert found is not None
    assert (found[0].media_type, found[1]) == ("image/jpeg", jpeg())
    monkeypatch.setattr("bot.live._PATIENCE", 0.0)
    citizen.messenger.disconnect()
    await citizen.does(citizen.photo())
    with pytest.raises(TryLater):
        await whole.app.live.fetch(reader, (await citizen.draft()).documents[1].ref)


async def test_a_page_that_waits_learns_that_it_is_gone(citizen: Chatter) -> None:
    whole = citizen.whole
    await citizen.does(citizen.photo(data=Undeliverable("gone")))
    shown = asyncio.create_task(whole.app.live.fetch(await own_page(citizen), (await only(citizen))[0]))
    await asyncio.sleep(0.1)
    citizen.messenger.connect()
    await whole.app.idle()
    assert await asyncio.wait_for(shown, 1.0) is None


# in a talk with an officer


async def test_a_file_for_an_officer_is_fetched_and_shown(whole: Whole) -> None:
    citizen, thu = Chatter(Messenger(whole)), await whole.officer("Thu")
    citizen.messenger.connect()
    await citizen.does(TextSent("chào"))
    await citizen.does(Pressed("call"))
    await citizen.does(TextSent("cho hỏi giấy này"))
    await citizen.does(citizen.photo(data=jpeg(), media_type="", size=0))
    await whole.app.idle()
    await thu.news()
    (file,) = next(shown.message.files for shown in thu.shown.values() if shown.message.files)
    found = await whole.app.live.fetch(thu.reader, file.ref)
    assert found is not None
    assert (found[0].media_type, found[1]) == ("image/jpeg", jpeg())


async def test_one_for_an_officer_that_will_never_come_is_asked_for_again(whole: Whole) -> None:
    citizen = Chatter(Messenger(whole))
    citizen.messenger.connect()
    for event in (TextSent("chào"), Pressed("call"), TextSent("cho hỏi giấy này")):
        await citizen.does(event)
    await citizen.told()
    await citizen.does(citizen.photo(data=Undeliverable("gone")))
    assert await citizen.told() == []
    await whole.app.idle()
    (said,) = await citizen.told()
    assert "Mời bạn gửi lại" in said.text


async def test_a_stopped_worker_is_followed_by_another(citizen: Chatter) -> None:
    """Its job comes back when its lease has run out, and the file is fetched anew."""
    whole, app = citizen.whole, citizen.whole.app
    await citizen.does(citizen.photo())
    claim = lambda work: work.jobs.claim(whole.world.now(), 1, only=[f"fetch {CITIZENS}"], lease=300)  # noqa: E731
    assert len(await whole.run(claim)) == 1
    citizen.messenger.connect()
    await app.idle()
    assert citizen.messenger.asked == []
    app.worker = Worker(app.database, whole.world, app.receiver, app.live._store, app.fetchers, NearShop())  # noqa: SLF001
    await later(whole)
    assert (await only(citizen))[3] == "ok"
