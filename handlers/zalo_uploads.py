"""Files on their way to Zalo: uploaded first, then sent by the id that comes of it, which lives for a week."""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic
from typing import Final

from conversations.messages import File, Refused
from handlers.zalo_client import Client
from handlers.zalo_door import Load, Shrink

IMAGE: Final = 900_000  # bytes; Zalo takes 1 MB
PAPER: Final = 5_000_000  # bytes
PICTURES: Final = frozenset({"image/jpeg", "image/png"})
# Others, such as photos of phones as they are, are made JPEG by whoever shrinks.
ALL_PICTURES: Final = PICTURES | {"image/webp", "image/heic", "image/heif"}
PAPERS: Final = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/csv": ".csv",
}
_LIFE: Final = 6 * 86_400.0  # seconds
_KEPT: Final = 1000  # ids


class TooMuch(Exception):
    """Zalo takes no file of this kind, or none so large."""


def goes(file: File) -> bool:
    """Whether Zalo takes a file of this kind and size; a picture is made as small as it must be."""
    return file.media_type in ALL_PICTURES or (file.media_type in PAPERS and file.size <= PAPER)


class Uploads:
    """The same file is uploaded once, also where many get it."""

    def __init__(self, client: Client, load: Load, shrink: Shrink | None) -> None:
        self._client = client
        self._load = load
        self._shrink = shrink
        self._known: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def id_of(self, file: File) -> str:
        """Uploaded now, or before. Raises as the client does, NotYet while the file is on its way, TooMuch."""
        at, known = self._known.get(file.ref, (0.0, ""))
        if known and monotonic() - at < _LIFE:
            return known
        data = await self._load(file.ref)
        if file.media_type in ALL_PICTURES:
            made = await self._picture(file, data)
        elif file.media_type in PAPERS and len(data) <= PAPER:
            made = await self._client.upload("file", _name(file), data, file.media_type)
        else:
            raise TooMuch
        self._known[file.ref] = (monotonic(), made)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return made

    def forget(self, file: File) -> None:
        """Zalo has it no more."""
        self._known.pop(file.ref, None)

    async def _picture(self, file: File, data: bytes) -> str:
        media_type = file.media_type
        if len(data) > IMAGE or media_type not in PICTURES:
            if self._shrink is None:
                raise TooMuch
            try:
                data = await self._shrink(data, IMAGE)
            except Refused:
                raise TooMuch from None
            media_type = "image/jpeg"
        ending = ".png" if media_type == "image/png" else ".jpg"
        return await self._client.upload("image", f"anh{ending}", data, media_type)


def _name(file: File) -> str:
    """With the ending that Zalo goes by, and nothing that would break the form it travels in."""
    ending = PAPERS[file.media_type]
    name = "".join(letter for letter in file.name if letter.isprintable() and letter not in '"\\/')[:100] or "giay-to"
    return name if name.lower().endswith(ending) else name + ending
