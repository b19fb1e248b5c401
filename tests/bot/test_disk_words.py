"""A technician reads why a file or a port is refused in their own language."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from bot.disk_words import why


def test_what_the_system_refuses_is_said_in_vietnamese(tmp_path: Path) -> None:
    with pytest.raises(OSError) as missing:  # noqa: PT011 - its number is what counts
        (tmp_path / "a" / "b").read_bytes()
    assert why(missing.value) == "không có tệp hay thư mục ấy"
    assert why(OSError(errno.ENOSPC, "No space left on device")) == "ổ đĩa đầy"


def test_what_has_no_words_here_keeps_the_systems() -> None:
    assert why(OSError(errno.ELOOP, "Too many levels")) == "Too many levels"
    assert why(TimeoutError()) == "TimeoutError"
