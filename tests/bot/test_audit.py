"""Every look leaves a line: at lists, cards, answers and papers, and by commands; and `motcua audit` tells them."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import audit_command, commands, digest, ledger_file, portal_sync, recount, searching
from bot.command_audit import COMMAND
from bot.scene import present
from bot.settings import Settings
from domain.codes import show
from storage.jobs import Job
from storage.sealed import Keys
from storage.work import Work
from tests.bot.test_desk import handed_in
from tests.bot.whole import Whole, running
from tests.conftest import MASTER


@pytest.fixture
async def busy(sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    key = tmp_path / "keys" / "master.key"  # commands read it
    key.parent.mkdir()
    key.write_text(MASTER.hex() + "\n", encoding="ascii")
    async with running(sqlite_url, tmp_path) as whole:
        yield whole


async def looks(whole: Whole, dossier: str) -> list[str]:
    return await whole.run(lambda work: [what for _, what, _ in work.history.looks(dossier)])


async def test_lists_and_cards_leave_a_line_for_each_dossier(busy: Whole) -> None:
    dossier, other = await handed_in(busy, "a"), await handed_in(busy, "b")
    thu = await busy.officer("Thu")
    for words in ("/homnay", "/tim Hoa"):
        await thu.says(words)
        assert {(await looks(busy, one))[-1] for one in (dossier, other)} == {"listed"}
    await thu.press(f"d:claim:{dossier}")
    assert "papers" in await looks(busy, dossier)
    await thu.says("/cuatoi")
    assert (await looks(busy, dossier))[-1] == "listed"
    await thu.press(f"d:open:{dossier}")
    assert (await looks(busy, dossier))[-1] == "opened"
    assert "opened" not in await looks(busy, other)
    nobody = await looks(busy, "nothing")
    await thu.press("d:open:nothing")
    assert await looks(busy, "nothing") == nobody


def command_settings(whole: Whole) -> Settings:
    """As whoever starts a command beside the server has them."""
    return dataclasses.replace(whole.app.settings, trial=False)


async def test_commands_that_show_people_leave_a_line(
    busy: Whole, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dossier = await handed_in(busy)
    record = await busy.run(lambda work: work.dossiers.get(dossier))
    assert record is not None
    made = command_settings(busy)
    day = busy.world.clock.date()
    assert await commands.history(made, record.tracking_code) == 0
    assert await ledger_file.write(made, day, day, tmp_path / "so.xlsx", "") == 0
    assert await portal_sync.export(made, "2026-11-01") == 0
    assert await searching.missed(made, "") == 0
    await recount.check(made)
    assert await commands.staff(made, "add", "Lan", "son-tien", "officer") == 0
    assert await commands.staff(made, "link", "Lan", "son-tien", "officer") == 0
    assert await commands.staff(made, "reset", "Lan", "son-tien", "officer") == 0
    assert await audit_command.show(made, record.tracking_code, "", None, "") == 0
    noted = await busy.run(lambda work: work.audit.of(COMMAND, busy.world.clock - timedelta(days=4_000)))
    assert {one.data["what"] for one in noted} == {
        *("history", "ledger", "portal export", "search --missed", "replay"),
        *("staff add", "staff link", "staff reset", "audit"),
    }
    assert all(one.data["by"] for one in noted)
    capsys.readouterr()


async def test_the_audit_is_told_by_dossier_officer_and_day(busy: Whole, capsys: pytest.CaptureFixture[str]) -> None:
    dossier = await handed_in(busy)
    thu = await busy.officer("Thu")
    await thu.press(f"d:claim:{dossier}")
    record = await busy.run(lambda work: work.dossiers.get(dossier))
    assert record is not None
    made, today = command_settings(busy), busy.world.clock.date()
    capsys.readouterr()

    async def told(*given: object) -> str:
        await audit_command.show(made, *given)  # type: ignore[arg-type]
        return capsys.readouterr().out

    for given in (("", "", today, ""), ("", "Thu", today, ""), ("", "", today, "son-tien")):
        words = await told(*given)
        assert f"Thu  xem giấy tờ  {show(record.tracking_code)}" in words
    assert "xem giấy tờ" not in await told("", "", date(2020, 1, 1), "")
    assert "Không có hồ sơ" in await told("KKKK-KKKK", "", today, "")
    assert "Không có hồ sơ" in await told("", "Ai đó", today, "")


async def test_the_check_names_what_was_changed_and_knows_the_code_of_the_end(
    busy: Whole, capsys: pytest.CaptureFixture[str]
) -> None:
    dossier = await handed_in(busy)
    thu = await busy.officer("Thu")
    await thu.press(f"d:claim:{dossier}")
    await busy.run(busy.app.tidy)
    made, code = command_settings(busy), await busy.run(lambda work: work.seals.newest())
    assert code
    assert await audit_command.check(made, code) == 0
    assert "Nguyên vẹn" in capsys.readouterr().out
    assert await audit_command.check(made, "7-00000000") == 1
    assert "bị cắt" in capsys.readouterr().out
    await busy.run(lambda work: work.connection.execute(text("UPDATE looks SET officer = 'x'")).close())
    assert await audit_command.check(made, "") == 1
    assert "looks dòng 1" in capsys.readouterr().out


async def test_heads_get_the_code_of_the_end_with_the_mornings_list(busy: Whole) -> None:
    await handed_in(busy)
    head = await busy.officer("Hà", "head")
    await head.news()
    await busy.run(busy.app.tidy)
    code = await busy.run(lambda work: work.seals.newest())
    await busy.pass_time(timedelta(days=3))

    def send(work: Work) -> None:
        digest.send(present(work, busy.world), Job(0, "digest", "son-tien", b"", 0))

    await busy.run(send)
    assert any(f": {code}" in shown.message.text for shown in await head.news())


def test_every_kind_of_line_has_words() -> None:
    root = Path(__file__).parents[2]
    sources = [path.read_text(encoding="utf-8") for path in (root / "bot").glob("*.py")]
    for kind in ("login", "login-refused", "login-held", "login-reset", "login-telegram", "session-ended"):
        assert any(f'audit.add("{kind}"' in source for source in sources), kind
        assert kind in audit_command._WORDS  # noqa: SLF001
