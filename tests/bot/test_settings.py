"""Settings come from the environment, then from .env, and a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import NAMES, BadSetting, Settings, load


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set() -> None:
    assert load({}) == Settings()


def test_each_kind_is_read() -> None:
    given = {
        "MOTCUA_DATA": "/srv/motcua",
        "MOTCUA_PORT": "9000",
        "MOTCUA_UNDO_SECONDS": "1.5",
        "MOTCUA_TRIAL": "no",
        "MOTCUA_HOST": " 0.0.0.0 ",
        "HOME": "/root",
    }
    made = load(given)
    assert (made.data, made.port, made.undo_seconds, made.trial, made.host) == (
        Path("/srv/motcua"),
        9000,
        1.5,
        False,
        "0.0.0.0",  # noqa: S104 - read, not bound to
    )
    assert made.database_url == "sqlite:////srv/motcua/motcua.sqlite3"
    assert made.file_store == "/srv/motcua/files"
    assert made.address == "http://0.0.0.0:9000"


def test_what_is_empty_counts_as_not_set() -> None:
    assert load(dict.fromkeys(NAMES, "")) == Settings()


def test_given_addresses_win_over_the_data_folder() -> None:
    made = load(
        {
            "MOTCUA_DATABASE": "postgresql+asyncpg://x/y",
            "MOTCUA_FILES": "s3://b/p",
            "MOTCUA_PUBLIC_URL": "https://a.vn/",
        }
    )
    assert (made.database_url, made.file_store, made.address) == (
        "postgresql+asyncpg://x/y",
        "s3://b/p",
        "https://a.vn",
    )


def test_the_file_fills_in_what_the_environment_lacks(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# ours\n\nMOTCUA_PORT = '9001'\nMOTCUA_TRIAL=0\n", encoding="utf-8")
    made = load({"MOTCUA_PORT": "9002"})
    assert (made.port, made.trial) == (9002, False)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MOTCUA_PORT", "eighty", "MOTCUA_PORT: expected a whole number, got 'eighty'"),
        ("MOTCUA_UNDO_SECONDS", "a minute", "MOTCUA_UNDO_SECONDS: expected a number, got 'a minute'"),
        ("MOTCUA_TRIAL", "maybe", "MOTCUA_TRIAL: expected 1 or 0, got 'maybe'"),
        ("MOTCUA_PROT", "8080", "MOTCUA_PROT: no such setting; see .env.example"),
        ("MOTCUA_KEEP_PAPERS_DAYS", "3", "MOTCUA_KEEP_PAPERS_DAYS: expected 30 or more, got 3"),
    ],
)
def test_a_wrong_one_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load({name: value})
    assert str(caught.value) == said


@pytest.mark.parametrize("url", ["geheim", "postgresql://u:geheim@h/x", "mysql://u:geheim@h/x"])
def test_an_address_of_another_database_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BadSetting, match="MOTCUA_DATABASE") as caught:
        load({"MOTCUA_DATABASE": url})
    assert "geheim" not in str(caught.value)
