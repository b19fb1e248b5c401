"""Where a request comes from, for limits."""

from __future__ import annotations

import pytest
from aiohttp import HttpVersion10
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from handlers.web_network import here, network


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


def test_of_several_such_lines_the_last_one_counts() -> None:
    """A proxy that adds a line of its own leaves the caller's above it."""
    lines = CIMultiDict([("X-Forwarded-For", "14.1.2.3"), ("X-Forwarded-For", "113.160.1.9")])
    request = make_mocked_request("GET", "/", headers=lines)
    assert network(request.clone(remote="127.0.0.1")) == "113.160.1.9"


@pytest.mark.parametrize("forwarded", ["", "unknown", "1.2.3", "<script>"])
def test_what_cannot_be_told_limits_nobody(forwarded: str) -> None:
    assert seen("127.0.0.1", forwarded) == ""


def test_a_home_has_many_addresses_of_the_new_kind() -> None:
    assert seen("2401:d800:1:2::5") == seen("2401:d800:1:2:ffff::9") == "2401:d800:1:2::"
    assert seen("2401:d800:1:3::5") != seen("2401:d800:1:2::5")


def test_an_old_address_in_new_clothes_is_the_old_one() -> None:
    assert seen("127.0.0.1", "::ffff:113.160.1.9") == "113.160.1.9"


def test_from_this_machine_is_who_calls_it_by_its_own_name_and_through_nobody() -> None:
    def seen_here(host: str = "127.0.0.1:8080", **more: str) -> bool:
        request = make_mocked_request("GET", "/", headers={"Host": host, **more})
        return here(request.clone(remote="127.0.0.1"))

    assert seen_here()
    assert seen_here("[::1]:8080")
    for host in ("evil.example", "motcua.example.vn:8080", "[", "localhost.evil.example", ""):
        assert not seen_here(host)
    assert not seen_here(Via="1.1 x")
    assert not seen_here(Forwarded="")
    old = make_mocked_request("GET", "/", headers={"Host": "127.0.0.1:8080"}, version=HttpVersion10)
    assert not here(old.clone(remote="127.0.0.1"))  # so nginx calls where nobody told it more than the address
