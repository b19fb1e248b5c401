"""The A4 poster for the desk's wall: where citizens find the office, and what nobody of it ever asks for."""

from __future__ import annotations

from msgspec import Struct


class Door(Struct, frozen=True):
    """One way in: what is said above its QR, where that leads, and how people would type it."""

    title: str
    link: str
    words: str


class Poster(Struct, frozen=True):
    """`hours` and `phones` are lines."""

    desk: str
    office: str
    address: str
    hours: tuple[str, ...]
    phones: tuple[str, ...]
    doors: tuple[Door, ...]
