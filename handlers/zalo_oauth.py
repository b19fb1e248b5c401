"""Zalo's OAuth: how an administrator lets us in, and how a pair of tokens is followed by the next."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import msgspec
from msgspec import Struct

from conversations.messages import Refused, Uncertain
from handlers.zalo_wire import UNSENT, Unsent

_TIMES: Final = httpx.Timeout(15.0, connect=5.0)
_SHORTEST: Final = 0.1  # seconds; one that has none is still a pair
_UNREAD: Final = 3600.0  # the shorter of the two lives that were seen


class Fresh(Struct, frozen=True):
    """A pair as Zalo gave it; the access token lives for so many seconds, the refresh token works once."""

    access: str
    refresh: str
    seconds: float


class Client(Struct, frozen=True):
    """Who asks: the app, its secret, and where Zalo's OAuth is."""

    app_id: str
    secret: str
    base: str = "https://oauth.zaloapp.com"


def verifier() -> str:
    """A secret of 43 characters, to be shown when the code is exchanged."""
    return secrets.token_urlsafe(32)


def challenge(of: str) -> str:
    """What of it may be seen before."""
    return base64.urlsafe_b64encode(hashlib.sha256(of.encode()).digest()).rstrip(b"=").decode()


def permission_url(client: Client, back: str, secret: str, state: str) -> str:
    """The page on which an administrator of the account allows it; `back` is as registered, without a query."""
    asked = {"app_id": client.app_id, "redirect_uri": back, "code_challenge": challenge(secret), "state": state}
    return f"{client.base.rstrip('/')}/v4/oa/permission?{urlencode(asked)}"


async def exchanged(client: Client, code: str, secret: str) -> Fresh:
    """The first pair for a code, which works once; raises as `followed`."""
    return await _asked(client, grant_type="authorization_code", code=code, code_verifier=secret)


async def followed(client: Client, refresh: str) -> Fresh:
    """The next pair. The one that is shown here has then been used, whatever comes of it.

    Raises Unsent where nobody was reached and it has not been used after all; Refused where Zalo said no; Uncertain
    where it may have been used and nobody knows what came of it.
    """
    return await _asked(client, grant_type="refresh_token", refresh_token=refresh)


async def _asked(client: Client, **form: str) -> Fresh:
    headers = {"secret_key": client.secret}
    data = {"app_id": client.app_id, **form}
    async with httpx.AsyncClient(timeout=_TIMES, follow_redirects=False) as line:
        try:
            answer = await line.post(f"{client.base.rstrip('/')}/v4/oa/access_token", data=data, headers=headers)
        except UNSENT as error:
            raise Unsent(type(error).__name__) from None
        except httpx.HTTPError as error:  # their words may hold what was sent
            raise Uncertain(type(error).__name__) from None
    try:
        told: Any = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        raise Uncertain(f"{answer.status_code}, unreadable") from None
    if not isinstance(told, dict):
        raise Uncertain("unreadable")
    access, refresh = told.get("access_token"), told.get("refresh_token")
    if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
        raise Refused(f"oauth {told.get('error')}"[:40])  # which numbers there are is not known: none is looked at
    return Fresh(access, refresh, _seconds(told.get("expires_in")))


def _seconds(told: object) -> float:
    """A string of digits, 90000 in the documentation and less elsewhere."""
    try:
        return max(_SHORTEST, float(str(told)))
    except ValueError:
        return _UNREAD
