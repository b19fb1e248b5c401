"""The `motcua` command. It imports next to nothing, for each worker's process begins with this file too."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Parse, run, and give the exit status."""
    if sys.platform == "win32":  # a pipe or a file there takes the code page of the country, which lacks our letters
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="replace")
    from bot import command_line  # noqa: PLC0415 - as above

    return command_line.main(arguments)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
