"""Set-up: whether Zalo lets this program into the Official Account."""

from __future__ import annotations

from bot import setup_tries, zalo_alarm
from bot.settings import Settings
from bot.zalo_tokens import Tokens
from conversations.messages import TryLater, Uncertain
from handlers.web_setup_door import Told
from handlers.zalo_client import Client
from handlers.zalo_errors import Fault
from handlers.zalo_wire import Unsent
from storage.unit_of_work import Database


async def tried(database: Database, settings: Settings, refresh: str) -> Told:
    """With the refresh token that was pasted, or the pair that is here already."""
    tokens = Tokens(database, settings)
    client = Client(tokens, settings.zalo_openapi_base, settings.zalo_app_secret)
    try:
        held = await database.run(lambda work: work.zalo.get(tokens.oa))
        if refresh:
            await database.run(lambda work: work.zalo.seed(tokens.oa, refresh))
        elif held is None:
            return setup_tries.good(
                "Zalo: bốn mục đã có. Còn một việc: dán mã làm mới rồi thử, hoặc sau khi có địa chỉ công khai thì "
                "chạy «motcua zalo link»."
            )
        await tokens.access()
        told = await client.account()
    except TryLater:
        held = await database.run(lambda work: work.zalo.get(tokens.oa))
        why = zalo_alarm.words(held.trouble) if held is not None and held.trouble else "Zalo chưa trả lời."
        return setup_tries.bad(f"Zalo: {why}")
    except (Fault, Uncertain, Unsent) as error:
        return setup_tries.bad(f"Zalo: có khóa rồi nhưng chưa hỏi được Official Account ({error}).")
    finally:
        await client.close()
        await tokens.close()
    return setup_tries.good(f"Zalo: được. Đó là Official Account «{told.get('name', '')}».")
