"""How long one search takes, over messages as people write them."""

from __future__ import annotations

import time

from benchmarks.table import Row
from catalogue.load import load
from catalogue.search import Search

MESSAGES = (
    "xin giấy độc thân",
    "lam giay khai sinh cho con",
    "toi muon dang ky ket hon voi nguoi nuoc ngoai",
    "tách thửa đất cho con trai",
    "chồng tôi mới mất, cần giấy tờ gì",
    "hộ nghèo",
    "xin trợ cấp cho mẹ già 85 tuổi không có lương hưu",
    "menu",
)
TIMES = 200


def measure() -> list[Row]:
    """The mean over all of them."""
    search = Search(load())
    for text in MESSAGES:
        search.find(text)
    before = time.process_time()
    for _ in range(TIMES):
        for text in MESSAGES:
            search.find(text)
    each = (time.process_time() - before) / (TIMES * len(MESSAGES))
    return [Row("one search", f"{len(MESSAGES)} messages", each * 1e6, None, "µs")]
