"""How many sockets this process may hold: an open page is one, and so is a stranger's who never says anything."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

_MOST: Final = 65_536


def room_for_sockets() -> None:
    """As many as the system allows whoever asks, in place of the thousand that it gives at first; Windows counts none.

    Where there are none left, neither pages nor the database's own files can be opened.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has no such module

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
