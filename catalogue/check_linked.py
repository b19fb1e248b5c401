"""The parts of linked procedures, what comes after a procedure that ends, and the known changes of the law."""

from __future__ import annotations

import re
from typing import Final

from catalogue import check
from catalogue.faults import BadCatalogue
from catalogue.model import Catalogue, Procedure

LONGEST_PART: Final = 40  # letters of a part's name: it stands on a button beside how far it is
_KEY: Final = re.compile(r"[a-z][a-z0-9-]{1,23}")  # it travels in a button's value


def procedure(file: str, it: Procedure) -> None:
    """Everything about parts that can be seen within one procedure's file."""
    asked = {question.key: question for question in it.questions}
    seen: set[str] = set()
    for n, part in enumerate(it.parts):
        key = f"parts[{n}]"
        if _KEY.fullmatch(part.key) is None:
            wanted = f'expected 2 to 24 of a-z, 0-9 and "-", got "{part.key}"'
            raise BadCatalogue(file, f"{key}.key", wanted)
        if part.key in seen:
            raise BadCatalogue(file, f"{key}.key", f'expected no key twice, got "{part.key}" again')
        seen.add(part.key)
        if not 0 < len(part.name) <= LONGEST_PART:
            raise BadCatalogue(file, f"{key}.name", f"expected 1 to {LONGEST_PART} letters, got {len(part.name)}")
        if not part.authority.strip():
            raise BadCatalogue(file, f"{key}.authority", "expected who decides it")
        if part.when is not None:
            check.condition(file, f"{key}.when", part.when, asked)
    if len(it.parts) == 1:
        raise BadCatalogue(file, "parts", "expected at least two parts, or none")
    if it.parts and all(part.when is not None for part in it.parts):
        raise BadCatalogue(file, "parts", "expected at least one part without `when`")


def references(catalogue: Catalogue) -> None:
    """Successors and changes name procedures that exist; no successor leads back."""
    for it in catalogue.procedures.values():
        file = f"procedures/{it.sector}/{it.id}.toml"
        if it.successor is None:
            continue
        if it.successor not in catalogue.procedures.keys() - {it.id}:
            raise BadCatalogue(file, "successor", f'expected the id of another procedure, got "{it.successor}"')
        seen, after = {it.id}, it
        while after.successor is not None and after.successor in catalogue.procedures:
            after = catalogue.procedures[after.successor]
            if after.id in seen:
                raise BadCatalogue(file, "successor", f'expected a way on, got one that comes back to "{after.id}"')
            seen.add(after.id)
    for n, change in enumerate(catalogue.changes.values()):
        for m, one in enumerate(change.procedures):
            if one not in catalogue.procedures:
                place = f"changes[{n}].procedures[{m}]"
                raise BadCatalogue("changes.toml", place, f'expected an id that exists, got "{one}"')
        if change.source not in catalogue.sources:
            wanted = f'expected an id that exists, got "{change.source}"'
            raise BadCatalogue("changes.toml", f"changes[{n}].source", wanted)
