"""deploy/install.py: what it makes, what it leaves alone, and the way back from a version that does not run.

Packages are not fetched here and no service is registered; everything else happens. INSTALL_FOR_REAL=1 does fetch them.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from bot.settings import NAMES

ROOT: Final = Path(__file__).parents[2]


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "deploy" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Machine:
    """Where the installer runs: how often packages were fetched, what the service was told, which versions run."""

    def __init__(self, install: ModuleType, folder: Path) -> None:
        self.install = install
        self.folder = folder
        self.told: list[str] = []
        self.broken: set[str] = set()
        self.running = ""

    def __call__(self, *arguments: str) -> int:
        status = self.install.main([*arguments, "--to", str(self.folder), "--no-browser"])
        assert isinstance(status, int)
        return status

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def versions(self) -> list[str]:
        return sorted(one.name for one in (self.folder / "program").iterdir() if (one / "whole").exists())

    def write(self, value: str) -> None:
        with closing(sqlite3.connect(self.home / "data" / "motcua.sqlite3")) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE IF NOT EXISTS t (v)")
            database.execute("DELETE FROM t")
            database.execute("INSERT INTO t VALUES (?)", (value,))
            database.commit()

    def read(self) -> str:
        with closing(sqlite3.connect(self.home / "data" / "motcua.sqlite3")) as database:
            return str(database.execute("SELECT v FROM t").fetchone()[0])

    # in place of the system ---------------------------------------------------------------------------------------

    def built(self, new: Path, _given: object) -> None:
        new.mkdir()
        (new / "whole").write_text("now", encoding="ascii")

    def service(self, _places: object, version: Path) -> None:
        self.told.append(f"service {version.name}")
        self.running = version.name

    def start(self) -> None:
        self.told.append("start")
        if self.running in self.broken:
            self.write("half migrated")

    def stop(self, _places: object) -> None:
        self.told.append("stop")

    def answering(self, _places: object, **_patience: float) -> None:
        if self.running in self.broken:
            raise self.install.Trouble("silence")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    install = loaded()
    made = Machine(install, tmp_path / "máy xã")
    for name in ("built", "service", "start", "stop", "answering"):
        monkeypatch.setattr(install, name, getattr(made, name))
    monkeypatch.setattr(install, "opened", lambda *_: made.told.append("opened"))
    return made


def test_a_first_installation_is_a_real_office_with_its_own_folders(machine: Machine) -> None:
    assert machine() == 0
    assert machine.told == ["service 1", "start", "opened"]
    lines = (machine.home / ".env").read_text(encoding="utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    assert values["MOTCUA_TRIAL"] == "0"
    assert set(values) <= set(NAMES)
    data, key = Path(values["MOTCUA_DATA"]), Path(values["MOTCUA_KEY_FILE"])
    assert machine.home in data.parents
    assert data not in key.parents  # a back-up of the data does not hold the key
    if sys.platform != "win32":
        assert stat.S_IMODE((machine.home / ".env").stat().st_mode) == 0o600
        assert stat.S_IMODE(machine.home.stat().st_mode) == 0o700


def test_an_update_keeps_settings_and_a_copy_of_the_data_and_two_versions(machine: Machine) -> None:
    assert machine() == 0
    (machine.home / ".env").write_text("MOTCUA_TRIAL=0\nMOTCUA_PORT=9999\n", encoding="utf-8")
    machine.write("kept")
    for _ in range(3):
        assert machine() == 0
    assert machine.versions() == ["3", "4"]
    assert "MOTCUA_PORT=9999" in (machine.home / ".env").read_text(encoding="utf-8")
    copies = sorted((machine.home / "before-update").iterdir())
    with closing(sqlite3.connect(copies[-1])) as copy:
        assert copy.execute("SELECT v FROM t").fetchone()[0] == "kept"
    assert machine.told[-3:] == ["stop", "service 4", "start"]  # the old one ran until the new one was built


def test_a_version_that_does_not_run_gives_way_to_the_one_before_with_its_data(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine() == 0
    machine.write("kept")
    machine.broken.add("2")
    assert machine() == 1
    assert "bản cũ đã chạy lại" in capsys.readouterr().out
    assert machine.running == "1"
    assert machine.read() == "kept"
    assert machine.versions() == ["1"]
    machine.broken.clear()
    assert machine() == 0
    assert machine.running == "3"


def test_damaged_data_are_not_updated(machine: Machine) -> None:
    assert machine() == 0
    (machine.home / "data" / "motcua.sqlite3").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    assert machine() == 1
    assert machine.running == "1"


def test_a_back_up_takes_the_place_of_what_a_first_start_has_made(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`restore` itself takes empty places only (tests/bot/test_backups.py); here a script stands for it."""
    script = tmp_path / "python"
    script.write_text(
        '#!/bin/sh\ngrep -q whole "$6" && cp "$6" data/found && echo key > keys/master.key\n', encoding="utf-8"
    )
    script.chmod(0o755)
    monkeypatch.setattr(machine.install, "python_of", lambda _: script)
    file = tmp_path / "saved.motcua"
    assert machine() == 0
    machine.write("of the first start")
    assert machine("--restore", str(file)) == 1  # no such file: nothing was touched
    file.write_text("cut", encoding="utf-8")
    assert machine("--restore", str(file)) == 1
    assert "Chưa đổi gì, bản cũ vẫn dùng" in capsys.readouterr().out
    assert machine.read() == "of the first start"
    assert machine.told[-2:] == ["stop", "start"]
    assert not list(machine.home.glob("before-restore-*"))
    file.write_text("whole", encoding="utf-8")
    assert machine("--restore", str(file)) == 0
    assert (machine.home / "data" / "found").read_text(encoding="utf-8") == "whole"
    assert (machine.home / "keys" / "master.key").exists()
    (aside,) = machine.home.glob("before-restore-*")
    assert (aside / "data" / "motcua.sqlite3").exists()
    assert (aside / "keys").is_dir()


def test_removing_keeps_what_people_wrote(machine: Machine) -> None:
    assert machine() == 0
    machine.write("kept")
    (machine.home / "keys" / "master.key").write_text("k", encoding="ascii")
    assert machine("remove", "--no-service") == 0
    assert not (machine.folder / "program").exists()
    assert machine.read() == "kept"
    assert (machine.home / "keys" / "master.key").exists()
    assert machine("status") == 1
    assert machine() == 0
    assert machine.read() == "kept"


def test_the_windows_task_is_well_formed_and_starts_with_the_machine_again_and_again() -> None:
    install = loaded()
    made = install.TASK_XML.format(python="C:\\a\\python.exe", start="C:\\a\\start.py", home="C:\\b")
    task = ET.fromstring(made.partition("?>")[2])  # noqa: S314 - our own
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.find("t:Triggers/t:BootTrigger", space) is not None
    assert task.findtext("t:Triggers/t:TimeTrigger/t:Repetition/t:Interval", namespaces=space) == "PT1M"
    assert task.findtext("t:Settings/t:MultipleInstancesPolicy", namespaces=space) == "IgnoreNew"
    assert task.findtext("t:Settings/t:ExecutionTimeLimit", namespaces=space) == "PT0S"
    assert task.findtext("t:Principals/t:Principal/t:UserId", namespaces=space) == "S-1-5-19"
    compile(install.START, "start.py", "exec")


def test_the_shell_script_finds_python_and_hands_over() -> None:
    done = subprocess.run(
        [shutil.which("sh") or "sh", str(ROOT / "deploy" / "install.sh"), "--help"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "--no-service" in done.stdout


def test_the_windows_script_is_read_as_unicode_by_every_powershell() -> None:
    script = (ROOT / "deploy" / "install.ps1").read_bytes()
    assert script.startswith(b"\xef\xbb\xbf")  # without it PowerShell 5 takes the country's code page
    assert "install.py" in script.decode("utf-8-sig")


if "INSTALL_FOR_REAL" in os.environ:

    @pytest.mark.timeout(900)
    def test_for_real(tmp_path: Path) -> None:
        install = loaded()
        assert install.main(["--to", str(tmp_path / "real"), "--no-service", "--port", "0"]) == 0
        python = install.python_of(tmp_path / "real" / "program" / "1")
        done = subprocess.run(
            [python, "-m", "bot", "poster", "--out", "a.pdf"],
            cwd=tmp_path / "real" / "home",
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert "Chưa có địa chỉ công khai" in done.stdout
