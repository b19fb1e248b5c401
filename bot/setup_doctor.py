"""Set-up: what `motcua doctor` says, asked of a process of its own: it looks from outside at the one that runs."""

from __future__ import annotations

import asyncio
import sys
from typing import Final

import msgspec
from msgspec import Struct

from handlers.web_setup_door import Told

_PATIENCE: Final = 120.0  # seconds


class _Finding(Struct):
    mark: str
    words: str
    doing: str = ""


class _Said(Struct):
    findings: list[_Finding]


async def examined() -> list[Told]:
    """What is not as it should be, and how much is."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-X", "utf8", "-m", "bot", "doctor", "--json", stdout=asyncio.subprocess.PIPE
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), _PATIENCE)
        found = msgspec.json.decode(out, type=_Said).findings
    except TimeoutError:
        process.kill()
        await process.wait()
        return [Told(good=False, words="Kiểm tra quá lâu. Mở cửa sổ lệnh và chạy: motcua doctor")]
    except msgspec.MsgspecError:
        return [Told(good=False, words="Không kiểm tra được. Mở cửa sổ lệnh và chạy: motcua doctor")]
    wrong = [
        Told(good=False, words="\n→ ".join(filter(None, (one.words, one.doing)))) for one in found if one.mark != "good"
    ]
    return [*wrong, Told(good=True, words=f"{len(found) - len(wrong)} điều đã tốt.")]
