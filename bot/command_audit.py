"""Commands on the server that show personal data, or change who may come in, leave a line in the audit."""

from __future__ import annotations

import getpass
from typing import Final

from bot.scene import Scene

COMMAND: Final = "command"


def note(scene: Scene, what: str, about: str = "") -> None:
    """`about`: the dossier or officer it was about, if one; who was at the keyboard is what the system says."""
    scene.work.audit.add(COMMAND, scene.now, subject=about[:80], data={"what": what, "by": _user()})


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        return "?"
