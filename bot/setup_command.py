"""`motcua setup`: opens the set-up page again, for whoever has this machine."""

from __future__ import annotations

from bot import setup
from bot.app import opened
from bot.commands import say
from bot.settings import Settings


async def command(settings: Settings) -> int:
    """Print a link; it is good once, for an hour, in a browser on this machine."""
    if settings.trial:
        say("Đây là bản chạy thử. Muốn dùng thật: đặt MOTCUA_TRIAL=0 và một thư mục dữ liệu mới trong .env.")
        return 1
    async with opened(settings) as app:
        address = await app.database.run(lambda work: setup.link(work, app.world))
    say(address)
    say("Dùng một lần, trong một giờ, chỉ mở được bằng trình duyệt trên chính máy này, khi chương trình chạy.")
    return 0
