"""The Official Account's tokens in this process: who needs one gets it, and it is refreshed in good time.

Whether and by whom a refresh token may be shown is decided in storage/zalo.py; showing it is bot/zalo_refresh.py's.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from bot import zalo_refresh
from bot.receive import place
from bot.settings import BadSetting, Settings
from bot.zalo_journal import Journal
from bot.zalo_refresh import LEASE, LOST, Orders
from conversations.messages import TryLater
from handlers.zalo_door import Choices
from handlers.zalo_oauth import Client
from storage.unit_of_work import Database
from storage.work import Work
from storage.zalo import Held

log = logging.getLogger(__name__)

_DUE: Final = 0.8  # of an access token's life, after which it is refreshed
_MARGIN: Final = 0.02  # of its life, at the end of which it is not shown any more
_WAIT: Final = 45.0  # seconds for which a call waits for a refresh
_POLL: Final = 0.1
_LOOK: Final = 20.0  # seconds between looks whether it is due
_UNREACHED: Final = 60.0  # seconds before another try with the same pair, where nobody was reached
_YOUNG: Final = 300.0  # seconds; if a token as new as this is refused, another one would be, too
_PARTING: Final = 45.0  # seconds
_AWAY: Final = 1800.0  # seconds without a good token, after which people hear of it
_FOR_A_PERSON: Final = 300.0  # seconds after which whoever waits for a person asks again
AWAY: Final = "away"  # Zalo's OAuth is not reached
_SENDS: Final = {"auto": "", "v3": "v3", "v2": "v2"}
_BUTTONS: Final = {"auto": "", "on": "on", "off": "off"}


class Tokens:
    """A `Pass` (handlers/zalo_door.py). `tell` is played at each look, to tell people of trouble."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        tell: Callable[[Work], None] | None = None,
        *,
        lease: float = LEASE,
        pause: float = _UNREACHED,
    ) -> None:
        self.oa = settings.zalo_oa_id
        self._database = database
        self._settings = settings
        self._tell = tell
        self._lease = lease
        self._pause = pause
        self._journal = Journal(settings.data)
        self._client = Client(settings.zalo_app_id, settings.zalo_app_secret, settings.zalo_oauth_base)
        self._send_api = _setting("MOTCUA_ZALO_SEND_API", settings.zalo_send_api, _SENDS)
        self._buttons = _setting("MOTCUA_ZALO_BUTTONS", settings.zalo_buttons, _BUTTONS)
        self._helpers: dict[subprocess.Popen[bytes], int] = {}  # what carries out a refresh, of which turn
        self._tried = (-1, 0.0)  # the turn whose refresh was asked for last, and when to do so again
        self._well: set[str] = set()  # where calls were taken since this process looked last

    # what callers need ------------------------------------------------------------------------------------------------

    async def access(self) -> str:
        """The access token; where it is due, its successor is asked for meanwhile."""
        held, now = await self._now()
        if now < held.expires - _MARGIN * (held.expires - held.since):
            self._refresh_if_due(held, now)
            return held.access
        return (await self._followed(held)).access

    async def renewed(self, old: str) -> str:
        """Another one: perhaps somebody has it already, else it is refreshed now."""
        held, now = await self._now()
        if held.access != old:
            return held.access
        if not held.shown and now - held.since < _YOUNG:
            raise TryLater(_UNREACHED)
        return (await self._followed(held)).access

    async def choices(self) -> Choices:
        """Settings first, then what was found out."""
        held = await self._database.run(lambda work: work.zalo.get(self.oa))
        found = held.send_api if held is not None else ""
        buttons = held.buttons if held is not None else ""
        return Choices(self._send_api or found or "v3", self._buttons or buttons or "on", bool(self._send_api))

    async def remember(self, *, send_api: str = "", buttons: str = "") -> None:
        """For all processes, and for the next start."""
        await self._database.run(lambda work: work.zalo.remember(self.oa, send_api=send_api, buttons=buttons))

    async def trouble(self, where: str, code: int) -> None:
        """Written down where it changes something; told at the next look."""
        if code:
            self._well.discard(where)
            log.error("Zalo wants something of a person: %s %d", where, code)
            await self._database.run(lambda work: work.zalo.trouble(self.oa, f"{where} {code}"))
        elif where not in self._well:
            self._well.add(where)
            await self._database.run(lambda work: work.zalo.trouble(self.oa, "", instead=where))

    # by itself --------------------------------------------------------------------------------------------------------

    async def keep(self) -> None:
        """Refresh in good time, bring home what was left on the way, and tell of trouble; until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the next look may go better
                log.error("Zalo's tokens were not looked after: %s at %s", type(error).__name__, place(error))  # noqa: TRY400
            await asyncio.sleep(_LOOK)

    async def look(self) -> None:
        """Once."""
        with suppress(TryLater):
            held, now = await self._now()
            if held.shown and not held.busy:
                await self._settle(held)
            else:
                self._refresh_if_due(held, now)
            if now > held.expires + _AWAY and not held.trouble:
                await self._database.run(lambda work: work.zalo.trouble(self.oa, AWAY))
        if self._tell is not None:
            await self._database.run(self._tell)

    async def close(self) -> None:
        """A refresh under way is waited for, since whoever ends us may end all processes next."""
        for helper in self._helpers:
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(helper.wait, _PARTING)
        self._helpers.clear()

    # one refresh ------------------------------------------------------------------------------------------------------

    async def _now(self) -> tuple[Held, float]:
        def read(work: Work) -> tuple[Held | None, float]:
            return work.zalo.get(self.oa), work.machine_now()

        held, now = await self._database.run(read)
        if held is None:
            log.error("Zalo: nobody has let this program in yet; see docs/zalo.md")
            raise TryLater(_FOR_A_PERSON)
        return held, now

    def _refresh_if_due(self, held: Held, now: float) -> None:
        if not held.shown and now >= held.since + _DUE * (held.expires - held.since):
            self._begin(held.turn)

    def _begin(self, turn: int) -> None:
        """One process for it, unless one is at it or was in vain just now."""
        self._reap()
        loop = asyncio.get_running_loop()
        tried, again = self._tried
        if turn in self._helpers.values() or (turn == tried and loop.time() < again):
            return
        self._tried = (turn, loop.time() + self._pause)
        orders = Orders(
            self._settings.database_url,
            str(self._settings.key_file),
            str(self._settings.data),
            self.oa,
            turn,
            self._client,
            self._lease,
        )
        self._helpers[zalo_refresh.begun(orders)] = turn

    def _reap(self) -> None:
        """Those that have ended."""
        for helper in [helper for helper in self._helpers if helper.poll() is not None]:
            del self._helpers[helper]

    async def _followed(self, held: Held) -> Held:
        """The pair after this one. Raises TryLater where there is none soon."""
        self._begin(held.turn)
        loop = asyncio.get_running_loop()
        ends = loop.time() + _WAIT
        while loop.time() < ends:
            again, _ = await self._now()
            if again.turn != held.turn:
                return again
            if again.trouble.startswith("token"):
                raise TryLater(_FOR_A_PERSON)
            if again.shown and not again.busy:
                await self._settle(again)
                continue
            self._reap()
            if not again.shown and held.turn not in self._helpers.values():
                break  # nobody was reached
            await asyncio.sleep(_POLL)
        raise TryLater(_UNREACHED)

    async def _settle(self, held: Held) -> None:
        """The refresh token was shown, and nobody is at it any more: the next pair is in our file, or nobody has it."""
        if await zalo_refresh.settled(held.oa, held.turn, self._journal, self._database):
            return
        if not held.trouble.startswith("token"):
            log.error("Zalo's answer to a refresh is lost: somebody must let this program in again (docs/zalo.md)")
            await self._database.run(lambda work: work.zalo.lost(held.oa, held.turn, LOST))


def _setting(name: str, given: str, known: dict[str, str]) -> str:
    if given not in known:
        raise BadSetting(f"{name}: expected {', '.join(known)}, got {given!r}")
    return known[given]
