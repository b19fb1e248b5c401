"""The Official Account's pair of tokens, one row an account.

A refresh token works once. So that it is shown to Zalo once, `begin` writes down that it will be, in a transaction of
its own, before anybody shows it: `spent` then names the pair's turn, and nobody else may. `keep` writes the next pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import insert, select, update

from storage import tables as t

if TYPE_CHECKING:
    from storage.work import Work

_z = t.zalo.c


class Held(Struct, frozen=True):
    """The row. Moments are the database's machine time."""

    oa: str
    access: str
    refresh: str
    since: float  # when this pair came
    expires: float  # when its access token ends
    turn: int  # counts pairs
    spent: int  # the last turn whose refresh token was shown
    busy: bool  # somebody shows it now
    trouble: str
    send_api: str
    buttons: str

    @property
    def shown(self) -> bool:
        """Whether the refresh token is used up, or is just being used."""
        return self.spent >= self.turn


class ZaloPairs:
    """See above."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def get(self, oa: str) -> Held | None:
        """The account's row, where it was ever let in."""
        row = self._c.execute(select(t.zalo).where(_z.oa == oa)).one_or_none()
        if row is None:
            return None
        busy = row.busy is not None and (row.busy_until or 0.0) > self._work.machine_now()
        return Held(
            oa,
            row.access.decode(),
            row.refresh.decode(),
            row.updated,
            row.expires,
            row.turn,
            row.spent,
            busy,
            row.trouble,
            row.send_api,
            row.buttons,
        )

    def seed(self, oa: str, refresh: str, access: str = "", seconds: float = 0.0) -> int:
        """A pair that a person brought; gives its turn. Whatever was known of earlier ones is over."""
        now = self._work.machine_now()
        known = self.get(oa)
        turn = known.turn + 1 if known is not None else 0
        values: dict[str, Any] = {
            "access": access.encode(),
            "refresh": refresh.encode(),
            "expires": now + seconds,
            "turn": turn,
            "busy": None,
            "busy_until": None,
            "trouble": "",
            "updated": now,
        }
        if known is None:
            self._c.execute(insert(t.zalo).values(oa=oa, **values))
        else:
            values["before"] = _pair(known)
            self._c.execute(update(t.zalo).where(_z.oa == oa).values(**values))
        self._work.touch("zalo")
        return turn

    def begin(self, oa: str, turn: int, by: str, seconds: float) -> str | None:
        """The refresh token, for whoever may show it to Zalo now; None where somebody has, or there is another pair."""
        until = self._work.machine_now() + seconds
        mine = self._c.execute(
            update(t.zalo)
            .where(_z.oa == oa, _z.turn == turn, _z.spent < turn)
            .values(spent=turn, busy=by, busy_until=until)
        )
        held = self.get(oa) if mine.rowcount else None
        return held.refresh if held is not None else None

    def unshown(self, oa: str, turn: int, by: str) -> None:
        """It was not shown after all, for nobody was there: it may be, another time."""
        self._c.execute(
            update(t.zalo)
            .where(_z.oa == oa, _z.turn == turn, _z.spent == turn, _z.busy == by)
            .values(spent=turn - 1, busy=None, busy_until=None)
        )
        self._work.touch("zalo")

    def keep(self, oa: str, turn: int, access: str, refresh: str, seconds: float) -> bool:
        """The pair that followed that of `turn`; True where it is the account's now."""
        held = self.get(oa)
        if held is None or held.turn != turn:
            return False  # kept already, or a person has brought a newer one
        now = self._work.machine_now()
        kept = self._c.execute(
            update(t.zalo)
            .where(_z.oa == oa, _z.turn == turn)
            .values(
                access=access.encode(),
                refresh=refresh.encode(),
                expires=now + seconds,
                before=_pair(held),
                turn=turn + 1,
                busy=None,
                busy_until=None,
                trouble="",
                updated=now,
            )
        )
        self._work.touch("zalo")
        return bool(kept.rowcount)

    def lost(self, oa: str, turn: int, what: str) -> None:
        """The refresh token was shown and brought nothing: it is used up, and a person must bring another."""
        self._c.execute(
            update(t.zalo)
            .where(_z.oa == oa, _z.turn == turn, _z.spent == turn)
            .values(trouble=what, busy=None, busy_until=None)
        )
        self._work.touch("zalo")

    def trouble(self, oa: str, what: str, *, instead: str = "") -> None:
        """Something else for a person to see to, or "" in place of a trouble that begins with `instead`."""
        known = self.get(oa)
        replaceable = known is not None and (
            known.trouble.startswith(instead) if not what else not known.trouble.startswith("token")
        )
        if known is not None and replaceable and known.trouble != what:
            self._c.execute(update(t.zalo).where(_z.oa == oa).values(trouble=what[:80]))
            self._work.touch("zalo")

    def again(self, oa: str) -> int | None:
        """A person says that the refresh token may be shown once more; gives its turn."""
        self._c.execute(
            update(t.zalo).where(_z.oa == oa, _z.spent == _z.turn).values(spent=_z.turn - 1, busy=None, trouble="")
        )
        held = self.get(oa)
        return held.turn if held is not None else None

    def remember(self, oa: str, *, send_api: str = "", buttons: str = "") -> None:
        """What was found out about the account."""
        found = {key: value for key, value in (("send_api", send_api), ("buttons", buttons)) if value}
        if found:
            self._c.execute(update(t.zalo).where(_z.oa == oa).values(**found))
            self._work.touch("zalo")


def _pair(held: Held) -> bytes:
    """For whoever has to find out what happened."""
    return msgspec.json.encode({"turn": held.turn, "access": held.access, "refresh": held.refresh})
