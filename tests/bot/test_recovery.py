"""The recovery key: nothing is accepted before it is on paper, and what is on paper opens everything again."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import update

from bot import recovery
from bot.app import opened
from bot.settings import Settings
from bot.typed_key import asked_key
from conversations.render import text
from domain.dossier import Status
from storage import key_ring, paper_key, sealed
from storage import tables as t
from storage.rotation import WrongKey
from storage.sealed import Keys
from storage.work import Work
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import START, Whole, running
from tests.conftest import MASTER

PROCEDURE = "ban-sao-trich-luc-ho-tich"
PLACE = "Bộ phận Một cửa xã Sơn Tiến"


@pytest.fixture
async def real(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """An installation that is not on trial."""
    async with running(database_url, tmp_path, trial=False) as made:
        yield made


def answers() -> tuple[str, str]:
    """What the sheet says in the two groups that are asked for."""
    shown = paper_key.groups(1, MASTER)
    first, second = recovery.asked()
    return shown[first - 1], shown[second - 1]


async def confirm(whole: Whole, *typed: str) -> int:
    first, second = typed or answers()
    return await whole.run(lambda work: recovery.confirm(work, (first, second), START))


async def test_nothing_is_accepted_before_the_key_is_on_paper(real: Whole) -> None:
    thu = await real.officer("Thu")
    record = await hand_in(await greeted(real), real.world.catalogue.procedures[PROCEDURE])  # citizens don't wait
    assert await real.run(lambda work: recovery.needed(work, real.world.settings))
    await thu.news()
    await thu.press(f"d:claim:{record.id}")
    await thu.press_label("Tiếp nhận")
    assert thu.last.message.text == text("not-allowed.key-paper")
    assert (await records(real))[0].status == Status.SUBMITTED
    first, second = answers()
    wrong = ("0" if first[0] != "0" else "1") + first[1:]
    assert await confirm(real, wrong, second) == recovery.asked()[0]
    assert await confirm(real, first, first) == recovery.asked()[1]
    assert await real.run(lambda work: recovery.needed(work, real.world.settings))
    assert await confirm(real, first.lower().replace("0", "o"), f" {second} ") == 0
    assert not await real.run(lambda work: recovery.needed(work, real.world.settings))
    facts = await real.run(lambda work: recovery.facts(work, real.world.settings))
    assert (facts.paper, facts.needed, facts.backup_at) == (True, False, None)
    await thu.press_label("Tiếp nhận")
    assert (await records(real))[0].status == Status.ACCEPTED


async def test_nothing_changes_while_it_is_tried_out(database_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(database_url, tmp_path) as whole:
        thu = await whole.officer("Thu")
        record = await hand_in(await greeted(whole), whole.world.catalogue.procedures[PROCEDURE])
        await thu.press(f"d:claim:{record.id}")
        await thu.press_label("Tiếp nhận")
        assert (await records(whole))[0].status == Status.ACCEPTED


async def test_an_office_that_works_already_goes_on(real: Whole) -> None:
    settings = real.world.settings
    await real.run(lambda work: recovery.adopt(work, settings))
    assert await real.run(lambda work: recovery.needed(work, settings))  # nothing was accepted yet
    await hand_in(await greeted(real), real.world.catalogue.procedures[PROCEDURE])
    await real.run(lambda work: work.connection.execute(update(t.dossiers).values(accepted_at=START)))
    await real.run(lambda work: recovery.adopt(work, replace(settings, trial=True)))
    assert await real.run(lambda work: recovery.needed(work, settings))  # what was tried out does not count
    await real.run(lambda work: recovery.adopt(work, settings))
    assert not await real.run(lambda work: recovery.needed(work, settings))
    facts = await real.run(lambda work: recovery.facts(work, settings))
    assert not facts.paper  # and is reminded


async def test_dossiers_for_practice_are_accepted(real: Whole) -> None:
    practice = next(office for office in real.world.catalogue.offices.values() if office.practice)
    assert await real.run(lambda work: _refused(work, real, practice.id)) is False
    assert await real.run(lambda work: _refused(work, real, "son-tien")) is True


def _refused(work: Work, whole: Whole, office: str) -> bool:
    from bot.scene import present  # noqa: PLC0415
    from domain.dossier import NotAllowed  # noqa: PLC0415

    try:
        recovery.must_be_on_paper(present(work, whole.world), office)
    except NotAllowed:
        return True
    return False


def test_the_sheet_says_the_key_twice_on_one_page(keys: Keys, tmp_path: Path) -> None:
    pdf = recovery.sheet(Settings(data=tmp_path), PLACE, START)
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        page = document[0]
        words = page.get_textpage().get_text_range()
        picture = page.render(scale=3).to_pil()
        page.close()
    shown = paper_key.groups(1, MASTER)
    assert PLACE in words
    together = words.replace(" ", "").replace("\r\n", "").replace("\n", "")
    assert all(group in together for group in shown)
    (code,) = zxingcpp.read_barcodes(picture)
    assert paper_key.typed(code.text) == (1, MASTER)


def test_a_typing_mistake_is_named_and_asked_for_again() -> None:
    shown = list(paper_key.groups(1, MASTER))
    wrong = [*shown[:4], shown[4][::-1] if shown[4] != shown[4][::-1] else "00000", *shown[5:]]
    said: list[str] = []
    typed = io.StringIO(" ".join(wrong) + "\n" + "\n".join(shown) + "\n")
    assert asked_key(said.append, typed) == (1, MASTER)
    assert "Nhóm 5" in said[1]
    assert asked_key(said.append, io.StringIO("\n")) is None


async def test_what_was_typed_from_paper_opens_the_data_again(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot import key_command  # noqa: PLC0415

    settings = Settings(data=tmp_path, database=sqlite_url, key_file=tmp_path / "keys" / "master.key")
    async with opened(settings):
        mine = sealed.keys()
    shown = paper_key.groups(1, mine.ring.master(1))
    settings.key_file.unlink()
    with pytest.raises(WrongKey, match="motcua key enter"):
        async with opened(settings):
            pass
    assert not settings.key_file.exists()  # a new one would be in the way of the right one
    monkeypatch.setattr("sys.stdin", io.StringIO(" ".join(shown)))
    assert await key_command.key(settings, "enter", None) == 0
    assert key_ring.read(settings.key_file) == mine.ring
    async with opened(settings) as app:
        assert sealed.keys().look_up("x") == mine.look_up("x")
        assert await app.database.run(lambda work: work.installation.get("key-mark"))
    monkeypatch.setattr("sys.stdin", io.StringIO(" ".join(paper_key.groups(1, b"x" * 32))))
    assert await key_command.key(settings, "enter", None) == 1  # another key of this number is not overwritten
    assert key_ring.read(settings.key_file) == mine.ring
