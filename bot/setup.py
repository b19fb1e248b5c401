"""The first set-up of a real installation: who may do it, and how far it has come. It is kept in `installation`."""

from __future__ import annotations

import hmac
import secrets
from typing import Final

import msgspec

from bot.world import World
from handlers.web_setup_door import PATH
from storage import sealed
from storage.tokens import hashed
from storage.work import Work

DONE: Final = "setup-done"  # when, an ISO moment
_LINK: Final = "setup-link"  # of the link and of the session: hash and end
_SESSION: Final = "setup-session"
_STATE: Final = "setup-state"  # names of the steps that are done, as JSON
LINK_LIFE: Final = 3600.0  # seconds
_SESSION_LIFE: Final = 8 * 3600.0


def wanted(work: Work, world: World) -> bool:
    """Whether this is a real installation that nobody has set up yet: it has no officer, or set-up was begun."""
    if world.settings.trial or work.installation.get(DONE):
        return False
    return bool(work.installation.get(_STATE)) or not work.officers.all()


def link(work: Work, world: World) -> str:
    """A one-time address, good on this machine alone; an older one is good no more."""
    host = "127.0.0.1" if world.settings.host in ("0.0.0.0", "::", "") else world.settings.host  # noqa: S104 - compared
    return f"http://{host}:{world.settings.port}{PATH}?ma={_make(work, _LINK, LINK_LIFE)}"


def enter(work: Work, token: str) -> str:
    """The cookie of a new session; empty where the link is not good, or not any more."""
    if not _good(work, _LINK, token):
        return ""
    work.installation.put(_LINK, "")
    return _make(work, _SESSION, _SESSION_LIFE)


def known(work: Work, cookie: str) -> bool:
    """Whether it is the session's."""
    return _good(work, _SESSION, cookie)


def passed(work: Work) -> frozenset[str]:
    """The steps that are done, or were left out."""
    return frozenset(msgspec.json.decode(work.installation.get(_STATE) or "[]", type=list[str]))


def step_over(work: Work, step: str) -> None:
    """This one is done."""
    work.installation.put(_STATE, msgspec.json.encode(sorted(passed(work) | {step})).decode())


def finish(work: Work, world: World) -> None:
    """The page is closed; `motcua setup` opens it again."""
    work.installation.put(DONE, world.now().isoformat())
    for key in (_LINK, _SESSION):
        work.installation.put(key, "")


def mark() -> str:
    """By which this installation is known again from outside. It opens nothing, and nothing can be told from it."""
    return f"motcua {sealed.keys().look_up('public mark')}"


def _make(work: Work, key: str, seconds: float) -> str:
    token = secrets.token_urlsafe(24)
    work.installation.put(key, f"{_hashed(token)} {work.machine_now() + seconds}")
    return token


def _good(work: Work, key: str, token: str) -> bool:
    kept, _, end = (work.installation.get(key) or "").partition(" ")
    return bool(kept) and hmac.compare_digest(kept, _hashed(token)) and work.machine_now() < float(end)


def _hashed(token: str) -> str:
    """Keyed: whoever can write to the database must not make a link to where the master key is printed."""
    return sealed.keys().look_up(f"set-up {hashed(token)}")
