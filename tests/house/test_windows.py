"""The program runs on Windows too: nothing that only POSIX has is needed to load it, nor by what a start does."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

from documents.bounds_windows import Limits

ROOT = Path(__file__).parents[2]

# The standard library and what was installed are loaded first, as they are on this system; then this system loses what
# Windows lacks, and all of our own modules are loaded anew.
LOADED = """
import importlib, pkgutil, sys
OURS = ("bot", "handlers", "storage", "documents", "conversations", "catalogue", "domain")

def load():
    names = ["bot.command_line"]  # what is started first: some modules need each other in this order
    for package in map(importlib.import_module, OURS):
        names += [one.name for one in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
    for name in names:
        if not name.endswith("__main__") and ".migrations." not in name:
            importlib.import_module(name)
    return len(names)

load()
for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
    del sys.modules[name]
import os, signal, subprocess
subprocess.CREATE_NEW_PROCESS_GROUP, subprocess.CREATE_NO_WINDOW = 0x200, 0x8000000
LACKING = {
    os: "fork register_at_fork sysconf nice getuid geteuid getgid chown statvfs getloadavg uname setsid",
    signal: "alarm setitimer SIGALRM SIGHUP SIGKILL SIGUSR1 SIGUSR2 SIGCHLD SIGQUIT",
}
for module, names in LACKING.items():
    for name in names.split():
        delattr(module, name)
for name in ("fcntl", "pwd", "grp", "resource", "termios", "tty", "tesserocr"):
    sys.modules[name] = None
sys.platform = "win32"
print(load())
"""


def test_every_module_loads_without_what_windows_lacks() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 300


def test_a_job_objects_limits_have_the_size_that_windows_expects() -> None:
    assert ctypes.sizeof(Limits) == 144  # JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64 bits
    assert Limits.process_memory.offset == 112
