"""`motcua key`: the sealing key on paper, changed, and how far that has come."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from bot import command_audit, recovery
from bot.app import App, opened
from bot.commands import say
from bot.scene import present
from bot.settings import Settings
from bot.typed_key import asked_key
from domain.values import VIETNAM
from storage import key_ring, rotation, sealed
from storage.unit_of_work import sqlite_engine
from storage.work import Work

WHAT: Final = ("status", "rotate", "retire", "print", "confirm", "enter")
_NOTICED: Final = 600.0  # seconds in use after which no process seals with the former key any more, even one that slept
_VACUUM: Final = 200_000_000  # bytes of a database that is made anew within seconds
_PAIRS: Final = "*.zalo-pair"


async def key(settings: Settings, what: str, out: Path | None, *, prepare: bool = False) -> int:
    """Gives the exit status."""
    if what == "enter":
        return _enter(settings)
    async with opened(settings) as app:
        if what != "status":
            await app.database.run(lambda work: command_audit.note(present(work, app.world), f"key {what}"))
        match what:
            case "rotate":
                return await _rotate(app, prepare=prepare)
            case "retire":
                return await _retire(app)
            case "print":
                return await _print(app, out or Path("khoa-khoi-phuc.pdf"))
            case "confirm":
                return await _confirm(app)
            case _:
                return await _status(app)


async def _rotate(app: App, *, prepare: bool) -> int:
    path, now = app.settings.key_file, sealed.keys()
    ring = key_ring.read(path)
    if ring.newest == now.active:
        ring = ring.with_new()
        key_ring.write(path, ring)
        say(f"Đã tạo khóa số {ring.newest} trong {path}.")
    if prepare:
        say("Chép tệp khóa này sang mọi máy đang chạy chương trình, rồi chạy: motcua key rotate")
        return 0
    sealed.use(await app.database.run(lambda work: rotation.activate(work, ring, ring.newest, path)))
    say(
        f"Từ giờ dữ liệu mới niêm phong bằng khóa số {ring.newest}; dữ liệu cũ được niêm phong lại dần khi chương trình"
    )
    say("chạy (xem: motcua key status). Chương trình đang chạy tự theo trong nửa phút, không cần tắt.")
    say("Làm tiếp: in tờ khóa mới (motcua key print, motcua key confirm); sao lưu; khi niêm phong lại xong")
    say("thì bỏ khóa cũ (motcua key retire). Có webhook Telegram thì khởi động lại chương trình để đổi cả mã webhook.")
    return 0


async def _status(app: App) -> int:
    facts = await app.database.run(lambda work: recovery.facts(work, app.settings))
    keys = sealed.keys()
    for number in keys.ring.numbers:
        use = "đang niêm phong" if number == keys.active else "chưa dùng" if _waits(number) else "chỉ để đọc dữ liệu cũ"
        say(f"Khóa số {number}: {use}")
    say(f"Trên giấy: {'đã xác nhận' if facts.paper else 'chưa xác nhận (motcua key print, motcua key confirm)'}")
    at = facts.rotation
    if at is None:
        say("Khóa chưa đổi lần nào.")
    elif at.ended:
        ended = datetime.fromtimestamp(at.ended, VIETNAM)
        say(f"Đã niêm phong lại tất cả, {at.moved} dòng, xong lúc {ended:%H:%M %d/%m/%Y}.")
    else:
        say(f"Đang niêm phong lại: bảng {at.table + 1}/{len(rotation.TABLES)}, đã làm {at.moved} dòng.")
        left = await app.database.run(rotation.left)
        say(_still(left) or "Không còn dòng nào của khóa cũ; chương trình đang xem lại lần cuối.")
    return 0


def _waits(number: int) -> bool:
    """A key that was prepared, and seals nothing yet, stands before the one that does."""
    numbers = sealed.keys().ring.numbers
    return numbers.index(number) < numbers.index(sealed.keys().active)


def _still(left: Mapping[str, int]) -> str:
    return "Còn: " + ", ".join(f"{table} {count}" for table, count in left.items()) if left else ""


async def _retire(app: App) -> int:
    keys, settings = sealed.keys(), app.settings
    former = [number for number in keys.ring.numbers if number != keys.active and not _waits(number)]
    if not former:
        say("Không có khóa cũ nào để bỏ.")
        return 0
    if why := await app.database.run(lambda work: _not_yet(work, settings)):
        say(why)
        return 1
    left = await app.database.run(rotation.left)
    if left:
        await app.database.run(rotation.begin_again)
        say(f"Chưa bỏ được. {_still(left)}. Chương trình làm lại từ đầu; xem: motcua key status")
        return 1
    ring = keys.ring
    for number in former:
        ring = ring.without(number)
    key_ring.write(settings.key_file, ring)
    say(f"Đã bỏ khóa cũ khỏi {settings.key_file}. Máy khác có tệp khóa thì chép tệp này sang.")
    say("Giữ tờ giấy của khóa cũ chừng nào còn bản sao lưu làm từ hồi ấy, rồi hủy.")
    await asyncio.to_thread(_compact, settings)
    return 0


def _not_yet(work: Work, settings: Settings) -> str:
    """Why the former keys are still needed, in words."""
    at = rotation.progress(work)
    if at is None or not at.ended:
        return "Chưa bỏ được: còn đang niêm phong lại. Để chương trình chạy tiếp; xem: motcua key status"
    if work.machine_now() < at.since + _NOTICED:
        return "Chưa bỏ được: khóa mới dùng chưa đủ 10 phút, có thể còn tiến trình chưa kịp theo."
    if not settings.trial and recovery.confirmed(work) != sealed.keys().active:
        return "Chưa bỏ được: khóa mới chưa có trên giấy. Chạy motcua key print rồi motcua key confirm."
    if any(settings.data.glob(_PAIRS)):
        return "Chưa bỏ được: một cặp mã của Zalo chưa vào cơ sở dữ liệu. Chạy chương trình rồi thử lại."
    return ""


def _compact(settings: Settings) -> None:
    """SQLite leaves pieces of rows that were changed or deleted in the file; made anew, it holds nothing of them."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    file = Path(url.database)
    if file.stat().st_size > _VACUUM:
        say(f"Trong {file} còn mảnh của dòng đã xóa, niêm phong bằng khóa cũ. Khi rảnh, tắt chương trình rồi chạy:")
        say(f"    sqlite3 '{file}' VACUUM")
        return
    engine = sqlite_engine(settings.database_url)
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.cursor().execute(statement)
    engine.dispose()


async def _print(app: App, out: Path) -> int:
    place = next(office.name for office in app.world.catalogue.offices.values() if not office.practice)
    pdf = await asyncio.to_thread(recovery.sheet, app.settings, place, app.world.now())
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        say(f"{out} đã có. Xóa tệp ấy, hoặc ghi tên khác: motcua key print --out TÊN.pdf")
        return 1
    with os.fdopen(descriptor, "wb") as file:
        file.write(pdf)
    say(f"Đã ghi {out.absolute()}. In ra, xóa tệp, rồi chạy: motcua key confirm")  # noqa: ASYNC240 - asks only where we are
    return 0


async def _confirm(app: App) -> int:
    first, second = recovery.asked()
    typed: list[str] = []
    for group in (first, second):
        say(f"Trên tờ giấy, nhóm {group} là gì?")
        typed.append(sys.stdin.readline().strip())
    given = (typed[0], typed[1])
    wrong = await app.database.run(lambda work: recovery.confirm(work, given, datetime.now(UTC)))
    if wrong:
        say(f"Nhóm {wrong} chưa đúng. Xem lại tờ của khóa số {sealed.keys().active} rồi chạy lại.")
        return 1
    say("Đúng. Cất tờ giấy vào két. Từ giờ bộ phận tiếp nhận được hồ sơ.")
    return 0


def _enter(settings: Settings) -> int:
    """Put a key that was typed into the key file; beside the others, where the file has some."""
    typed = asked_key(say)
    if typed is None:
        say("Chưa ghi gì.")
        return 1
    number, master = typed
    pairs = key_ring.read(settings.key_file).masters if settings.key_file.exists() else ()
    known = dict(pairs)
    if number in known and known[number] != master:
        say(f"{settings.key_file} đang giữ khóa số {number} khác với tờ này. Chưa ghi gì; cất tệp ấy đi rồi làm lại.")
        return 1
    if number in known:
        say(f"{settings.key_file} đã có khóa này.")
        return 0
    settings.key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    ordered = tuple(sorted((*pairs, (number, master)), reverse=True))
    key_ring.write(settings.key_file, key_ring.Ring(ordered))
    say(f"Đã ghi khóa số {number} vào {settings.key_file}.")
    return 0
