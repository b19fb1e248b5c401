"""Secrets: compared in constant time, never printed, and whoever guesses learns nothing from what goes wrong."""

from __future__ import annotations

import ast
import re
import traceback
from dataclasses import fields
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import settings
from bot.command_line import main
from bot.settings import SECRETS, Settings
from handlers import telegram_webhook
from storage.sealed import Keys
from tests.bot.whole import running

ROOT: Final = Path(__file__).parents[2]
VALUE: Final = "geheim-mat-7f3a"
# Whose business it is to compare what somebody shows with what only its owner knows, and where.
COMPARES: Final = {
    "handlers/telegram_webhook.py": 1,
    "handlers/zalo_signature.py": 1,
    "handlers/payment_sepay.py": 1,
    "bot/one_time.py": 1,
    "bot/log_in.py": 1,
    "bot/health.py": 1,
    "storage/seals.py": 2,
}
_SECRET: Final = re.compile(
    r"secret|signature|digest\b|wanted|expected|\bmac\b|_token\b|\bdigits\b|shown\b", re.IGNORECASE
)
_LENGTHS: Final = re.compile(r"^len\(")


def compared(tree: ast.AST) -> list[str]:
    """Comparisons by == or != or in, of something that is called like a secret."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(o, ast.Eq | ast.NotEq) for o in node.ops):
            sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
            constant = any(isinstance(side, ast.Constant) for side in (node.left, *node.comparators))
            lengths = any(map(_LENGTHS.match, sides))
            if not constant and not lengths and any(map(_SECRET.search, sides)):
                found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("name", COMPARES)
def test_secrets_are_compared_in_constant_time(name: str) -> None:
    source = (ROOT / name).read_text(encoding="utf-8")
    assert len(re.findall(r"\b(?:hmac|secrets)\.compare_digest\(", source)) >= COMPARES[name]
    assert compared(ast.parse(source)) == []


def test_the_look_for_comparisons_finds_one() -> None:
    assert compared(ast.parse("if signature == self._secret: pass")) == ["signature == self._secret"]


def test_wherever_requests_are_signed_is_known_here() -> None:
    """A new webhook has to be put on the list above."""
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("handlers", "bot", "storage")
        for path in (ROOT / folder).glob("**/*.py")
        if "compare_digest(" in path.read_text(encoding="utf-8")
    }
    assert set(COMPARES) <= found


@pytest.mark.parametrize("shown", ["", "x", VALUE[:-1], VALUE + "x", VALUE.upper(), "é", "\udcff"])
async def test_a_wrong_secret_is_refused_before_the_body_is_read(shown: str) -> None:
    class Taker:
        async def take(self, raw: object) -> None:
            raise AssertionError(raw)

    app = web.Application()
    app.add_routes([telegram_webhook.route("/t", Taker(), VALUE)])
    async with TestClient(TestServer(app)) as client:
        headers = {telegram_webhook.HEADER: shown.encode("utf-8", "replace").decode("latin-1")}
        answer = await client.post("/t", data=b"{", headers=headers)
        assert (answer.status, await answer.text()) == (401, "")


def test_the_settings_that_are_secrets_are_named() -> None:
    """Whoever adds a setting that sounds like one has to say that it is none."""
    sounding = {field.name for field in fields(Settings) if re.search(r"token|secret|password|_url$|proxy", field.name)}
    assert sounding - SECRETS == {"public_url"}
    assert {field.name for field in fields(Settings)} >= SECRETS


def test_settings_never_show_their_secrets() -> None:
    made = Settings(**dict.fromkeys(SECRETS, VALUE), mail_from="motcua@example.vn")  # type: ignore[arg-type]
    for shown in (repr(made), str(made), f"{made}", "%s" % (made,)):  # noqa: UP031 - every way in which a log prints
        assert VALUE not in shown
        assert "motcua@example.vn" in shown
    assert repr(Settings()).count("…") == 0  # that none is set may be seen


@pytest.mark.parametrize(
    "wrong", ["MOTCUA_PORT", "MOTCUA_PAYMENT_GATEWAY", "MOTCUA_SMS_GATEWAY", "MOTCUA_TELEGRAM_WEBHOOK"]
)
def test_what_stops_the_start_says_no_secret(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in settings.NAMES if name.removeprefix("MOTCUA_").lower() in SECRETS]:
        value = f"postgresql+asyncpg://motcua:{VALUE}@127.0.0.1:1/motcua" if name == "MOTCUA_DATABASE" else VALUE
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MOTCUA_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv(wrong, "x")
    try:
        status = main(["retention"])
    except Exception as error:  # noqa: BLE001 - also what nobody caught must not show it
        printed = "".join(traceback.format_exception(error))
    else:
        assert status != 0
        printed = ""
    shown = capsys.readouterr()
    assert VALUE not in printed + shown.out + shown.err


async def test_what_breaks_inside_shows_no_secret_of_the_settings(
    sqlite_url: str, tmp_path: Path, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(sqlite_url, tmp_path, payment_secret=VALUE, telegram_token=f"1:{VALUE}") as whole:
        with pytest.raises(ZeroDivisionError) as caught:
            await whole.run(lambda work: (whole.app.settings, work, 1 / 0))
    told = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(whole.app.world.settings)
    assert VALUE not in told
