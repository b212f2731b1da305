"""A file from the web: https or http, from public addresses, checked on the one connected to."""

from __future__ import annotations

import ipaddress
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse
from socket import SHUT_RDWR, SOCK_STREAM, getaddrinfo, socket
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

CONNECT_SECONDS = 15.0
READ_SECONDS = 60.0  # without a byte
TOTAL_SECONDS = 15 * 60.0
REDIRECTS = 5
_CHUNK = 1 << 18

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class FetchError(Exception):
    """A link that cannot be fetched; the text is for the user."""


def fetch(url: str, write: Callable[[bytes], None], private: bool = False) -> str:
    """Send the body of ``url`` to ``write`` in pieces; the file's name is returned.

    Redirects are followed, each checked like the first. ``private`` allows
    addresses that are not public. Raises FetchError, and what ``write`` raises.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    for _ in range(REDIRECTS + 1):
        target = _checked(url)
        host = target.hostname or ""
        with ExitStack() as held:
            with _broken(host):
                connection = held.enter_context(_connect(target, private))
                response = _ask(connection, target, deadline)
            if response.status in (301, 302, 303, 307, 308):
                url = urljoin(url, response.headers.get("Location", ""))
                continue
            if response.status != 200:
                raise FetchError(f"{host} answered {response.status} for this link.")
            _copy(response, host, write, deadline)
            return _name(response.headers, target)
    raise FetchError(f"The link leads through more than {REDIRECTS} redirects.")


def _ask(connection: HTTPConnection, target: SplitResult, deadline: float) -> HTTPResponse:
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    headers = {"User-Agent": "ai-video", "Accept": "*/*", "Connection": "close"}
    with _until(deadline, connection):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
    if time.monotonic() > deadline:  # what came by then looks like a whole answer
        raise TimeoutError
    return response


def _checked(url: str) -> SplitResult:
    try:
        target = urlsplit(url.strip())
        _ = target.port
    except ValueError:
        raise FetchError("This link cannot be read.") from None
    if target.scheme not in ("http", "https") or not target.hostname:
        raise FetchError("Only http and https links can be fetched.")
    if target.username or target.password:
        raise FetchError("Links with a user name or password in them are not fetched.")
    if re.search(r"[^\x21-\x7e]", url.strip()):
        # Written in the user's script: the wire wants it encoded.
        target = target._replace(
            path=quote(target.path, safe="/%:@!$&'()*+,;=~"),
            query=quote(target.query, safe="/%:@!$&'()*+,;=~?"),
        )
    return target


@contextmanager
def _connect(target: SplitResult, private: bool) -> Iterator[HTTPConnection]:
    """Connected to an address that was looked at; DNS is not asked a second time."""
    host = target.hostname or ""
    secure = target.scheme == "https"
    port = target.port or (443 if secure else 80)
    last: OSError | None = None
    refused = False
    for *_, address in getaddrinfo(host, port, type=SOCK_STREAM):
        if not private and not is_public(str(address[0])):
            refused = True
            continue
        connection = HTTPConnection(str(address[0]), port, timeout=CONNECT_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            last = error
            continue
        connection.host = host  # what the Host header says; so does the port that goes unsaid
        connection.default_port = 443 if secure else 80
        try:
            connection.sock.settimeout(READ_SECONDS)
            if secure:
                connection.sock = _tls().wrap_socket(connection.sock, server_hostname=host)
            yield connection
        finally:
            connection.close()
        return
    if refused and last is None:
        raise FetchError(f"{host} is an address inside a private network, which is not fetched.")
    raise last or OSError("no address")


def is_public(address: str) -> bool:
    """Whether an IP address lies on the public internet, also when wrapped in an IPv6 one."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    with suppress(ImportError):  # Python from python.org on macOS knows no authorities
        import certifi

        context.load_verify_locations(certifi.where())
    return context


@contextmanager
def _until(deadline: float, connection: HTTPConnection) -> Iterator[None]:
    """Break the connection at the deadline: each byte alone would come in time."""
    timer = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [connection.sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(connected: socket) -> None:
    with suppress(OSError):
        socket.shutdown(connected, SHUT_RDWR)


@contextmanager
def _broken(host: str) -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(f"{host} could not be reached, or the download broke off.") from error


def _copy(
    response: HTTPResponse,
    host: str,
    write: Callable[[bytes], None],
    deadline: float,
) -> None:
    expected, received = response.length, 0
    while True:
        with _broken(host):
            data = response.read1(_CHUNK)  # what there is: a slow drip is seen to be one
        if not data:
            break
        received += len(data)
        write(data)
        if time.monotonic() > deadline:
            raise FetchError(f"The download from {host} takes too long.")
    if expected is not None and received < expected:
        raise FetchError(f"The download from {host} broke off.")


def _name(headers: Message, target: SplitResult) -> str:
    named = None
    with suppress(Exception):  # whatever the parser of headers makes of a crafted one
        named = headers.get_filename()
    return named or unquote(target.path.rpartition("/")[2]) or "download"
