"""Clocks: due dates, log-ins and payments hang on them. Compared with everybody who told us the time meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.doctor.patient import Finding, Patient, bad, good, warn
from domain.values import VIETNAM

_AWAY: Final = timedelta(seconds=60)  # a payment gateway's signature is refused five minutes off
_FAR: Final = timedelta(minutes=4)


async def check(patient: Patient) -> list[Finding]:
    """After all others: they bring the times."""
    found = []
    if patient.database is not None and not patient.settings.database_url.startswith("sqlite"):
        moment = await patient.database.run(lambda work: work.machine_now())
        patient.clocks.append(("cơ sở dữ liệu", datetime.fromtimestamp(moment, UTC), datetime.now(UTC)))
    off = [(who, ours - theirs) for who, theirs, ours in patient.clocks]
    worst = max(off, key=lambda one: abs(one[1]), default=None)
    if worst is None and patient.settings.trial:
        pass  # nothing hangs on it, and there is nobody to ask
    elif worst is None:
        found.append(warn("Chưa so được đồng hồ với ai.", "Kiểm tra đường truyền"))
    elif abs(worst[1]) < _AWAY:
        found.append(good(f"Đồng hồ máy đúng (so với {', '.join(dict(off))})."))
    else:
        words = f"Đồng hồ máy lệch {abs(worst[1]).total_seconds():.0f} giây so với {worst[0]}."
        doing = "Bật đồng bộ giờ: timedatectl set-ntp true (Windows: Cài đặt → Ngày giờ → Đồng bộ)"
        found.append(bad(words, doing) if abs(worst[1]) > _FAR else warn(words, doing))
    there = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    if there.utcoffset() != datetime.now(VIETNAM).utcoffset():
        found.append(bad("Dữ liệu múi giờ trên máy sai.", "Cài lại gói tzdata"))
    if patient.world is not None and patient.world.offset:
        found.append(warn("Giờ của chương trình đang được đặt lệch để thử.", "motcua clock reset"))
    return found
