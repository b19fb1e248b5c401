"""Zalo: the pair of tokens, what Zalo says of the account, and when it last told us something."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import func, select

from bot import zalo_alarm
from bot.doctor.patient import Finding, Patient, bad, good, kind, warn
from conversations.messages import TryLater, Uncertain
from domain.values import VIETNAM, moment_words
from handlers.zalo_client import Client
from handlers.zalo_door import Choices
from handlers.zalo_errors import Fault
from handlers.zalo_wire import Unsent
from storage import tables as t
from storage.work import Work
from storage.zalo import Held

_QUIET: Final = 7 * 86_400.0  # seconds


async def check(patient: Patient) -> list[Finding]:
    settings, database = patient.settings, patient.database
    if not settings.zalo_oa_id:
        return [good("Zalo: không dùng.")]
    if database is None or not patient.sealed:
        return [warn("Zalo: chưa xem được khóa truy cập.", "Xem mục cơ sở dữ liệu và khóa ở trên")]

    def read(work: Work) -> tuple[Held | None, float, float | None]:
        return work.zalo.get(settings.zalo_oa_id), work.machine_now(), last_heard(work, "zalo")

    held, now, heard = await database.run(read)
    if held is None:
        return [bad("Zalo: chương trình chưa được cấp quyền.", "motcua zalo link")]
    found = []
    if held.trouble:
        found.append(bad(f"Zalo: {zalo_alarm.words(held.trouble)}", "motcua zalo status; xem docs/zalo.md"))
    if held.expires < now:
        found.append(
            bad("Zalo: khóa truy cập đã hết hạn.", "Chạy chương trình để tự đổi khóa; không được thì: motcua zalo link")
        )
    else:
        found += await _account(patient, held)
    if heard is None:
        found.append(
            warn("Zalo: chưa nhận sự kiện nào.", "Kiểm tra địa chỉ webhook ở trang ứng dụng của Zalo (docs/zalo.md)")
        )
    elif now - heard > _QUIET:
        words = f"Zalo: sự kiện cuối cùng từ {_moment(heard)}."
        found.append(warn(words, "Nhắn thử một tin tới Official Account; kiểm tra webhook (docs/zalo.md)"))
    else:
        found.append(good(f"Zalo: sự kiện gần nhất {_moment(heard)}."))
    return found


async def _account(patient: Patient, held: Held) -> list[Finding]:
    """Asked with the token that there is: a check refreshes nothing."""
    settings = patient.settings
    assert patient.database is not None
    account = Client(_Shown(held.access), settings.zalo_openapi_base, settings.zalo_app_secret)
    try:
        told = await account.account()
    except (Fault, TryLater, Uncertain, Unsent) as error:
        return [bad(f"Zalo: không trả lời được về tài khoản ({kind(error)}).", "motcua zalo status")]
    finally:
        await account.close()
    return [good(f"Zalo: {told.get('name', 'Official Account')}, khóa dùng được đến {_moment(held.expires)}.")]


class _Shown:
    """A `Pass` with one token, which changes nothing of what is known."""

    def __init__(self, access: str) -> None:
        self._access = access

    async def access(self) -> str:
        return self._access

    async def renewed(self, old: str) -> str:  # noqa: ARG002 - as the protocol has it
        raise TryLater(0.0)

    async def choices(self) -> Choices:
        return Choices()

    async def remember(self, *, send_api: str = "", buttons: str = "") -> None:
        pass

    async def trouble(self, where: str, code: int) -> None:
        pass


def last_heard(work: Work, channel: str) -> float | None:
    """When the last event of a channel came, a machine moment; None where none is kept."""
    newest = select(func.max(t.inbox.c.received)).where(t.inbox.c.channel == channel)
    found = work.connection.scalar(newest)
    return None if found is None else float(found)


def _moment(at: float) -> str:
    return moment_words(datetime.fromtimestamp(at, UTC).astimezone(VIETNAM))
