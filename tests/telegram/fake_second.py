"""A second opinion on each call: aiogram's models read what was asked, both libraries read what was answered."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

import telegram
from aiogram import methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile
from pydantic import TypeAdapter, ValidationError

from tests.telegram.fake_model import Json
from tests.telegram.fake_schema import Method

MODELS = {
    str(model.__api_method__).lower(): model
    for name in methods.__all__
    if (model := getattr(methods, name)) is not TelegramMethod and issubclass(model, TelegramMethod)
}
ANSWERS: dict[str, TypeAdapter[Any]] = {}


def on_call(method: Method, params: Json, parts: Iterable[str]) -> list[str]:
    """What aiogram would not have sent; `params` were read already."""
    model = MODELS.get(method.name.lower())
    if model is None:
        return []
    given = _with_files(dict.fromkeys(parts, "attach://it") | params)
    try:
        model.model_validate(given)
    except ValidationError as wrong:
        return [f"aiogram: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors()[:3]]
    return []


def _with_files(value: Any) -> Any:
    """The files where their names were: some models take nothing else."""
    if isinstance(value, dict):
        return {key: item if key in {"text", "caption"} else _with_files(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_files(item) for item in value]
    return BufferedInputFile(b"", "it") if isinstance(value, str) and value.startswith("attach://") else value


def on_answer(method: Method, result: Any) -> list[str]:
    """What the libraries could not read; a fault of the fake itself."""
    found = []
    model = MODELS.get(method.name.lower())
    if model is not None:
        name = method.name
        if name not in ANSWERS:
            ANSWERS[name] = TypeAdapter(model.__returning__)
        try:
            ANSWERS[name].validate_python(result)
        except ValidationError as wrong:
            found.append(f"aiogram: {wrong}")
    items = result if isinstance(result, list) else [result]
    kind = next(
        (r.removeprefix("Array of ") for r in method.returns if hasattr(telegram, r.removeprefix("Array of "))), ""
    )
    for item in items:
        if kind and isinstance(item, dict):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    getattr(telegram, kind).de_json(item, None)
            except (TypeError, KeyError, ValueError, AttributeError) as wrong:
                found.append(f"python-telegram-bot: {wrong!r}")
    return found
