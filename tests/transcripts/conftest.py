"""The database that a transcript is played on."""

from __future__ import annotations

import pytest


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated one of the kind that the test is parametrised with."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))
