"""deploy/ agrees with the program and with itself: commands, settings, ports, limits, and what no proxy may write down.

Where nginx, Caddy and systemd are installed, they say themselves whether they understand it.
"""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from bot import settings
from bot.command_line import _parser

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "deploy"
UNITS: Final = sorted(DEPLOY.glob("*.service"))
PROXIES: Final = ("nginx.conf", "Caddyfile", "compose.Caddyfile")
READY: Final = "/san-sang"
PORT: Final = 8080  # of a container


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(read("compose.yaml"))
    return found


def without_comments(text: str) -> str:
    return re.sub(r"(?m)(^|\s)#.*$", "", text)


def parsed(command: list[str]) -> Any:
    """Exits, which fails the test, where the program has no such command."""
    return _parser().parse_args(command)


def programs() -> dict[str, dict[str, Any]]:
    """The services of compose.yaml that are this program."""
    return {name: one for name, one in compose()["services"].items() if one["image"] == "motcua"}


def test_every_command_exists() -> None:
    for name, one in programs().items():
        given = parsed(one["command"])
        assert (given.action == name) is (name in ("serve", "work"))
    image = without_comments(read("Dockerfile"))
    parsed(json.loads(re.findall(r"^CMD (.*)", image, re.MULTILINE)[-1]))
    for unit in UNITS:
        (command,) = re.findall(r"^ExecStart=/srv/motcua/\.venv/bin/motcua (.*)", unit.read_text("utf-8"), re.MULTILINE)
        given = parsed(command.replace("%i", "8081").split())
        shape = unit.stem.partition("-")[2].strip("@")
        assert given.action == (shape or "run")
        assert given.port == (8081 if shape else None)
    for line in re.findall(r"(?:exec work|bin/)motcua (.*)", read("README.md")):
        parsed(shlex.split(line))


def test_every_setting_exists() -> None:
    for name, one in programs().items():
        named = {each for each in one["environment"] if each.startswith(settings.PREFIX)}
        assert named <= set(settings.NAMES), name
    named = set(re.findall(r"\b(MOTCUA_\w+)=", read("Dockerfile")))
    assert named
    assert named <= set(settings.NAMES)
    asked_for = set(re.findall(r"\$\{(\w+)", read("compose.yaml")))
    ours = {name for name in asked_for if name.startswith(settings.PREFIX)}
    assert ours <= set(settings.NAMES)
    for name in asked_for - ours:
        assert name in read("README.md") or f"${{{name}:-" in read("compose.yaml"), name


def test_nothing_secret_is_inside() -> None:
    """It comes from outside, and a start without it says which is missing."""
    for one in compose()["services"].values():
        for name, value in one.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|TOKEN|ACCESS_KEY", name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
    assert re.search(r"^\.env$", read("Dockerfile.dockerignore"), re.MULTILINE)
    assert re.search(r"^keys$", read("Dockerfile.dockerignore"), re.MULTILINE)
    assert re.search(r"^data$", read("Dockerfile.dockerignore"), re.MULTILINE)
    assert re.findall(r"^USER (\w+)", read("Dockerfile"), re.MULTILINE)[-1] == "motcua"


def test_ports_and_health_agree() -> None:
    for name, one in programs().items():
        assert int(one["environment"]["MOTCUA_PORT"]) == PORT
        if name in ("serve", "work"):
            assert f"127.0.0.1:{PORT}{READY}" in one["healthcheck"]["test"][-1]
    assert parsed(programs()["work"]["command"]).port == PORT
    assert f"EXPOSE {PORT}" in read("Dockerfile")
    assert f"127.0.0.1:{PORT}{READY}" in read("Dockerfile")
    assert f"dynamic a serve {PORT}" in read("compose.Caddyfile")
    started = set(re.findall(r"motcua-serve@(\d+)", read("README.md")))
    assert len(started) > 1
    assert set(re.findall(r"server 127\.0\.0\.1:(\d+)", read("nginx.conf"))) == started
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", read("Caddyfile"))) == started
    assert f"health_uri {READY}" in read("Caddyfile")
    assert f'"{READY}"' in (ROOT / "bot" / "health.py").read_text("utf-8")


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_lets_uploads_through_and_streams_at_once(proxy: str) -> None:
    text = without_comments(read(proxy))
    (most,) = re.findall(r"(?:client_max_body_size|max_size) (\d+)m", text, re.IGNORECASE)
    assert settings.Settings().max_upload_mb < int(most) <= settings.Settings().max_upload_mb + 2
    assert "proxy_buffering off" in text or "flush_interval -1" in text


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_writes_no_addresses_down(proxy: str) -> None:
    """What docs/operating.md calls a key is in no log, and what is for inside only is not shown outside."""
    text = without_comments(read(proxy))
    page = (
        (ROOT / "docs" / "operating.md")
        .read_text("utf-8")
        .partition("## Behind a reverse proxy")[2]
        .partition("\n## ")[0]
    )
    (listed,) = re.findall(r"Keep addresses below ([^.]*?) out of", page.replace("\n", " "))
    secret = re.findall(r"`(/[^`]*)`", listed)
    assert len(secret) >= 4
    if proxy == "nginx.conf":
        assert "access_log off" in text
        assert "access_log /" not in text
        for address in secret:
            block = next(
                one for one in re.findall(r"location (?:~ )?(\S+) \{([^{}]*)\}", text) if re.match(one[0], address)
            )
            assert "error_log /dev/null" in block[1], address
    else:
        assert not re.search(r"^\s*log\b", text, re.MULTILINE)
    for inside in ("/song", READY, "/metrics"):
        assert re.search(rf"location = {inside} \{{ return 404; \}}|path .*{inside}\b", text), inside


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_may_write_only_what_it_must(unit: Path) -> None:
    found = configparser.RawConfigParser(strict=False, delimiters=("=",))
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read_string(unit.read_text("utf-8"))
    service = found["Service"]
    assert service["User"] == "motcua"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"].split() == ["/srv/motcua/data", "/srv/motcua/keys"]
    assert service["NoNewPrivileges"] == "yes"
    assert service["KillMode"] == "mixed"  # else the picture worker dies before the program could finish with it
    assert service["UMask"] == "0077"
    assert int(service["LimitNOFILE"]) >= 65_536
    assert service["Restart"] == "always"
    assert found["Install"]["WantedBy"] == "multi-user.target"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_a_unit(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("NOT RUN: systemd's own check of deploy/*.service, since systemd-analyze is not installed")
    here = tmp_path / unit.name
    here.write_text(unit.read_text("utf-8").replace("/srv/motcua/.venv/bin/motcua", sys.executable), encoding="utf-8")
    told = subprocess.run([program, "verify", str(here)], capture_output=True, text=True, check=False)
    said = [line for line in told.stderr.splitlines() if unit.stem.rstrip("@") in line]
    assert said == []


@pytest.mark.parametrize("config", PROXIES[1:])
def test_caddy_understands_it(config: str, tmp_path: Path) -> None:
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("NOT RUN: Caddy's own check of deploy/*Caddyfile, since caddy is not installed")
    told = subprocess.run(
        [program, "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / config)],
        env={"MOTCUA_SITE": "https://motcua.example.vn", "HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
