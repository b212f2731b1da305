"""A URL -> a whole file in a folder, overwriting nothing.

The bytes go to a temporary name in that folder, are resumed where the connection broke, and
are checked; then the file gets its name (``folder.py``). Where it may be fetched from is for
``address.py`` to say, at every redirect too.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests
import urllib3

from skill import container
from skill.address import guarded, permitted
from skill.api.client import LONGEST_WAIT, Api, backoff
from skill.api.envelope import Answer
from skill.api.transport import CONNECT_TIMEOUT, READ_TIMEOUT, Authorization
from skill.errors import DownloadError
from skill.folder import place, safe_name, writing

Progress = Callable[[int, int | None], None]

# Failures in a row without a byte gained; with each gain they are counted anew.
TRIES = 6
LONGEST = 3600.0  # seconds for one file
LARGEST = 4 * 1024**3  # bytes; a render of 90 s is far below
_REDIRECTS = 5
_BLOCK = 256 * 1024


class Missing(DownloadError):
    """The file is not at that address (any more)."""

    default_code = "download-missing"


class TooLarge(DownloadError):
    """The file is larger than the caller takes."""


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
        with writing(folder):
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
    """The bytes of an address into a new file, under the same rules; whatever they are.

    At most ``most`` bytes in ``longest`` seconds. Raises as ``fetch`` does.
    """
    with writing(path.parent):
        _Fetch(url, path, api, None, most, longest).run()


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
                        raise TooLarge(f"The file is larger than {size}; it was not fetched.")
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
            session = guarded(url, where)
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
