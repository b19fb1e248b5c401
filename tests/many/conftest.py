"""A database and a bucket that several processes share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from storage import sealed
from storage.sealed import Keys
from tests.conftest import MASTER
from tests.crash.play import Victims
from tests.many.processes import Many

Start = Callable[..., Many]


@pytest.fixture(scope="session")
def victims() -> Iterator[Victims]:
    made = Victims()
    yield made
    made.close()


@pytest.fixture
def shared(
    postgres_url: str, s3: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> dict[str, str]:
    """What all processes are told; this one, which looks at what they keep, knows it too."""
    sealed.use(Keys(MASTER))
    bucket = {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
    }
    for name, value in bucket.items():
        monkeypatch.setenv(name, value)
    return {**bucket, "MOTCUA_DATABASE": postgres_url, "MOTCUA_FILES": f"s3://papers/{request.node.name}"}


@pytest.fixture
def start(victims: Victims, shared: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Two processes that serve and two that work."""
    made: list[Many] = []

    def begin(more: Mapping[str, str] = MappingProxyType({})) -> Many:
        made.append(Many(victims, tmp_path / f"many-{len(made)}", {**shared, **more}, serves=2, works=2))
        made[-1].revive()
        return made[-1]

    yield begin
    for many in made:
        many.stop()
