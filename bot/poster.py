"""The A4 poster: what it says of this installation, and `motcua poster`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from bot import disk_words
from bot.app import opened
from bot.commands import say
from bot.scene import Scene, present
from bot.settings import Settings
from catalogue.model import Office, Season
from documents.poster import Door, Poster
from domain.values import show_phone
from storage.work import Work

_TELEGRAM: Final = "telegram-username"  # in `installation`, once the citizens' bot has run
_DAYS: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


async def command(settings: Settings, out: Path, office: str) -> int:
    """Write it as a PDF; the exit status."""
    async with opened(settings) as app:
        place = office or next(one.id for one in app.world.catalogue.offices.values() if not one.practice)
        if place not in app.world.catalogue.offices:
            say(f"Không có đơn vị {place}. Có: {', '.join(app.world.catalogue.offices)}")
            return 1

        def gather(work: Work) -> Poster:
            return poster(present(work, app.world), app.world.office(place))

        made = await app.database.run(gather)
    if not made.doors:
        say("Chưa có địa chỉ công khai, Telegram hay Zalo nào để in mã QR. Chạy «motcua setup» để điền.")
        return 1
    try:
        await asyncio.to_thread(out.write_bytes, await asyncio.to_thread(printed, made))
    except OSError as error:
        say(f"Không ghi được tệp {out} ({disk_words.why(error)}).")
        return 1
    say(f"Đã ghi áp phích vào {out.absolute()}: in trên giấy A4, không thu nhỏ.")  # noqa: ASYNC240 - asks only where we are
    return 0


def poster(scene: Scene, office: Office) -> Poster:
    """With the ways in that are on; without a public address there is none by the web."""
    settings = scene.world.settings
    username = scene.work.installation.get(_TELEGRAM) if settings.telegram_token else ""
    site = urlsplit(settings.public_url)
    doors = [
        Door("Trang web", settings.address + "/", site.netloc) if site.scheme == "https" else None,
        Door("Zalo", f"https://zalo.me/{settings.zalo_oa_id}", f"zalo.me/{settings.zalo_oa_id}")
        if settings.zalo_oa_id
        else None,
        Door("Telegram", f"https://t.me/{username}", f"@{username}") if username else None,
    ]
    address = (office.desk_address if office.known("desk_address") else "") or office.address
    return Poster(
        office.desk,
        office.name,
        address,
        tuple(_season(season, alone=len(office.hours) == 1) for season in office.hours),
        tuple(
            show_phone("+84" + one.number[1:]) if one.number.startswith("0") else one.number for one in office.phones
        ),
        tuple(door for door in doors if door is not None),
    )


def printed(made: Poster) -> bytes:
    """As PDF; half a second of work, so call it in a thread."""
    from documents import render_pdf  # noqa: PLC0415 - typst, and only here

    return render_pdf.render("poster", msgspec.msgpack.encode(made))


def _season(season: Season, *, alone: bool) -> str:
    days = sorted(season.weekdays)
    names = [_DAYS[day - 1] for day in days]
    row = days == list(range(days[0], days[-1] + 1)) and len(days) > 2
    listed = f"{names[0]} – {names[-1]}" if row else ", ".join(names)
    hours = ", ".join(f"{one.opens.hour}:{one.opens:%M}–{one.closes.hour}:{one.closes:%M}" for one in season.sessions)
    said = f"{listed}: {hours}"
    since = f"{season.starts[3:]}/{season.starts[:2]}"
    return said[0].upper() + said[1:] if alone else f"Từ {since}: {said}"
