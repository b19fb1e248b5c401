"""Settings written into the file `.env`: whole or not at all, every other line and comment left as it is."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.settings import NAMES, BadSetting
from storage import durable

FILE: Final = Path(".env")  # in the folder in which the program was started
_HEAD: Final = "# Do trang cài đặt ghi. Mọi mục có thể có: xem .env.example."
_LINE: Final = re.compile(r"\s*(MOTCUA_[A-Z0-9_]+)\s*=")


def with_values(text: str, values: Mapping[str, str]) -> str:
    """The file's text with these settings; a line that is there is changed in its place, others follow at the end."""
    for name, value in values.items():
        if name not in NAMES:
            raise BadSetting(f"{name}: no such setting")
        if not value.isprintable() or value != value.strip().strip("\"'"):
            raise BadSetting(f"{name}: expected one line without quotation marks around it")
    left = dict(values)
    lines = []
    for line in text.splitlines():
        known = _LINE.match(line)
        name = known[1] if known else ""
        if name in values:
            if name not in left:
                continue  # a second line of the same name would win over the first
            lines.append(f"{name}={left.pop(name)}")
        else:
            lines.append(line)
    lines += [f"{name}={value}" for name, value in left.items()]
    return "\n".join(lines) + "\n"


def write(values: Mapping[str, str], path: Path = FILE) -> None:
    """Durable when it returns, and readable by its owner alone. Raises BadSetting, OSError."""
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else _HEAD
    durable.replace(path, with_values(text, values).encode())


def outweighed(names: Mapping[str, str]) -> list[str]:
    """Those of these names that the environment says otherwise: what the file says of them counts for nothing."""
    return [name for name, value in names.items() if os.environ.get(name, value) != value]
