"""Where else people are sent from an office: the other offices, and the bodies that the catalogue names."""

from __future__ import annotations

from catalogue.model import Catalogue


def places(catalogue: Catalogue, office: str) -> list[str]:
    """By name, each once."""
    offices = [o.name for o in catalogue.offices.values() if o.id != office and not o.practice]
    bodies = [e.where.partition(";")[0] for e in catalogue.outside.values() if not e.own_commune]
    return list(dict.fromkeys((*offices, *bodies)))
