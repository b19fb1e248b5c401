"""`motcua` as people type it: text files piped into a citizen's and an officer's console."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final, Protocol

import pytest

from conversations.render import text
from tests.bot.whole import jpeg

ROOT: Final = Path(__file__).parents[2]


class Command(Protocol):
    """The command with this input; gives what it printed."""

    def __call__(self, *arguments: str, lines: str = "") -> str: ...


@pytest.fixture
def motcua(tmp_path: Path) -> Command:
    """With a data folder and a key of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    given = {
        "MOTCUA_DATA": str(tmp_path / "data"),
        "MOTCUA_KEY_FILE": str(tmp_path / "keys" / "master.key"),
        "MOTCUA_UNDO_SECONDS": "0",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }

    def run(*arguments: str, lines: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            input=lines,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=kept | given,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Nguyễn Thị Hoa" not in done.stderr
        return done.stdout

    return run


def test_from_the_first_word_to_the_paper_in_the_hand(motcua: Command, tmp_path: Path) -> None:
    photo = tmp_path / "anh.jpg"
    photo.write_bytes(jpeg())
    said = motcua(
        "chat",
        "--user",
        "hoa",
        lines=f"""xin giấy độc thân
2
Nộp hồ sơ
Cho tôi
Đồng ý
Đồng ý
Vay vốn ngân hàng
Nguyễn Thị Hoa
15/08/1994
042194001234
0984123456
Bản thân
Không
Đã ly hôn, chưa đăng ký kết hôn với ai
Trần Văn Bình
12/2021/QĐST-HNGĐ ngày 05/4/2021, Tòa án nhân dân khu vực 4
Không cần ghi thêm
/photo {photo}
/wait 20
Xong
Không có giấy nào nữa
Tôi cam đoan và nộp hồ sơ
""",
    )
    found = re.search(r"Mã theo dõi: (\S+)", said)
    assert found is not None, said
    code = found[1]

    said = motcua(
        "chat",
        "--staff",
        "Thu",
        lines="""Nhận việc
Yêu cầu bổ sung
☐ Bản án/quyết định ly hôn đã có hiệu lực
Ảnh mờ, khó đọc
Xong, xem lời nhắn
Gửi yêu cầu
""",
    )
    assert text("desk.told", {"decision": "Yêu cầu bổ sung", "code": code}) in said

    said = motcua("chat", "--user", "hoa", lines=f"Bổ sung ngay\n/photo {photo}\nXong\nGửi bổ sung\nGửi bổ sung\n")
    assert "Lý do: Ảnh mờ, khó đọc" in said
    assert "Đã nhận phần bổ sung" in said

    said = motcua(
        "chat",
        "--staff",
        "Thu",
        lines="Tiếp nhận\nCó kết quả\n1\nTrả kết quả\nĐã đối chiếu bản chính, trả kết quả\n",
    )
    assert text("desk.told", {"decision": "Trả kết quả", "code": "\n"}).partition("\n")[0] in said

    said = motcua("chat", "--user", "hoa", lines="hồ sơ của tôi\n")
    for words in ("GIẤY TIẾP NHẬN HỒ SƠ", "đã có kết quả", "Đã trả kết quả hồ sơ"):
        assert words in said
    rows = motcua("history", code).splitlines()
    done = ["submit", "claim", "ask-more", "supplement", "accept", "done", "hand-over"]
    assert [row.split()[-4] for row in rows] == done  # … what, from, an arrow, to


def test_small_commands(motcua: Command) -> None:
    assert '"xac-nhan-tinh-trang-hon-nhan"' in motcua("search", "xin giấy độc thân")
    assert "Đã thêm Lan" in motcua("staff", "add", "Lan", "--role", "head")
    assert "head" in next(line for line in motcua("staff", "list").splitlines() if "Lan" in line)
    assert "/canbo/vao/" in motcua("staff", "link", "Lan")
    assert "không còn là cán bộ" in motcua("staff", "leave", "Lan")
