"""Files of the fake Bot API: what was uploaded or sent, in sizes, with ids that are valid for one bot only."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import mimetypes
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, UnidentifiedImageError

from tests.telegram.fake_model import FakeFile, Json, Refused, bad

MAX_DOWNLOAD: Final = 20 << 20
MAX_UPLOAD: Final = 50 << 20
MAX_PHOTO: Final = 10 << 20
SIDES: Final = (90, 320, 800, 1280)  # longest sides that Telegram keeps of a photo
LINK_LIVES: Final = 3600.0


@dataclass(slots=True)
class Files:
    """All files, found by the ids that bots were given and by the links that getFile gave."""

    ids: dict[str, tuple[int, FakeFile]] = field(default_factory=dict)
    links: dict[tuple[int, str], tuple[FakeFile, float]] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def new(self, kind: str, data: bytes, name: str = "", media_type: str = "", size: int | None = None) -> FakeFile:
        """A file as it is after Telegram took it; photos are drawn anew, in sizes."""
        if kind == "photo":
            return self._photo(data)
        kept = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return FakeFile(kind, name, data, kept, self._unique(), len(data) if size is None else size)

    def id_for(self, bot_id: int, file: FakeFile) -> str:
        """The bot's own name for the file."""
        digest = hashlib.blake2b(f"{bot_id}:{file.unique}".encode(), digest_size=24).digest()
        file_id = "AgAC" + base64.urlsafe_b64encode(digest).decode()
        self.ids[file_id] = (bot_id, file)
        return file_id

    def find(self, bot_id: int, file_id: str) -> FakeFile:
        found = self.ids.get(file_id)
        if found is None or found[0] != bot_id:
            raise bad("wrong file identifier/HTTP URL specified", blame=True)
        return found[1]

    def get_file(self, bot_id: int, file_id: str, now: float) -> Json:
        """The method getFile."""
        found = self.ids.get(file_id)
        if found is None or found[0] != bot_id:
            raise bad("invalid file_id", blame=True)
        file = found[1]
        if file.size > MAX_DOWNLOAD:
            raise bad("file is too big")
        folder = {"photo": "photos", "document": "documents", "voice": "voice"}.get(file.kind, "files")
        ending = mimetypes.guess_extension(file.media_type) or ""
        path = f"{folder}/file_{file.unique}{'.jpg' if file.kind == 'photo' else ending}"
        self.links[bot_id, path] = (file, now + LINK_LIVES)
        return {"file_id": file_id, "file_unique_id": file.unique, "file_size": file.size, "file_path": path}

    def open(self, bot_id: int, path: str, now: float) -> FakeFile:
        """The file behind a link, as long as the link lives."""
        found = self.links.get((bot_id, path))
        if found is None or found[1] < now:
            raise Refused(404, "Not Found")
        return found[0]

    def api(self, bot_id: int, file: FakeFile) -> Json:
        """A file without the parts that only its kind has."""
        return {"file_id": self.id_for(bot_id, file), "file_unique_id": file.unique, "file_size": file.size}

    def _unique(self) -> str:
        return f"AQAD{next(self.numbers):08d}"

    def _photo(self, data: bytes) -> FakeFile:
        try:
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
                if width + height > 10_000 or max(width, height) > 20 * min(width, height):
                    raise bad("PHOTO_INVALID_DIMENSIONS", blame=True)
                sizes = self._sizes(image)
        except (UnidentifiedImageError, OSError) as broken:
            raise bad("IMAGE_PROCESS_FAILED", blame=True) from broken
        largest = sizes[-1]
        largest.sizes = sizes
        return largest

    def _sizes(self, image: Image.Image) -> list[FakeFile]:
        plain = image.convert("RGB")  # also leaves EXIF behind
        longest = max(image.size)
        made = []
        for side in [side for side in SIDES if side < longest] + [min(longest, SIDES[-1])]:
            small = plain.copy()
            small.thumbnail((side, side))
            kept = io.BytesIO()
            small.save(kept, "JPEG", quality=87)
            data = kept.getvalue()
            made.append(FakeFile("photo", "", data, "image/jpeg", self._unique(), len(data), *small.size))
        return made[:-1] if len(made) > 1 and made[-1].width == made[-2].width else made
