"""One master key, made once, readable by its owner alone; what it sealed nothing else opens."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from storage.sealed import BadKey, Keys, Seal, UnknownKey, master_key, new_file_key
from tests.conftest import MASTER

ROOT = Path(__file__).parents[2]
MAKE = (
    "import sys; from pathlib import Path; from storage.sealed import master_key; print(*master_key(Path(sys.argv[1])))"
)


def test_the_master_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    key, new = master_key(path)
    assert (len(key), new) == (32, True)
    assert master_key(path) == (key, False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]


def test_processes_that_start_together_have_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    command = [sys.executable, "-c", MAKE, str(path)]
    together = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate()[0].strip().rsplit(" ", 1) for process in together]
    assert {key for key, _ in said} == {str(master_key(path)[0])}
    assert sorted(new for _, new in said) == ["False", "False", "True"]


def test_threads_that_start_together_have_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for turn in range(20):
            made = list(pool.map(master_key, [tmp_path / str(turn) / "master.key"] * 8))
            assert len({key for key, _ in made}) == 1
            assert sum(new for _, new in made) == 1


@pytest.mark.parametrize("words", ["", "00", "no key at all", "00" * 31, "00" * 33])
def test_a_spoilt_key_file_is_an_error_not_another_key(tmp_path: Path, words: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(words)
    with pytest.raises(BadKey, match=r"master\.key"):
        master_key(path)
    assert path.read_text() == words


def test_sealed_bytes_open_only_whole_and_with_their_key() -> None:
    seal, other = Keys(MASTER).columns, Keys(b"x" * 32).columns
    sealed = seal.close(b"0912345678")
    assert seal.open(sealed) == b"0912345678"
    assert b"0912345678" not in sealed
    assert seal.close(b"0912345678") != sealed
    for wrong, key in ((sealed, other), (sealed, Keys(MASTER).files), (sealed[:-1] + b"?", seal)):
        with pytest.raises(InvalidTag):
            key.open(wrong)
    with pytest.raises(UnknownKey, match="key 2"):
        seal.open(b"\x02" + sealed[1:])
    with pytest.raises(UnknownKey):
        seal.open(b"")


def test_each_file_key_is_another() -> None:
    first, second = new_file_key(), new_file_key()
    assert first != second
    with pytest.raises(InvalidTag):
        Seal(second).open(Seal(first).close(b"photo"))


def test_look_up_is_keyed_and_steady() -> None:
    keys = Keys(MASTER)
    assert keys.look_up("0912345678") == Keys(MASTER).look_up("0912345678")
    assert len({keys.look_up("0912345678"), keys.look_up("0912345679"), Keys(b"x" * 32).look_up("0912345678")}) == 3
