"""The addresses that a file may be fetched from, before and after they are resolved.

They are https addresses on the public internet, the API's own origin, and this machine where the
API is on it. The rule is checked for an address as it is written, and on the one that a connection
was really made to.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from skill.api.transport import Adapter, HttpConnection, HttpsConnection, new_session
from skill.engine import origin
from skill.errors import ForbiddenUrl
from skill.plain import plain
from skill.settings import is_loopback

Where = Literal["own", "loopback", "public"]


def permitted(url: str, api_url: str) -> Where:
    """What kind of place an address is. Raises ForbiddenUrl where we do not fetch from it."""
    try:
        parts = urlsplit(url)
        host, here = parts.hostname or "", origin(url) == origin(api_url)
    except ValueError:
        raise ForbiddenUrl("The backend named an address that is not valid.") from None
    if here:
        return "own"
    if parts.scheme not in ("http", "https") or not host:
        raise _forbidden(parts.scheme, host)
    if is_loopback(host):
        if not is_loopback(urlsplit(api_url).hostname):
            raise _forbidden(parts.scheme, host)
        return "loopback"
    with contextlib.suppress(ValueError):
        if not is_public(ipaddress.ip_address(host)):
            raise _forbidden(parts.scheme, host)
    if parts.scheme != "https":
        raise _forbidden(parts.scheme, host)
    return "public"


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is on the public internet, and so is one that it carries inside."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def guarded(url: str, where: Where) -> requests.Session:
    """A session for one address, whose connections go to that kind of place alone."""
    session = new_session(url)
    if where != "own":
        guard = _Guard(where)
        session.mount("https://", guard)
        session.mount("http://", guard)
    return session


class _Guard(Adapter):
    """Looks at the address of every connection before anything is sent over it.

    With a proxy it is the proxy that connects, and the rule is the proxy's to keep.
    """

    def __init__(self, where: Where) -> None:
        class Plain(HttpConnection):
            def _new_conn(self) -> socket.socket:
                return _checked(super()._new_conn(), where)

        class Secure(HttpsConnection):
            def _new_conn(self) -> socket.socket:
                return _checked(super()._new_conn(), where)

        self.connections = (Plain, Secure)
        super().__init__()

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        return HTTPAdapter.proxy_manager_for(self, proxy, **kwargs)


def _checked(connection: socket.socket, where: Where) -> socket.socket:
    address = ipaddress.ip_address(str(connection.getpeername()[0]).partition("%")[0])
    good = address.is_loopback if where == "loopback" else is_public(address)
    if not good:
        connection.close()
        raise _forbidden("https", str(address))
    return connection


def _forbidden(scheme: str, host: str) -> ForbiddenUrl:
    return ForbiddenUrl(
        f"The backend named an address that we do not fetch from ({scheme}://{plain(host)[:80]}). "
        "Only https addresses on the public internet are."
    )
