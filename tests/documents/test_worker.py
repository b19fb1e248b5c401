"""The picture worker's process: bounded in time and memory, whatever a stranger sends."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import worker
from documents.examined import Examined
from tests.documents import hostile
from tests.documents.pictures.photos import photo

MOST: Final = 350  # MB


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with started() as running:
        yield running


def started() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), worker.begin)


def test_what_comes_back_is_whole(pool: ProcessPoolExecutor) -> None:
    found = pool.submit(worker.examined, photo(0, "good", 1280).jpeg, "khai-sinh/giay-chung-sinh", False).result()
    assert isinstance(found, Examined)
    assert found.finding.verdict == "ok"
    assert found.copies[0].startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (hostile.bomb(), "too-large"),
        (hostile.bomb(30_000), "too-large"),
        (b"", "empty"),
        (hostile.pdf(((595, 842),) * 300), "too-many-pages"),
    ],
)
def test_hostile_files_come_back_with_their_word(pool: ProcessPoolExecutor, data: bytes, word: str) -> None:
    assert pool.submit(worker.examined, data, "", False).result().finding.verdict == word


def test_what_takes_too_long_ends_the_process() -> None:
    """Also in the middle of a library's own code."""
    began = time.monotonic()
    with started() as running:
        with pytest.raises(BrokenProcessPool):
            running.submit(worker.examined, slow(), "", False, 1).result()
        assert time.monotonic() - began < 8


def test_memory_stays_small() -> None:
    """In one process, as it goes on for a while. Of a PNG's 58 megapixels the format spares us none."""
    with started() as running:
        for data, most in ((hostile.saved(hostile.drawn(4032, 3024)), MOST), (hostile.bomb(7_600), 1.2 * MOST)):
            assert running.submit(worker.examined, data, "giay-chung-sinh", True).result().finding.verdict == "ok"
            assert running.submit(most_used).result() <= most


PHOTO: Final = photo(2, "good", 480).jpeg
PDF: Final = hostile.pdf(picture=PHOTO)


@settings(max_examples=24, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1 << 32), st.sampled_from(["photo", "pdf"]))
def test_damaged_files_end_in_a_word(pool: ProcessPoolExecutor, seed: int, kind: str) -> None:
    data = hostile.damaged(PHOTO if kind == "photo" else PDF, seed)
    found = pool.submit(worker.examined, data, "khai-sinh/giay-chung-sinh", True).result().finding
    assert found.verdict in {"ok", "corrupt", "unsupported", "encrypted", "too-large", "too-many-pages"}


def slow() -> bytes:
    """A PDF of a few kilobytes whose page draws one shape within another within another, for minutes."""
    body = b"0 0 m " + b"500 800 l 0 5 l 400 3 l 7 700 l " * 1500 + b"f\n"
    forms = [b"<</Type/XObject/Subtype/Form/BBox[0 0 600 900]/Length %d>>stream\n%s\nendstream" % (len(body), body)]
    for _ in range(5):
        number = 4 + len(forms)
        again = b"/X Do " * 20
        head = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</XObject<</X %d 0 R>>>>" % (number - 1)
        forms.append(head + b"/Length %d>>stream\n%s\nendstream" % (len(again), again))
    last = b"/X Do"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</XObject<</X %d 0 R>>>>>>"
        % (4 + len(forms), 3 + len(forms)),
        *forms,
        b"<</Length %d>>stream\n%s\nendstream" % (len(last), last),
    ]
    whole = b"%PDF-1.7\n" + b"".join(b"%d 0 obj%s endobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return whole + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(objects) + 1)


def most_used() -> int:
    """Megabytes that this process has ever held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))
