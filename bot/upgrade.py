"""`motcua migrate`: brings the database to this version while processes of the version before go on."""

from __future__ import annotations

import asyncio

from bot.commands import say
from bot.settings import Settings
from storage import migrate as migrations


async def migrate(settings: Settings) -> int:
    """Once for all processes; each would do it at its start as well."""
    before = await asyncio.to_thread(migrations.migrate, settings.database_url)
    if before == migrations.HEAD:
        say(f"Cơ sở dữ liệu đã ở bản {before}. Không có gì để làm.")
    else:
        say(f"Cơ sở dữ liệu: từ bản {before or 'trống'} lên {migrations.HEAD}.")
        say("Bây giờ chạy lại từng tiến trình: các «motcua serve» trước, rồi các «motcua work».")
    return 0
