"""`motcua helper`: which village heads an office knows."""

from __future__ import annotations

from bot import known_helpers
from bot.app import opened
from bot.commands import say
from bot.settings import Settings
from conversations.render import text
from domain.values import phone, show_phone


async def helper(settings: Settings, what: str, number: str, office: str) -> int:
    """Note a village head by their phone, or forget them; only a keyed hash of the number is kept."""
    found = phone(number)
    async with opened(settings) as app:
        if found is None or office not in app.world.catalogue.offices:
            say(text("helping.known-wrong", {"offices": ", ".join(app.world.catalogue.offices)}))
            return 1
        known = office if what == "add" else ""
        await app.database.run(lambda work: known_helpers.note(work, found, known))
    say(text(f"helping.known-{what}", {"phone": show_phone(found), "office": office}))
    return 0
