"""A refresh that dies at each of its steps: what the next process finds, and what Zalo saw."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest

from bot import zalo_refresh
from bot.settings import Settings
from bot.zalo_journal import Journal
from bot.zalo_refresh import LOST, Orders, carried_out
from bot.zalo_tokens import Tokens
from handlers.zalo_oauth import Client, followed
from storage.unit_of_work import Database
from storage.work import Work
from tests.zalo.fake import FakeZalo

OA = FakeZalo.OA_ID
STEPS: Final = ("begin", "followed", "write", "keep", "drop")


class Dead(BaseException):
    """The power goes: nothing in the program catches this, and nothing after it runs."""


def around(monkeypatch: pytest.MonkeyPatch, step: str, *, before: bool) -> None:
    """Die before this step, or when it is done and durable."""
    if step == "followed":
        monkeypatch.setattr(zalo_refresh, "followed", dying(followed, before=before))
    elif step in ("write", "drop"):
        whole = getattr(Journal, step)

        def play(*given: Any) -> None:
            if not before:
                whole(*given)
            raise Dead

        monkeypatch.setattr(Journal, step, play)


def dying(whole: Callable[..., Awaitable[Any]], *, before: bool) -> Callable[..., Awaitable[Any]]:
    async def play(*given: Any) -> None:
        if not before:
            await whole(*given)
        raise Dead

    return play


class DyingDatabase:
    """Dies at its n-th transaction: 1 is `begin`, 2 is `keep`."""

    busy = 0

    def __init__(self, database: Database, number: int, *, before: bool) -> None:
        self._database = database
        self._left = number
        self._before = before

    async def run(self, function: Callable[[Work], Any]) -> Any:
        self._left -= 1
        if self._left == 0 and self._before:
            raise Dead
        result = await self._database.run(function)
        if self._left == 0:
            raise Dead
        return result

    async def close(self) -> None: ...


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
async def test_the_token_is_shown_once_and_the_pair_is_found(
    zalo: FakeZalo, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, *, before: bool
) -> None:
    access, refresh = zalo.pair()
    await database.run(lambda work: work.zalo.seed(OA, refresh, access, 90_000))
    client = Client(zalo.APP_ID, zalo.APP_SECRET, zalo.base)
    orders = Orders("", "", str(tmp_path), OA, 0, client, lease=-1)  # whoever comes next need not wait
    number = {"begin": 1, "keep": 2}.get(step, 0)
    with monkeypatch.context() as dying_here:
        around(dying_here, step, before=before)
        with pytest.raises(Dead):
            await carried_out(orders, DyingDatabase(database, number, before=before))

    settings = Settings(data=tmp_path, zalo_oa_id=OA, zalo_oauth_base=zalo.base)
    await Tokens(database, settings).look()
    await carried_out(orders, database)  # as the next process would, if it were due
    held = await database.run(lambda work: work.zalo.get(OA))

    assert held is not None
    assert len(zalo.state.refreshes) <= 1
    assert all(use.taken for use in zalo.state.refreshes)
    nobody_knows = (step, before) in {("begin", False), ("followed", True), ("followed", False), ("write", True)}
    if nobody_knows:  # it may have been shown, and there is no answer: a person is asked, and nothing is tried
        assert (held.turn, held.trouble, held.access) == (0, LOST, access)
    else:
        assert (held.turn, held.trouble, held.refresh) == (1, "", zalo.state.pairs[-1].refresh)
        assert zalo.state.refreshes != []
