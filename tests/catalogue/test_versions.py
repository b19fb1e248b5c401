"""One content, one hash: what is stored comes back equal."""

from __future__ import annotations

import json

from catalogue import versions
from catalogue.load import load
from catalogue.model import Catalogue


def test_every_procedure_comes_back_equal(loaded: Catalogue) -> None:
    for procedure in loaded.procedures.values():
        stored = versions.encode(procedure)
        assert versions.decode(stored) == procedure
        assert versions.encode(versions.decode(stored)) == stored


def test_keys_are_sorted_at_every_depth(loaded: Catalogue) -> None:
    stored = versions.encode(loaded.procedures["tro-cap-xa-hoi-hang-thang"])
    again = json.dumps(json.loads(stored), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert stored.decode() == again


def test_hashes_differ_and_stay(loaded: Catalogue) -> None:
    assert len(set(loaded.hashes.values())) == 41
    assert load().hashes == loaded.hashes
    birth = loaded.procedures["khai-sinh"]
    assert versions.hash_of(birth) == loaded.hashes["khai-sinh"]
