"""Which templates Zalo has approved for this office, and what of ours fills them: one setting, as JSON.

{"code": {"id": "123456", "params": {"otp": "{code}"}},
"*": {"id": "123457", "params": {"don_vi": "{office}", "ma_ho_so": "{dossier}"}, "longest": {"don_vi": 30}}}
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from string import Formatter
from typing import Final

import msgspec
from msgspec import Struct

from handlers.zalo_bodies import cut

# What a template may say: who writes, of which dossier, whom to call; and a one-time code. Never what the matter is.
FACTS: Final = frozenset({"office", "dossier", "phone", "code"})
ANY: Final = "*"  # serves every kind of news that has no template of its own
ONE_TIME: Final = frozenset({"code", "consent"})  # these need words of their own, and are nothing worth in the morning


class BadTemplates(Exception):
    """The setting can't be used; says why."""


class Template(Struct, frozen=True, forbid_unknown_fields=True):
    """A template of Zalo's: its parameters, each with what it is filled with, and how long some may be."""

    id: str
    params: Mapping[str, str]
    longest: Mapping[str, int] = {}

    def filled(self, facts: Mapping[str, str]) -> dict[str, str]:
        """All parameters as strings; KeyError where a fact is missing."""
        made = {name: " ".join(words.format_map(facts).split()) or "–" for name, words in self.params.items()}
        return {name: cut(words, self.longest.get(name) or len(words)) for name, words in made.items()}


class Templates(Collection[str]):
    """The kinds of messages that can go."""

    def __init__(self, by_kind: Mapping[str, Template]) -> None:
        self._by_kind = by_kind

    def find(self, kind: object) -> Template | None:
        """The template for a kind of message."""
        if not isinstance(kind, str) or not kind or kind == ANY:
            return None
        return self._by_kind.get(kind) or (None if kind in ONE_TIME else self._by_kind.get(ANY))

    def __contains__(self, kind: object) -> bool:
        return self.find(kind) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_kind)

    def __len__(self) -> int:
        return len(self._by_kind)


@lru_cache(maxsize=8)
def read(setting: str) -> Templates:
    """The setting's; raises BadTemplates."""
    try:
        found = msgspec.json.decode(setting.strip() or "{}", type=dict[str, Template])
    except msgspec.DecodeError as error:
        raise BadTemplates(str(error)) from None
    for kind, template in found.items():
        if not template.id.isdecimal():
            raise BadTemplates(f"{kind}: id is a number of Zalo's")
        for words in template.params.values():
            _check(kind, words)
    return Templates(found)


def _check(kind: str, words: str) -> None:
    try:
        blanks = [name for _, name, *_ in Formatter().parse(words) if name is not None]
    except ValueError as error:
        raise BadTemplates(f"{kind}: {error}") from None
    for name in blanks:
        if name not in FACTS:
            raise BadTemplates(f"{kind}: no such fact {name!r}; there are {', '.join(sorted(FACTS))}")
