"""What strangers' bytes may look like: good samples, spoilt in a way that chance chooses. The seed makes it again."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

ROUNDS: Final = int(os.environ.get("FUZZ", "0"))  # of each target; 0: the few of every run, always the same
SEED: Final = random.randrange(10**6) if ROUNDS else 8

_WORDS: Final = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud83d",
    "\u202e\u2066\ufeff",
    "é" * 5_000,
    "́" * 300,
    "’ OR 1=1 --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "%s%n{0}{x}${x}",
    "\r\nSet-Cookie: a=b",
    "𝟘𝟙𝟚٣٤५",
    "https://127.0.0.1:1/",
    "file:///etc/passwd",
    "=1+1",
    "d:0000000000000000",
    "menu",
    "NaN",
)
_NUMBERS: Final = (0, -1, 1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63, -(2**63) - 1, 10**40, 0.5, -0.0, 1e308)
_OTHERS: Final[tuple[Any, ...]] = (None, True, False, [], {}, [[]], [{}], {"": None})


def samples(seeds: Sequence[Any], count: int) -> Iterator[Any]:
    """Spoilt JSON values; `count` where the environment does not ask for more."""
    chance = random.Random(SEED)  # nothing secret
    for _ in range(ROUNDS or count):
        value = json.loads(json.dumps(chance.choice(seeds)))
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            value = _spoilt(value, chance)
        yield value


def broken(seeds: Sequence[bytes], count: int, *, salt: int = 0) -> Iterator[bytes]:
    """Spoilt bytes."""
    chance = random.Random(SEED + salt)
    ways: Sequence[Callable[[bytearray, random.Random], None]] = (_flip, _cut, _swell, _repeat, _splice)
    for _ in range(ROUNDS or count):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 1, 2, 8))):
            chance.choice(ways)(data, chance)
        yield bytes(data)


def encoded(value: Any) -> bytes:
    """As whoever sends it may write it; half a surrogate pair is written as JSON allows."""
    return json.dumps(value).encode()


def _spoilt(value: Any, chance: random.Random) -> Any:
    """One thing, somewhere inside, is another."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(sorted(value))
        match chance.randrange(8):
            case 0:
                return {name: inner for name, inner in value.items() if name != key}
            case 1:
                return {**value, chance.choice(_WORDS): value[key]}
            case _:
                return {**value, key: _spoilt(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        if chance.random() < 0.15:
            return value * chance.choice((2, 40))
        return [*value[:at], _spoilt(value[at], chance), *value[at + 1 :]]
    if isinstance(value, str) and value and chance.random() < 0.4:
        at = chance.randrange(len(value))
        return value[:at] + chance.choice(_WORDS) + value[at + chance.randrange(2) :]
    return _deep(chance) if chance.random() < 0.05 else chance.choice((*_WORDS, *_NUMBERS, *_OTHERS))


def _deep(chance: random.Random) -> Any:
    value: Any = 1
    for _ in range(chance.choice((10, 300))):
        value = {"a": value} if chance.random() < 0.5 else [value]
    return value


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    del data[at : at + chance.choice((1, 60, 2_000, len(data)))]


def _swell(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.randbytes(chance.choice((1, 2, 4, 300)))


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = data[at : at + chance.choice((1, 16, 1_000))] * chance.choice((1, 3))


def _splice(data: bytearray, chance: random.Random) -> None:
    """A number somewhere in the file becomes an edge of its range."""
    if len(data) > 8:
        at = chance.randrange(len(data) - 4)
        data[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\0\0\0\1"))
