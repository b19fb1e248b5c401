"""`motcua aside`: what was set aside after three tries, to be looked at, played again or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bot.app import App, opened
from bot.commands import say
from bot.settings import Settings
from domain.values import VIETNAM, moment_words
from storage.asides import Aside, Asides
from storage.work import Work

ALL: Final = "all"
DROPPED: Final = "aside-dropped"  # in the audit


async def aside(settings: Settings, what: str, which: Sequence[str]) -> int:
    """One of list, retry, drop; `which` are names as `list` tells them, or all."""
    async with opened(settings) as app:
        if what == "list":
            return await _list(app)
        if not which:
            say(f"Ghi tên việc như «motcua aside list» kể, hoặc {ALL}.")
            return 1
        return await _act(app, what, set(which))


async def _list(app: App) -> int:
    found = await app.database.run(lambda work: Asides(work).all())
    for one in found:
        say(line(one))
    if found:
        say("Chạy lại: motcua aside retry TÊN (hoặc all). Bỏ hẳn: motcua aside drop TÊN.")
        say("Nguyên nhân: tìm tên sự kiện hoặc loại việc trong nhật ký; chạy lại sau khi đã sửa.")
    else:
        say("Không có việc nào bị để riêng.")
    return 0


def line(one: Aside) -> str:
    """Name, kind, when and how often tried; nothing of a person."""
    when = "" if one.at is None else f", {moment_words(datetime.fromtimestamp(one.at, UTC).astimezone(VIETNAM))}"
    if one.event:
        about = one.about or "không đọc được, chỉ có thể bỏ"
        return f"{one.name:12} sự kiện trên {one.where} ({about}){when}, đã thử {one.attempts} lần"
    return f"{one.name:12} việc {one.where} ({one.about}), đã thử {one.attempts} lần"


async def _act(app: App, what: str, which: set[str]) -> int:
    def act(work: Work) -> list[tuple[str, bool]]:
        asides = Asides(work)
        chosen = [one for one in asides.all() if ALL in which or one.name in which]
        done = []
        for one in chosen:
            well = asides.retry(one) if what == "retry" else asides.drop(one)
            if well and what == "drop":
                work.audit.add(DROPPED, app.world.now(), subject=f"{one.where}:{one.name}")
            done.append((one.name, well))
        return done

    done = await app.database.run(act)
    words = "sẽ được chạy lại trong nửa phút" if what == "retry" else "đã bỏ"
    for name, well in done:
        say(f"{name}: {words if well else 'không làm được (chỉ có thể bỏ, hoặc đã xong)'}")
    unknown = which - {name for name, _ in done} - {ALL}
    for name in sorted(unknown):
        say(f"{name}: không có. Xem: motcua aside list")
    return 1 if unknown or not all(well for _, well in done) else 0
