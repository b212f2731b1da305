"""Requests to one origin, and to no other.

The token goes to the API's own origin only: redirects are followed by reads, within that
origin. What the environment adds elsewhere is kept out: no ~/.netrc (it would replace the
token), no cookies, no proxy on the way to this machine.
"""

from __future__ import annotations

import contextlib
import http.client
import http.cookiejar
import json as json_module
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import requests.adapters
import requests.auth
import urllib3
import urllib3.connection
import urllib3.connectionpool

from skill.api.envelope import Answer
from skill.engine import origin
from skill.errors import AnswerLost, BadAnswer, SkillError, Unreachable
from skill.settings import is_loopback

CONNECT_TIMEOUT = 8.0
READ_TIMEOUT = 60.0
# An answer beyond these is no answer of this protocol: so many bytes, or so many times as long
# as a silence may be.
ANSWER_BYTES = 64 * 1024 * 1024
ANSWER_TIMEOUTS = 3
_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)


class Authorization(requests.auth.AuthBase):
    """The bearer header, or none. Given always, so that requests looks for no other."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "Authorization(...)"


class _Final(http.client.HTTPResponse):
    """The final response: what comes before it (RFC 9110, 15.2: 100, 102, 103) is read over.

    http.client does so for 100 alone.
    """

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 102 <= status < 200:
                return version, status, reason
            http.client.parse_headers(self.fp)


class HttpConnection(urllib3.connection.HTTPConnection):
    """To one host, unencrypted."""

    response_class = _Final


class HttpsConnection(urllib3.connection.HTTPSConnection):
    """To one host, encrypted."""

    response_class = _Final


class Adapter(requests.adapters.HTTPAdapter):
    """requests' way to a host, by connections of ours."""

    connections: tuple[type[HttpConnection], type[HttpsConnection]] = (
        HttpConnection,
        HttpsConnection,
    )

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._connect_by(self.poolmanager)

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        if isinstance(manager, urllib3.ProxyManager):
            self._connect_by(manager)
        return manager

    def _connect_by(self, manager: urllib3.PoolManager) -> None:
        plain, secure = self.connections

        class PlainPool(urllib3.connectionpool.HTTPConnectionPool):
            ConnectionCls = plain

        class SecurePool(urllib3.connectionpool.HTTPSConnectionPool):
            ConnectionCls = secure

        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def new_session(url: str) -> requests.Session:
    """An HTTP session for the host of an address."""
    session = requests.Session()
    session.mount("https://", Adapter())
    session.mount("http://", Adapter())
    session.trust_env = not is_loopback(urlsplit(url).hostname)
    session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    return session


def encode(payload: object) -> bytes:
    """JSON as UTF-8; half a surrogate pair, which UTF-8 cannot carry, becomes "?"."""
    return json_module.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")


class Transport:
    """Sends requests to ``base`` with ``headers`` on each."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        self.base = base
        self._headers = dict(headers)
        self._http = new_session(base)

    def send(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        timeout: float = READ_TIMEOUT,
    ) -> Answer:
        """One request and its whole answer, whatever its status.

        ``body`` is an object with ``read`` and a length. Raises Unreachable (nothing was
        sent), AnswerLost, BadAnswer (moved to another origin, or endless).
        """
        url = self.base + path
        for _ in range(_REDIRECTS):
            with (
                self._errors(),
                self.open(
                    method, url, json=json, body=body, headers=headers, token=token, timeout=timeout
                ) as response,
            ):
                if response.status_code in _MOVED and method == "GET":
                    url = self._moved(url, response)
                    continue
                if response.status_code in _MOVED:
                    raise _elsewhere(response)
                return _whole(response, timeout)
        raise BadAnswer("The backend sends us in a circle.", retry=False)

    def stream(self, path: str, json: object, token: str | None, timeout: float) -> Streaming:
        """POST a message on a connection of its own; see Streaming."""
        return Streaming(self, path, json, token, timeout)

    def open(
        self,
        method: str,
        url: str,
        *,
        json: object = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        timeout: float = READ_TIMEOUT,
        http: requests.Session | None = None,
    ) -> requests.Response:
        """The raw response, its body unread. Raises what requests raises."""
        sent = {**self._headers, **(headers or {})}
        if json is not None:
            sent["Content-Type"] = "application/json"
        return (http or self._http).request(
            method,
            url,
            data=encode(json) if json is not None else body,  # type: ignore[arg-type]
            headers=sent,
            auth=Authorization(token),
            timeout=(CONNECT_TIMEOUT, timeout),
            stream=True,
            allow_redirects=False,
        )

    def close(self) -> None:
        self._http.close()

    def _moved(self, url: str, response: requests.Response) -> str:
        to = urljoin(url, response.headers.get("Location", ""))
        try:
            same = origin(to) == origin(self.base)
        except ValueError:
            same = False
        if not same:
            raise _elsewhere(response)
        return to

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """What requests and urllib3 raise, in our own words. Their texts are for programmers."""
        host = urlsplit(self.base).hostname
        try:
            yield
        except SkillError:
            raise
        except requests.exceptions.SSLError as error:
            if not isinstance(_cause(error), ssl.SSLCertVerificationError):
                raise AnswerLost(_lost()) from None  # it may have come after the request
            raise Unreachable(
                f"No secure connection to {host}: its certificate was not accepted. "
                "A proxy or a wrong clock can cause this."
            ).told("Unreachable.certificate", host=host) from None
        except requests.exceptions.ProxyError:
            raise Unreachable(f"The proxy does not let us reach {host}.").told(
                "Unreachable.proxy", host=host
            ) from None
        except (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL):
            raise Unreachable(
                f"{host} cannot be reached: its address, or the proxy that the environment names "
                "for it, is of a kind that cannot be used."
            ) from None
        except requests.exceptions.ConnectionError as error:
            if _never_connected(error):
                raise Unreachable(
                    f"{host} cannot be reached. Check the network, or use --backend studio."
                    if not is_loopback(host)
                    else f"Nothing answers at {self.base}."
                ) from None
            raise AnswerLost(_lost()) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
            raise AnswerLost(_lost()) from None


class Streaming:
    """The answer to a message, as chunks of bytes in the order and at the time they come.

    Nothing is sent before the first chunk is asked for, and it is sent once. Iterating raises
    Unreachable (nothing was sent) or AnswerLost; an answer that is no stream comes as
    ``refused``, an Answer, and no chunks. ``close`` may be called from another thread.
    """

    def __init__(
        self, transport: Transport, path: str, json: object, token: str | None, timeout: float
    ) -> None:
        self._transport = transport
        self._send: Callable[[requests.Session], requests.Response] = lambda http: transport.open(
            "POST",
            transport.base + path,
            json=json,
            headers={"Accept": "text/event-stream", "Accept-Encoding": "identity"},
            token=token,
            timeout=timeout,
            http=http,
        )
        self._response: requests.Response | None = None
        self._closed = False
        self.refused: Answer | None = None

    def __iter__(self) -> Iterator[bytes]:
        # A connection of its own: one kept from earlier may be dead, and then nobody could
        # say whether the message had arrived.
        with self._transport._errors(), new_session(self._transport.base) as http:
            response = self._response = self._send(http)
            with response:
                if response.status_code in _MOVED:
                    raise _elsewhere(response)
                if response.status_code == 204:
                    return  # a silent turn
                if response.status_code != 200 or _is_no_stream(response):
                    self.refused = _whole(response, READ_TIMEOUT)
                    return
                while not self._closed:
                    chunk = response.raw.read1(65536, decode_content=True)
                    if not chunk:
                        return
                    yield chunk

    def close(self) -> None:
        """End the stream now, in the middle of a read too."""
        self._closed = True
        shutdown = getattr(getattr(self._response, "raw", None), "shutdown", None)
        if shutdown is not None:
            with contextlib.suppress(Exception):
                shutdown()


def _is_no_stream(response: requests.Response) -> bool:
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    return kind in ("application/json", "text/html") or kind.endswith("+json")


def _whole(response: requests.Response, timeout: float) -> Answer:
    """Read an answer to its end. Raises BadAnswer where it has none."""
    end = time.monotonic() + timeout * ANSWER_TIMEOUTS
    parts: list[bytes] = []
    size = 0
    # (read1 gives what has come; read would wait for all of a block, however slowly it drips.)
    while part := response.raw.read1(65536, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > ANSWER_BYTES or time.monotonic() > end:
            raise BadAnswer("The backend's answer has no end. Try again in a minute.")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, b"".join(parts))


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Whether an error came before anything was sent."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    return isinstance(
        _cause(error),
        (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError),
    )


def _cause(error: requests.RequestException) -> object:
    """What urllib3 says under an error of requests."""
    cause: object = error.args[0] if error.args else None
    cause = getattr(cause, "reason", cause)
    if isinstance(cause, urllib3.exceptions.SSLError) and cause.args:
        return cause.args[0]
    return cause


def _lost() -> str:
    return "The connection broke before the answer came. Try again in a minute."


def _elsewhere(response: requests.Response) -> BadAnswer:
    return BadAnswer(
        "The backend sends us to another address, which we do not follow with your data. "
        "If it has moved, set NEMO_API_URL.",
        retry=False,
        status=response.status_code,
    )
