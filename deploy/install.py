"""Installs Một Cửa on an office's own machine, Windows or Linux; needs Python 3.11 or newer and nothing else.

    python install.py                 install, or bring an installation to the version that lies here
    python install.py remove          take the program away; data, keys and settings stay
    python install.py status          what is installed, and whether it runs
    python install.py --restore FILE  the same, with the data of a back-up in place of what is here, which is put aside

Three places: the program (one numbered folder a version, so that the former one can come back), the home (settings,
data, keys, logs) and the service that starts with the machine. What is not given is chosen by the system.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
import webbrowser
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

NAME = "motcua"
TASK = "MotCua"
WINDOWS = sys.platform == "win32"
OLDEST = (3, 11)
PATIENCE = 120.0  # seconds for a start, which may have a large database to migrate
KEPT = 2  # versions of the program
SKIPPED = shutil.ignore_patterns(
    *(".git", ".venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"),
    *("data", "keys", "tests", "benchmarks", ".env"),
)
SERVICE_SID = "*S-1-5-19"  # LocalService: may do little, and has no password
OWNERS = ("*S-1-5-18", "*S-1-5-32-544")  # the system and the administrators, in every language of Windows


class Trouble(Exception):
    """What went wrong, in a sentence for whoever sits there."""


class Places:
    """Where everything lies."""

    def __init__(self, given: argparse.Namespace) -> None:
        if given.to:  # all in one folder: a stick, or a trial of the installation itself
            root = Path(given.to).absolute()
            self.program, self.home = root / "program", root / "home"
        elif WINDOWS:
            self.program = Path(os.environ.get("PROGRAMFILES", r"C:\Program Files")) / TASK
            self.home = Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / TASK
        else:
            self.program, self.home = Path("/opt/motcua"), Path("/var/lib/motcua")
        self.env = self.home / ".env"
        self.data, self.keys, self.logs = self.home / "data", self.home / "keys", self.home / "logs"
        self.before = self.home / "before-update"

    def versions(self) -> list[Path]:
        """The installed versions that are whole, oldest first."""
        if not self.program.is_dir():
            return []
        found = [one for one in self.program.iterdir() if one.name.isdigit() and (one / "whole").is_file()]
        return sorted(found, key=lambda one: int(one.name))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Cài Một Cửa trên máy của cơ quan.")
    parser.add_argument("what", nargs="?", default="install", choices=["install", "remove", "status"])
    parser.add_argument("--from", dest="source", help="thư mục, tệp zip hay wheel của chương trình; không ghi: nơi này")
    parser.add_argument("--to", help="cài tất cả vào một thư mục, thay cho chỗ mặc định của hệ điều hành")
    parser.add_argument("--packages", help="thư mục có sẵn các gói (wheel), cho máy không có mạng")
    parser.add_argument("--restore", metavar="TỆP", help="lấy lại dữ liệu từ bản sao lưu này; hỏi tờ khóa khôi phục")
    parser.add_argument("--port", type=int, default=8080, help="cổng của trang web, khi cài lần đầu")
    parser.add_argument("--no-service", action="store_true", help="không tự chạy cùng máy")
    parser.add_argument("--no-browser", action="store_true", help="không mở trình duyệt")
    given = parser.parse_args(arguments)
    if WINDOWS:
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        places = Places(given)
        if given.what == "status":
            return status(places)
        if given.what == "remove":
            return remove(places, given)
        return install(places, given)
    except Trouble as trouble:
        say(f"\nCHƯA XONG: {trouble}")
        return 1


def say(words: str) -> None:
    print(words, flush=True)


# install and update ---------------------------------------------------------------------------------------------------


def install(places: Places, given: argparse.Namespace) -> int:
    checked(places, given)
    former = places.versions()
    say(f"Chương trình: {places.program}\nDữ liệu, khóa, cài đặt: {places.home}")
    folders(places, given)
    number = max((int(one.name) for one in places.program.iterdir() if one.name.isdigit()), default=0) + 1
    new = places.program / f"{number}"
    built(new, given)
    settings(places, given)
    owned(places, given)
    running = bool(former) and not given.no_service
    if running:
        say("Dừng bản đang chạy…")
        stop(places)
    try:
        if given.restore:
            saved = None  # what was here before is whole in its own folder
            brought_back(places, new, given)
        else:
            saved = backup(places) if former else None
    except (Trouble, sqlite3.Error, OSError) as error:
        (new / "whole").unlink()
        if running:
            start()
        why = error if isinstance(error, Trouble) else f"không giữ được bản dữ liệu ({error}). Xem «motcua doctor»"
        raise Trouble(f"{why} Chưa đổi gì{', bản cũ vẫn dùng' if former else ''}.") from None
    if given.no_service:
        say(f"\nXong. Chạy bằng: {' '.join(command(places, new))}   (trong thư mục {places.home})")
        tidy(places)
        return 0
    service(places, new)
    start()
    try:
        answering(places)
    except Trouble:
        if not former:
            raise
        say("Bản mới không chạy được: đưa bản cũ trở lại…")
        stop(places)
        if saved is not None:
            restored(places, saved)
        service(places, former[-1])
        start()
        (new / "whole").unlink()
        answering(places)
        raise Trouble(f"bản mới không chạy được, bản cũ đã chạy lại như trước. Xem {log_place(places)}.") from None
    tidy(places)
    say("Chương trình đang chạy, và tự chạy cùng máy.")
    if not former:
        opened(places, new, given)
    return 0


def checked(places: Places, given: argparse.Namespace) -> None:
    """Before anything is touched."""
    if sys.version_info < OLDEST:
        raise Trouble(f"cần Python 3.11 trở lên, máy này đang dùng {platform.python_version()}. Tải ở python.org.")
    if sys.maxsize < 2**32:
        raise Trouble("cần Python 64-bit; bản đang dùng là 32-bit.")
    base = Path(sys.base_prefix)
    if WINDOWS and not given.to and base.is_relative_to(Path.home()):
        raise Trouble(f"Python ở {base} chỉ của một người dùng. Cài Python «for all users», như install.ps1 làm.")
    try:
        import ensurepip  # noqa: F401, PLC0415
    except ImportError:
        raise Trouble("thiếu ensurepip. Trên Debian, Ubuntu: apt-get install python3-venv") from None
    if not given.to and not given.no_service and not administrator():
        how = "mở PowerShell bằng «Run as administrator»" if WINDOWS else "chạy lại bằng sudo"
        raise Trouble(f"cần quyền quản trị để cài cho cả máy: {how}. Chỉ thử thì thêm: --to THƯ_MỤC --no-service")
    there = places.home if places.home.is_dir() else Path(places.home.anchor)
    if given.restore and not Path(given.restore).is_file():
        raise Trouble(f"không thấy bản sao lưu {given.restore}.")
    free = shutil.disk_usage(there).free
    if free < 2**30:
        raise Trouble(f"ổ đĩa chỉ còn {free // 2**20} MB trống, cần ít nhất 1 GB.")


def administrator() -> bool:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    return os.geteuid() == 0


def folders(places: Places, given: argparse.Namespace) -> None:
    for folder in (places.program, places.home, places.data, places.keys, places.logs):
        folder.mkdir(parents=True, exist_ok=True)
    if not WINDOWS:
        for folder in (places.home, places.data, places.keys, places.logs):
            folder.chmod(0o700)
        if not given.to and not known_user():
            run("useradd", "--system", "--home-dir", f"{places.home}", "--shell", "/usr/sbin/nologin", NAME)


def built(new: Path, given: argparse.Namespace) -> None:
    """A virtual environment of its own with the program in it; what broke off half-way is never taken for whole."""
    if new.exists():
        shutil.rmtree(new)
    say("Tải và cài các gói (vài phút)…")
    venv.create(new, with_pip=True)
    source = Path(given.source).absolute() if given.source else here(given)
    if not source.exists() or (source.is_dir() and not (source / "pyproject.toml").is_file()):
        raise Trouble(f"không thấy chương trình ở {source}. Chỉ ra bằng --from THƯ_MỤC, tệp zip hay wheel.")
    pip = [f"{python_of(new)}", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"]
    if given.packages:
        pip += ["--no-index", "--find-links", f"{Path(given.packages).absolute()}"]
    with tempfile.TemporaryDirectory() as folder:
        if source.is_dir():  # a copy: building leaves files behind, and takes along what an older build has left
            copy = Path(folder) / NAME
            shutil.copytree(source, copy, ignore=SKIPPED)
            source = copy
        done = subprocess.run([*pip, f"{source}"], check=False)
    if done.returncode:
        shutil.rmtree(new, ignore_errors=True)
        raise Trouble("không cài được các gói. Xem máy có mạng không (hoặc dùng --packages), rồi chạy lại lệnh này.")
    (new / "start.py").write_text(START, encoding="utf-8")
    (new / "whole").write_text(datetime.now().astimezone().isoformat(timespec="seconds"), encoding="ascii")


def here(given: argparse.Namespace) -> Path:
    """The program's own wheel among the packages, or the folder in which this file lies."""
    ready = sorted(Path(given.packages).absolute().glob(f"{NAME}-*.whl")) if given.packages else []
    return ready[-1] if ready else Path(__file__).resolve().parent.parent


def settings(places: Places, given: argparse.Namespace) -> None:
    """Written once; whatever anybody changed later stays."""
    if places.env.exists():
        return
    lines = (
        "# Cài đặt của Một Cửa trên máy này. Mọi mục có thể có: xem docs/operating.md",
        "MOTCUA_TRIAL=0",
        f"MOTCUA_DATA={places.data}",
        f"MOTCUA_KEY_FILE={places.keys / 'master.key'}",
        f"MOTCUA_PORT={given.port}",
    )
    with os.fdopen(os.open(places.env, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def owned(places: Places, given: argparse.Namespace) -> None:
    """Data and keys are for the service and the administrators; the program's own files it can't change."""
    if given.to:
        return
    if WINDOWS:
        grants = [word for who in (*OWNERS, SERVICE_SID) for word in ("/grant:r", f"{who}:(OI)(CI)F")]
        run("icacls", f"{places.home}", "/inheritance:r", *grants, "/T", "/Q")
        run("icacls", f"{places.program}", "/grant", f"{SERVICE_SID}:(OI)(CI)RX", "/T", "/Q")
        return
    run("chown", "-R", f"{NAME}:{NAME}", f"{places.home}")


def backup(places: Places) -> Path | None:
    """The database as it is before the update; sealed as ever. Files and keys an update does not touch."""
    file = places.data / "motcua.sqlite3"
    if not file.is_file():
        return None
    places.before.mkdir(exist_ok=True)
    for old in sorted(places.before.glob("*.sqlite3"))[:-KEPT]:
        old.unlink()
    made = places.before / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}.sqlite3"
    say(f"Giữ một bản dữ liệu trước khi đổi: {made}")
    with closing(sqlite3.connect(file)) as now, closing(sqlite3.connect(made)) as kept:
        now.backup(kept)
        if kept.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise Trouble("dữ liệu hiện có bị hỏng; xem «motcua doctor» và lấy lại bản sao lưu trước.")
    if not WINDOWS:
        made.chmod(0o600)
    return made


def restored(places: Places, saved: Path) -> None:
    file = places.data / "motcua.sqlite3"
    for leftover in (file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        leftover.unlink(missing_ok=True)
    shutil.copyfile(saved, file)


def brought_back(places: Places, new: Path, given: argparse.Namespace) -> None:
    """The data and the key of a back-up; those of this machine are put aside, and come back where it fails."""
    aside = places.home / f"before-restore-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    words = [f"{python_of(new)}", "-X", "utf8", "-m", "bot", "restore", f"{Path(given.restore).absolute()}"]
    moved, well = [], False
    try:
        for folder in (places.data, places.keys):
            (aside / folder.name).parent.mkdir(exist_ok=True)
            folder.rename(aside / folder.name)
            moved.append(folder)
        folders(places, given)
        well = subprocess.run(words, cwd=places.home, check=False).returncode == 0
    finally:
        if not well:
            for folder in moved:
                shutil.rmtree(folder, ignore_errors=True)
                (aside / folder.name).rename(folder)
            aside.rmdir()
    if not well:
        raise Trouble("chưa lấy lại được dữ liệu, lý do ở trên.")
    owned(places, given)
    say(f"Dữ liệu và khóa có trước đó trên máy này: {aside}")


def tidy(places: Places) -> None:
    """Older versions go, but for the one before this."""
    whole = places.versions()
    for folder in places.program.iterdir():
        if folder.name.isdigit() and folder not in whole[-KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)


def opened(places: Places, new: Path, given: argparse.Namespace) -> None:
    """The set-up page, in this machine's browser."""
    told = subprocess.run(
        [*as_service(), f"{python_of(new)}", "-X", "utf8", "-m", "bot", "setup"],
        cwd=places.home,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    link = next((line for line in told.stdout.splitlines() if line.startswith("http://")), "")
    if not link:
        say("Mở trang cài đặt bằng lệnh: motcua setup")
        return
    say(f"\nBước tiếp theo, trong trình duyệt trên máy này:\n\n    {link}\n")
    if not given.no_browser:
        with suppress(webbrowser.Error):
            webbrowser.open(link)


# remove and status ----------------------------------------------------------------------------------------------------


def remove(places: Places, given: argparse.Namespace) -> int:
    if not given.to and not administrator():
        raise Trouble("cần quyền quản trị.")
    if not given.no_service:
        stop(places)
        if WINDOWS:
            run("schtasks", "/Delete", "/TN", TASK, "/F", must=False)
        else:
            run("systemctl", "disable", NAME, must=False)
            UNIT.unlink(missing_ok=True)
            run("systemctl", "daemon-reload", must=False)
            SHIM.unlink(missing_ok=True)
    shutil.rmtree(places.program, ignore_errors=True)
    say(f"Đã gỡ chương trình. Dữ liệu, khóa và cài đặt còn nguyên ở {places.home}; cài lại là dùng tiếp được.")
    return 0


def status(places: Places) -> int:
    whole = places.versions()
    if not whole:
        say("Chưa cài.")
        return 1
    say(f"Bản {whole[-1].name}, cài lúc {(whole[-1] / 'whole').read_text(encoding='ascii')}, ở {whole[-1]}")
    try:
        answering(places, patience=3)
    except Trouble as trouble:
        say(f"{trouble}")
        return 1
    say("Đang chạy.")
    return 0


def answering(places: Places, patience: float = PATIENCE) -> None:
    """Until the page answers."""
    port = next(
        (
            line.partition("=")[2].strip()
            for line in places.env.read_text(encoding="utf-8").splitlines()
            if line.startswith("MOTCUA_PORT=")
        ),
        "8080",
    )
    ends = time.monotonic() + patience
    nobody = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine is never behind a proxy
    while True:
        with suppress(OSError), nobody.open(f"http://127.0.0.1:{port}/dau-hieu", timeout=5) as answer:
            if answer.read(7) == b"motcua ":
                return
        if time.monotonic() > ends:
            raise Trouble(f"chương trình không trả lời ở cổng {port}. Xem {log_place(places)}.")
        time.sleep(1)


# the service ----------------------------------------------------------------------------------------------------------

UNIT = Path(f"/etc/systemd/system/{NAME}.service")
SHIM = Path(f"/usr/local/bin/{NAME}")

SYSTEMD = """[Unit]
Description=Một Cửa
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
User={name}
WorkingDirectory={home}
ExecStart={command}
Restart=always
RestartSec=5
TimeoutStopSec=60
UMask=0077
LimitNOFILE=65536
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={home} -/media -/mnt
ProtectHome=yes

[Install]
WantedBy=multi-user.target
"""

# At every start of the machine, and once a minute where it does not run: an instance that runs is left alone.
TASK_XML = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>
    <BootTrigger><Enabled>true</Enabled></BootTrigger>
    <TimeTrigger>
      <Repetition><Interval>PT1M</Interval><StopAtDurationEnd>false</StopAtDurationEnd></Repetition>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
      <Enabled>true</Enabled>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author"><UserId>S-1-5-19</UserId><RunLevel>LeastPrivilege</RunLevel></Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{python}</Command>
      <Arguments>-X utf8 "{start}"</Arguments>
      <WorkingDirectory>{home}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""

# A task has no console: what the program says goes to a file, of which one former is kept.
START = '''"""Starts the program in the folder of its settings, with its words in logs/motcua.log."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    log = Path("logs") / "motcua.log"
    log.parent.mkdir(exist_ok=True)
    if log.exists() and log.stat().st_size > 20_000_000:
        log.replace(log.with_suffix(".old.log"))
    file = open(log, "ab", buffering=0)
    os.dup2(file.fileno(), 1)
    os.dup2(file.fileno(), 2)
    from bot.__main__ import main

    sys.exit(main(["run"]))
'''


def service(places: Places, version: Path) -> None:
    if WINDOWS:
        xml = TASK_XML.format(python=python_of(version), start=version / "start.py", home=places.home)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "task.xml"
            file.write_text(xml, encoding="utf-16")
            run("schtasks", "/Create", "/TN", TASK, "/XML", f"{file}", "/F")
        shim = f'@echo off\r\ncd /d "{places.home}"\r\n"{python_of(version)}" -X utf8 -m bot %*\r\n'
        (places.program / f"{NAME}.cmd").write_text(shim, encoding="utf-8", newline="")
        return
    if not shutil.which("systemctl") or not Path("/run/systemd/system").is_dir():
        raise Trouble("máy này không có systemd. Cài với --no-service và tự cho chạy cùng máy.")
    UNIT.write_text(
        SYSTEMD.format(name=NAME, home=places.home, command=" ".join(command(places, version))), encoding="utf-8"
    )
    words = f'#!/bin/sh\ncd "{places.home}" && exec runuser -u {NAME} -- "{python_of(version)}" -m bot "$@"\n'
    SHIM.write_text(words, encoding="utf-8")
    SHIM.chmod(0o755)
    run("systemctl", "daemon-reload")
    run("systemctl", "enable", NAME)


def start() -> None:
    if WINDOWS:
        run("schtasks", "/Change", "/TN", TASK, "/ENABLE", must=False)
        run("schtasks", "/Run", "/TN", TASK)
    else:
        run("systemctl", "restart", NAME)


def stop(places: Places) -> None:
    """The program may be ended at any moment without losing what was acknowledged."""
    if WINDOWS:
        run("schtasks", "/Change", "/TN", TASK, "/DISABLE", must=False)
        run("schtasks", "/End", "/TN", TASK, must=False)
    elif UNIT.exists():
        run("systemctl", "stop", NAME, must=False)
    for _ in range(30):
        try:
            answering(places, patience=0)
        except Trouble:
            return
        time.sleep(1)
    raise Trouble("bản đang chạy chưa dừng hẳn; dừng nó rồi chạy lại lệnh này.")


def command(places: Places, version: Path) -> list[str]:  # noqa: ARG001 - the folder is the service's own
    return [f"{python_of(version)}", "-m", "bot", "run"]


def as_service() -> list[str]:
    """In front of a command that may make files: they have to be the service's own."""
    return ["runuser", "-u", NAME, "--"] if not WINDOWS and administrator() and known_user() else []


def known_user() -> bool:
    return subprocess.run(["id", NAME], capture_output=True, check=False).returncode == 0


def log_place(places: Places) -> str:
    return f"{places.logs / 'motcua.log'}" if WINDOWS else f"journalctl -u {NAME}"


def python_of(version: Path) -> Path:
    return version / ("Scripts/python.exe" if WINDOWS else "bin/python")


def run(*words: str, must: bool = True) -> None:
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode and must:
        why = done.stderr.decode(errors="replace").strip()[:200]
        raise Trouble(f"lệnh không chạy được: {' '.join(words[:3])} ({why})")


if __name__ == "__main__":
    sys.exit(main())
