"""Forms and bundles made PDF by typst; run in the worker's process, and nothing is written to disk."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from documents.bundle import Bundle, BundlePaper, OnePaper, Photo, problem_words
from documents.control import Control
from documents.ledger import COLUMNS, Ledger
from documents.ledger import cells as ledger_cells
from documents.poster import Poster
from documents.recovery_sheet import RecoverySheet
from documents.sheet import Sheet
from documents.sheet_lines import BREAK, shown
from documents.slip import Slip

if TYPE_CHECKING:
    import typst

KINDS: Final = ("form", "paper", "bundle", "slip", "control", "ledger", "recovery", "poster")
_AT_ONCE: Final = 400  # lines of the ledger
_CODE: Final = 1  # its column
_NARROW: Final = 14  # letters of a word in a narrow column
_HERE: Final = Path(__file__).parent
_decode = msgspec.msgpack.decode


def render(kind: str, payload: bytes) -> bytes:
    """A PDF of the msgpack of what the kind names, such as a Sheet for "form"; `KINDS` are all there are."""
    pictures: dict[str, bytes] = {}
    match kind:
        case "form":
            return _compiled("form", _decode(payload, type=Sheet), pictures)
        case "paper":
            one = _decode(payload, type=OnePaper)
            return _compiled("paper", {**_plain(one), "paper": _paper(one.paper, pictures)}, pictures)
        case "bundle":
            whole = _decode(payload, type=Bundle)
            papers = [_paper(paper, pictures) for paper in whole.papers]
            return _compiled("bundle", {**_plain(whole), "papers": papers}, pictures)
        case "slip":
            slip = _decode(payload, type=Slip)
            data = {**printable(slip), "link": slip.link, "link_words": shown(slip.link)}  # its words may be broken
            return _compiled("slip", data, {"qr.svg": qr(slip.link)})
        case "control":
            return _compiled("control", printable(_decode(payload, type=Control)), pictures)
        case "ledger":
            return _ledger(_decode(payload, type=Ledger))
        case "recovery":
            sheet = _decode(payload, type=RecoverySheet)
            return _compiled("recovery", printable(sheet), {"qr.svg": qr(" ".join(sheet.groups))})
        case "poster":
            poster = _decode(payload, type=Poster)
            drawn = {f"qr-{n}.svg": qr(door.link) for n, door in enumerate(poster.doors)}
            return _compiled("poster", printable(poster), drawn)
        case _:
            raise ValueError(kind)


def _ledger(book: Ledger) -> bytes:
    """Set some hundred lines at a time, since typst holds all it has laid out: a year takes no more than a week."""
    import pypdfium2  # noqa: PLC0415 - heavy, and only the worker needs it

    rows = [
        [_code(cell) if column == _CODE else shown(cell, _NARROW) for column, cell in enumerate(cells)]
        for cells in ledger_cells(book)
    ]
    given = {"head": printable(book.head), "period": book.period, "columns": COLUMNS}
    if len(rows) <= _AT_ONCE:
        return _compiled("ledger", {**given, "page": 1, "rows": rows}, {})
    out = BytesIO()
    with pypdfium2.PdfDocument.new() as whole:
        for start in range(0, len(rows), _AT_ONCE):
            page = {**given, "page": len(whole) + 1, "rows": rows[start : start + _AT_ONCE]}
            with pypdfium2.PdfDocument(_compiled("ledger", page, {})) as part:
                whole.import_pages(part)
        whole.save(out)
    return out.getvalue()


def _code(code: str) -> str:
    """It breaks between its parts."""
    return re.sub(r"[-.]", lambda mark: mark[0] + BREAK, shown(code))


def printable(value: Any) -> Any:
    """A struct as plain data, and all its words as they can be printed."""
    return _each(msgspec.to_builtins(value))


def _each(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _each(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_each(one) for one in value]
    return shown(value) if isinstance(value, str) else value


def qr(words: str) -> bytes:
    """As an SVG, with the quiet zone that readers want."""
    import segno  # noqa: PLC0415 - only slips have one

    out = BytesIO()
    segno.make(words, error="m", micro=False).save(out, kind="svg", border=4, dark="#000", light="#fff")
    return out.getvalue()


def _plain(struct: msgspec.Struct) -> dict[str, Any]:
    """Its fields, and their words as they can be printed."""
    return {name: _printable(getattr(struct, name)) for name in struct.__struct_fields__}


def _printable(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_printable, value))
    return shown(value) if isinstance(value, str) else value


def _paper(paper: BundlePaper, pictures: dict[str, bytes]) -> dict[str, Any]:
    return {**_plain(paper), "photos": [_photo(photo, pictures) for photo in paper.photos]}


def _photo(photo: Photo, pictures: dict[str, bytes]) -> dict[str, str | int]:
    """The picture goes along as a file of its own; without one where the photo can't be opened."""
    from documents.shrink import shrunk  # noqa: PLC0415 - heavy, and a form needs none of it

    small = shrunk(photo.jpeg)
    problems = problem_words(photo.problems)
    if small is None:
        return {"file": "", "problems": problems}
    name = f"photo-{len(pictures)}.svg"
    # typst takes text alone from memory, and an SVG may hold a JPEG: its bytes come out in the PDF as they went in.
    href = f"data:image/jpeg;base64,{b64encode(small.jpeg).decode()}"
    size = f'width="{small.width}" height="{small.height}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="{href}"/></svg>'
    pictures[name] = svg.encode()
    return {"file": name, "problems": problems, "width": small.width, "height": small.height}


def _compiled(template: str, data: object, pictures: Mapping[str, bytes]) -> bytes:
    import typst  # noqa: PLC0415 - heavy, and only the worker needs it

    main = f'#include "{template}.typ"'.encode()
    files = {**_templates(), **pictures, "data.json": msgspec.json.encode(data), "main.typ": main}
    return typst.compile(files, font_paths=_fonts())  # type: ignore[call-overload,no-any-return]  # a dict is not in its stub


@cache
def _templates() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((_HERE / "templates").glob("*.typ"))}


@cache
def _fonts() -> typst.Fonts:
    import typst  # noqa: PLC0415 - as above

    return typst.Fonts(include_system_fonts=False, font_paths=[str(_HERE / "fonts")])
