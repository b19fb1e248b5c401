"""`motcua ledger`: the ledger of a period as a file on the office's own machine."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from bot import command_audit, disk_words, ledgers
from bot.app import opened
from bot.commands import say
from bot.scene import present
from bot.settings import Settings
from documents.ledger import Ledger
from storage.work import Work

_KINDS: Final = {".pdf": "ledger", ".xlsx": "ledger-xlsx"}


async def write(settings: Settings, first: date, last: date, out: Path, office: str) -> int:
    """By the file's ending a PDF or a spreadsheet; readable by whoever started the command alone."""
    kind = _KINDS.get(out.suffix.lower())
    if kind is None:
        say("Tệp phải có đuôi .pdf hoặc .xlsx.")
        return 2
    if last < first:
        say("Ngày cuối phải từ ngày đầu trở đi.")
        return 2
    async with opened(settings) as app:
        offices = app.world.catalogue.offices
        place = office or next(iter(offices))
        if place not in offices:
            say(f"Không có đơn vị {place}. Có: {', '.join(offices)}")
            return 1

        def gather(work: Work) -> Ledger:
            command_audit.note(present(work, app.world), "ledger", f"{place} {first:%y%m%d}-{last:%y%m%d}")
            return ledgers.book(present(work, app.world), offices[place], (first, last))

        book = await app.database.run(gather)
    made = await asyncio.to_thread(_rendered, kind, msgspec.msgpack.encode(book))
    try:
        await asyncio.to_thread(_put, out, made)
    except OSError as error:
        say(f"Không ghi được tệp {out} ({disk_words.why(error)}).")
        return 1
    say(f"Đã ghi {len(book.entries)} hồ sơ vào {out}. Có dữ liệu cá nhân: chỉ dùng trong cơ quan.")
    return 0


def _rendered(kind: str, payload: bytes) -> bytes:
    """Here, in this process: it holds nothing but this."""
    from documents import render_pdf, sheets_xlsx  # noqa: PLC0415 - heavy, and only this command needs it

    return sheets_xlsx.render(kind, payload) if kind in sheets_xlsx.KINDS else render_pdf.render(kind, payload)


def _put(out: Path, made: bytes) -> None:
    out.touch(mode=0o600)
    out.write_bytes(made)
