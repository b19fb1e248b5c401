"""Zalo's signature, with vectors computed apart from this program."""

from __future__ import annotations

import hashlib

import pytest

from handlers.zalo_signature import signed, timestamp

APP, OA, KEY = "360846524940903967", "388613280878808645", "oa-secret-for-tests"
BODY = (
    '{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},"user_id_by_app":"552177279717587730",'
    '"recipient":{"id":"388613280878808645"},"event_name":"user_send_text","message":{"text":"Xin chào",'
    '"msg_id":"96d3cdf3af150460909"},"timestamp":"1757000000000"}'
).encode()
ESCAPED = BODY.replace("à".encode(), rb"\u00e0")
MAC = "f5252901b01fa8bba52b0127aef9a4d90d3f7016dc27d2e3b68fb72a4aa3c034"
OF_OA = "b079517335b317697aa448a4888954bb311e52194ef328dc3537ac8c054e3df5"
OF_ESCAPED = "bc0f2ba5206cf0710446ce25ecfc7ecda9aba7eeeefeb4b3fbf3bec31390a895"
OF_SPACED = "0f0b9c2ddfd3db4afd9ff9415366b4cf7e7894fd6712df512694aed6a2d52b78"


@pytest.mark.parametrize(
    "header", [f"mac={MAC}", MAC, f" MAC = {MAC.upper()} ", f"mac ={MAC}"], ids=["plain", "bare", "upper", "spaced"]
)
def test_right(header: str) -> None:
    assert signed(BODY, header, APP, KEY)


def test_over_the_bytes_as_they_came() -> None:
    assert signed(ESCAPED, f"mac={OF_ESCAPED}", APP, KEY)
    assert not signed(ESCAPED, f"mac={MAC}", APP, KEY)
    assert not signed(BODY, f"mac={OF_SPACED}", APP, KEY)


def test_the_account_in_place_of_the_app() -> None:
    assert signed(BODY, f"mac={OF_OA}", OA, KEY)
    assert not signed(BODY, f"mac={OF_OA}", APP, KEY)


@pytest.mark.parametrize("header", [None, "", "mac=", f"mac={MAC[:63]}", f"mac={MAC}0", f"mac={MAC[:63]}g", "à" * 64])
def test_wrong(header: str | None) -> None:
    assert not signed(BODY, header, APP, KEY)


def test_without_a_secret_nothing_is_right() -> None:
    forged = hashlib.sha256(APP.encode() + BODY + b"1757000000000").hexdigest()
    assert not signed(BODY, f"mac={forged}", APP, "")


@pytest.mark.parametrize(
    ("body", "moment"),
    [
        (b'{"timestamp":1757000000000}', "1757000000000"),
        (b'{"timestamp":"1757000000000"}', "1757000000000"),
        (b'{"timestamp":true}', None),
        (b'{"timestamp":1.5}', None),
        (b'{"timestamp":"soon"}', None),
        (b"[]", None),
        (b"\xff", None),
        (b"[" * 100_000, None),
    ],
)
def test_moment(body: bytes, moment: str | None) -> None:
    assert timestamp(body) == moment
