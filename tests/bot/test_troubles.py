"""What nobody would notice in time is told to heads, once; and what was set aside is looked at and played again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from sqlalchemy import update

from bot import asides_command, free_room, recovery, troubles
from bot.scene import present
from bot.world import fresh
from conversations.messages import Inbound, TextSent
from storage import tables as t
from storage.asides import Asides
from storage.sealed import Keys
from storage.work import Work
from tests.bot.whole import Actor, Whole, running
from tests.conftest import MASTER

DAY = 86_400.0
PHONE = "0912345678"


@pytest.fixture(autouse=True)
def _nothing_goes_wrong() -> None:
    """Here events do fail."""


@pytest.fixture
async def real(database_url: str, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Whole]:
    """A real installation with a disk that is large enough."""
    monkeypatch.setattr(troubles, "free", lambda _: free_room.LITTLE)
    async with running(database_url, tmp_path, trial=False, zalo_oa_id="579745863508352884") as made:
        yield made


class Told(NamedTuple):
    """The head and what they were told by one look."""

    head: Actor
    whole: Whole

    async def look(self) -> str:
        await self.whole.run(lambda work: troubles.look(present(work, self.whole.world)))
        return "\n".join(shown.message.text for shown in await self.head.news())


async def told(whole: Whole) -> Told:
    await whole.officer("Thu")
    head = await whole.officer("Hà", "head")
    await head.news()
    await whole.run(lambda work: work.installation.put(recovery.BACKUP, datetime.now(UTC).isoformat()))
    return Told(head, whole)


async def broken(whole: Whole, monkeypatch: pytest.MonkeyPatch, event_id: str) -> Inbound:
    """An event that fails three times."""
    inbound = Inbound("console", PHONE, event_id, TextSent("Tôi là An"), whole.world.now())
    with monkeypatch.context() as patch:
        patch.setattr("bot.receive.turns.play", fail)
        patch.setattr("bot.receive._PAUSE", 0)
        await whole.app.receiver.receive(inbound)
    return inbound


def fail(*_: object) -> None:
    raise ValueError(PHONE)


async def test_what_was_set_aside_is_told_once_and_again_when_it_is_more(
    real: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await told(real)
    assert await seen.look() == ""
    await broken(real, monkeypatch, "one")
    said = await seen.look()
    assert "Có 1 tin" in said
    assert "motcua aside list" in said
    assert PHONE not in said
    assert await seen.look() == ""
    await broken(real, monkeypatch, "two")
    assert await seen.look() == ""  # not for each of many

    def older(work: Work) -> None:
        old = troubles.Told(work.machine_now() - 2 * DAY, 1)
        work.installation.put("troubles-told", msgspec.json.encode({"events": old}).decode())

    await real.run(older)
    assert "Có 2 tin" in await seen.look()


async def test_an_officer_who_is_no_head_hears_nothing(real: Whole) -> None:
    seen = await told(real)
    thu = await real.officer("Thu")
    await real.run(lambda work: work.installation.put(troubles.REJECTED + "telegram-username", "1"))
    assert "bot người dân" in await seen.look()
    assert [shown for shown in await thu.news() if "Telegram" in shown.message.text] == []


async def test_a_trial_is_left_in_peace(database_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(database_url, tmp_path) as whole:
        seen = await told(whole)
        await whole.run(lambda work: work.installation.put(troubles.REJECTED + "telegram-username", "1"))
        assert await seen.look() == ""


async def test_a_full_disk_and_a_back_up_that_is_old_are_told(real: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = await told(real)
    monkeypatch.setattr(troubles, "free", lambda _: 1_230_000_000)
    old = datetime.now(UTC) - timedelta(days=4, hours=1)
    await real.run(lambda work: work.installation.put(recovery.BACKUP, old.isoformat()))
    said = await seen.look()
    assert "còn 1,2 GB" in said
    assert "Đã 4 ngày chưa có bản sao lưu" in said
    assert await seen.look() == ""


async def test_a_channel_that_fell_silent_is_told_only_where_others_are_heard(real: Whole) -> None:
    seen = await told(real)

    def heard(work: Work) -> None:
        for n in range(troubles._QUIET):  # noqa: SLF001 - so many as mean something
            inbound = Inbound("zalo", "1", f"z{n}", TextSent("a"), real.world.now())
            work.inbox.arrived(inbound)
        past = work.machine_now() - 1.5 * DAY
        work.connection.execute(update(t.inbox).values(received=past))

    await real.run(heard)
    assert await seen.look() == ""  # a quiet day everywhere
    web = Inbound("web", "2", "w", TextSent("a"), real.world.now())
    await real.run(lambda work: work.inbox.arrived(web))
    assert "không có tin nào đến qua Zalo" in await seen.look()


async def test_what_was_set_aside_is_listed_without_its_person_and_played_again(
    real: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbound = await broken(real, monkeypatch, PHONE)
    (one,) = await real.run(lambda work: Asides(work).all())
    line = asides_command.line(one)
    assert PHONE not in line
    assert "sự kiện trên console (TextSent)" in line
    assert await real.run(lambda work: Asides(work).retry(one))
    assert not await real.run(lambda work: Asides(work).retry(one))
    await real.app.receiver.retry()
    assert await real.run(lambda work: Asides(work).all()) == []
    citizen = await real.citizen(PHONE)
    assert [shown.message.text for shown in await citizen.news()][-1:] != []
    assert not await real.run(lambda work: work.inbox.arrived(inbound))


async def test_what_nobody_can_read_is_only_dropped_and_stays_known(real: Whole) -> None:
    await real.run(lambda work: work.inbox.aside("telegram", "u7", b"\xff"))
    (one,) = await real.run(lambda work: Asides(work).all())
    assert "chỉ có thể bỏ" in asides_command.line(one)
    assert not await real.run(lambda work: Asides(work).retry(one))
    assert await real.run(lambda work: Asides(work).drop(one))
    assert await real.run(lambda work: Asides(work).all()) == []
    assert await real.run(lambda work: work.inbox.known("telegram", "", "u7"))


async def test_a_job_is_played_again_or_dropped(
    real: Whole, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def leave(work: Work) -> None:
        work.jobs.add("print", "d1")
        work.jobs.add("print", "d2")
        work.connection.execute(update(t.jobs).values(status="aside", attempts=3))

    await real.run(leave)
    real.app.settings.key_file.parent.mkdir()
    real.app.settings.key_file.write_text(MASTER.hex(), encoding="ascii")
    command = asides_command.aside
    assert await command(real.app.settings, "list", []) == 0
    said = capsys.readouterr().out
    names = [line.split()[0] for line in said.splitlines() if line.startswith("j")]
    assert len(names) == 2
    assert await command(real.app.settings, "retry", []) == 1
    assert await command(real.app.settings, "retry", [names[0], fresh()]) == 1
    assert await command(real.app.settings, "drop", ["all"]) == 0
    assert await real.run(lambda work: Asides(work).all()) == []
    claimed = await real.run(lambda work: work.jobs.claim(real.world.now(), only=("print",), by="me"))
    assert [job.subject for job in claimed] == ["d1"]
