"""Clerks press buttons under cards while the Bot API takes 50 ms: the whole program, beside PTB as it comes."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from benchmarks.table import Row
from benchmarks.telegram_api import TelegramLoad
from benchmarks.turns import Server, free_port, process, server, until_open
from bot.app import opened
from bot.draw import draw
from bot.say import group_of, show_card
from bot.scene import Scene, present
from bot.settings import Settings
from domain.codes import new_tracking_code
from domain.dossier import Status
from handlers.telegram_door import GROUP, STAFF
from storage.chats import OFFICER
from storage.dossiers import Body, Record
from storage.work import Work

TAKES: Final = 0.05  # seconds of each call
CLERKS: Final = 50
EACH: Final = 10  # presses of each clerk in a round, one after the other
ROUNDS: Final = 3
BURSTS: Final = 5
BARE: Final = 2  # presses of each clerk, at 18 a second
TARGET: Final = 300.0
LATE: Final = 1.0
_CLERK: Final = 5_000_000_000  # the first one's id
_TEAM: Final = {"id": -1_003_000_000_001, "type": "supergroup", "title": "Tổ một cửa"}
_ROAD: Final = (
    "POST /telegram/staff HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {length}\r\n\r\n"
)
_BUTTONS: Final = (("Nhận việc", "claim"), ("Việc khác…", "menu"))


class SlowTelegram(TelegramLoad):
    """The Bot API, for a group of clerks; each call takes a while."""

    def __init__(self) -> None:
        super().__init__()
        self._pressed: dict[str, asyncio.Future[None]] = {}
        self._queries = itertools.count(1)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
                await asyncio.sleep(TAKES)
                answer = json.dumps({"ok": True, "result": self._call(method, body)}).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer)
                )
                writer.write(answer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()

    def _call(self, method: str, body: bytes) -> Any:
        if method == "answerCallbackQuery":
            query = re.search(rb"callback_query_id=(\d+)", body)
            waiting = self._pressed.pop(query[1].decode(), None) if query else None
            if waiting is not None:
                waiting.set_result(None)
            return True
        return super()._call("sendMessage" if method == "editMessageText" else method, body)

    def press(self, clerk: int, message: int, dossier: str) -> tuple[bytes, asyncio.Future[None]]:
        """The update, and when its answer has arrived."""
        query = str(next(self._queries))
        self._pressed[query] = asyncio.get_running_loop().create_future()
        card = {
            "message_id": message,
            "from": {"id": 1, "is_bot": True, "first_name": "Cán bộ", "username": "motcua_bot"},
            "chat": _TEAM,
            "date": int(time.time()),
            "text": "🆕 Xác nhận tình trạng hôn nhân\nMã theo dõi K7P4M2XA\nMới nộp\n3 giấy tờ (4 tệp)\nChưa ai nhận",
            "entities": [{"type": "bold", "offset": 0, "length": 32}],
            "reply_markup": {
                "inline_keyboard": [[{"text": t, "callback_data": f"d:{a}:{dossier}"}] for t, a in _BUTTONS]
            },
        }
        press = {
            "id": query,
            "from": {"id": clerk, "is_bot": False, "first_name": "Lan", "language_code": "vi"},
            "message": card,
            "chat_instance": "7000000000000000001",
            "data": f"d:claim:{dossier}",
        }
        return json.dumps({"update_id": next(self._updates), "callback_query": press}).encode(), self._pressed[query]


class Clerk:
    """Presses the next card that nobody has, waits for the answer, and presses again."""

    def __init__(self, telegram: SlowTelegram, number: int, cards: Iterator[tuple[int, str]]) -> None:
        self._telegram = telegram
        self._number = number
        self._cards = cards

    async def open(self, port: int) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)

    async def press(self, times: int = 1) -> None:
        for _ in range(times):
            body, answered = self._telegram.press(self._number, *next(self._cards))
            began = time.perf_counter()
            self._writer.write(_ROAD.format(secret=self._telegram.secret, length=len(body)).encode() + body)
            status = await self._reader.readuntil(b"\r\n\r\n")
            assert status.startswith(b"HTTP/1.1 200"), status
            length = re.search(rb"(?i)content-length: (\d+)", status)
            await self._reader.readexactly(int(length[1]) if length else 0)
            await answered
            self._telegram.latencies.append(time.perf_counter() - began)


def fill(scene: Scene, count: int) -> list[tuple[int, str]]:
    """An office with clerks on Telegram and their group, and dossiers whose cards are there; gives message and id."""
    work, office = scene.work, next(iter(scene.world.catalogue.offices))
    for number in range(CLERKS):
        officer = work.officers.add(office, f"Lan {number}", "officer")
        own = work.chats.open_staff(OFFICER, officer.id, scene.now)
        work.chats.open_mirror(STAFF, str(_CLERK + number), own.id, scene.now)
    team = work.chats.open_mirror(GROUP, str(_TEAM["id"]), group_of(scene, office).id, scene.now)
    procedure = next(p for p in scene.world.catalogue.procedures.values() if p.papers)
    citizen = work.chats.open_citizen("web", "0912345678", scene.now)
    assert citizen.person is not None
    cards = []
    for message in range(1, count + 1):
        record = Record(
            id=secrets.token_hex(8),
            person=citizen.person,
            chat=citizen.id,
            office=office,
            procedure=procedure.id,
            catalogue_version=scene.world.catalogue.hashes[procedure.id],
            tracking_code=new_tracking_code(secrets.token_bytes(16)),
            official_code=None,
            status=Status.SUBMITTED,
            version=1,
            body=Body("self"),
            submitted_at=scene.now,
            answer_by=scene.world.calendar(office).answer_by(scene.now),
            accepted_at=None,
            due_at=None,
            appointment_at=None,
            rounds=0,
            twin="",
            owner=None,
            held=None,
            held_by=None,
            held_until=None,
        )
        work.dossiers.add(record)
        show_card(scene, office, f"dossier:{record.id}")
        card = work.cards.lag_of(f"dossier:{record.id}", team.id)
        assert card is not None
        work.cards.drawn(card, str(message))
        cards.append((message, record.id))
    while draw(scene):
        pass
    return cards


async def _filled(folder: str, count: int) -> list[tuple[int, str]]:
    settings = Settings(data=Path(folder) / "data", key_file=Path(folder) / "master.key", trial=False, pace=0)
    async with opened(settings) as app:

        def go(work: Work) -> list[tuple[int, str]]:
            return fill(present(work, app.world), count)

        return await app.database.run(go)


def bare(api: str) -> AbstractContextManager[Server]:
    """PTB's process."""
    port = free_port()
    return process("benchmarks.telegram_staff_bare", str(port), api, port=port)


async def _clerks(telegram: SlowTelegram, port: int, cards: Iterator[tuple[int, str]]) -> list[Clerk]:
    made = [Clerk(telegram, _CLERK + number, cards) for number in range(CLERKS)]
    for clerk in made:
        await clerk.open(port)
    return made


async def _crowd(telegram: SlowTelegram, measured: Server, clerks: list[Clerk], times: int) -> tuple[float, float]:
    """Presses a second, and CPU seconds of each."""
    telegram.latencies.clear()
    before, _ = measured.ask()
    began = time.perf_counter()
    await asyncio.gather(*(clerk.press(times) for clerk in clerks))
    took = time.perf_counter() - began
    after, _ = measured.ask()
    presses = len(clerks) * times
    return presses / took, (after - before) / presses


async def _measure() -> list[Row]:
    telegram, plain_telegram = SlowTelegram(), SlowTelegram()
    await telegram.open()
    await plain_telegram.open()
    port = free_port()
    settings = {
        "MOTCUA_PORT": str(port),
        "MOTCUA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MOTCUA_TELEGRAM_STAFF_TOKEN": "1:ours",
        "MOTCUA_TELEGRAM_WEBHOOK": "1",
        "MOTCUA_TELEGRAM_API": telegram.url,
        "MOTCUA_TRIAL": "0",
    }
    with tempfile.TemporaryDirectory() as folder:
        cards = iter(await _filled(folder, CLERKS * (1 + BURSTS + EACH * ROUNDS)))
        with server("durable", folder, **settings) as real:
            await until_open(port)
            await telegram.hooked.wait()
            clerks = await _clerks(telegram, port, cards)
            await _crowd(telegram, real, clerks, 1)  # connections are opened, code is read
            slowest = []
            for _ in range(BURSTS):
                await asyncio.sleep(1)  # what follows of the presses before
                await _crowd(telegram, real, clerks, 1)
                slowest.append(sorted(telegram.latencies)[CLERKS * 95 // 100])
            rate, cost = max([await _crowd(telegram, real, clerks, EACH) for _ in range(ROUNDS)])
    with bare(plain_telegram.url) as plain:
        await until_open(plain.port)
        clerks = await _clerks(plain_telegram, plain.port, ((number, "0" * 16) for number in itertools.count(1)))
        bare_rate, bare_cost = await _crowd(plain_telegram, plain, clerks, BARE)
    detail = (
        f"{cost * 1e6:.0f} µs each with turn and sending; PTB as it comes {bare_rate:.0f}/s, {bare_cost * 1e6:.0f} µs"
    )
    late = sorted(slowest)[BURSTS // 2]
    return [
        Row("Staff bot: presses a second", detail, rate, TARGET, "/s", least=True),
        Row(f"Staff bot: {CLERKS} press at once, p95", f"worst of {BURSTS} {max(slowest):.2f} s", late, LATE, "s"),
    ]


def measure() -> list[Row]:
    """How many, and how late."""
    return asyncio.run(_measure())
