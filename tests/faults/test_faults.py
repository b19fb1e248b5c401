"""People go on with whole dossiers while everything around them goes wrong; afterwards nothing is lost, nothing twice.

FAULTS=3600 hurts for an hour in place of seconds, with the program's own leases and pauses; FAULTS_SEED=… plays the
same schedule again (what exactly it meets is up to the machine). Each run prints its ledger (pytest -s).
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text

from bot.orphans import Orphans
from domain.values import VIETNAM
from storage import sealed
from storage import tables as t
from storage.files import Folder, Store, open_store
from storage.sealed import Keys
from storage.unit_of_work import connect
from storage.work import Work
from tests.conftest import MASTER, Postgres
from tests.crash.scenario import ask
from tests.faults import proxy
from tests.faults.hurts import Hurts, mounted, unmounted
from tests.faults.installation import Installation, Nursery
from tests.faults.ledger import DONE, FELT, HURT, PROVEN, Ledger
from tests.faults.officer import Officer
from tests.faults.people import Citizen, Seat, Telegram, Web, Zalo
from tests.faults.proofs import Proofs, sent_of
from tests.faults.proxy import Proxy
from tests.faults.script import STEPS, SUBMITS
from tests.telegram.fake import FakeTelegram, Limits
from tests.zalo.fake import FakeZalo

SECONDS = float(os.environ.get("FAULTS") or 0)
SEED = int(os.environ.get("FAULTS_SEED") or random.randrange(10**6))
SHORT = 20.0  # seconds of hurting where nobody asks for more
PATIENCE = 120.0
TOKEN = "111:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
SEATS = ("web", "telegram", "zalo", "telegram")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="NOT RUN: only Linux hurts processes in all these ways")
_WAITING = """
SELECT (SELECT count(*) FROM outbox WHERE status IN ('waiting', 'claimed')) AS outbox,
       (SELECT count(*) FROM inbox WHERE status = 'failed') AS inbox,
       (SELECT count(*) FROM cards WHERE drawn < wanted) AS cards,
       (SELECT count(*) FROM jobs WHERE status = 'waiting' AND due <= :now) AS jobs,
       (SELECT count(*) FROM dossiers WHERE held_until <= :now) AS held
"""


@pytest.fixture(autouse=True)
def same_keys() -> None:
    """The proofs look into what the program writes."""
    sealed.use(Keys(MASTER))


class Town:
    """Vendors, people and one installation; made by `town`."""

    def __init__(self, installation: Installation, ledger: Ledger, url: str, store: Store, dice: random.Random) -> None:
        self.installation = installation
        self.ledger = ledger
        self.url = url  # straight to the database, past any proxy
        self.store = store
        self.dice = dice
        self.telegram = FakeTelegram(limits=Limits(overall=100, private=20) if not SECONDS else True, second=False)
        self.zalo = FakeZalo()
        self.front = Proxy(proxy.to_any(lambda: installation.ports))
        self.citizens: list[Citizen] = []
        self.enough = False
        self.officers_enough = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.front.port}"

    async def open(self, *, webhook: bool) -> None:
        """All are at their places, and the program runs."""
        self.bot = self.telegram.bot(TOKEN, "motcua_bot")
        self.zalo.hook = f"{self.address}/zalo"
        self.zalo.echo = self.zalo.stubborn = True
        fake = self.zalo
        self.installation.environment |= {
            "MOTCUA_KEY_FILE": str(self.installation.folder / "master.key"),
            "MOTCUA_PUBLIC_URL": self.address,
            "MOTCUA_LOG_LEVEL": "INFO",
            "MOTCUA_PACE": "0",
            "MOTCUA_TELEGRAM_TOKEN": TOKEN,
            "MOTCUA_TELEGRAM_API": self.telegram.url,
            "MOTCUA_TELEGRAM_WEBHOOK": str(int(webhook)),
            "MOTCUA_ZALO_APP_ID": fake.APP_ID,
            "MOTCUA_ZALO_APP_SECRET": fake.APP_SECRET,
            "MOTCUA_ZALO_OA_ID": fake.OA_ID,
            "MOTCUA_ZALO_OA_SECRET_KEY": fake.OA_KEY,
            "MOTCUA_ZALO_OAUTH_BASE": fake.base,
            "MOTCUA_ZALO_OPENAPI_BASE": fake.base,
            "MOTCUA_ZALO_ZNS_BASE": fake.base,
        }
        (self.installation.folder / "master.key").write_text(MASTER.hex(), encoding="ascii")
        access, refresh = fake.pair()
        await self.look(lambda work: work.zalo.seed(fake.OA_ID, refresh, access, 80_000.0))
        await self.installation.command("clock", _next_morning())
        self.installation.keep()
        self.page = Web(lambda: self.address, self.ledger, "officer", staff=True)
        await self.page.log_in(self.installation.login)
        self.officer = Officer(self.page, self.ledger)

    async def look(self, question: Callable[[Work], object]) -> object:
        return await asyncio.to_thread(ask, self.url, question)

    # people -----------------------------------------------------------------------------------------------------------

    async def live(self, seconds: float, hurts: Hurts) -> None:
        """People go on with dossier after dossier while it hurts; what is handed in is then seen to its end."""
        people = [asyncio.create_task(self._seat(channel)) for channel in SEATS]
        working = asyncio.create_task(self.officer.work(lambda: self.officers_enough))
        hurting = asyncio.create_task(hurts.go_on(seconds))
        try:
            await _first_failure([*people, working], hurting)
            self.enough = True
            await self._patiently(people)
            handed_in = [one for one in self.citizens if one.step > SUBMITS and not one.done]
            await self._patiently([asyncio.create_task(one.go_on(lambda: False)) for one in handed_in])
            self.officers_enough = True
            await self._patiently([working])
        finally:
            for task in (*people, working, hurting):
                task.cancel()
            await asyncio.gather(*people, working, hurting, return_exceptions=True)

    async def _patiently(self, tasks: list[asyncio.Task[None]]) -> None:
        done, left = await asyncio.wait(tasks, timeout=PATIENCE) if tasks else (set(), set())
        for task in done:
            task.result()
        if left:
            raise AssertionError("\n".join(["these can't go on:", *[await self._stuck(one) for one in self.citizens]]))

    async def _stuck(self, one: Citizen) -> str:
        read = [] if one.done else (await one.seat.reads())[-3:]
        last = sent_of(one)[-3:]
        i = t.inbox.c
        rows = await self.look(
            lambda work: work.connection.execute(select(i.event_id, i.status).where(i.event_id.in_(last))).all()
        )
        words = [message.words[-60:] for message in read]
        waits = STEPS[one.step].reads if not one.done else "nothing"
        return f"{one.name} at {one.step}, waits for {waits!r}: {words}, did {one.accepted[-2:]}, inbox {rows}"

    async def _seat(self, channel: str) -> None:
        """One citizen after the other."""
        while not self.enough:
            number = len(self.citizens) + 1
            one = Citizen(f"{channel} {number}", self._phone(channel, number), number, self.ledger)
            self.citizens.append(one)
            await one.seat.open()
            await one.go_on(lambda: self.enough)

    def _phone(self, channel: str, number: int) -> Seat:
        match channel:
            case "telegram":
                person = self.telegram.user(f"Dân {number}", phone=f"84984{number:06d}")
                return Telegram(self.telegram, self.bot, person)
            case "zalo":
                return Zalo(self.zalo, self.zalo.person(str(2_468_458_835_291_970_000 + number)), self.ledger)
            case _:
                return Web(lambda: self.address, self.ledger, f"{number}-")

    async def one_more_step(self) -> None:
        """In peace, whoever is in the middle finds their dossier where it was, and goes on."""

        async def go_on(one: Citizen) -> None:
            if one.step < SUBMITS:
                await one.see()
                await one.act()
            if one.step <= SUBMITS:
                await one.see()
                self.ledger.note(PROVEN, "citizens who went on where they were")

        await self._patiently([asyncio.create_task(go_on(one)) for one in self.citizens])

    # rest -------------------------------------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Until nothing is left to be told, said, drawn or done."""
        ends = asyncio.get_running_loop().time() + PATIENCE
        left = "?"
        quiet = 0
        while quiet < 3:
            left = await self._left()
            quiet = 0 if left else quiet + 1
            assert asyncio.get_running_loop().time() < ends, f"it never rests: {left}"
            await asyncio.sleep(0.1)

    async def _left(self) -> str:
        if waiting := sum(self.telegram.waiting(bot) for bot in self.telegram.bots.values()):
            return f"{waiting} updates"
        if self.telegram.desk.running or self.zalo.pushing:
            return "calls"

        def look(work: Work) -> dict[str, int]:
            now = {"now": work.machine_now() + max(life.off() for life in self.installation.lives)}
            row = work.connection.execute(text(_WAITING), now).mappings().one()
            return {str(name): int(count) for name, count in row.items()}

        found = await self.look(look)
        assert isinstance(found, dict)
        return ", ".join(f"{name} {count}" for name, count in found.items() if count)

    async def prove(self) -> None:
        """Everything has been stopped."""
        await self.page.news()
        for one in self.citizens:
            one.seen = await one.seat.reads()
        await self.installation.stop()
        await self._sweep()
        proofs = Proofs(self.ledger, self.citizens, self.page, self.store)
        await self.look(proofs.all)
        proofs.said_twice(self._cut_off)
        said = await self.installation.command("replay")
        assert " 0 chỗ khác nhau" in said, said
        assert not (found := [line for line in said.splitlines() if "chỗ khác" in line and " 0 chỗ" not in line]), found
        self.ledger.note(PROVEN, "histories replayed to the same state")
        self.telegram.assert_clean()

    async def _sweep(self) -> None:
        """The day's sweep, a day later: what crashes left in the store without a row."""

        async def sweep() -> None:
            database = connect(self.url, lambda _: None)
            try:
                orphans = Orphans(database, None, self.store)  # type: ignore[arg-type]
                found = await orphans.find(-3600.0)
                self.ledger.note(FELT, "files without a row, swept", len(found))
                for name in found:
                    self.store.delete(name)
            finally:
                await database.close()

        await asyncio.to_thread(asyncio.run, sweep())

    def _cut_off(self) -> int:
        """How often a call may have been cut off from its note: by a death, a stop, or an answer that was lost."""
        hurt = self.ledger.parts[HURT]
        names = (
            "killed",
            "stood still",
            "cut",
            "done",
            "slow",
            "502",
            "500",
            "late",
            "garbage",
            "database",
            "grow",
            "full",
        )
        return 3 * sum(count for what, count in hurt.items() if any(name in what for name in names))


def _next_morning() -> str:
    """Of a day in the middle of a week: whenever this is run, the office has just opened."""
    day = datetime.now(VIETNAM).date() + timedelta(days=1)
    while day.weekday() not in (1, 2, 3):
        day += timedelta(days=1)
    return f"{day}T08:00"


async def _first_failure(people: list[asyncio.Task[None]], hurting: asyncio.Task[None]) -> None:
    """Until the hurting is over; somebody who can't go on fails at once."""
    while not hurting.done():
        done, _ = await asyncio.wait([*people, hurting], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
            if task is not hurting:
                raise AssertionError("somebody went home while it hurt")


@asynccontextmanager
async def town(
    installation: Installation, ledger: Ledger, url: str, store: Store, dice: random.Random, *, webhook: bool
) -> AsyncIterator[Town]:
    made = Town(installation, ledger, url, store, dice)
    async with AsyncExitStack() as ends:
        await ends.enter_async_context(made.telegram)
        await made.zalo.start()
        ends.push_async_callback(_stop_zalo, made.zalo)
        await made.front.start()
        ends.push_async_callback(made.front.stop)
        await asyncio.to_thread(installation.nursery.ready)
        try:
            await made.open(webhook=webhook)
            yield made
        except BaseException as error:
            error.add_note(f"{await made.look(_open_ends)}")
            error.add_note(f"FAULTS_SEED={SEED}\n{ledger.words()}")
            for life in installation.lives:
                error.add_note(f"--- {life.name}\n{installation.log(life.name)[-3000:]}")
            raise
        finally:
            installation.abandon()
            await made.page.close()
            for one in made.citizens:
                await one.seat.close()


def _open_ends(work: Work) -> list[str]:
    """What has not come to its end, for whoever looks into a failure."""
    asked = {
        "outbox": "SELECT id, channel, status, attempts, error, not_before FROM outbox WHERE status != 'sent'",
        "inbox": "SELECT channel, event_id, status, attempts FROM inbox WHERE status != 'done'",
        "jobs": "SELECT kind, status, attempts, due, claimed_until, claimed_by FROM jobs WHERE due_at IS NULL",
        "leases": "SELECT * FROM leases",
    }
    now = [f"now {work.machine_now()}"]
    return now + [
        f"{name}: {tuple(row)}" for name, query in asked.items() for row in work.connection.execute(text(query))
    ]


async def _stop_zalo(zalo: FakeZalo) -> None:
    """That somebody took longer than two seconds, or could not take it, is what this is about."""
    broken = [why for why in zalo.complaints if " after " not in why]
    zalo.complaints.clear()
    await zalo.stop()
    assert not broken, broken


async def play(made: Town, hurts: Hurts) -> None:
    await made.live(SECONDS or SHORT, hurts)
    await made.settle()
    await made.one_more_step()
    await made.settle()
    await made.prove()
    ledger = made.ledger
    ledger.note(DONE, "citizens", len(made.citizens))
    ledger.note(FELT, "messages that citizens read", sum(len(one.seen) for one in made.citizens))
    assert ledger.parts[HURT]
    print(f"{ledger.words()}\n  nothing lost")  # noqa: T201 - the ledger is what a fault run is for


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path | None]:
    """A small disk for the data, where this process may mount one."""
    folder = tmp_path / "data"
    folder.mkdir()
    made = mounted(folder, 64 + round(SECONDS))  # megabytes: a dossier takes one or two
    yield folder if made else None
    if made:
        unmounted(folder)


def dice_of(name: str) -> tuple[random.Random, Ledger]:
    return random.Random(f"{SEED} {name}"), Ledger(f"Fault run on {name}, FAULTS_SEED={SEED}, {SECONDS or SHORT:.0f} s")


@LINUX
@pytest.mark.timeout(0 if SECONDS else 400)
async def test_one_process_on_sqlite(sqlite_template: Path, tmp_path: Path, disk: Path | None) -> None:
    data = tmp_path / "data"
    shutil.copy(sqlite_template, data / "motcua.sqlite3")
    url = f"sqlite:///{data / 'motcua.sqlite3'}"
    dice, ledger = dice_of("SQLite")
    installation = Installation(tmp_path, Nursery(tmp_path, hurried=not SECONDS), ledger, url, str(data / "files"), {})
    installation.environment["MOTCUA_DATA"] = str(data)
    installation.add("run", ["run"], serves=True)
    async with town(installation, ledger, url, Folder(data / "files"), dice, webhook=False) as made:
        lease = 45.0 if SECONDS else 5.0
        hurts = Hurts(installation, made.telegram, made.zalo, dice, ledger, lease, front=made.front, disk=disk)
        await play(made, hurts)


@LINUX
@pytest.mark.timeout(0 if SECONDS else 400)
async def test_many_processes_on_postgresql_and_s3(
    postgres: Postgres, postgres_url: str, s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice, ledger = dice_of("PostgreSQL and S3")
    parts = make_url(postgres_url)
    database = Proxy(proxy.to_socket(f"{parts.query['host']}/.s.PGSQL.5432"))
    host, _, port = s3.removeprefix("http://").partition(":")
    store = Proxy(proxy.to(host, int(port)))
    await database.start()
    await store.start()
    through = parts.set(host="127.0.0.1", port=database.port, query={}).render_as_string(hide_password=False)
    amazon = {"AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1"}
    amazon |= {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}
    if not SECONDS:
        amazon |= {"AWS_CONNECT_TIMEOUT": "2s", "AWS_TIMEOUT": "4s"}
    for name, value in {**amazon, "AWS_ENDPOINT_URL": s3}.items():
        monkeypatch.setenv(name, value)
    files = f"s3://papers/faults-{random.randrange(10**9)}"
    installation = Installation(tmp_path, Nursery(tmp_path, hurried=not SECONDS), ledger, through, files, amazon)
    installation.environment |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{store.port}",
        "MOTCUA_DATA": str(tmp_path / "data"),
        "MOTCUA_DATABASE": through,
        "MOTCUA_FILES": files,
    }
    for number in (1, 2):
        installation.add(f"serve-{number}", ["serve"], serves=True)
        installation.add(f"work-{number}", ["work"], serves=False)
    try:
        async with town(installation, ledger, postgres_url, open_store(files), dice, webhook=True) as made:
            lease = 45.0 if SECONDS else 5.0
            hurts = Hurts(installation, made.telegram, made.zalo, dice, ledger, lease, database, store, made.front)
            await play(made, hurts)
    finally:
        await database.stop()
        await store.stop()
