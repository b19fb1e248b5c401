"""E-mail addresses as people type them."""

from __future__ import annotations

import pytest

from domain.mail import Address, masked, read
from domain.values import Wrong


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("lan@gmail.com", "lan@gmail.com"),
        ("  Lan.Nguyen@Gmail.COM. ", "lan.nguyen@gmail.com"),
        ("mailto:lan@gmail.com", "lan@gmail.com"),
        ("lan @ yahoo.com", "lan@yahoo.com"),
        ("<lan+xa@sontien.gov.vn>", "lan+xa@sontien.gov.vn"),
        ("lan@mail.com", "lan@mail.com"),
        ("lan@yahoo.com.vn", "lan@yahoo.com.vn"),
        ("lan@a.co", "lan@a.co"),
    ],
)
def test_addresses(typed: str, address: str) -> None:
    assert read(typed) == Address(address)


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("lan@gmial.com", "lan@gmail.com"),
        ("lan@gamil.com", "lan@gmail.com"),
        ("lan@gmail.con", "lan@gmail.com"),
        ("lan@gmail.com.vn", "lan@gmail.com"),
        ("lan@gmai.com", "lan@gmail.com"),
        ("lan@yaho.com", "lan@yahoo.com"),
        ("lan@hotmal.com", "lan@hotmail.com"),
        ("lan@icould.com", "lan@icloud.com"),
        ("lan@outlok.com", "lan@outlook.com"),
    ],
)
def test_what_looks_mistyped_is_asked_about(typed: str, instead: str) -> None:
    assert read(typed) == Address(typed, instead)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("lan", "at"),
        ("lan.gmail.com", "at"),
        ("0912 345 678", "phone"),
        ("nguyễn@gmail.com", "accents"),
        ("lan nguyen@gmail.com", "spaces"),
        ("lan@a.vn@b.vn", "several"),
        ("lan@gmail", "address"),
        ("lan..n@gmail.com", "address"),
        ("@gmail.com", "address"),
        ("lan@-a.vn", "address"),
        ("a" * 65 + "@gmail.com", "address"),
        ("a" * 250 + "@gmail.com", "long"),
        ("lan@gmail.com\nBcc: x@y.vn", "several"),
        ("lan@gmail.com\nx", "spaces"),
    ],
)
def test_what_is_wrong_is_named(typed: str, wrong: str) -> None:
    assert read(typed) == Wrong(wrong)


def test_masked() -> None:
    assert masked("lannguyen@gmail.com") == "l…n@gmail.com"
    assert masked("lan@gmail.com") == "l…@gmail.com"
