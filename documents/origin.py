"""Which picture editor a file's metadata name: a hint for the officer, for many people crop and brighten innocently."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_EDITORS: Final = {
    "Adobe Photoshop": r"photoshop",
    "Adobe Lightroom": r"lightroom",
    "Adobe Illustrator": r"illustrator",
    "Adobe Fireworks": r"adobe fireworks",
    "GIMP": r"\bgimp\b",
    "Canva": r"\bcanva\b",
    "PicsArt": r"\bpics ?art\b",
    "Snapseed": r"\bsnapseed\b",
    "Pixlr": r"\bpixlr\b",
    "Paint.NET": r"\bpaint\.net\b",
    "Affinity Photo": r"\baffinity (?:photo|designer)\b",
    "CorelDRAW": r"\bcorel ?(?:draw|photo-paint|paintshop)\b",
    "PaintShop Pro": r"\bpaint ?shop pro\b",
    "Krita": r"\bkrita\b",
    "Inkscape": r"\binkscape\b",
    "Photopea": r"\bphotopea\b",
    "Fotor": r"\bfotor\b",
    "BeFunky": r"\bbefunky\b",
    "PhotoScape": r"\bphotoscape\b",
    "Meitu": r"\bmeitu\b",
    "FaceApp": r"\bfaceapp\b",
    "VSCO": r"\bvsco\b",
    "Figma": r"\bfigma\b",
}
# XMP names namespaces, such as http://ns.adobe.com/photoshop/1.0/, that cameras write too; these name programs.
_XMP: Final = re.compile(r"(?:CreatorTool|softwareAgent)(?:>|\s*=\s*[\"'])([^<\"']{1,200})")


def editor(programs: Iterable[str]) -> str:
    """The first editor among what `Picture.programs` or `Pages.programs` say; empty when none is named."""
    for said in programs:
        words = " ".join(_XMP.findall(said)) if "<" in said else said
        for name, pattern in _EDITORS.items():
            if re.search(pattern, words, re.IGNORECASE):
                return name
    return ""
