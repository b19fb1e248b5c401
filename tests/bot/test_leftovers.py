"""Years after its end nothing of a dossier's people is left anywhere: each row of each table is read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot import linking, outgoing, proving, retention
from bot.scene import present
from conversations.messages import Message
from conversations.render import text
from domain import keeping
from domain.rights import EMAIL, PHONE
from storage import outbox
from storage import tables as t
from storage.chats import DESK
from storage.files import Kept
from storage.sealed import Keys
from storage.work import Work
from tests.bot.linked import chat_of
from tests.bot.test_mandates import consented, end_at_desk
from tests.bot.test_own_data import busy, package
from tests.bot.whole import Whole, running

YEARS = timedelta(days=3 * 365)
# The program's own words, and that somebody agreed and to what: the record of a decision, which is the office's.
_NOT_READ = (t.catalogue_versions, t.history)


@pytest.fixture
async def whole(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(database_url, tmp_path, sms_gateway="json", sms_url="http://127.0.0.1:9/sms") as made:
        yield made


async def named(whole: Whole, *names: str) -> list[str]:
    """Where one of these stands: table, column and words."""

    def look(work: Work) -> list[str]:
        found = []
        for table in t.metadata.sorted_tables:
            rows = () if table in _NOT_READ else work.connection.execute(select(table))
            for row in rows:
                for column, value in row._asdict().items():
                    words = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                    found += [f"{table.name}.{column}: {words}" for name in names if name in words]
        return found

    return await whole.run(look)


async def age(whole: Whole) -> None:
    """All has ended, years ago."""
    ended = {"status": "withdrawn", "closed_at": whole.world.now()}
    await whole.run(lambda work: work.connection.execute(update(t.dossiers).values(ended)))
    await whole.run(lambda work: work.connection.execute(update(t.calls).values(open=False)))
    await whole.run(lambda work: work.seals.seal(whole.world.now()))  # as the sweep has, long before
    await whole.pass_time(YEARS)
    long_ago = {"status": "sent", "ended": 1.0}
    await whole.run(lambda work: work.connection.execute(update(t.outbox).values(long_ago)))
    await retention.carry_out(whole.app.database, whole.world)
    await whole.app.idle()


async def test_nothing_is_left(whole: Whole) -> None:
    """Of a helper, the person helped, their numbers, and a talk about both."""
    helper = await consented(whole)
    await helper.press("call")
    await helper.says("Tôi là Nguyễn Thị Hoa, hỏi cho bà Lê Thị Mận số 0912345678")
    await end_at_desk(whole)
    await whole.pass_time(timedelta(days=1))
    people = ("Lê Thị Mận", "912345678", "0912 345 678", "Nguyễn Thị Hoa", "+84984")
    tables = {where.partition(".")[0] for where in await named(whole, *people)}
    assert {"mandates", "calls", "chats", "answers", "messages"} <= tables
    await age(whole)
    assert await named(whole, *people) == []
    assert await whole.run(lambda work: list(work.connection.scalars(select(t.dossiers.c.phone_key)))) == [""]


async def test_an_address_where_no_mails_are_wanted_stays_known(whole: Whole) -> None:
    def typed(work: Work) -> None:
        for address, why in (("la@example.com", ""), ("thoi@example.com", "blocked")):
            chat = work.chats.open_staff("email", address, whole.world.now())
            work.chats.mark(chat.id, why)

    await whole.run(typed)
    await age(whole)
    assert await named(whole, "la@example.com") == []
    assert await named(whole, "thoi@example.com")


async def test_a_file_of_everything_is_let_go_after_a_week(whole: Whole) -> None:
    citizen = await busy(whole)
    await package(whole, citizen)
    ref = citizen.last.message.files[0].ref
    await whole.pass_time(timedelta(days=keeping.PACKED, minutes=1))
    assert await whole.run(lambda work: work.files.get(ref)) is None
    assert not [path for path in (whole.world.settings.data / "files").rglob("*") if path.name == ref]


async def test_who_took_over_what_the_desk_entered_reads_their_data(whole: Whole) -> None:
    citizen = await busy(whole)

    def take_over(work: Work) -> None:
        entered = work.chats.open_citizen(DESK, "d" * 16, whole.world.now())
        chat = work.chats.get(citizen.reader.chat)
        assert chat is not None
        assert linking.take_over(present(work, whole.world), chat, entered.person or "")

    await whole.run(take_over)
    await citizen.press("owndata")
    assert "Đây là những gì tôi đang giữ" in citizen.last.message.text
    found, _ = await package(whole, citizen)
    assert len(found[text("own-file.addresses")]) == 1
    assert (await chat_of(citizen)).person


async def test_with_the_consent_the_proven_numbers_go(whole: Whole) -> None:
    citizen = await busy(whole)

    def prove(work: Work) -> str:
        chat = work.chats.get(citizen.reader.chat)
        assert chat is not None
        for kind, value in ((PHONE, "+84912345678"), (EMAIL, "lan@example.vn")):
            proving.prove(present(work, whole.world), chat.person or "", kind, value, "sms", chat=chat.id)
        return chat.person or ""

    person = await whole.run(prove)
    for press in ("owndata", "mydata:withdraw", "mydata:withdrawn"):
        await citizen.press(press)
    assert await whole.run(lambda work: list(work.proofs.of(person))) == []
    await age(whole)
    assert await named(whole, "+84912345678", "lan@example.vn") == []


async def test_a_file_that_only_a_messenger_was_sent_goes_with_its_row(whole: Whole) -> None:
    """Such as a filled form; one that a page shows stays as long as its line."""
    citizen = await busy(whole)

    def send(work: Work) -> list[str]:
        scene = present(work, whole.world)
        phone = work.chats.open_citizen("telegram", "777", scene.now)
        page = work.chats.get(citizen.reader.chat)
        assert page is not None
        kept = [
            work.files.add(Kept(b"%PDF-", "application/pdf", "don.pdf"), phone.id, str(n), scene.now) for n in (1, 2)
        ]
        work.files.grant(page.id, [kept[1].ref])
        outgoing.send(scene, phone, [Message("đơn", files=(file,)) for file in kept], lane=outbox.ANSWER)
        work.connection.execute(update(t.outbox).values(status="sent", ended=1.0))
        return [file.ref for file in kept]

    one, shown = await whole.run(send)
    await retention.carry_out(whole.app.database, whole.world)
    assert await whole.run(lambda work: work.files.get(one)) is None
    assert await whole.run(lambda work: work.files.get(shown)) is not None
