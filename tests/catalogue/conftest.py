"""The real catalogue, loaded once, and a copy of its files that a test may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import catalogue
from catalogue.load import load
from catalogue.model import Catalogue
from catalogue.search import Search


@pytest.fixture(scope="session")
def loaded() -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def search(loaded: Catalogue) -> Search:
    return Search(loaded)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """All data files, in a place of their own."""
    source = Path(catalogue.__file__).parent
    copy = tmp_path / "catalogue"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy
