"""The checker of calls: each against the Bot API's own description, compiled once per method."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.telegram.fake_model import Json
from tests.telegram.fake_schema_checks import (
    SIMPLE,
    Check,
    Wrong,
    any_of,
    anything,
    array_of,
    one_of_words,
    or_text,
    shown,
    the_word,
)

OFFICIAL: Final = Path(__file__).parents[3] / "shared" / "facts" / "telegram-bot-api.json"
PLAIN: Final = {"String", "Integer", "Float", "Boolean", "InputFile"}
LITERAL: Final = re.compile(r"(?:must be|always) [\"“*]?([a-z_]+)")
BOOLEANS: Final = {"true": True, "false": False}
ACTIONS: Final = frozenset(
    (
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
        *("upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"),
    )
)
PTB_ADDS_PARSE_MODE: Final = frozenset(
    (
        "sendLocation",
        "sendVenue",
        "sendContact",
        "sendSticker",
        "sendVideoNote",
        "editMessageReplyMarkup",
        "editMessageMedia",
    )
)


@dataclass(slots=True)
class Field:
    name: str
    required: bool
    types: list[str]
    check: Check
    file: bool  # a part may carry the field's own name
    attaches: bool  # its text may be attach://

    def read(self, value: Any) -> Any:
        """The value out of its text; what can't be read stays text, for the check to name."""
        if not isinstance(value, str) or (types := self.types) == ["String"]:
            return value
        if "Integer" in types and re.fullmatch(r"-?\d{1,19}", value):
            return int(value)
        if "Float" in types and re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", value):
            return float(value)
        if "Boolean" in types:
            return BOOLEANS.get(value.lower(), value)
        if not PLAIN.issuperset(types):
            try:
                return json.loads(value)
            except ValueError:
                return value
        return value


@dataclass(slots=True)
class Method:
    name: str
    fields: dict[str, Field]
    required: list[str]
    returns: list[str]

    def read(self, params: Json) -> Json:
        """Parameters as values instead of text; unknown ones stay."""
        known = self.fields
        return {name: known[name].read(value) if name in known else value for name, value in params.items()}


class Schema:
    """`source` tells whose description it is."""

    def __init__(self, described: Json, source: str) -> None:
        self.source = source
        self.types: dict[str, Json] = described["types"]
        self.additions: Json = described.get("additions_10_3", {"methods": {}, "types": {}})
        for name in self.additions["types"]:
            self.types.setdefault(name, {"name": name, "fields": []})
        self._checks: dict[str, Check] = {}
        self._described: Mapping[str, Json] = {name.lower(): method for name, method in described["methods"].items()}
        self._methods: dict[str, Method] = {}

    def method(self, name: str) -> Method | None:
        """By its name in whatever letters."""
        name = name.lower()
        found = self._methods.get(name)
        if found is None and name in self._described:
            found = self._methods[name] = self._compile(self._described[name])
        return found

    def names(self) -> Iterable[str]:
        return (method["name"] for method in self._described.values())

    def problems(self, method: Method, params: Json, parts: Iterable[str]) -> list[str]:
        """What is wrong with a call whose parameters were read; `parts` are the names of its files."""
        found = []
        used: set[str] = set()
        files = set(parts)
        for name, value in params.items():
            known = method.fields.get(name)
            if known is None:
                if not tolerated(method, name):
                    found.append(f"parameter {name!r} is unknown")
                continue
            try:
                known.check(value, name)
            except Wrong as wrong:
                found.append(str(wrong))
            if known.attaches:
                used |= attached(value)
        own = {name for name in files if name in method.fields and method.fields[name].file and name not in params}
        found.extend(
            f"parameter {name!r} is missing" for name in method.required if name not in params and name not in own
        )
        found.extend(f"no part for attach://{name}" for name in sorted(used - files))
        found.extend(f"part {name!r} is used by nothing" for name in sorted(files - used - own))
        return found

    def check_type(self, types: list[str], value: Any, where: str = "") -> None:
        """Is this value of one of these types? Raises Wrong; for what the fake itself answers."""
        self._one_of(types)(value, where)

    # --- compiling --------------------------------------------------------------------------------------------------

    def _compile(self, described: Json) -> Method:
        name = described["name"]
        fields = {raw["name"]: self._field(raw) for raw in described.get("fields", [])}
        for added, ts in self.additions["methods"].get(name, {}).items():
            fields[added] = Field(
                added, ts["required"], [_ts_name(ts["ts_type"])], self._ts(ts["ts_type"]), False, False
            )
        if name == "sendChatAction":
            fields["action"].check = one_of_words(ACTIONS)
        required = [kept.name for kept in fields.values() if kept.required]
        return Method(name, fields, required, described["returns"])

    def _field(self, raw: Json) -> Field:
        types = raw["types"]
        file = "InputFile" in types
        attaches = file or "attach://" in raw["description"] or not PLAIN.issuperset(types)
        return Field(raw["name"], raw["required"], types, self._one_of(types), file, attaches)

    def _one_of(self, types: list[str]) -> Check:
        if len(types) > 1 and all(name.startswith("Array of ") for name in types):  # kinds may mix in one album
            return array_of(self._one_of([name.removeprefix("Array of ") for name in types]), " or ".join(types))
        return any_of([self._type(name) for name in types], " or ".join(types))

    def _type(self, name: str) -> Check:
        if name.startswith("Array of "):
            return array_of(self._type(name.removeprefix("Array of ")), name)
        if name in SIMPLE:
            return SIMPLE[name]
        if name not in self._checks:
            self._checks[name] = self._later(name)  # for types inside themselves
            self._checks[name] = self._object(name)
        return self._checks[name]

    def _later(self, name: str) -> Check:
        def check(value: Any, where: str) -> None:
            self._checks[name](value, where)

        return check

    def _object(self, name: str) -> Check:
        described = self.types.get(name)
        if described is None:
            return anything
        if described.get("subtypes"):
            return self._one_of(described["subtypes"])
        if name == "KeyboardButton":
            return or_text(self._fields(name, described))
        return self._fields(name, described)

    def _fields(self, name: str, described: Json) -> Check:
        fields: dict[str, Check] = {}
        required = []
        for raw in described.get("fields", []):
            fields[raw["name"]] = self._inner(name, raw)
            if raw["required"]:
                required.append(raw["name"])
        for added, ts in self.additions["types"].get(name, {}).items():
            fields[added] = self._ts(ts["ts_type"])
            if ts["required"]:
                required.append(added)

        def check(value: Any, where: str) -> None:
            if not isinstance(value, dict):
                raise Wrong(where, f"{shown(value)} is no {name}")
            for key, item in value.items():
                one = fields.get(key)
                if one is None:
                    raise Wrong(f"{where}.{key}", f"{name} has no such field")
                one(item, f"{where}.{key}")
            for key in required:
                if key not in value:
                    raise Wrong(f"{where}.{key}", f"is missing in {name}")

        return check

    def _inner(self, name: str, raw: Json) -> Check:
        literal = LITERAL.search(raw["description"]) if raw["name"] in {"type", "source", "status"} else None
        if literal and raw["types"] == ["String"]:
            return the_word(literal[1], name)
        return self._one_of(raw["types"])

    def _ts(self, ts: str) -> Check:
        if ts.endswith("[]"):
            return array_of(self._ts(ts.removesuffix("[]")), ts)
        if ts.startswith('"'):
            return one_of_words(frozenset({ts.strip('"')}))
        return self._type(_ts_name(ts))


def _ts_name(ts: str) -> str:
    """A TypeScript type by the name that the rest of the file gives it."""
    names = {"number": "Integer", "string": "String", "boolean": "Boolean", "true": "Boolean"}
    return names.get(ts) or ts.removeprefix("Objects.").removeprefix("Telegram")


def attached(value: Any) -> set[str]:
    """The names behind attach:// anywhere in the value, but in words for people."""
    if isinstance(value, str):
        return {value.removeprefix("attach://")} if value.startswith("attach://") else set()
    if isinstance(value, dict):
        value = [item for key, item in value.items() if key not in {"caption", "text", "title", "performer"}]
    if isinstance(value, list):
        return {name for item in value for name in attached(item)}
    return set()


def tolerated(method: Method, name: str) -> bool:
    """Two things that libraries add and Telegram ignores.

    python-telegram-bot with Defaults(parse_mode=…) adds it to all that it sends by one common function.
    """
    old_preview = name == "disable_web_page_preview" and "link_preview_options" in method.fields
    return old_preview or (name == "parse_mode" and method.name in PTB_ADDS_PARSE_MODE)


@functools.cache
def schema() -> Schema:
    """The official one, or aiogram's models where it is not at hand."""
    if OFFICIAL.exists():
        described = json.loads(OFFICIAL.read_text(encoding="utf-8"))
        return Schema(described, described["version"])
    from tests.telegram.fake_schema_aiogram import described  # noqa: PLC0415 - two seconds, only when needed

    return Schema(described(), "aiogram's models; THE OFFICIAL SCHEMA IS MISSING")
