"""Which addresses are fetched from."""

from __future__ import annotations

import ipaddress

import pytest

from skill.address import is_public, permitted
from skill.errors import ForbiddenUrl

CLOUD = "https://api.example"


@pytest.mark.parametrize(
    ("url", "api_url", "where"),
    [
        ("https://cdn.example/a.mp4", CLOUD, "public"),
        ("https://api.example/a.mp4", CLOUD, "own"),
        ("https://API.example:443/a.mp4", CLOUD, "own"),
        ("https://8.8.8.8/a.mp4", CLOUD, "public"),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000", "own"),
        ("http://127.0.0.1:9/a", "http://127.0.0.1:8000", "loopback"),
        ("http://localhost:9/a", "http://127.0.0.1:8000", "loopback"),
        ("https://cdn.example/a.mp4", "http://127.0.0.1:8000", "public"),
    ],
)
def test_where_may_be_fetched_from(url: str, api_url: str, where: str) -> None:
    assert permitted(url, api_url) == where


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example/a.mp4",
        "http://api.example/a.mp4",
        "file:///etc/passwd",
        "ftp://cdn.example/a",
        "data:video/mp4;base64,AAAA",
        "javascript:alert(1)",
        "//cdn.example/a.mp4",
        "/files/a.mp4",
        "",
        "https://",
        "https://[::1",
        "https://user:dummy@cdn.example/a",
        "https://127.0.0.1/a",
        "https://localhost/a",
        "https://LOCALHOST./a",
        "https://[::1]/a",
        "https://10.1.2.3/a",
        "https://192.168.0.1/a",
        "https://172.16.0.1/a",
        "https://169.254.169.254/latest",
        "https://[fe80::1]/a",
        "https://[fd00::1]/a",
        "https://[::ffff:10.0.0.1]/a",
        "https://0.0.0.0/a",
        "https://100.64.0.1/a",
        "https://224.0.0.1/a",
        "https://[::7f00:1]/a",
        "https://[fec0::1]/a",
        # The host that is asked is evil.example; another reader sees ours.
        "https://evil.example\\@api.example/a",
        "https://evil.example\\.api.example/a",
        "https://api.example\t.evil.example/a",
        "https://evil.example%2f@api.example/a",
        "https://me@api.example/a",
        "https://[::1]evil.example/a",
    ],
)
def test_where_nothing_is_fetched_from(url: str) -> None:
    with pytest.raises(ForbiddenUrl) as caught:
        permitted(url, CLOUD)
    assert "dummy" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True),
        ("2606:4700::1111", True),
        ("::ffff:1.1.1.1", True),
        ("64:ff9b::101:101", True),
        ("::ffff:192.168.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("127.0.0.1", False),
        ("::", False),
        ("fe80::1", False),
        ("198.18.0.1", False),
        ("fec0::1", False),
        ("::7f00:1", False),
        ("240.0.0.1", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public
