"""Forms and bundles as PDF: how long they take in the worker's process, and how large they get."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import Final

import cv2
import msgspec
import numpy as np

from benchmarks.table import Row
from catalogue.load import load
from catalogue.model import Catalogue
from documents import render_pdf, sheet
from documents.bundle import Bundle, BundlePaper, Photo

FORM_MS: Final = 30
BUNDLE_MS: Final = 300
PAGE_KB: Final = 200
_TODAY: Final = date(2026, 11, 22)
_FORMS: Final = ("khai-sinh", "xac-nhan-tinh-trang-hon-nhan", "cong-nhan-ho-ngheo")
_PHOTOS: Final = 6
_ROUNDS: Final = 9
_WORDS: Final = ("Nguyễn", "Thị", "Hoa", "Thôn", "xã", "Sơn Tiến", "Đức", "Thượng", "Hà Tĩnh", "Lộc", "Bình", "Trường")


def measure() -> list[Row]:
    """CPU of all its threads, the middle one of many; cold in a process of its own, from its first import."""
    catalogue = load()
    rows = []
    for procedure in _FORMS:
        payloads = [_form(catalogue, procedure, n) for n in range(_ROUNDS)]
        kilobytes = len(render_pdf.render("form", payloads[0])) / 1000
        rows.append(Row(f"form, {procedure}", f"filled, {kilobytes:.0f} kB", _ms("form", payloads), FORM_MS, "ms"))
    rows.append(Row("the first form", "typst, its fonts and templates read", _cold(), None, "ms"))
    payloads = [_bundle(catalogue, n) for n in range(_ROUNDS)]
    pages = 2 + _PHOTOS
    kilobytes = len(render_pdf.render("bundle", payloads[0])) / 1000 / pages
    detail = f"from {len(payloads[0]) / 1e6:.1f} MB"
    rows.append(Row("a bundle of six photos", detail, _ms("bundle", payloads), BUNDLE_MS, "ms"))
    rows.append(Row("a page of it", f"{pages} pages", kilobytes, PAGE_KB, "kB"))
    return rows


def _ms(kind: str, payloads: Sequence[bytes]) -> float:
    """Each one only once: typst remembers what it has laid out, and no two people write the same."""
    times = []
    for payload in payloads[1:]:
        before = time.process_time()
        render_pdf.render(kind, payload)
        times.append((time.process_time() - before) * 1000)
    return median(times)


def _cold() -> float:
    run = [sys.executable, "-m", "benchmarks.papers"]
    payload = _form(load(), _FORMS[0], 0)
    runs = [subprocess.run(run, input=payload, capture_output=True, check=True) for _ in range(3)]  # noqa: S603 - ourselves
    return min(float(done.stdout) for done in runs)


def _form(catalogue: Catalogue, procedure: str, seed: int) -> bytes:
    chosen = catalogue.procedures[procedure]
    dice = random.Random(seed)
    answers = {q.key: q.example for q in chosen.questions if q.example}
    for question in chosen.questions:
        if question.kind in ("person_name", "address", "text"):
            answers[question.key] = " ".join(dice.choices(_WORDS, k=dice.randint(3, 12)))
    office = next(iter(catalogue.offices.values()))
    return msgspec.msgpack.encode(sheet.filled(chosen, answers, {}, office, _TODAY, code="7K3M-9XQ2"))


def _bundle(catalogue: Catalogue, seed: int) -> bytes:
    papers = tuple(BundlePaper(f"Giấy tờ thứ {n}", (Photo(_picture(seed * _PHOTOS + n)),)) for n in range(_PHOTOS))
    filled = msgspec.msgpack.decode(_form(catalogue, _FORMS[0], seed), type=sheet.Sheet)
    bundle = Bundle(
        "Đăng ký khai sinh", "UBND xã", "7K3M-9XQ2", "Nguyễn Thị Hoa", "hôm nay", sheet=filled, papers=papers
    )
    return msgspec.msgpack.encode(bundle)


def _picture(seed: int) -> bytes:
    """A page of words on a table, as grainy as a telephone's photo, 2000 dots high."""
    dice = np.random.default_rng(seed)
    picture = np.full((2000, 1500, 3), (70, 100, 130), np.uint8)
    cv2.rectangle(picture, (60, 60), (1440, 1940), (235, 238, 240), -1)
    for y in range(150, 1880, 46):
        for x in range(120, 1300, 190):
            word = "".join(chr(97 + int(letter)) for letter in dice.integers(0, 26, dice.integers(3, 9)))
            cv2.putText(picture, word, (x, y), cv2.FONT_HERSHEY_COMPLEX, 0.9, (40, 35, 30), 2, cv2.LINE_AA)
    grain = dice.integers(0, 18, picture.shape, dtype=np.uint8)
    return cv2.imencode(".jpg", cv2.add(picture, grain), [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


if __name__ == "__main__":
    given = sys.stdin.buffer.read()
    started = time.process_time()
    render_pdf.render("form", given)
    print((time.process_time() - started) * 1000)
