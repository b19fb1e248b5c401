"""What waits, what was set aside, who speaks on which channel, and how old the back-up is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import func, select

from bot import recovery
from bot.doctor.patient import Finding, Patient, bad, good, warn
from bot.lease import dead
from bot.metrics import LANES
from domain.values import VIETNAM, moment_words
from storage import tables as t
from storage.standing import Standing, standing
from storage.work import Work

_SLOW: Final = 300.0  # seconds for which an answer or a notice may wait
_LATE: Final = 100  # jobs
_BACKUP: Final = 2.0  # days
_PROVEN: Final = 180.0  # days
_MAKE: Final = "motcua backup THƯ_MỤC"
_TRY: Final = "motcua restore TỆP --rehearse THƯ_MỤC (docs/operating.md, «The proof»)"
_LOST: Final = 0.2  # share of messengers' chats that can't be reached


async def check(patient: Patient) -> list[Finding]:
    if patient.database is None:
        return []
    settings, world = patient.settings, patient.world
    now = world.now() if world is not None else datetime.now(VIETNAM)

    def look(work: Work) -> list[Finding]:
        found = [*_standing(standing(work, now)), *_chats(work)]
        return found + list(backups(recovery.facts(work, settings), trial=settings.trial)) if patient.sealed else found

    return await patient.database.run(look)


def _standing(stood: Standing) -> Iterator[Finding]:
    events, jobs = sum(stood.events_aside.values()), sum(stood.jobs_aside.values())
    if events or jobs:
        yield warn(f"Để riêng sau ba lần không xong: {events} sự kiện, {jobs} việc.", "motcua aside list")
    else:
        yield good("Không có việc nào bị để riêng.")
    for lane in stood.lanes:
        if stood.now - lane.oldest > _SLOW:
            age = (stood.now - lane.oldest) / 60
            words = f"{lane.rows} tin ({LANES[lane.lane]}) trên {lane.channel} chờ gửi, lâu nhất {age:.0f} phút."
            yield warn(words, f"Xem kênh {lane.channel} ở trên; chương trình tự gửi lại")
    ripe = sum(stood.jobs_ripe.values())
    if ripe > _LATE:
        yield warn(f"{ripe} việc nền đã đến hạn mà chưa ai làm.", "Chạy «motcua run» hoặc thêm một «motcua work»")
    for lease in stood.leases:
        host, number = (*lease.holder.split(" "), "?")[:2]
        where = host.partition("/")[0]
        if dead(lease.holder):
            yield warn(f"Kênh {lease.name}: tiến trình {number} đã chết vẫn giữ.", "Tự nhả trong nửa phút; xem lại sau")
        else:
            yield good(f"Kênh {lease.name}: tiến trình {number} trên {where} đang giữ.")
    if stood.to_telephone:
        yield warn(f"{stood.to_telephone} tin chỉ còn cách gọi điện cho dân.", "Cán bộ nhắn /goidien trong nhóm")


def _chats(work: Work) -> Iterator[Finding]:
    c = t.chats.c
    rows = select(c.channel, func.count(), func.count(c.unreachable_since)).where(c.channel.in_(("telegram", "zalo")))
    for channel, count, lost in work.connection.execute(rows.group_by(c.channel)):
        if count >= 20 and lost > _LOST * count:
            yield warn(f"{lost} trong {count} người trên {channel} không nhận được tin.", f"Xem kênh {channel} ở trên")


def backups(facts: recovery.Facts, *, trial: bool) -> Iterator[Finding]:
    """Of a trial nobody misses one."""
    mark = warn if trial else bad
    now = datetime.now(UTC)
    if facts.backup_at is None:
        yield mark("Chưa có bản sao lưu nào.", f"{_MAKE}, và đặt MOTCUA_BACKUP")
    elif (now - facts.backup_at).total_seconds() > _BACKUP * 86_400:
        yield mark(
            f"Bản sao lưu gần nhất: {_moment(facts.backup_at)}.",
            f"{_MAKE}; xem MOTCUA_BACKUP",
        )
    else:
        yield good(f"Bản sao lưu gần nhất: {_moment(facts.backup_at)}.")
    if facts.backup_trouble:
        yield mark(f"Lần sao lưu cuối không xong: {facts.backup_trouble}", f"Sửa rồi chạy lại: {_MAKE}")
    if facts.proven_at is None:
        yield warn(
            "Chưa lần nào thử khôi phục trên đĩa khác.",
            _TRY,
        )
    elif (now - facts.proven_at).total_seconds() > _PROVEN * 86_400:
        yield warn(f"Lần thử khôi phục gần nhất: {_moment(facts.proven_at)}.", "Nửa năm thử lại một lần")
    else:
        yield good(f"Đã thử khôi phục: {_moment(facts.proven_at)}.")


def _moment(at: datetime) -> str:
    return moment_words(at.astimezone(VIETNAM))
