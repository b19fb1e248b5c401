"""Settings written by the set-up page: what people wrote stays, what is there is changed in its place."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from bot import env_file
from bot.settings import BadSetting, load

FILE = "# Đầu\nMOTCUA_TRIAL=0\n\n# Cổng\nMOTCUA_PORT = 8080\nAWS_REGION=x\nMOTCUA_PORT=9090"


def test_comments_order_and_strange_lines_stay() -> None:
    made = env_file.with_values(FILE, {"MOTCUA_PORT": "8081", "MOTCUA_SMS_SENDER": "XA SON TIEN"})
    assert made == "# Đầu\nMOTCUA_TRIAL=0\n\n# Cổng\nMOTCUA_PORT=8081\nAWS_REGION=x\nMOTCUA_SMS_SENDER=XA SON TIEN\n"


@pytest.mark.parametrize("value", ["a\nMOTCUA_TRIAL=1", "a\r", "a\0", "\u2028", '"a"', "'a", " a"])
def test_no_value_can_become_another_line_or_lose_a_letter(value: str) -> None:
    with pytest.raises(BadSetting, match="MOTCUA_SMTP_URL"):
        env_file.with_values(FILE, {"MOTCUA_SMTP_URL": value})


def test_what_is_written_is_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    env_file.write({"MOTCUA_MAIL_FROM": "Một cửa xã <a@b.vn>", "MOTCUA_TELEGRAM_TOKEN": "1:a=b#c"})
    env_file.write({"MOTCUA_TRIAL": "0"})
    found = load()
    assert (found.mail_from, found.telegram_token, found.trial) == ("Một cửa xã <a@b.vn>", "1:a=b#c", False)
    assert sys.platform == "win32" or stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [".env"]


def test_a_windows_editors_mark_at_the_beginning_is_no_part_of_a_name(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MOTCUA_TRIAL=0\r\n", encoding="utf-8-sig", newline="")
    env_file.write({"MOTCUA_TRIAL": "1"}, file)
    assert file.read_text(encoding="utf-8") == "MOTCUA_TRIAL=1\n"


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(BadSetting, match="MOTCUA_X"):
        env_file.with_values(FILE, {"MOTCUA_X": "1"})


def test_what_a_windows_editor_saved_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("MOTCUA_TRIAL=0\r\n", encoding="utf-8-sig", newline="")
    assert load().trial is False
