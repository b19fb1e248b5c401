"""A messenger delivers in any order and up to five times, a tap beside a text: nothing is doubled, nothing lost."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import turns
from bot.scene import Scene
from conversations.messages import Edited, Event, Inbound, Left, Message, Pressed, Returned, Started, TextSent
from conversations.render import text
from handlers.telegram_door import CITIZENS
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot.messenger import Chatter, Messenger, words
from tests.bot.walk import records
from tests.bot.whole import Whole, running

TIMES = 5
PROCEDURE = "xac-nhan-tinh-trang-hon-nhan"
GATHERED = "giay-khen-gia-dinh"
ENOUGH = 12  # messages of a whole walk


async def walk(citizen: Chatter) -> AsyncIterator[Event]:
    """From the greeting to the tracking code; each needs what the one before it led to."""
    yield Started(GATHERED)
    yield Pressed(f"start:{GATHERED}")
    while (event := await citizen.onward()) is not None:
        yield event
    draft = (await citizen.draft()).id
    for paper in ("van-ban-de-nghi", "bao-cao-thanh-tich", "bien-ban-xet"):
        for _ in range(3):
            yield citizen.photo(paper)
        yield Pressed(f"done:{paper}:{draft[:6]}")
    yield Pressed(f"submit:{draft}")


async def outcome(citizen: Chatter) -> dict[str, object]:
    """All that is left of a walk, without what is random."""
    (record,) = await records(citizen.whole)

    def look(work: Work) -> dict[str, object]:
        tables = (t.persons, t.chats, t.drafts, t.dossiers, t.answers, t.documents, t.history, t.files, t.consents)
        count = select(func.count()).select_from
        return {
            "rows": {table.name: work.connection.scalar(count(table)) for table in tables},
            "answers": work.drafts.answers(record.id),
            "documents": Counter((d.paper, d.media_type, d.verdict) for d in work.drafts.documents(record.id)),
            "skipped": sorted(record.body.skipped),
            "inbox": Counter(work.connection.scalars(select(t.inbox.c.status))),
            "jobs": work.connection.scalar(count(t.jobs)),
        }

    return await citizen.whole.run(look)


async def walked(whole: Whole, seed: int | None) -> tuple[dict[str, object], list[str]]:
    """The walk, once and in order, or with each event up to five times at any later moment and beside others."""
    chance = random.Random(seed)
    citizen = Chatter(Messenger(whole))
    citizen.messenger.connect()
    done: list[Inbound] = []
    said: list[Message] = []
    receive = whole.app.receiver.receive
    left = Counter[str]()
    async for event in walk(citizen):
        inbound = citizen.inbound(event)
        if seed is None:
            await receive(inbound)
        else:
            left[inbound.event_id] = TIMES
            done.append(inbound)
            beside = [one for one in chance.sample(done, min(3, len(done))) if left[one.event_id] > 1]
            batch = [inbound] * chance.randint(1, 2) + beside
            chance.shuffle(batch)
            left.subtract(one.event_id for one in batch)
            await asyncio.gather(*(receive(one) for one in batch))
        if not getattr(inbound.event, "album", ""):
            await whole.app.idle()
            said += await citizen.told()
    return await outcome(citizen), [message.text for message in said]


def plain(said: list[str]) -> list[str]:
    """Without the code, which is each time another."""
    return [re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", "CODE", text) for text in said]


async def test_a_walk_ends_the_same_however_it_is_delivered(sqlite_template: Path, tmp_path: Path, keys: Keys) -> None:
    ends = []
    for number, seed in enumerate((None, *range(8))):
        url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / f'{number}.sqlite3')}"
        async with running(url, tmp_path / str(number)) as whole:
            ends.append(await walked(whole, seed))
    expected, told = ends[0]
    assert len(told) >= ENOUGH
    for raced, said in ends[1:]:
        assert raced == expected
        assert plain(said) == plain(told)


@pytest.mark.parametrize("seed", range(6))
async def test_photos_in_any_order_beside_what_cannot_be_used(whole_on_both: Whole, seed: int) -> None:
    """Order does not matter here: every photo is there once at the end, and the last words have the right count."""
    chance = random.Random(seed)
    citizen = Chatter(Messenger(whole_on_both))
    citizen.messenger.connect()
    await citizen.to_papers()
    photos = [citizen.photo("a1" if number < 4 else "") for number in range(6)]
    rest: list[Event] = [Edited("sửa lại"), Edited("sửa nữa")]
    batch = [citizen.inbound(event) for event in (*photos, *rest)] * TIMES
    chance.shuffle(batch)
    await asyncio.gather(*(whole_on_both.app.receiver.receive(one) for one in batch))
    await whole_on_both.app.idle()
    draft = await citizen.draft()
    assert Counter((d.paper, d.verdict) for d in draft.documents) == {("van-ban-de-nghi", "ok"): 6}
    said = await citizen.told()
    assert "Đã nhận 6 ảnh" in words(said)
    assert sorted(citizen.messenger.asked) == sorted({photo.file.ref for photo in photos})


@pytest.mark.parametrize("seed", range(6))
async def test_taps_beside_texts_and_photos(whole: Whole, seed: int) -> None:
    """Whatever comes first: each event counts once, and at most one answer is kept for a question."""
    chance = random.Random(seed)
    citizen = Chatter(Messenger(whole))
    citizen.messenger.connect()
    await citizen.does(TextSent("chào"))
    await citizen.does(Pressed(f"start:{PROCEDURE}"))
    tag = (await citizen.draft()).id[:6]
    events: list[Event] = [
        Pressed(f"for:self:{tag}"),
        Pressed("yes:handle"),
        Pressed("no:notify"),
        TextSent("Nguyễn Thị Hoa"),
        TextSent("0984123456"),
        Pressed(f"ans:certificate_reissue:1:{tag}"),
        Pressed("back"),
        Pressed("menu"),
        Pressed(f"start:{PROCEDURE}"),
        citizen.photo("a1"),
        citizen.photo("a1"),
        Started(),
    ]
    batch = [citizen.inbound(event) for event in events] * TIMES
    chance.shuffle(batch)
    await asyncio.gather(*(whole.app.receiver.receive(one) for one in batch))
    await whole.app.idle()

    def look(work: Work) -> tuple[list[str], list[int], list[str]]:
        inbox = list(work.connection.scalars(select(t.inbox.c.status)))
        counts = [work.connection.scalar(select(func.count()).select_from(x)) or 0 for x in (t.drafts, t.consents)]
        return inbox, counts, list(work.connection.scalars(select(t.jobs.c.kind)))

    inbox, (drafts, consents), jobs = await whole.run(look)
    assert inbox == ["done"] * len(inbox)
    assert jobs == ["draft"]  # its own clock
    assert drafts == 1
    assert consents <= 2
    assert len((await citizen.draft()).documents) <= 2
    assert await citizen.told() != []


async def test_a_double_tap_hands_in_once(whole_on_both: Whole) -> None:
    """The app sends a tap again after it has lost its line, as a new one."""
    citizen = Chatter(Messenger(whole_on_both))
    await citizen.to_papers("ban-sao-trich-luc-ho-tich")
    await citizen.does(TextSent("không có"))
    await citizen.told()
    submit = Pressed(f"submit:{(await citizen.draft()).id}")
    taps = [citizen.inbound(submit) for _ in range(4)]
    await asyncio.gather(*(whole_on_both.app.receiver.receive(one) for one in taps * 2))
    (record,) = await records(whole_on_both)
    said = words(await citizen.told())
    assert said.count("Mã theo dõi") >= 1
    assert [entry.what for entry in await whole_on_both.run(lambda work: work.history.of(record.id))] == ["submit"]


# what cannot be done


async def test_a_poison_event_is_set_aside_and_its_chat_goes_on(
    whole_on_both: Whole, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole, messenger = whole_on_both, Messenger(whole_on_both)
    messenger.connect()
    citizen, other = Chatter(messenger), Chatter(messenger, "2002")
    await citizen.to_papers()
    tries: list[str] = []
    play = turns.play

    def fails(scene: Scene, inbound: Inbound) -> Sequence[Message]:
        if inbound.event == TextSent("độc"):
            tries.append(inbound.event_id)
            play(scene, inbound)  # what it had done is undone
            raise ZeroDivisionError
        return play(scene, inbound)

    monkeypatch.setattr(turns, "play", fails)
    poison = citizen.inbound(TextSent("độc"))
    await asyncio.gather(
        *(whole.app.receiver.receive(poison) for _ in range(TIMES)),
        citizen.does(citizen.photo()),
        other.does(TextSent("chào")),
    )
    await whole.app.idle()
    said = words(await citizen.told())
    assert len(tries) >= 3  # one more where it was played together with others
    assert said.count(text("common.failed")) == 1
    assert "Đã nhận 1 ảnh" in said
    assert words(await other.told())
    aside = select(t.inbox.c.event_id, t.inbox.c.attempts).where(t.inbox.c.status == "aside")
    assert await whole.run(lambda work: list(map(tuple, work.connection.execute(aside)))) == [(poison.event_id, 3)]
    caplog.clear()  # that it failed is logged, and meant here


# blocked and back


async def unreachable(citizen: Chatter) -> str | None:
    def look(work: Work) -> str | None:
        chat = work.chats.find(CITIZENS, citizen.address)
        return chat.unreachable if chat else None

    return await citizen.whole.run(look)


@pytest.mark.parametrize("back", [Returned(), Started(), TextSent("chào")])
async def test_who_comes_back_finds_their_place(whole: Whole, back: Returned | Started | TextSent) -> None:
    """Also when the messenger's word of the return was lost, or came after theirs."""
    citizen = Chatter(Messenger(whole))
    citizen.messenger.connect()
    await citizen.to_papers()
    await citizen.hears(citizen.photo())
    await citizen.does(Left("blocked"))
    assert await unreachable(citizen) == "blocked"
    await whole.app.idle()  # our own check is no sign of life
    assert await unreachable(citizen) == "blocked"
    await citizen.does(back)
    assert await unreachable(citizen) == ""
    await citizen.hears(Started())
    said = await citizen.hears(Pressed(f"resume:{(await citizen.draft()).id}"))
    assert "Đã nhận 1 ảnh" in said
    (document,) = (await citizen.draft()).documents
    assert document.verdict == "ok"


async def test_start_after_a_return_offers_the_draft(whole: Whole) -> None:
    citizen = Chatter(Messenger(whole))
    await citizen.to_papers()
    await citizen.does(Left("blocked"))
    await citizen.does(Returned())
    await citizen.does(Started())
    offered = [button.value for message in await citizen.told() for button in message.buttons]
    assert f"resume:{(await citizen.draft()).id}" in offered


async def test_a_chat_that_nobody_knows_is_left_alone(whole: Whole) -> None:
    citizen = Chatter(Messenger(whole))
    for event in (Left("blocked"), Returned()):
        await citizen.does(event)
    assert await unreachable(citizen) is None
    assert await citizen.told() == []
