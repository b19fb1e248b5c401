"""The `motcua` command. It imports next to nothing, for each worker's process begins with this file too."""

from __future__ import annotations

import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Parse, run, and give the exit status."""
    from bot import command_line  # noqa: PLC0415 - as above

    return command_line.main(arguments)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
