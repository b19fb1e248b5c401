"""Where the Vietnamese model for Tesseract is; known without loading it."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_MODELS: Final = "/usr/share/tesseract-ocr"
_MODEL: Final = "vie.traineddata"


def found() -> Path | None:
    """The folder that holds it; None where there is none, or nothing that could use it."""
    if find_spec("tesserocr") is None:
        return None
    places = [Path(os.environ.get("TESSDATA_PREFIX", "/nowhere")), *sorted(Path(_MODELS).glob("*/tessdata"))]
    return next((place for place in places if (place / _MODEL).is_file()), None)
