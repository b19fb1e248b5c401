"""Turns what is wrong with a data file into one line: file, key, and what was expected."""

from __future__ import annotations

import re
import types
from typing import Any, Literal, Union, get_args, get_origin

import msgspec


class BadCatalogue(Exception):
    """A data file is not as it must be; the program does not start on it."""

    def __init__(self, file: str, key: str, expected: str) -> None:
        super().__init__(f"{file}: {key}: {expected}" if key else f"{file}: {expected}")
        self.file, self.key, self.expected = file, key, expected


_WHERE = re.compile(r" - at `(?:key in )?\$(.*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_KEY = re.compile(r"(?:unknown|required) field `(.+?)`")


def explain(error: msgspec.ValidationError, kind: Any, data: Any) -> tuple[str, str]:
    """The key path and the expectation behind a decoding error."""
    text = str(error)
    found = _WHERE.search(text)
    said, path = (text[: found.start()], found[1]) if found else (text, "")
    steps = [name or int(index) for name, index in _STEP.findall(path) if index != "..."]
    for step in steps:
        kind, data = _inside(kind, step), _value(data, step)
    key = path.removeprefix(".")
    if (named := _KEY.search(said)) is not None:
        key = f"{key}.{named[1]}" if key else named[1]
        fields = _fields(_bare(kind))
        if "unknown" in said:
            return key, f"unknown key, expected one of {', '.join(fields)}"
        return key, f"missing, expected {_words(fields.get(named[1], Any))}"
    return key, f"expected {_words(kind)}, got {_shown(data)}"


def _inside(kind: Any, step: str | int) -> Any:
    kind = _bare(kind)
    if isinstance(step, int):
        return get_args(kind)[0] if get_args(kind) else Any
    fields = _fields(kind)
    if fields:
        return fields.get(step, Any)
    return get_args(kind)[1] if len(get_args(kind)) > 1 else Any


def _value(data: Any, step: str | int) -> Any:
    try:
        return data[step]
    except (KeyError, IndexError, TypeError):
        return None


def _fields(kind: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return {f.encode_name: f.type for f in msgspec.structs.fields(kind)}
    return {}


def _bare(kind: Any) -> Any:
    """The type without its `| None`."""
    if get_origin(kind) in {Union, types.UnionType}:
        left = [k for k in get_args(kind) if k is not type(None)]
        return next((k for k in left if get_origin(k) is tuple), left[0])
    return kind


def _words(kind: Any) -> str:
    if get_origin(kind) in {Union, types.UnionType}:
        return " or ".join(_words(k) for k in get_args(kind) if k is not type(None))
    kind = _bare(kind)
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(str(value) for value in get_args(kind))
    if get_origin(kind) is tuple:
        return "a list of texts" if get_args(kind)[0] is str else f"a list, each {_words(get_args(kind)[0])}"
    if _fields(kind) or get_origin(kind) is not None:
        return "a table"
    names = {str: "a text", int: "a whole number", bool: "true or false"}
    return names.get(kind, getattr(kind, "__name__", str(kind)))


def _shown(data: Any) -> str:
    if isinstance(data, dict):
        return "a table"
    if isinstance(data, list):
        return "a list"
    if isinstance(data, bool):
        return str(data).lower()
    return f'"{data}"' if isinstance(data, str) else str(data)
