"""A URL -> a whole file in a folder, overwriting nothing.

The bytes go to a temporary name in that folder, are resumed where the connection broke, and
are checked; then the file gets its name. What may be fetched: https addresses on the public
internet, the API's own origin, and this machine where the API is on it. The rule is checked
for every redirect, and on the address that a connection was really made to.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import re
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from skill import container
from skill.api.client import LONGEST_WAIT, Api, backoff
from skill.api.envelope import Answer
from skill.api.transport import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    Adapter,
    Authorization,
    HttpConnection,
    HttpsConnection,
    new_session,
)
from skill.engine import origin
from skill.errors import DownloadError, FileError, ForbiddenUrl
from skill.formats import FORMATS
from skill.home import reason, sync_folder
from skill.plain import plain
from skill.settings import is_loopback

Progress = Callable[[int, int | None], None]
Where = Literal["own", "loopback", "public"]

# Failures in a row without a byte gained; with each gain they are counted anew.
TRIES = 6
LONGEST = 3600.0  # seconds for one file
LARGEST = 4 * 1024**3  # bytes; a render of 90 s is far below
_REDIRECTS = 5
_BLOCK = 256 * 1024


class Missing(DownloadError):
    """The file is not at that address (any more)."""

    default_code = "download-missing"


def fetch(
    url: str,
    folder: Path,
    name: str,
    *,
    api: Api,
    part: Path | None = None,
    progress: Progress | None = None,
    naming: Callable[[Path, int], None] | None = None,
) -> Path:
    """Fetch a file into a folder under ``name``, or name-2, name-3, ...: the path it got.

    ``part``: the temporary file; a random one beside it if not given. ``progress`` gets bytes
    so far and in all (None: unknown). ``naming`` is told path and size before the file gets
    that name. Raises ForbiddenUrl, Missing, DownloadError, or FileError where it cannot be
    written; the temporary file is removed then.
    """
    name = safe_name(name)
    part = part or folder / f".{name}.{secrets.token_hex(4)}.part"
    try:
        with _writing(folder):
            for last in (False, True):
                _Fetch(url, part, api, progress).run()
                if container.whole(part, Path(name).suffix[1:].lower()):
                    break
                if last:
                    raise DownloadError(
                        "The file that came is damaged: it is not a whole "
                        f"{Path(name).suffix[1:]}. Try again in a minute."
                    )
            return place(part, folder, name, naming)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def fetch_into(url: str, path: Path, *, api: Api, most: int, longest: float) -> None:
    """The bytes of an address into a new file, under the same rules; what they are is not looked at.

    At most ``most`` bytes in ``longest`` seconds. Raises as ``fetch`` does.
    """
    with _writing(path.parent):
        _Fetch(url, path, api, None, most, longest).run()


def place(
    part: Path, folder: Path, name: str, naming: Callable[[Path, int], None] | None = None
) -> Path:
    """Give a finished temporary file its name, or the next free one. Raises OSError."""
    size = part.stat().st_size
    for candidate in _names(name):
        path = folder / candidate
        if os.path.lexists(path):
            continue
        if naming is not None:
            naming(path, size)
        try:
            os.link(part, path)  # fails where somebody was faster
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            # A file system without links: the name is taken first, then filled.
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            part.replace(path)
        else:
            part.unlink()
        sync_folder(folder)
        return path
    raise FileExistsError(errno.EEXIST, "no free name is left")


_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EINVAL)


def safe_name(name: str, default: str = "video.mp4") -> str:
    """A file name that stays in its folder, on every platform; the extension is kept."""
    name = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "-", plain(name).replace("\n", " "))
    name = name.replace("..", "-").strip(" .-")
    stem, dot, suffix = name.rpartition(".")
    if not dot or suffix.lower() not in FORMATS:
        stem, suffix = name, default.rpartition(".")[2]
    stem = stem.encode()[:120].decode("utf-8", "ignore").strip(" .-")
    if re.fullmatch(
        r"(?i)con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]", stem.partition(".")[0].strip()
    ):
        stem = f"file-{stem}"  # names that Windows keeps for itself
    return f"{stem or default.rpartition('.')[0]}.{suffix.lower()}"


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


@dataclass
class _Validator:
    """What tells two versions of a file apart (RFC 9110, 13.1.5: a strong one)."""

    value: str = ""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> _Validator:
        tag = headers.get("ETag", "")
        return cls(tag if tag.startswith('"') else headers.get("Last-Modified", ""))


class _Fetch:
    """The bytes of one URL into one temporary file."""

    def __init__(
        self,
        url: str,
        part: Path,
        api: Api,
        progress: Progress | None,
        most: int = LARGEST,
        longest: float = LONGEST,
    ) -> None:
        self._url = url
        self._most, self._longest = most, longest
        self._part = part
        self._api = api
        self._progress = progress or (lambda _got, _total: None)
        self._got = 0
        self._total: int | None = None
        self._validator = _Validator()
        self._renewed = False
        # A silence is borne as long as elsewhere: no longer than a turn may take.
        self._timeout = min(READ_TIMEOUT, max(1.0, api.settings.turn_timeout) / 2)

    def run(self) -> None:
        """Fetch until the file is complete. Raises DownloadError, OSError for the file."""
        end = time.monotonic() + self._longest
        failures = 0
        descriptor = os.open(
            self._part,
            os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0),
            0o666,
        )
        with os.fdopen(descriptor, "wb") as file:
            file.truncate()
            while True:
                before = self._got
                wait = self._once(file, end)
                if wait is None:
                    break
                failures = 1 if self._got > before else failures + 1
                if failures >= TRIES or time.monotonic() > end:
                    raise DownloadError(
                        "The download broke off again and again. Check the network and try again."
                    )
                time.sleep(max(wait, backoff(failures)))
            file.flush()
            os.fsync(file.fileno())

    def _once(self, file: Any, end: float) -> float | None:
        """One request: None when the file is complete, else seconds to wait at least."""
        resume = bool(self._got and self._validator.value)
        ask = {"Accept-Encoding": "identity", "Accept": "*/*"}
        if resume:
            ask |= {"Range": f"bytes={self._got}-", "If-Range": self._validator.value}
        try:
            with self._open(ask) as response:
                status = response.status_code
                if status == 206 and resume and self._goes_on(response):
                    pass
                elif status == 200:
                    self._restart(file, response)
                elif status == 416 or status == 206:
                    self._validator = _Validator()  # from the start then
                    return 0.0
                else:
                    return self._failed(response)
                # What has come counts, also when the rest does not: read1 holds nothing back.
                while block := response.raw.read1(_BLOCK, decode_content=True):
                    file.write(block)
                    self._got += len(block)
                    self._progress(self._got, self._total)
                    if self._got > self._most or (self._total or 0) > self._most:
                        size = f"{self._most / 1024**3:.1g} GB"
                        raise DownloadError(f"The file is larger than {size}; it was not fetched.")
                    if time.monotonic() > end:
                        return 0.0
        except (requests.RequestException, urllib3.exceptions.HTTPError):
            return 0.0
        if self._total is not None and self._got != self._total:
            return 0.0
        return None

    def _restart(self, file: Any, response: requests.Response) -> None:
        file.seek(0)
        file.truncate()
        self._got = 0
        length = response.headers.get("Content-Length", "")
        encoded = response.headers.get("Content-Encoding", "identity") != "identity"
        self._total = int(length) if length.isdigit() and not encoded else None
        self._validator = _Validator() if encoded else _Validator.of(response.headers)

    def _goes_on(self, response: requests.Response) -> bool:
        found = re.fullmatch(
            r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""), re.ASCII
        )
        if not found or int(found[1]) != self._got:
            return False
        if found[2] != "*":
            self._total = int(found[2])
        return True

    def _failed(self, response: requests.Response) -> float:
        """Seconds to wait after a status that may pass. Raises for one that will not."""
        status = response.status_code
        if status == 429 or status >= 500:
            headers = {name.lower(): value for name, value in response.headers.items()}
            wait = Answer(status, headers).wait or 0.0
            if wait <= LONGEST_WAIT:
                return wait
        raise Missing(f"The file is not there to fetch (HTTP {status}).")

    def _open(self, ask: Mapping[str, str]) -> requests.Response:
        """The response to a GET, redirects followed under the rule."""
        url = self._url
        for _ in range(_REDIRECTS):
            where = permitted(url, self._api.engine.api_url)
            headers = {**ask, **(self._api.own_headers() if where == "own" else {})}
            session = _session(url, where)
            response = session.get(
                url,
                headers=headers,
                auth=Authorization(None),
                timeout=(CONNECT_TIMEOUT, self._timeout),
                stream=True,
                allow_redirects=False,
            )
            if response.status_code == 401 and where == "own" and not self._renewed:
                self._renewed = True
                self._api.token_refused(headers)
                response.close()
                continue
            if response.status_code not in (301, 302, 303, 307, 308):
                return response
            url = urljoin(url, response.headers.get("Location", ""))
            response.close()
        raise DownloadError("The address of the file leads in a circle.")


def _session(url: str, where: Where) -> requests.Session:
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


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """What the disk says, in plain words."""
    try:
        yield
    except OSError as error:
        raise cannot_save(folder, error) from None


def cannot_save(folder: Path, error: OSError) -> FileError:
    """The error for a file that cannot be written into a folder."""
    codes = {
        errno.ENOSPC: "disk-full",
        errno.EDQUOT: "disk-full",
        errno.EACCES: "permission",
        errno.EPERM: "permission",
        errno.EROFS: "permission",
        errno.ENOENT: "folder-gone",
    }
    code = codes.get(error.errno or 0, "file")
    words = f"The file cannot be saved in {folder}: {reason(error)}."
    return FileError(words, code, retry=True).told(
        "FileError.unsaved", path=folder, why=reason(error)
    )


def _names(name: str) -> Iterator[str]:
    """A file name, then the same with -2, -3, ... before its extension."""
    yield name
    path = Path(name)
    for number in range(2, 100_000):
        yield f"{path.stem}-{number}{path.suffix}"
