"""`motcua catalogue diff`: what changed files change for people, against the database and against another folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

import catalogue
from bot import catalogue_diff
from bot.app import opened
from bot.settings import Settings
from catalogue.compare import compare, days_off
from catalogue.load import load
from storage.sealed import Keys
from tests.bot.walk import greeted, hand_in
from tests.bot.whole import Whole


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path, keys: Keys) -> Settings:
    return Settings(data=tmp_path, database=sqlite_url, key_file=tmp_path / "keys" / "master.key")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data files, to be changed."""
    return Path(shutil.copytree(Path(catalogue.__file__).parent, tmp_path / "changed"))


def change(file: Path, old: str, new: str) -> None:
    words = file.read_text(encoding="utf-8")
    assert words.count(old) >= 1, old
    file.write_text(words.replace(old, new, 1), encoding="utf-8")


def the_file(folder: Path, procedure: str) -> Path:
    return next(folder.glob(f"procedures/*/{procedure}.toml"))


def test_each_difference_has_words() -> None:
    procedures = [*load().procedures.values()]
    for old in procedures[:30]:
        for new in procedures[:30]:
            for one in compare(old, new):
                assert catalogue_diff._line(one)  # noqa: SLF001 - a key without words would be found by an official


def test_what_is_the_same_differs_in_nothing() -> None:
    for it in load().procedures.values():
        assert compare(it, it) == ()


def test_papers_fee_time_and_questions_are_told_apart() -> None:
    old = load().procedures["khai-sinh"]
    fee = msgspec.structs.replace(old.fee, amount_vnd=8000)
    paper = msgspec.structs.replace(old.papers[0], required=not old.papers[0].required)
    new = msgspec.structs.replace(old, fee=fee, papers=(paper, *old.papers[2:]), questions=old.questions[1:])
    found = {(one.what, one.kind): one for one in compare(old, new)}
    assert found["paper", "removed"].name == old.papers[1].name
    assert found["paper-needed", "changed"].name == old.papers[0].name
    assert found["fee", "changed"].after == "8.000 đồng"
    assert found["question", "removed"].name == old.questions[0].label


async def test_two_folders_are_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = Path(catalogue.__file__).parent
    assert await catalogue_diff.diff(Settings(), own, folder) == 0
    assert capsys.readouterr().out == "Không có gì khác.\n"
    old = load().procedures["khai-sinh"]
    change(the_file(folder, "khai-sinh"), f'display_name = "{old.display_name}"', 'display_name = "Khai sinh cho bé"')
    change(folder / "holidays.toml", "on = 2028-11-24", "on = 2028-11-23")
    change(folder / "offices.toml", "slot_capacity = 2", "slot_capacity = 5")
    assert await catalogue_diff.diff(Settings(), own, folder) == 0
    said = capsys.readouterr().out
    assert f"{old.display_name} (khai-sinh)" in said
    assert "→ Khai sinh cho bé" in said
    assert "- ngày 2028-11-24" in said
    assert "+ ngày 2028-11-23" in said
    assert "Đơn vị son-tien: khác slot_capacity" in said
    assert len(days_off(load(own), load(folder))) == 2


async def test_the_database_says_what_is_in_use_and_how_much_is_under_way(
    settings: Settings, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = load().procedures["khai-sinh"]
    async with opened(settings) as app:
        await app.database.run(lambda work: catalogue_diff.note_in_use(work, app.world))
    assert await catalogue_diff.diff(settings, None, None) == 0
    assert capsys.readouterr().out == "Không có gì khác.\n"
    change(the_file(folder, "khai-sinh"), f'display_name = "{old.display_name}"', 'display_name = "Khai sinh cho bé"')
    for _ in range(2):  # looking makes no version of it
        assert await catalogue_diff.diff(settings, folder, None) == 0
        said = capsys.readouterr().out
        assert "→ Khai sinh cho bé" in said
        assert "0 hồ sơ dở sẽ theo bản mới; 0 hồ sơ đã nộp giữ bản cũ" in said


async def test_what_is_under_way_is_counted_by_its_version(whole: Whole) -> None:
    it = whole.world.catalogue.procedures["khai-sinh"]
    await hand_in(await greeted(whole, "a"), it)
    stored = await whole.run(catalogue_diff._read)  # noqa: SLF001 - what `diff` reads
    assert stored.dossiers == {(it.id, whole.world.catalogue.hashes[it.id]): 1}
    assert stored.procedures == whole.world.catalogue.procedures


async def test_without_a_database_there_is_nothing_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await catalogue_diff.diff(Settings(data=tmp_path / "none"), None, None) == 1
    assert "--to" in capsys.readouterr().out
