"""The Bot API as aiogram's own models describe it, in the shape of the official file: used where that is missing."""

from __future__ import annotations

import datetime as dt
import types
from enum import Enum
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from aiogram import methods
from aiogram import types as models
from aiogram.client.default import Default
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile
from aiogram.types.base import TelegramObject
from pydantic import BaseModel

from tests.telegram.fake_model import Json

PLAIN: Final[dict[Any, str]] = {
    str: "String",
    int: "Integer",
    float: "Float",
    bool: "Boolean",
    dt.datetime: "Integer",
    dt.timedelta: "Integer",
    InputFile: "InputFile",
}


def described() -> Json:
    """`methods` and `types`; descriptions hold only what the checker reads out of them."""
    found = {}
    for name in methods.__all__:
        model = getattr(methods, name)
        if issubclass(model, TelegramMethod) and model is not TelegramMethod:
            api = str(model.__api_method__)
            found[api] = {"name": api, "fields": _fields(model), "returns": _returns(model)}
    kinds = {
        name: {"name": name, "fields": _fields(kind)}
        for name in models.__all__
        if isinstance(kind := getattr(models, name), type) and issubclass(kind, TelegramObject)
    }
    return {"methods": found, "types": kinds}


def _returns(model: type[TelegramMethod[Any]]) -> list[str]:
    names = _names(model.__returning__)
    return ["ChatMember"] if all(name.startswith("ChatMember") for name in names) else names


def _fields(model: type[BaseModel]) -> list[Json]:
    fields = []
    for name, info in model.model_fields.items():
        literal = get_args(info.annotation)[0] if get_origin(info.annotation) is Literal else info.default
        word = str(literal.value) if isinstance(literal, Enum) else literal
        names = _names(info.annotation)
        files = "InputFile" in names and not issubclass(model, TelegramMethod)
        fields.append(
            {
                "name": info.alias or name,
                "required": info.is_required(),
                "types": ["String"] if files else names,
                "description": f"must be {word}" if isinstance(word, str) and name in {"type", "source"} else "",
            }
        )
    return fields


def _names(annotation: Any) -> list[str]:
    """The annotation's types under the names that the official file uses."""
    origin = get_origin(annotation)
    if origin in {Union, types.UnionType}:
        names = [name for part in get_args(annotation) for name in _names(part)]
        return list(dict.fromkeys(names))
    if origin is Annotated:
        return _names(get_args(annotation)[0])
    if origin is list:
        return [f"Array of {name}" for name in _names(get_args(annotation)[0])]
    if origin is Literal:
        return ["Boolean" if get_args(annotation) == (True,) else "String"]
    if annotation in PLAIN:
        return [PLAIN[annotation]]
    if annotation in {type(None), Default}:
        return []
    if isinstance(annotation, type):
        return ["String"] if issubclass(annotation, str) else [annotation.__name__]
    return ["Anything"]
