"""Room for many open pages, where the system gives little at first."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import resource
from bot.sockets import room_for_sockets
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (128, hard))
room_for_sockets()
soft, now = resource.getrlimit(resource.RLIMIT_NOFILE)
assert now == hard
print(soft == hard or soft >= 65536)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts none")
def test_as_many_as_the_system_allows() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
