"""Where a request comes from, for limits."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from handlers.web_network import network


def seen(peer: str, forwarded: str = "") -> str:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": forwarded} if forwarded else {})
    return network(request.clone(remote=peer))


def test_who_calls_directly_is_who_they_are_whatever_they_write_in_the_header() -> None:
    assert seen("113.160.1.9") == "113.160.1.9"
    assert seen("113.160.1.9", "14.1.2.3") == "113.160.1.9"


def test_of_a_proxy_the_last_address_counts() -> None:
    assert seen("127.0.0.1", "14.1.2.3, 113.160.1.9") == "113.160.1.9"
    assert seen("::1", "113.160.1.9") == "113.160.1.9"
    assert seen("172.18.0.2", "8.8.8.8,113.160.1.9") == "113.160.1.9"


@pytest.mark.parametrize("forwarded", ["", "unknown", "1.2.3", "<script>"])
def test_what_cannot_be_told_limits_nobody(forwarded: str) -> None:
    assert seen("127.0.0.1", forwarded) == ""


def test_a_home_has_many_addresses_of_the_new_kind() -> None:
    assert seen("2401:d800:1:2::5") == seen("2401:d800:1:2:ffff::9") == "2401:d800:1:2::"
    assert seen("2401:d800:1:3::5") != seen("2401:d800:1:2::5")


def test_an_old_address_in_new_clothes_is_the_old_one() -> None:
    assert seen("127.0.0.1", "::ffff:113.160.1.9") == "113.160.1.9"
