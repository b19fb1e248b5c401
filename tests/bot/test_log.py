"""The log: one line an entry, JSON where asked for, and nothing in it that somebody wrote."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from bot import log
from bot.settings import BadSetting, load
from conversations.messages import Inbound, TextSent
from domain.values import VIETNAM

PHONE = "0912345678"


@pytest.fixture
def entries(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """What was logged as JSON since the last look."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def read() -> list[dict[str, str]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield read
    root.handlers[:] = before
    root.setLevel(level)


def inbound(channel: str, event_id: str) -> Inbound:
    return Inbound(channel, PHONE, event_id, TextSent("Tôi là An"), datetime.now(VIETNAM))


def test_an_entry_is_a_line_of_json(entries: Any) -> None:
    log.begin("INFO", "json")
    logging.getLogger("bot.work").warning("job %s %s failed", "print", "d1")
    (entry,) = entries()
    assert set(entry) == {"time", "level", "logger", "event", "text"}
    assert (entry["level"], entry["logger"]) == ("WARNING", "bot.work")
    assert (entry["event"], entry["text"]) == ("job %s %s failed", "job print d1 failed")
    assert datetime.fromisoformat(entry["time"]).tzinfo is not None


@pytest.mark.parametrize("style", log.FORMATS)
def test_an_errors_own_words_stay_out(style: str, capsys: pytest.CaptureFixture[str], entries: Any) -> None:
    log.begin("INFO", style)
    try:
        int(PHONE + "x")
    except ValueError:
        logging.getLogger("asyncio").exception("a task was in vain")
    said = capsys.readouterr().err
    assert PHONE not in said
    assert "ValueError" in said
    assert "test_log.py:" in said
    assert said.count("\n") == 1


def test_an_event_is_followed_by_its_name(entries: Any) -> None:
    log.begin("INFO", "json")
    before = log.TURN.set(inbound("telegram", "u4711"))
    logging.getLogger("x").info("within")
    log.TURN.reset(before)
    logging.getLogger("x").info("after")
    within, after = entries()
    assert within["turn"] == "telegram:u4711"
    assert "turn" not in after


@pytest.mark.parametrize(
    ("channel", "event_id", "kept"),
    [
        ("telegram", "u123456789", True),
        ("zalo", "96d3cdf3af150460909", True),
        ("web", "start", False),
        ("web", "checked:63bd88a50602eadc", False),
        ("web", PHONE, False),
        ("web", f"start:{PHONE} An", False),
    ],
)
def test_what_a_browser_calls_its_event_is_hashed(channel: str, event_id: str, *, kept: bool) -> None:
    shown = log.shown(inbound(channel, event_id))
    assert (event_id in shown) is kept
    assert shown == log.shown(inbound(channel, event_id))


def test_a_format_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadSetting, match="MOTCUA_LOG_FORMAT: expected text or json"):
        load({"MOTCUA_LOG_FORMAT": "xml"})
    assert load({"MOTCUA_LOG_FORMAT": "json"}).log_format == "json"
