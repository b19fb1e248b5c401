"""What a turn costs where each statement is a journey to the database server: no more than it needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, event, update
from sqlalchemy.engine import Engine

from conversations.messages import Started, TextSent
from storage import tables as t
from storage.prepared import Prepared
from storage.sealed import Keys
from storage.work import Work
from tests.bot.test_procedures import CATALOGUE
from tests.bot.whole import Actor, running

FULL = CATALOGUE.procedures["xac-nhan-tinh-trang-hon-nhan"]
WORDS = 3  # the event, which tells the time, the chat with its person, the state; and what is said
SHARED = 2  # the person is held, and the chat read again


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement but those that begin and end transactions, or wake other processes."""
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        told.append(statement)

    def prepared(name: str) -> Any:
        run = getattr(Prepared, name)

        def noted(self: Prepared, connection: Connection, values: Any) -> Any:
            told.append(self.plan(connection).sql)
            return run(self, connection, values)

        return patch.object(Prepared, name, noted)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with prepared("rows"), prepared("many"):
            yield told
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def cost(citizen: Actor, words: str) -> list[str]:
    """Of one turn alone, without what is shown or drawn afterwards."""
    whole = citizen.whole
    with counted() as told:
        await whole.app.live.receive(citizen.reader, f"event {words}", TextSent(words))
        return list(told)


@pytest.mark.parametrize("others", [0, 3])
async def test_a_plain_turn_and_an_answer_in_a_form(postgres_url: str, tmp_path: Path, keys: Keys, others: int) -> None:
    async with running(postgres_url, tmp_path, public_url="https://motcua.example.vn") as whole:
        citizen = await whole.citizen()
        await citizen.send(Started())

        def more(work: Work) -> None:
            mine = work.chats.get(citizen.reader.chat)
            assert mine is not None
            for number in range(others):
                chat = work.chats.open_citizen("telegram", f"{number}", whole.world.now())
                of = update(t.chats).where(t.chats.c.id == chat.id).values(person=mine.person)
                work.connection.execute(of)

        await whole.run(more)
        shared = SHARED if others else 0
        assert len(await cost(citizen, "asdf qwer")) == WORDS + 1 + shared
        await citizen.press(f"start:{FULL.id}")
        for label in ("Cho tôi", "Đồng ý", "Đồng ý", "Vay vốn ngân hàng"):
            await citizen.press_label(label)
        # The draft, its answers and documents are read; one row and the draft's own are written.
        assert len(await cost(citizen, "Nguyễn Thị Hoa")) == WORDS + 1 + 5 + shared
