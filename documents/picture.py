"""Strangers' pictures opened safely: sized up before they are decoded, decoded no larger than needed, turned once."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import cv2
import numpy as np
import pillow_heif
from cv2.typing import MatLike
from PIL import Image

from documents.quiet import quiet

Pixels = MatLike  # rows x columns x blue, green, red

MAX_PIXELS: Final = 60_000_000  # lets 50-megapixel phones through; as OPENCV_IO_MAX_IMAGE_PIXELS in __init__.py
ENOUGH: Final = 2560  # px of the long side; a larger JPEG is decoded at half its size or a quarter
_MOST: Final = 26_000_000  # pixels of one picture that are kept in memory
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF")
_ORIENTATION: Final = 0x0112
_PROGRAMS: Final = (0x0131, 0x000B)  # EXIF: Software, ProcessingSoftware
_WRITTEN_BY: Final = ("Software", "software", "xmp", "XML:com.adobe.xmp")
_REDUCED: Final = {1: cv2.IMREAD_COLOR, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4}
_TURNS: Final[Mapping[int, Callable[[Pixels], Pixels]]] = {
    2: lambda p: cv2.flip(p, 1),
    3: lambda p: cv2.rotate(p, cv2.ROTATE_180),
    4: lambda p: cv2.flip(p, 0),
    5: cv2.transpose,
    6: lambda p: cv2.rotate(p, cv2.ROTATE_90_CLOCKWISE),
    7: lambda p: cv2.rotate(cv2.transpose(p), cv2.ROTATE_180),
    8: lambda p: cv2.rotate(p, cv2.ROTATE_90_COUNTERCLOCKWISE),
}

cv2.setNumThreads(1)
pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Unusable(Exception):
    """A file that cannot be used; `word` says why, as in `Finding.verdict`."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Picture:
    """One opened picture, upright as its file says. The checks look at `half`; `full` is decoded when it is needed."""

    def __init__(self, data: bytes) -> None:
        self._data = np.frombuffer(data, np.uint8)
        self._jpeg = data.startswith(b"\xff\xd8")
        self._full: Pixels | None = None
        with _refused(), Image.open(io.BytesIO(data), formats=_FORMATS) as head:
            self._pixels = head.width * head.height
            self.programs = _programs(head)
            # libheif turns by itself
            self._orientation = 1 if head.format == "HEIF" else _orientation(head)
            if not self._jpeg:
                self._full = self._decoded(head)
            self.long = max(head.size)
            part = 1 if self.long <= ENOUGH else 2 if self.long <= 2 * ENOUGH else 4
            self.half = self._reduced(part) if self._full is None else shrunk(self._full, self.long // part)

    @property
    def full(self) -> Pixels:
        """All there is, or as much of it as the memory should hold."""
        if self._full is None:
            with _refused():
                self._full = self._reduced(1 if self._pixels <= _MOST else 2)
        return self._full

    @property
    def more(self) -> bool:
        """Whether `full` shows more than `half`."""
        return bool(self.long > max(self.half.shape))

    def _reduced(self, part: int) -> Pixels:
        return self._upright(self._read(_REDUCED[part]))

    def _decoded(self, head: Image.Image) -> Pixels:
        """The first frame; what is see-through lies on white, as viewers show it."""
        if head.format != "HEIF" and not head.has_transparency_data:
            return self._reduced(1 if self._pixels <= _MOST else 2)
        found = self._read(cv2.IMREAD_UNCHANGED) if head.format == "PNG" and head.mode == "RGBA" else _loaded(head)
        return self._upright(shrunk(found if found.shape[2] == 3 else _on_white(found), 1 << 30, _MOST))

    def _read(self, how: int) -> Pixels:
        with quiet():
            found = cv2.imdecode(self._data, how | cv2.IMREAD_IGNORE_ORIENTATION)
        if found is None:  # also a picture that was cut off in the middle
            raise Unusable("corrupt")
        return found if found.dtype == np.uint8 else cv2.convertScaleAbs(found, alpha=1 / 257)

    def _upright(self, found: Pixels) -> Pixels:
        turn = _TURNS.get(self._orientation)
        return turn(found) if turn else found


def shrunk(pixels: Pixels, long: int, most: int = 1 << 40) -> Pixels:
    """So that the long side has `long` pixels and the whole at most `most`; never enlarged."""
    height, width = pixels.shape[:2]
    part = min(long / max(width, height), (most / (width * height)) ** 0.5)
    if part >= 1:
        return pixels
    size = (max(1, round(width * part)), max(1, round(height * part)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def jpeg(pixels: Pixels, quality: int) -> bytes:
    """Pixels and nothing else: no EXIF, no place, nothing hidden behind them."""
    done, kept = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return kept.tobytes()


def _loaded(head: Image.Image) -> Pixels:
    """By Pillow: what the faster decoder does not take, or not with what is see-through."""
    head.load()
    if head.has_transparency_data:
        return cv2.cvtColor(np.asarray(head.convert("RGBA")), cv2.COLOR_RGBA2BGRA)
    return cv2.cvtColor(np.asarray(head if head.mode == "RGB" else head.convert("RGB")), cv2.COLOR_RGB2BGR)


def _on_white(layer: Pixels) -> Pixels:
    plain = cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR)
    seen = layer[:, :, 3]
    for at in np.flatnonzero((seen < 255).any(axis=1)):  # row by row: most pictures that could be are not
        share = seen[at, :, None].astype(np.uint16)
        plain[at] = (plain[at] * share + 255 * (255 - share)) // 255
    return plain


@contextmanager
def _refused() -> Iterator[None]:
    """Strangers' bytes fail in every way there is; one word comes out."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except Unusable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise Unusable("too-large") from error
    except cv2.error as error:
        raise Unusable("too-large" if error.code == cv2.Error.StsNoMem else "corrupt") from error
    except Exception as error:
        raise Unusable("corrupt") from error


def _orientation(head: Image.Image) -> int:
    """Odd metadata make no picture unusable."""
    try:
        return int(head.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - as they come
        return 1


def _programs(head: Image.Image) -> tuple[str, ...]:
    """What the metadata say of the programs that wrote the file, as it stands there."""
    try:
        found = [head.getexif().get(tag, "") for tag in _PROGRAMS]
    except Exception:  # noqa: BLE001 - as they come
        found = []
    found += [head.info.get(key, "") for key in _WRITTEN_BY]
    return tuple(f.decode("utf-8", "replace") if isinstance(f, bytes) else str(f) for f in found if f)
