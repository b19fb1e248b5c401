"""`motcua backup` and `motcua restore`."""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings


async def backup(settings: Settings, target: list[str], *, check: bool = False) -> int:
    raise NotImplementedError


async def restore(settings: Settings, file: Path, rehearse: Path | None) -> int:
    raise NotImplementedError
