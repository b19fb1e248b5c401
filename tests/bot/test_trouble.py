"""What is in the way of looking at photos and printing papers: nothing waits for ever, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any, NoReturn

import msgspec
import pytest
from sqlalchemy import select, update

from bot import drafts, keeping
from bot.scene import present
from bot.work import Worker
from bot.workshop import Broken, Workshop
from conversations.messages import Card, FileSent, Inbound
from conversations.render import text
from conversations.state import Draft, ReadCard, Want
from storage import tables as t
from storage.files import Folder, Store
from storage.work import Work
from tests.bot.test_procedures import CATALOGUE
from tests.bot.walk import greeted, hand_in, to_review
from tests.bot.whole import Actor, NearShop, Whole, another

FULL = CATALOGUE.procedures["xac-nhan-tinh-trang-hon-nhan"]


class Slow(Workshop):
    """Every piece of work takes all the time there is."""

    tries = 0

    async def run(self, *_: object, **__: object) -> NoReturn:
        self.tries += 1
        raise Broken(slow=True)


class FullDisk(Folder):
    """Takes nothing, while it is full."""

    full = True

    def put(self, name: str, data: bytes) -> None:
        if self.full:
            raise OSError(28, "no space")
        super().put(name, data)


def with_worker(whole: Whole, shop: Workshop, store: Store | None = None) -> Store:
    app = whole.app
    kept: Store = store or app.live._store  # noqa: SLF001 - the one that the app opened
    app.worker = Worker(app.database, whole.world, app.receiver, kept, shop=shop)
    return kept


async def at_papers(whole: Whole) -> Actor:
    citizen = await greeted(whole)
    await citizen.press(f"start:{FULL.id}")
    await to_review(citizen, FULL, "paper:")
    await citizen.press(next(value for value in citizen.buttons if value.startswith("paper:")))
    return citizen


async def work_on(whole: Whole, times: int = 1) -> None:
    """As if the pauses between tries were over."""
    for _ in range(times):
        await whole.run(lambda work: work.connection.execute(update(t.jobs).values(claimed_until=0.0)))
        await whole.app.idle()


async def every(whole: Whole, column: Any) -> list[Any]:
    return await whole.run(lambda work: list(work.connection.scalars(select(column))))


async def test_what_takes_all_the_time_there_is_is_tried_once(whole: Whole) -> None:
    """Everybody else waits as long."""
    citizen, shop = await at_papers(whole), Slow()
    with_worker(whole, shop)
    await citizen.sends(another())
    assert shop.tries == 1
    assert any("không mở được" in shown.message.text for shown in citizen.shown.values())


async def test_a_full_disk_is_waited_for(whole: Whole, caplog: pytest.LogCaptureFixture) -> None:
    """The fault is ours: the photo is neither lost nor called broken, and the person need not send it again."""
    citizen = await at_papers(whole)
    disk = FullDisk(whole.app.settings.data / "files")
    with_worker(whole, NearShop(), disk)
    await citizen.sends(another())
    await work_on(whole, 6)
    assert "checking" in await every(whole, t.documents.c.verdict)
    disk.full = False
    await work_on(whole)
    assert set(await every(whole, t.documents.c.verdict)) == {"ok"}
    assert await every(whole, t.jobs.c.kind) == ["draft"]  # its own clock
    caplog.clear()  # that it failed is logged, and meant here


async def test_bytes_that_are_gone_are_asked_for_again(whole: Whole, caplog: pytest.LogCaptureFixture) -> None:
    citizen = await at_papers(whole)
    before = set(await every(whole, t.documents.c.file))
    with_worker(whole, Slow(), FullDisk(whole.app.settings.data / "elsewhere"))
    await citizen.sends(another())
    assert any("không tải được" in shown.message.text for shown in citizen.shown.values())
    assert set(await every(whole, t.documents.c.file)) == before
    caplog.clear()  # it is logged, and meant here


async def test_a_paper_that_cannot_be_printed_is_not_waited_for_in_vain(
    whole: Whole, caplog: pytest.LogCaptureFixture
) -> None:
    citizen = await greeted(whole)
    await citizen.press(f"start:{FULL.id}")
    await to_review(citizen, FULL)
    with_worker(whole, Slow())
    await citizen.press_label(text("button.filled"))
    await work_on(whole, 3)
    await citizen.news()
    assert citizen.last.message.text == text("printing.failed")
    assert await every(whole, t.jobs.c.kind) == ["draft"]  # its own clock
    caplog.clear()  # that it failed is logged, and meant here


async def test_what_was_made_of_a_forgotten_photo_goes_too(whole: Whole) -> None:
    """The program died when the copies were kept; the draft was given up before it looked at the photo again."""
    citizen = await at_papers(whole)
    live = whole.app.live
    await whole.app.receiver.receive(await _photo_event(citizen))
    (check,) = await whole.run(lambda work: work.jobs.claim(whole.world.now(), only=("check",)))
    copy = await keeping.put(live._store, b"a copy", "image/jpeg", "")  # noqa: SLF001 - as above
    await whole.run(
        lambda work: work.files.add(copy, citizen.reader.chat, f"made:{check.subject}:0", whole.world.now())
    )

    def give_up(work: Work) -> None:
        scene, (line,) = present(work, whole.world), work.drafts.lines(_person(work, citizen))
        drafts.discard(scene, _person(work, citizen), line.id)

    await whole.run(give_up)
    await work_on(whole)
    assert await every(whole, t.files.c.id) == []
    assert [path for path in (whole.app.settings.data / "files").rglob("*") if path.is_file()] == []


async def test_a_supplement_that_is_given_up_begins_anew_with_nothing(whole: Whole) -> None:
    """No card that was read, nothing that waits for an answer, no count of tries."""
    citizen = await greeted(whole)
    record = await hand_in(citizen, FULL)

    def give_up(work: Work) -> tuple[Draft, Draft]:
        scene = present(work, whole.world)
        drafts.begin_supplement(scene, record, (Want("phone", "sai"),))
        (line,) = work.drafts.lines(record.person)
        begun = work.drafts.get(line.id, record.person)
        assert begun is not None
        read = Card("042194001234", "", "Nguyễn Thị Hoa", "15/08/1994", "Nữ", "Thôn 3", "01/07/2024")
        card = ReadCard(read, "requester")
        used = msgspec.structs.replace(begun, flags=("x",), tries={"phone": 2}, card=card, marks={"phone": "odd"})
        work.drafts.save(begun, used, record.person, scene.now)
        drafts.discard(scene, record.person, begun.id)
        (line,) = work.drafts.lines(record.person)
        after = work.drafts.get(line.id, record.person)
        assert after is not None
        return begun, after

    begun, after = await whole.run(give_up)
    assert after == msgspec.structs.replace(begun, id=after.id)


async def test_the_workers_end_is_not_waited_for() -> None:
    """Whoever stops the program in the middle of a long piece of work."""
    shop = Workshop()
    await shop.run(os.getpid)
    task = asyncio.create_task(shop.run(time.sleep, 20))
    await asyncio.sleep(0.2)
    began = time.monotonic()
    shop.close()
    with pytest.raises(Broken):
        await task
    assert time.monotonic() - began < 5


async def _photo_event(citizen: Actor) -> Inbound:
    file = await citizen.keep(another(), "image/jpeg", "")
    reader = citizen.reader
    return Inbound(reader.channel, reader.address, "one-photo", FileSent(file), citizen.whole.world.now())


def _person(work: Work, citizen: Actor) -> str:
    chat = work.chats.get(citizen.reader.chat)
    assert chat is not None
    assert chat.person is not None
    return chat.person
