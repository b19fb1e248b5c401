"""A closure reaches everybody once, moves appointments into free places and marks the clocks that run."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot import appointments, closures
from bot.scene import present
from conversations.closure import OFFICE, PORTAL, DeclareClosure
from conversations.messages import Message
from domain.dossier import Status
from storage.dossiers import Record
from storage.sealed import Keys
from storage.work import Work
from tests.bot import replay
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import Actor, Whole, running

EASY = "ban-sao-trich-luc-ho-tich"


async def _ready(whole: Whole, officer: Actor, name: str) -> Actor:
    """A citizen whose result lies ready at the first hour of the next working day."""
    citizen = await greeted(whole, name)
    record = await hand_in(citizen, whole.world.catalogue.procedures[EASY])
    slots = await whole.run(lambda work: _slots(work, whole))
    for press in ("claim", "accept", f"done:{record.id}:{slots[0]:%Y%m%d%H%M}"):
        await officer.press(f"d:{press}" if ":" in press else f"d:{press}:{record.id}")
    return citizen


def _slots(work: Work, whole: Whole) -> list[datetime]:
    scene = present(work, whole.world)
    return [s for s in appointments.free_slots(scene, "son-tien") if s.date() > whole.world.now().date()]


async def _declared(whole: Whole, head: Actor, *, what: str = OFFICE, days: int = 3) -> list[Message]:
    def act(work: Work) -> list[Message]:
        scene = present(work, whole.world)
        officer = work.officers.get(head.reader.address)
        assert officer is not None
        effect = DeclareClosure(what, scene.now, scene.now + timedelta(days=days), "mưa lũ")
        return closures.declare(scene, officer, effect)

    said = await whole.run(act)
    await whole.app.idle()
    return said


def _labels(officer: Actor) -> list[str]:
    return [button.label for button in officer.last.message.buttons]


def _replayed(record: Record, work: Work) -> None:
    replay.check(work, record)


def _told(citizen: Actor) -> list[str]:
    return [s.message.text for s in citizen.shown.values() if "Lý do: mưa lũ" in s.message.text]


async def test_everybody_hears_once_and_no_two_share_a_place(whole_on_both: Whole) -> None:
    whole = whole_on_both
    thu, ha = await whole.officer("Thu"), await whole.officer("Hà", "head")
    ready = [await _ready(whole, thu, f"ban-{number}") for number in range(2)]
    waiting = await greeted(whole, "cho")
    await hand_in(waiting, whole.world.catalogue.procedures[EASY])
    begun, stranger = await greeted(whole, "do"), await greeted(whole, "la")
    await begun.press("start:khai-tu")

    said = await _declared(whole, ha)
    assert "4 người được báo trong chat, 2 giờ hẹn được dời, 1 hồ sơ được đánh dấu" in said[0].text
    assert "đã được thông báo rồi" in (await _declared(whole, ha))[0].text
    for citizen in (*ready, waiting, begun, stranger):
        await citizen.news()
    ends = whole.world.now() + timedelta(days=3)
    for record in await records(whole):
        await whole.run(partial(_replayed, record))
        if record.status == Status.DONE:
            assert record.appointment_at is not None
            assert record.appointment_at >= ends
            place = await whole.run(lambda work, record=record: work.places.of(record.id))  # type: ignore[misc]
            assert place == record.appointment_at
    assert [len(_told(citizen)) for citizen in (*ready, waiting, begun)] == [1] * 4
    assert all("dời sang" in _told(citizen)[0] for citizen in ready)
    assert "đang khai dở" in _told(begun)[0]
    assert _told(stranger) == []


async def test_the_portal_down_moves_nobody_and_marks_what_runs(whole: Whole) -> None:
    thu, ha = await whole.officer("Thu"), await whole.officer("Hà", "head")
    await _ready(whole, thu, "ban")
    waiting = await greeted(whole, "cho")
    record = await hand_in(waiting, whole.world.catalogue.procedures[EASY])
    before = [one.appointment_at for one in await records(whole)]
    said = await _declared(whole, ha, what=PORTAL)
    assert "0 giờ hẹn được dời, 1 hồ sơ được đánh dấu" in said[0].text
    assert [one.appointment_at for one in await records(whole)] == before
    history = await whole.run(lambda work: [entry.what for entry in work.history.of(record.id)])
    assert history[-1] == closures.MARK


async def test_what_is_handed_in_meanwhile_is_answered_after_the_reopening(whole: Whole) -> None:
    ha = await whole.officer("Hà", "head")
    reopened = whole.world.now() + timedelta(days=3)
    await _declared(whole, ha)
    citizen = await greeted(whole, "ban")
    record = await hand_in(citizen, whole.world.catalogue.procedures[EASY])
    assert record.answer_by == whole.world.calendar("son-tien").answer_by(reopened)
    free = await whole.run(lambda work: _slots(work, whole))
    assert min(free) >= reopened


async def test_cards_lose_their_sign_when_it_ends_by_itself(whole: Whole) -> None:
    thu, ha = await whole.officer("Thu"), await whole.officer("Hà", "head")
    await hand_in(await greeted(whole, "cho"), whole.world.catalogue.procedures[EASY])
    await _declared(whole, ha, days=1)
    await thu.news()
    (card,) = [s for s in thu.shown.values() if s.message.card]
    assert "⛔" in card.message.text
    await whole.pass_time(timedelta(days=1, minutes=1))
    await thu.news()
    (card,) = [s for s in thu.shown.values() if s.message.card]
    assert "⛔" not in card.message.text


async def test_what_is_held_is_carried_out_before_it_is_closed(database_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(database_url, tmp_path, undo=60) as whole:
        thu, ha = await whole.officer("Thu"), await whole.officer("Hà", "head")
        slot = (await whole.run(lambda work: _slots(work, whole)))[0]
        for name in ("mot", "hai"):
            citizen = await greeted(whole, name)
            record = await hand_in(citizen, whole.world.catalogue.procedures[EASY])
            for press in ("claim", "accept", "now"):
                await thu.press(f"d:{press}:{record.id}")
            await thu.press(f"d:done:{record.id}:{slot:%Y%m%d%H%M}")
        handed, invited = await records(whole)
        for press in ("now", "hand", "send"):
            await thu.press(f"d:{press}:{handed.id}")
        assert [record.held is not None for record in await records(whole)] == [True, True]

        await _declared(whole, ha)
        handed, invited = await records(whole)
        assert (handed.status, handed.held) == (Status.HANDED_OVER, None), "whoever handed it over meant it"
        assert (invited.status, invited.held) == (Status.DONE, None)
        assert invited.appointment_at is not None
        assert invited.appointment_at >= whole.world.now() + timedelta(days=2), "what was just promised moves too"
        assert sum("Đã báo người dân" in s.message.text for s in await thu.news()) >= 1


async def test_nobody_is_sent_to_a_closed_desk_at_once(whole: Whole) -> None:
    officer, ha = await whole.officer("Thu"), await whole.officer("Hà", "head")
    citizen = await greeted(whole, "An")
    record = await hand_in(citizen, whole.world.catalogue.procedures[EASY])
    for press in ("claim", "accept", "done"):
        await officer.press(f"d:{press}:{record.id}")
    assert "Nhận ngay từ bây giờ" in _labels(officer)
    await _declared(whole, ha)
    await officer.press(f"d:done:{record.id}")
    assert "Nhận ngay từ bây giờ" not in _labels(officer)
    await officer.press(f"d:done:{record.id}:now")  # of the list before
    assert (await records(whole))[0].status == Status.ACCEPTED
