"""A person's own data as a page to read without any program of ours: plain HTML, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from conversations.render import text

_STYLE = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:1rem auto;padding:0 1rem}dt{font-weight:600}"


def page(sections: Mapping[str, Any], day: str) -> str:
    """`sections` as they stand in the JSON file: a heading to values, lists or further sections."""
    body = "".join(_section(title, value, 2) for title, value in sections.items())
    head = f"<meta charset=utf-8><title>{escape(text('own-file.title'))}</title><style>{_STYLE}</style>"
    title = f"<h1>{escape(text('own-file.title'))}</h1><p>{escape(text('own-file.made', {'day': day}))}</p>"
    return f'<!doctype html><html lang="vi"><head>{head}</head><body>{title}{body}</body></html>'


def _section(title: str, value: object, level: int) -> str:
    heading = f"<h{level}>{escape(title)}</h{level}>"
    if isinstance(value, Mapping):
        return heading + _pairs(value, level)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return heading + (_list(value, level) if value else f"<p>{escape(text('own-file.none'))}</p>")
    return heading + f"<p>{escape(str(value))}</p>"


def _pairs(value: Mapping[str, Any], level: int) -> str:
    plain = {key: one for key, one in value.items() if not isinstance(one, Mapping | list | tuple)}
    rest = {key: one for key, one in value.items() if key not in plain}
    listed = "".join(f"<dt>{escape(key)}</dt><dd>{escape(str(one))}</dd>" for key, one in plain.items())
    return (f"<dl>{listed}</dl>" if listed else "") + "".join(
        _section(key, one, level + 1) for key, one in rest.items()
    )


def _list(value: Iterable[object], level: int) -> str:
    parts = [
        _pairs(one, level) + "<hr>" if isinstance(one, Mapping) else f"<li>{escape(str(one))}</li>" for one in value
    ]
    return "".join(parts) if any(part.endswith("<hr>") for part in parts) else f"<ul>{''.join(parts)}</ul>"
