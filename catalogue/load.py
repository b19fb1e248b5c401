"""Reads the data files, strictly: what is misspelt, missing or contradictory stops the start."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
import tomli

from catalogue import check, check_form, check_linked, slips, versions
from catalogue.faults import BadCatalogue, explain
from catalogue.model import (
    Asked,
    Catalogue,
    Change,
    Emergency,
    Holidays,
    Lexicon,
    LifeEvent,
    Names,
    Office,
    OutsideEntry,
    Procedure,
    RoutingQuestion,
    Sector,
    Source,
    Units,
)
from catalogue.spelling import Spelling

__all__ = ["BadCatalogue", "load"]

T = TypeVar("T")


class _WithId(Protocol):
    @property
    def id(self) -> str: ...


I = TypeVar("I", bound=_WithId)  # noqa: E741 - an Item

_DATES = (datetime, date, time)


def load(folder: Path | None = None) -> Catalogue:
    """The whole catalogue; `BadCatalogue` names file, key and what was expected."""
    folder = folder or Path(__file__).parent
    sectors = _table(folder, "sectors", Sector)
    procedures = _procedures(folder, sectors)
    offices = _table(folder, "offices", Office)
    names, units = _file(folder, "names.toml", Names), _file(folder, "units.toml", Units)
    catalogue = Catalogue(
        procedures=procedures,
        sectors=sectors,
        life_events=_table(folder, "life_events", LifeEvent),
        routing=_table(folder, "routing", RoutingQuestion),
        outside=_table(folder, "outside", OutsideEntry),
        emergencies=_table(folder, "emergencies", Emergency),
        offices=offices,
        sources=_table(folder, "sources", Source),
        holidays=_file(folder, "holidays.toml", Holidays),
        lexicon=_file(folder, "lexicon.toml", Lexicon),
        asked=_file(folder, "asked.toml", Asked),
        names=names,
        units=units,
        spelling=Spelling(names, units, offices),
        slips=slips.checked(_table(folder, "slips", slips.SlipForm)),
        changes=_table(folder, "changes", Change),
        hashes={p.id: versions.hash_of(p) for p in procedures.values()},
    )
    check.references(catalogue)
    check_form.references(catalogue)
    check_linked.references(catalogue)
    return catalogue


def _procedures(folder: Path, sectors: Mapping[str, Sector]) -> dict[str, Procedure]:
    """One file a procedure, in the order of the commune's list; folder and file name it."""
    found: dict[str, Procedure] = {}
    for path in sorted(folder.glob("procedures/*/*.toml")):
        file = path.relative_to(folder).as_posix()
        if path.parent.name not in sectors:
            raise BadCatalogue(file, "", f"expected a folder named after a sector: {', '.join(sectors)}")
        if path.stem in found:
            raise BadCatalogue(file, "", "expected a file name that no other sector uses")
        given = _read(folder, file)
        for key in ("id", "sector"):
            if key in given:
                raise BadCatalogue(file, key, "expected no such key, as the path already says it")
        found[path.stem] = _typed(file, {"id": path.stem, "sector": path.parent.name, **given}, Procedure)
        check.procedure(file, found[path.stem])
        check_form.procedure(file, found[path.stem])
        check_linked.procedure(file, found[path.stem])
    if not found:
        raise BadCatalogue("procedures", "", "expected at least one procedures/<sector>/<procedure>.toml")
    return dict(sorted(found.items(), key=lambda item: item[1].seq))


def _table(folder: Path, name: str, kind: type[I]) -> dict[str, I]:
    """A file with one array of tables, named like the file, each with an id."""
    file = f"{name}.toml"
    given = _read(folder, file)
    for key in given:
        if key != name:
            raise BadCatalogue(file, key, f"unknown key, expected only [[{name}]]")
    rows: dict[str, I] = {}
    listed = given.get(name)
    if not isinstance(listed, list):
        raise BadCatalogue(file, name, f"missing, expected [[{name}]]")
    for n, row in enumerate(listed):
        one = _typed(file, row, kind, f"{name}[{n}]")
        if one.id in rows:
            raise BadCatalogue(file, f"{name}[{n}].id", f'expected no id twice, got "{one.id}" again')
        rows[one.id] = one
    return rows


def _file(folder: Path, file: str, kind: type[T]) -> T:
    return _typed(file, _read(folder, file), kind)


def _read(folder: Path, file: str) -> dict[str, Any]:
    try:
        return tomli.loads((folder / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadCatalogue(file, "", "expected this file to exist") from None
    except UnicodeDecodeError as error:
        raise BadCatalogue(file, "", f"expected UTF-8: {error.reason} at byte {error.start}") from None
    except tomli.TOMLDecodeError as error:
        raise BadCatalogue(file, "", f"expected TOML: {error}") from None


def _typed(file: str, given: object, kind: type[T], at: str = "") -> T:
    try:
        return msgspec.convert(given, kind, builtin_types=_DATES)
    except msgspec.ValidationError as error:
        key, expected = explain(error, kind, given)
        raise BadCatalogue(file, ".".join(filter(None, (at, key))), expected) from None
