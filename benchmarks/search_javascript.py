"""A JavaScript engine as a peer: MiniSearch, fetched by npm into a folder that is thrown away."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.search_peers import KEPT, Peer, queries, ranking
from benchmarks.search_sets import Asked, Name

_PACKAGE: Final = "minisearch@7.2.0"
_SCRIPT: Final = Path(__file__).with_name("search_peer.mjs")


class Missing(Exception):
    """No node, no npm, or npm could not fetch it."""


@contextmanager
def installed() -> Iterator[Path]:
    """A folder from which the engine can be loaded."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise Missing("node and npm are not both installed")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder]
        done = subprocess.run(  # noqa: S603 - the package is named above
            [*command, _PACKAGE], capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode != 0:
            raise Missing(f"npm could not fetch {_PACKAGE}")
        yield Path(folder)


def measure(folder: Path, names: Sequence[Name], asked: Sequence[Asked], own: frozenset[str]) -> list[Peer]:
    """Each of its variants."""
    node = shutil.which("node")
    assert node is not None
    given = {"names": [{"id": n.id, "text": t} for n, t in zip(names, _texts(names), strict=True)], "kept": KEPT}
    task = folder / "task.json"
    task.write_text(json.dumps({**given, "queries": queries(asked)}), encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own script
        [node, str(_SCRIPT), str(task)], cwd=folder, capture_output=True, text=True, timeout=600, check=True
    )
    return [
        Peer(variant, [ranking(map(tuple, hits), own) for hits in found["hits"]], found["ms"])
        for variant, found in json.loads(done.stdout).items()
    ]


def _texts(names: Sequence[Name]) -> list[str]:
    return queries([Asked(name.text, (), "") for name in names])
