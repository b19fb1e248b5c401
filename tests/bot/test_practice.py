"""Practice: invented dossiers in the office for practice alone, marked wherever they are read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import practice
from catalogue.load import load
from catalogue.search import Search
from conversations.practice import FEWEST, MOST, invented
from domain.values import VIETNAM
from storage.sealed import Keys
from tests.bot.walk import records
from tests.bot.whole import Whole, running


def test_they_are_of_different_kinds_and_some_have_faults() -> None:
    catalogue = load()
    search, office = Search(catalogue), catalogue.offices["thuc-hanh"]
    now = datetime(2026, 11, 23, 10, 0, tzinfo=VIETNAM)
    for seed in range(4):
        made = invented(catalogue, search, office, now, seed)
        assert FEWEST <= len(made) <= MOST
        assert len({one.draft.procedure for one in made}) == len(made)
        assert {one.fault for one in made} > {""}
        assert made == invented(catalogue, search, office, now, seed)
    assert invented(catalogue, search, office, now, 1) != invented(catalogue, search, office, now, 2)


async def test_every_card_line_and_notice_says_so(whole: Whole) -> None:
    mai = await whole.officer("Mai", office="thuc-hanh")
    await mai.says("/tapluyen")
    await whole.app.idle()
    made = await records(whole)
    assert FEWEST <= len(made) <= MOST
    assert {record.office for record in made} == {"thuc-hanh"}
    await mai.news()
    for press in (f"d:claim:{made[0].id}", f"d:accept:{made[0].id}"):
        await mai.press(press)
    await mai.news()
    about = [s.message.text for s in mai.shown.values() if s.message.card or "đọc được" in s.message.text]
    assert len(about) > len(made)
    assert all(words.startswith("【TẬP】") for words in about)
    documents = await whole.run(lambda work: [d for r in made for d in work.drafts.documents(r.id)])
    assert documents
    assert {document.verdict for document in documents} <= {"ok", "poor"}


async def test_what_comes_when_the_minute_is_over_says_so_too(tmp_path: Path, sqlite_url: str, keys: Keys) -> None:
    """Nobody has pressed then: it is no answer, and heads are told apart."""
    async with running(sqlite_url, tmp_path, undo=60) as whole:
        mai = await whole.officer("Mai", office="thuc-hanh")
        binh = await whole.officer("Bình", "head", office="thuc-hanh")
        await mai.says("/tapluyen")
        await whole.app.idle()
        made = await records(whole)
        for press in (f"d:claim:{made[0].id}", f"d:accept:{made[0].id}"):
            await mai.press(press)
        await whole.pass_time(timedelta(seconds=61))
        await whole.pass_time(timedelta(days=4))
        for officer in (mai, binh):
            await officer.news()
        told = [s.message.text for s in mai.shown.values() if "Đã báo người dân" in s.message.text]
        late = [s.message.text for s in binh.shown.values() if "quá hạn" in s.message.text]
        assert told
        assert late
        assert all(words.startswith("【TẬP】") for words in (*told, *late))


async def test_a_real_office_gets_none(whole: Whole) -> None:
    thu = await whole.officer("Thu")
    await thu.says("/tapluyen")
    await whole.app.idle()
    assert await records(whole) == []
    with pytest.raises(AssertionError, match="never put among real ones"):
        await practice.make(whole.app.database, whole.world, whole.app.store, "son-tien")


async def test_nobody_is_buried_in_them(whole: Whole, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(practice, "_ENOUGH", 4)
    mai = await whole.officer("Mai", office="thuc-hanh")
    for _ in range(2):
        await mai.says("/tapluyen")
        await whole.app.idle()
    assert len(await records(whole)) <= MOST
    assert any("chưa làm xong" in shown.message.text for shown in mai.shown.values())
