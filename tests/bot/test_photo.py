"""`motcua photo` as an operator and a script use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import cv2
import pytest

from tests.documents import hostile
from tests.documents.pictures.photos import photo

ROOT: Final = Path(__file__).parents[2]
WORDS: Final = {"blurred", "dark", "overexposed", "glare", "too-small", "cut-off", "no-document", "sideways"}


def motcua(folder: Path, *files: str) -> tuple[int, list[dict[str, Any]]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "photo", *files],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, list[dict[str, Any]]]:
    """One call for all files, some of which are no photos."""
    folder = tmp_path_factory.mktemp("photos")
    page = photo(0, "good", 2016)
    files = {
        "good.jpg": page.jpeg,
        "lying.jpg": cv2.imencode(".jpg", cv2.rotate(page.picture, cv2.ROTATE_90_CLOCKWISE))[1].tobytes(),
        "dark.jpg": photo(0, "dark", 1280).jpeg,
        "card.jpg": card().jpeg,
        "text.jpg": b"Em gui anh a",
        "empty.jpg": b"",
        "bomb.png": hostile.bomb(),
        "locked.pdf": hostile.locked_pdf(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    answer = motcua(folder, *files, "missing.jpg")
    assert sorted(path.name for path in folder.iterdir()) == sorted(files)  # nothing is written: no database, no key
    return answer


def card() -> Any:
    """The first good photo of a card's side with a QR."""
    return next(shot for seed in range(0, 99, 2) if (shot := photo(seed, "good", 2016)).sheet and shot.sheet.has_qr)


def test_each_file_gets_a_line_in_its_order(said: tuple[int, list[dict[str, Any]]]) -> None:
    names = ["good", "lying", "dark", "card", "text", "empty", "bomb", "locked", "missing"]
    assert [Path(line["file"]).stem for line in said[1]] == names


def test_what_photos_are_told(said: tuple[int, list[dict[str, Any]]]) -> None:
    good, lying, dark, a_card = said[1][:4]
    assert [(line["ok"], line["problems"], line["qr"]) for line in (good, lying)] == [
        (True, [], None),
        (True, ["sideways"], None),  # it is turned without asking
    ]
    assert (dark["ok"], dark["problems"][0]) == (False, "dark")
    person = card().sheet.person
    assert a_card["ok"]
    assert a_card["qr"] == {
        "number": person.number,
        "old_number": person.old_number,
        "name": person.name,
        "born": person.born,
        "sex": person.sex,
        "address": person.address,
        "issued": person.issued,
    }
    for line in said[1][:4]:
        assert list(line) == ["file", "ok", "problems", "qr", "ms"]
        assert set(line["problems"]) <= WORDS
        assert line["ms"] > 0


def test_what_can_not_be_opened_says_why(said: tuple[int, list[dict[str, Any]]]) -> None:
    assert [(line["ok"], line["problems"], line["qr"], line["error"]) for line in said[1][4:]] == [
        (False, [], None, "not a JPEG, PNG, WebP, HEIC or PDF"),
        (False, [], None, "the file is empty"),
        (False, [], None, "more than 60 megapixels"),
        (False, [], None, "a PDF with a password"),
        (False, [], None, "No such file or directory"),
    ]


def test_only_a_missing_file_is_a_failure(said: tuple[int, list[dict[str, Any]]], tmp_path: Path) -> None:
    assert said[0] == 1
    (tmp_path / "text.jpg").write_bytes(b"Em gui anh a")
    assert motcua(tmp_path, "text.jpg")[0] == 0
