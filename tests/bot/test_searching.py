"""`motcua search` as officials and scripts use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from bot import explaining
from catalogue.index import Parts
from catalogue.reading import By
from catalogue.verdict import CheckName

ROOT: Final = Path(__file__).parents[2]
Command = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A data folder and a key of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    own = {"MOTCUA_DATA": str(tmp_path / "data"), "MOTCUA_KEY_FILE": str(tmp_path / "keys" / "master.key")}
    return kept | own | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


@pytest.fixture
def motcua(tmp_path: Path, environment: dict[str, str]) -> Command:
    def run(*arguments: str, typed: bytes = b"", status: int = 0) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(
            command, input=typed, capture_output=True, cwd=tmp_path, env=environment, timeout=60, check=False
        )
        assert done.returncode == status, done.stderr.decode()
        return done

    return run


def answers(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_one_query(motcua: Command) -> None:
    assert answers(motcua("search", "lam giay khai tu cho ong noi"))[0]["ranked"][0] == "khai-tu"
    assert answers(motcua("search", "làm căn cước"))[0]["outside"] == "can-cuoc"
    assert answers(motcua("search", "đăng ký kết hôn"))[0]["outside"] == "1.000894"


def test_every_line_gets_its_answer(motcua: Command) -> None:
    typed = [
        b'\xef\xbb\xbf{"q": "lam giay khai tu cho ong noi"}\r',
        "khai tử cho ông nội".encode(),
        b"",
        b"   ",
        b'{"q": ',
        b'{"q": 5}',
        b'["q"]',
        b"{" * 100_000,
        b'{"q": "nul \\u0000 and half \\ud800 a pair"}',
        b"raw nul \x00 and \xff no letter",
        b'{"q": "a", "kind": "more keys"}',
        "nghèo ".encode() * 20_000,
        "không có dòng mới ở cuối".encode(),
    ]
    given = answers(motcua("search", "--jsonl", typed=b"\n".join(typed)))
    assert len(given) == len(typed)
    assert [set(one) for one in given] == [{"q", "ranked", "confident", "outside"}] * len(typed)
    assert [one["q"] for one in given][:7] == [
        "lam giay khai tu cho ong noi",
        "khai tử cho ông nội",
        "",
        "   ",
        '{"q": ',
        '{"q": 5}',
        '["q"]',
    ]
    assert given[8]["q"] == "nul \0 and half \ud800 a pair"
    assert given[9]["q"] == "raw nul \0 and \ufffd no letter"
    assert given[0]["ranked"][0] == given[1]["ranked"][0] == "khai-tu"
    assert given[2]["ranked"] == given[3]["ranked"] == []
    assert all(len(one["ranked"]) <= 10 for one in given)


def test_each_answer_comes_before_the_next_question(tmp_path: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "bot", "search", "--jsonl"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path, env=environment
    ) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        for query in ("khai tử", "khai sinh"):
            asked.stdin.write(f"{query}\n".encode())
            asked.stdin.flush()
            assert json.loads(asked.stdout.readline())["q"] == query
        asked.stdin.close()
        assert asked.wait(timeout=60) == 0


def test_a_reader_that_leaves_ends_it_quietly(tmp_path: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "bot", "search", "--jsonl"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment
    ) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        asked.stdout.close()
        asked.communicate("khai tử\n".encode() * 100)
    assert asked.returncode == 141


def test_what_was_missed_is_told_the_most_frequent_first_and_without_who(motcua: Command) -> None:
    assert "Chưa có câu nào" in motcua("search", "--missed").stdout.decode()
    lines = ["blah blah", "lorem ipsum dolor", "Blah, BLAH?"]
    for user in ("mot", "hai"):
        motcua("chat", "--user", user, typed="\n".join(["chào", *lines, ""]).encode())
    told = motcua("search", "--missed", "--office", "son-tien").stdout.decode().splitlines()
    assert [line.split()[0] for line in told] == ["4", "2"]
    assert "blah" in told[0].lower()
    assert "202" in told[0]
    assert "Chưa có câu nào" in motcua("search", "--missed", "--office", "thuc-hanh").stdout.decode()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("gấy tui mới đẻ mần giấy chi", ["tiếng địa phương", "CHẮC", "khai-sinh.toml"]),
        ("xin giay doc than", ["HỎI THÊM", "giay-doc-than"]),
        ("làm hộ chiếu", ["NGOÀI DANH MỤC", "ho-chieu"]),
        ("1.001193", ["mã thủ tục", "CHẮC"]),
        ("nhà tôi cháy", ["khẩn cấp"]),
        ("cán bộ thái độ quá", ["nhóm feedback"]),
        ("\x1b[31mđỏ\n", ["Câu hỏi: « [31mđỏ »"]),
    ],
)
def test_why_in_words_for_an_official(motcua: Command, query: str, told: list[str]) -> None:
    said = motcua("search", "--explain", query).stdout.decode()
    assert [words for words in told if words not in said] == []
    assert "None" not in said


def test_all_that_the_search_weighs_has_vietnamese_words() -> None:
    assert set(explaining.READ) == set(get_args(By))
    assert set(explaining.PARTS) == set(Parts._fields)
    assert set(explaining.CHECKS) == set(get_args(CheckName))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--explain"],
        ["a", "--jsonl"],
        ["a", "--missed"],
        ["--jsonl", "--missed"],
    ],
)
def test_what_cannot_be_meant_is_refused(motcua: Command, arguments: list[str]) -> None:
    assert b"usage" in motcua("search", *arguments, status=2).stderr


def test_an_office_that_does_not_exist(motcua: Command) -> None:
    assert "son-tien" in motcua("search", "khai tử", "--office", "mường lống", status=1).stderr.decode()
    motcua("search", "--missed", "--office", "mường lống", status=1)
    assert answers(motcua("search", "khai tử", "--office", "son-tien"))[0]["ranked"]
