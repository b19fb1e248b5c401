"""How much room a disk has left."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

LITTLE: Final = 5_000_000_000  # bytes: some thousand photos
NOTHING: Final = 500_000_000


def free(path: Path) -> int:
    """Bytes that may still be written there, also before the folder is made."""
    place = path.resolve()
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free
