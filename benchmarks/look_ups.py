"""Guessing by phone number: 50 chats, 100 look-ups a second, half of the numbers known; words and times side by side.

python -m benchmarks.look_ups 6000     # a minute; without a number, 2000 in 20 s
"""

from __future__ import annotations

import asyncio
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks.table import Row, lines
from bot import limits
from bot.app import App, opened
from bot.scene import Scene, present
from bot.settings import Settings
from conversations.messages import Inbound, Message, Started, TextSent
from domain.codes import new_tracking_code, official_code
from domain.dossier import Status
from domain.values import show_phone
from storage.chats import Chat
from storage.dossiers import Body, Record
from storage.work import Work

FEW: Final = 2_000
CHATS: Final = 50
A_SECOND: Final = 100
DOSSIERS: Final = 3_000
PROCEDURE: Final = "xac-nhan-tinh-trang-hon-nhan"
OFFICE: Final = "son-tien"
_FREE: Final = {"number": ((10**9, 1.0),), "chat": ((10**9, 1.0),), "net": ((10**9, 1.0),)}
_NOISE: Final = 1.1  # of two halves of the same thing, measured in the same run, one may be this much slower


class Asked:
    """One look-up: what is typed, and whether anything of it is known here."""

    def __init__(self, kind: str, known: bool, words: str, number: str) -> None:  # noqa: FBT001 - a row of a table
        self.kind = kind
        self.known = known
        self.words = words
        self.number = number
        self.seconds = 0.0
        self.read = ""


async def _guess(count: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        settings = Settings(data=at, key_file=at / "key", log_level="ERROR")
        async with opened(settings) as app:
            numbers = await app.database.run(lambda work: _fill(work, app))
            with _unlimited(app):
                asked = _plan(numbers, count)
                await _play(app, asked, "measured")
            held = _plan(numbers, count // 2)
            await _play(app, held, "limited")
    return [*_beside(asked), *_words([*asked, *held]), *_held_back(held)]


def _fill(work: Work, app: App) -> list[str]:
    """Dossiers of as many numbers; gives the numbers."""
    scene = present(work, app.world)
    numbers = []
    for n in range(DOSSIERS):
        chat = work.chats.open_citizen("web", f"owner-{n}", scene.now)
        number = f"+849{n:08}"
        record = known_dossier(scene, chat, OFFICE, n)
        work.dossiers.add(record)
        work.dossiers.reached_at(record.id, number)
        numbers.append(number)
    return numbers


def known_dossier(scene: Scene, chat: Chat, office: str, n: int) -> Record:
    """An accepted one of whoever is in this chat; `n` makes its official code another."""
    assert chat.person is not None
    return Record(
        id=secrets.token_hex(8),
        person=chat.person,
        chat=chat.id,
        office=office,
        procedure=PROCEDURE,
        catalogue_version=scene.world.catalogue.hashes[PROCEDURE],
        tracking_code=new_tracking_code(secrets.token_bytes(16)),
        official_code=official_code("H27.XX.YY", scene.now.date() - timedelta(days=n // 100), n % 100 + 1),
        status=Status.ACCEPTED,
        version=1,
        body=Body("self"),
        submitted_at=scene.now,
        answer_by=scene.now,
        accepted_at=scene.now,
        due_at=None,
        appointment_at=None,
        rounds=0,
        twin="",
        owner=None,
        held=None,
        held_by=None,
        held_until=None,
    )


def _plan(numbers: Sequence[str], count: int) -> list[Asked]:
    """Numbers alone and wrong pairs, known and unknown in turns, in an order that chance has made."""
    chance = random.Random(7)  # a figure, and no secret
    codes = [f"H27.XX.YY-{chance.randrange(200101, 261231)}-{n:04}" for n in range(1, 9_999)]
    asked = []
    for n in range(count):
        kind, known = ("number", "pair")[n % 2], n % 4 < 2
        number = chance.choice(numbers) if known else f"+848{chance.randrange(10**8):08}"
        shown = "0" + number[3:]
        asked.append(Asked(kind, known, f"{shown} {chance.choice(codes)}" if kind == "pair" else shown, number))
    chance.shuffle(asked)
    return asked


async def _play(app: App, asked: Sequence[Asked], who: str) -> None:
    """At their pace, the chats in turns; whoever falls behind goes on at once."""
    for chat in range(CHATS):
        await _send(app, f"{who}-{chat}", Started())
    begun = time.monotonic()
    for n, one in enumerate(asked):
        await asyncio.sleep(max(0.0, begun + n / A_SECOND - time.monotonic()))
        before = time.perf_counter()
        said = await _send(app, f"{who}-{n % CHATS}", TextSent(one.words))
        one.seconds = time.perf_counter() - before
        texts = "\n".join(f"{message.text} {[button.label for button in message.buttons]}" for message in said)
        one.read = texts.replace(show_phone(one.number), "<number>")


async def _send(app: App, who: str, event: Started | TextSent) -> Sequence[Message]:
    """Three networks, from which all of them come."""
    network = f"{who.partition('-')[0]}-{int(who.rpartition('-')[2]) % 3}"
    inbound = Inbound("web", who, secrets.token_hex(8), event, app.world.now(), network=network)
    return (await app.receiver.receive(inbound)).said


@contextmanager
def _unlimited(app: App) -> Iterator[None]:
    """So that there is something to measure."""
    before, typed, like = dict(limits.LIMITS), app.world.typed_at_most, limits.EASY
    limits.LIMITS.update(dict.fromkeys(before, _FREE))
    app.world.typed_at_most, limits.EASY = 10**9, 10**9
    try:
        yield
    finally:
        limits.LIMITS.update(before)
        app.world.typed_at_most, limits.EASY = typed, like


def _beside(asked: Sequence[Asked]) -> list[Row]:
    """Medians of known over unknown, and what two halves of the same differ by."""
    rows = []
    for kind, name in (("number", "a number alone"), ("pair", "a number and a wrong code")):
        known = [one.seconds for one in asked if one.kind == kind and one.known]
        unknown = [one.seconds for one in asked if one.kind == kind and not one.known]
        ratio = statistics.median(known) / statistics.median(unknown)
        halves = statistics.median(unknown[::2]) / statistics.median(unknown[1::2])
        told = f"{statistics.median(known) * 1e3:.2f} ms and {statistics.median(unknown) * 1e3:.2f} ms"
        rows.append(Row(f"{name}, known/unknown", told, max(ratio, 1 / ratio), _NOISE, "x"))
        rows.append(Row("   two halves of the unknown", "the noise of this run", max(halves, 1 / halves), None, "x"))
    return rows


def _words(asked: Sequence[Asked]) -> list[Row]:
    """What can be read for known numbers and not for unknown ones, byte by byte; questions differ by chance."""
    fixed = [one for one in asked if "máy đang dò" not in one.read]
    apart = 0
    for kind in ("number", "pair"):
        known = {one.read for one in fixed if one.kind == kind and one.known}
        unknown = {one.read for one in fixed if one.kind == kind and not one.known}
        apart += len(known ^ unknown)
    return [Row("words for one of them only", f"{len(asked)} answers, {len(fixed)} compared", float(apart), 0.0, "")]


def _held_back(asked: Sequence[Asked]) -> list[Row]:
    stopped = sum("phải tạm nghỉ" in one.read or "máy đang dò" in one.read for one in asked)
    return [Row("held back, limits as they are", f"of {len(asked)}", stopped / len(asked) * 100, 60.0, "%", least=True)]


def measure(count: int = FEW) -> list[Row]:
    """In this process: nothing of a network's own noise hides a difference."""
    return asyncio.run(_guess(count))


if __name__ == "__main__":
    for line in lines(measure(*map(int, sys.argv[1:]))):
        print(line)
