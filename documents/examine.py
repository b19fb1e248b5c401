"""All that our own worker finds out about one photo or PDF, and the copies that officers see instead of it."""

from __future__ import annotations

import time
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conversations.messages import Card, Finding
from documents import (
    cards,
    check,
    corners,
    flatten,
    marks,
    measures,
    origin,
    pages,
    prints,
    quality,
    reading,
    titles,
    turns,
)
from documents.corners import Corners
from documents.examined import Examined
from documents.picture import Picture, Pixels, Unusable, jpeg, shrunk
from documents.quality import Look

LONG: Final = 1800  # px of a copy's long side: small print of an A4 page is read well
_QUALITY: Final = 82
_MARKED: Final = 75
_SMALL: Final = 1280  # px of the long side at which a picture is looked at as a whole
_LEAST: Final = 64  # px of the short side below which nothing can be looked at
_NEAR: Final = {False: 640, True: 400}  # px of a page's, or a card's, short side below which all of it is decoded
_TOP: Final = {False: 0.3, True: 0.5}  # share of a page, or of a card, in which its title stands
_CARD: Final = 1000  # px of a card's long side beyond which enlarging it reads no further QR
_CARDS: Final = (1.5, 1.68)
_PROVED: Final = frozenset({"blurred", "too-small", "no-document"})  # what a card cannot be whose QR was read
_TRIED: Final = _PROVED | frozenset(quality.SOFT)  # with these it is worth a second look for a QR
_ON_SCENES: Final = frozenset({"dark", "overexposed"})
_SIDES: Final = {"front": "mat-truoc", "back": "mat-sau"}
_DOUBTED: Final = 65.0  # what the reader may think of words that stand upside down
_CLEAR: Final = 70.0  # and of those that it reads well
_WELL: Final = 80.0  # and so well that no title will be found by reading them once more


class _Known(Struct):
    """What is known so far of one picture."""

    card: Card | None = None
    side: str = ""
    title: str = ""
    turned: int = 0


def examine(data: bytes, *, paper: str = "", card: bool = False) -> Examined:
    """`paper`: what was asked for, as in `titles.fits`; `card`: whether it is an ID card whose QR is wanted."""
    began = time.perf_counter()
    try:
        done = _looked_at(data, paper, card=card)
    except Unusable as error:
        done = Examined(Finding(error.word))
    ms = round((time.perf_counter() - began) * 1000)
    return Examined(replace(done.finding, sha256=prints.sha256(data), ms=ms), done.copies, done.marked)


def _looked_at(data: bytes, paper: str, *, card: bool) -> Examined:
    kind = check.media_type(data)
    if not kind:
        raise Unusable("unsupported" if data else "empty")
    return _pdf(data, paper, card=card) if kind == "application/pdf" else _photo(data, paper, card=card)


def _photo(data: bytes, paper: str, *, card: bool) -> Examined:
    picture = Picture(data)
    seen = picture.half
    software = origin.editor(picture.programs)
    if min(seen.shape[:2]) < _LEAST:
        return Examined(Finding(problems=("too-small",), software=software, look=prints.look(seen)), (_copy(seen),))
    if titles.is_scene(paper):
        return _scene(seen, software)
    found = corners.find(seen)
    if found is not None and picture.more and _is_small(found, seen, card=card):
        found = found.scaled(max(picture.full.shape) / max(seen.shape))
        seen = picture.full
    look = quality.look(seen, found, card=card)
    sheet = flatten.flat(seen, found) if found is not None and found.sure else None
    soft = {*look.soft, *(["screenshot"] if titles.on_screen(paper) else [])}
    small = card or (sheet is not None and _card_shaped(sheet))
    known = _coded(picture.half, sheet if small else None, hard=small and _TRIED.issuperset(look.problems))
    if known is None:
        known = _titled(seen, sheet, paper, card=card, small=small) if soft.issuperset(look.problems) else _Known()
    wrong = _wrong(known.title, paper)
    problems = (*(p for p in look.problems if known.card is None or p not in _PROVED), *wrong)
    soft.update(wrong)
    finding = Finding(
        problems=problems,
        soft=tuple(p for p in problems if p in soft),
        card=known.card,
        side=known.side,
        title=known.title,
        named=titles.name(known.title),
        turned=known.turned,
        cropped=sheet is not None,
        look=prints.look(picture.half),
        sheet="" if sheet is None else prints.look(turns.turned(sheet, known.turned)),
        software=software,
    )
    copy = turns.turned(shrunk(seen, LONG) if sheet is None else sheet, known.turned)
    return Examined(finding, (_copy(copy),), _marked(seen, look, problems))


def _scene(seen: Pixels, software: str) -> Examined:
    """A photo of somebody or something: there is no page that could be cut off or glare."""
    look = quality.look(seen, None)
    problems = tuple(p for p in look.problems if p in _ON_SCENES)
    return Examined(Finding(problems=problems, look=prints.look(seen), software=software), (_copy(seen),))


def _pdf(data: bytes, paper: str, *, card: bool) -> Examined:
    document = pages.Pages(data)
    known, copies, blank = _Known(), [], 0
    for page in document.pictures():
        copies.append(_copy(page))
        if pages.blank(page):
            blank += 1
            continue
        found = cards.read(page, hard=card) if card and known.card is None else None
        if found is not None:
            known.card, known.side = found.card, found.side
        if not known.title and titles.expected(paper):
            known.title = titles.named(reading.read(_top(page, card=False)).lines)
    wrong = _wrong(known.title, paper)
    finding = Finding(
        problems=("no-document",) if blank == len(copies) else wrong,
        soft=wrong,
        card=known.card,
        side=known.side,
        title=known.title,
        named=titles.name(known.title),
        pages=len(copies),
        software=origin.editor(document.programs),
    )
    return Examined(finding, tuple(copies))


def _is_small(found: Corners, seen: Pixels, *, card: bool) -> bool:
    """Whether its print is: then the picture is looked at as large as it was taken."""
    return found.score > measures.SEEN and found.short < _NEAR[card or quality.card_shaped(found, seen.shape)]


def _coded(whole: Pixels, sheet: Pixels | None, *, hard: bool) -> _Known | None:
    """By its QR, which also tells which way up a card is, and that a page is none."""
    found = cards.read(whole, hard=hard and sheet is None)
    if found is None and hard and sheet is not None:
        found = cards.read(shrunk(sheet, _CARD), hard=True)
    return None if found is None else _Known(found.card, found.side, f"can-cuoc-{_SIDES[found.side]}", found.turned)


def _card_shaped(sheet: Pixels) -> bool:
    """A card is 1.586 times as long as it is wide, A4 and A5 1.414 times."""
    return bool(_CARDS[0] < max(sheet.shape) / min(sheet.shape[:2]) < _CARDS[1])


def _titled(seen: Pixels, sheet: Pixels | None, paper: str, *, card: bool, small: bool) -> _Known:
    """By its title, if that matters or if it lies on its side."""
    page = shrunk(seen, _SMALL) if sheet is None else sheet
    lying = page.shape[0] > page.shape[1] if small and sheet is not None else turns.sideways(page)
    if not (lying or card or titles.expected(paper)):
        return _Known()
    ways = {None: (0,) if sheet is not None else (), False: (0, 180), True: (90, 270)}
    return _read(page, ways[lying], card=small)


def _read(page: Pixels, ways: tuple[int, ...], *, card: bool) -> _Known:
    """The title and the turn with which it reads; without a title the turn with which words read far better.

    Read twice at most: the other way up where words make no sense, else once more for its lines.
    """
    texts: list[tuple[float, int]] = []
    for way in ways:
        text = reading.read(_top(turns.turned(page, way), card=card))
        title = titles.named(text.lines)
        if title:
            return _Known(title=title, side=_side(title), turned=way)
        texts.append((text.clear, way))
        if text.clear >= _DOUBTED:
            break
    clear, way = max(texts, default=(0.0, 0))
    if clear < _CLEAR:
        return _Known()
    title = ""
    if len(texts) == 1 and clear < _WELL:
        title = titles.named(reading.read(_top(turns.turned(page, way), card=card), block=True).lines)
    return _Known(title=title, side=_side(title), turned=way)


def _top(page: Pixels, *, card: bool) -> Pixels:
    upper = page[: max(1, round(page.shape[0] * _TOP[card]))]
    return shrunk(upper, reading.WIDTH) if upper.shape[1] >= upper.shape[0] else upper


def _side(title: str) -> str:
    return next((side for side, word in _SIDES.items() if title == f"can-cuoc-{word}"), "")


def _wrong(title: str, paper: str) -> tuple[str, ...]:
    return ("wrong-paper",) if titles.fits(title, paper) is False else ()


def _marked(seen: Pixels, look: Look, problems: tuple[str, ...]) -> bytes:
    return jpeg(marks.draw(seen, look), _MARKED) if problems and look.areas else b""


def _copy(pixels: Pixels) -> bytes:
    return jpeg(shrunk(pixels, LONG), _QUALITY)
