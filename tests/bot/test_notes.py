"""What came of calls is written down, whatever one of them does."""

from __future__ import annotations

import pytest

from bot import notes
from bot.notes import Notes
from bot.scene import Scene
from tests.bot.whole import Whole


async def test_one_that_fails_keeps_no_other(
    whole: Whole, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(notes, "_PAUSE", 0.01)
    noted, done = Notes(whole.app.database, whole.world, "this", lambda: None), []

    def wrong(_: Scene) -> None:
        raise ArithmeticError

    noted.add(wrong, lambda: done.append("wrong"))
    noted.add(lambda scene: scene.work.installation.put("noted", "yes"), lambda: done.append("right"))
    await noted.written()
    assert done == ["wrong", "right"]
    assert await whole.run(lambda work: work.installation.get("noted")) == "yes"
    assert "ArithmeticError" in caplog.text
    caplog.clear()


async def test_a_database_that_is_away_is_waited_for(
    whole: Whole, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(notes, "_PAUSE", 0.01)
    noted, tries = Notes(whole.app.database, whole.world, "this", lambda: None), []

    def later(scene: Scene) -> None:
        tries.append(1)
        if len(tries) < 7:
            raise OSError
        scene.work.installation.put("noted", "yes")

    noted.add(later)
    await noted.written()
    assert await whole.run(lambda work: work.installation.get("noted")) == "yes"
    caplog.clear()
