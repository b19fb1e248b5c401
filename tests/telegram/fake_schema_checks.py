"""The checks that a schema is compiled to: functions that raise Wrong and say where."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

Check = Callable[[Any, str], None]


class Wrong(Exception):
    """A value that is not what the schema asks for; `where` is the path to it."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.depth = depth_of(where)


def depth_of(where: str) -> int:
    return len(re.findall(r"[.\[]", where))


def any_of(checks: list[Check], names: str) -> Check:
    """One of these; otherwise what is wrong with the closest."""
    if len(checks) == 1:
        return checks[0]

    def check(value: Any, where: str) -> None:
        closest: Wrong | None = None
        for one in checks:
            try:
                one(value, where)
            except Wrong as wrong:
                if closest is None or wrong.depth > closest.depth:
                    closest = wrong
            else:
                return
        assert closest
        if closest.depth <= depth_of(where):
            raise Wrong(where, f"{shown(value)} is no {names}")
        raise closest

    return check


def array_of(inner: Check, name: str) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise Wrong(where, f"{shown(value)} is no {name}")
        for at, item in enumerate(value):
            inner(item, f"{where}[{at}]")

    return check


def or_text(full: Check) -> Check:
    """A key of a reply keyboard may be its words alone."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, str):
            full(value, where)

    return check


def the_word(word: str, kind: str) -> Check:
    """What makes a type that kind and no other."""

    def check(value: Any, where: str) -> None:
        if value != word:
            raise Wrong(where, f"{shown(value)} is not {word!r}, as in {kind}")

    return check


def shown(value: Any) -> str:
    return f"{type(value).__name__} {str(value)[:60]!r}"


def anything(value: Any, where: str) -> None:
    """A type that the file does not describe."""


def _of(kind: type | tuple[type, ...], name: str) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, kind) or (isinstance(value, bool) and name != "Boolean"):
            raise Wrong(where, f"{shown(value)} is no {name}")

    return check


def one_of_words(words: frozenset[str]) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or value not in words:
            raise Wrong(where, f"{shown(value)} is none of {sorted(words)}")

    return check


def _upload(value: Any, where: str) -> None:
    if not isinstance(value, str) or not value.startswith("attach://"):
        raise Wrong(where, f"{shown(value)} is no InputFile")


SIMPLE: Final[dict[str, Check]] = {
    "String": _of(str, "String"),
    "Integer": _of(int, "Integer"),
    "Float": _of((int, float), "Float"),
    "Boolean": _of(bool, "Boolean"),
    "True": _of(bool, "Boolean"),
    "InputFile": _upload,
}
