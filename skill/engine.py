"""Which backend answers: the cloud, or the studio on this machine."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import secrets
import socket
import threading
import uuid
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from skill.errors import EngineError, StateError, Unreachable
from skill.home import Home, Notice, reason
from skill.phrases import say
from skill.projects import Projects
from skill.settings import NO_HOST, Settings, is_loopback

# Seconds: the answer to "is the cloud there" is worth no more on a chat turn.
CONNECT_TIMEOUT = 3.0

Kind = Literal["cloud", "studio"]


@dataclass(frozen=True)
class Engine:
    """A backend, and who we are to it. Secrets are left out of the repr.

    ``token`` is the one of NEMO_TOKEN; None means that an anonymous one is asked for, with
    ``client_id``. ``notice`` is a line for the user about the choice, or "".
    """

    kind: Kind
    api_url: str
    web_url: str
    client_id: str = field(default="", repr=False)
    token: str | None = field(default=None, repr=False)
    notice: str = ""

    @property
    def key(self) -> str:
        """The engine's name in our files. The studio's port changes; the studio does not."""
        return "studio" if self.kind == "studio" else origin(self.api_url)

    @property
    def account(self) -> str:
        """The engine and whose projects these are there: anonymous, or of a NEMO_TOKEN."""
        if self.token is None:
            return self.key
        return f"{self.key} {hashlib.sha256(self.token.encode()).hexdigest()[:12]}"


def origin(url: str) -> str:
    """Scheme, host and port of an address, in one spelling.

    Raises ValueError where readers of addresses disagree on the host: this one takes
    "evil.example\\@nemovideo.ai" for a user name and a host, urllib3 connects to evil.example.
    """
    parts = urlsplit(url)
    if NO_HOST.search(parts.netloc) or not {"\t", "\r", "\n"}.isdisjoint(url):
        raise ValueError("an address that can be read in two ways")
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    return f"{parts.scheme}://{(parts.hostname or '').lower().rstrip('.')}:{port}"


def choose(settings: Settings, home: Home | None = None, language: str = "en") -> Engine:
    """The engine for this turn; its notice is in ``language``.

    ``auto``: where the project of the last days lies, else the cloud, else (where the cloud
    cannot be reached) the studio, with a notice. Raises Unreachable where a project lies in
    the cloud and the cloud cannot be reached: it is never moved silently; EngineError where
    the studio cannot be started.
    """
    home = home or Home(settings.home)
    if settings.backend == "studio":
        return studio(settings)
    if settings.backend == "cloud":
        return cloud(settings, home)
    latest = Projects(home).latest()
    if latest == "studio":
        return studio(settings, say("notice.here", language))
    if reachable(settings.api_url):
        return cloud(settings, home)
    host = urlsplit(settings.api_url).hostname
    if latest.split(" ")[0] == origin(settings.api_url):
        raise Unreachable(
            f"The cloud ({host}) cannot be reached, and your project is there. Nothing is lost: "
            "try again when you are online. To begin a new project on this machine instead, "
            "use --backend studio."
        ).told("Unreachable.project", host=host)
    return studio(settings, say("notice.offline", language, host=host))


def cloud(settings: Settings, home: Home) -> Engine:
    """The cloud, with the token of NEMO_TOKEN or the client id for an anonymous one."""
    client_id = settings.client_id or ""
    if settings.token is None and not client_id:
        client_id = kept_client_id(home)
    return Engine("cloud", settings.api_url, settings.web_url, client_id, settings.token)


def studio(settings: Settings, notice: str = "") -> Engine:
    """The studio of this home, started if it is not running. Raises EngineError."""
    try:
        from skill.studio import process
    except ImportError as error:
        raise _no_studio(error.name) from None
    try:
        address = process.ensure(settings.home)
    except process.PackageMissing as error:
        raise _no_studio(error.name) from None
    except process.StudioError as error:
        raise EngineError(str(error), "studio-failed", retry=True).told(
            "EngineError.start", why=str(error).rstrip(".")
        ) from None
    except ImportError as error:
        raise _no_studio(error.name) from None
    except OSError as error:
        raise EngineError(
            f"The studio could not start: {reason(error)}.", "studio-failed", retry=True
        ).told("EngineError.start", why=reason(error)) from None
    return Engine("studio", address.url, address.url, address.client_id, None, notice)


def _no_studio(name: str | None) -> EngineError:
    from skill.install.origin import add

    command = add("studio")
    package = f" ({name} is missing)" if name else ""
    return EngineError(
        f"The studio is not installed here{package}. Install it with: {command}", "studio-missing"
    ).told("EngineError.missing", package=name or "skill.studio", command=command)


def kept_client_id(home: Home, refused: str = "") -> str:
    """The client id that every NemoVideo skill of the user shares, made if it is missing.

    It lies at ~/.config/nemovideo/client_id; where that cannot be written, in ``home``.
    ``refused`` is one that the backend did not take: it is set aside for a new one.
    """
    shared = Path.home() / ".config" / "nemovideo" / "client_id"
    try:
        return _client_id(shared, refused, home)
    except OSError:
        pass
    try:
        return _client_id(home.prepare() / "client_id", refused, home)
    except OSError as error:
        raise StateError(f"{home.path} cannot be used: {reason(error)}.").told(
            "StateError.folder", path=home.path, why=reason(error)
        ) from None


def _client_id(path: Path, refused: str, home: Home) -> str:
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    for _ in range(3):
        with contextlib.suppress(FileNotFoundError):
            kept = path.read_text("utf-8", "replace").strip()
            if kept != refused and _usable(kept):
                return kept
            path.replace(path.with_name("client_id.corrupt"))
            home.notices.append(Notice("notice.client_id", str(path)))
        # Written aside and linked into place: nobody sees half of it, and the first one stays.
        fresh = path.with_name(f".client_id.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{uuid.uuid4()}\n")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        except OSError:
            fresh.replace(path)  # a file system without links
        finally:
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()
    raise OSError("the client id changes all the time")


def _usable(client_id: str) -> bool:
    """Whether a header can carry it."""
    return 0 < len(client_id) <= 200 and all("!" <= letter <= "~" for letter in client_id)


def reachable(url: str, timeout: float = CONNECT_TIMEOUT) -> bool:
    """Whether a connection to the host of an address can be made, by its proxy if it has one."""
    return not obstacle(url, timeout)


def obstacle(url: str, timeout: float = CONNECT_TIMEOUT) -> str:
    """What keeps us from connecting to the host of an address, as a clause; "" where nothing does.

    Nothing is asked of the host. Takes little longer than ``timeout`` seconds, name
    resolution (which has no time-out of its own) included.
    """
    found: list[str] = []

    def look() -> None:
        try:
            _connect(url, timeout)
        except TimeoutError:
            found.append(f"no answer within {timeout:g} s")
        except socket.gaierror:
            found.append("its name is not found")
        except ConnectionRefusedError:
            found.append("the connection was refused")
        except OSError as error:
            found.append(reason(error) if error.errno else str(error))
        except (HTTPException, ValueError):
            found.append("what answers there is no proxy, or its address is not valid")
        else:
            found.append("")

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(timeout + 1)
    return found[0] if found else f"no answer within {timeout:g} s"


def _connect(url: str, timeout: float) -> None:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or {"https": 443}.get(parts.scheme, 80)
    proxy = proxy_of(url)
    if proxy is None:
        connection = HTTPConnection(host, port, timeout=timeout)
    else:
        at = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        if at.scheme not in ("http", "https"):
            return  # SOCKS: only the request itself can tell
        connection = HTTPConnection(at.hostname or "", at.port or 80, timeout=timeout)
        if at.scheme == "http" and parts.scheme == "https":
            connection.set_tunnel(host, port, _proxy_headers(at.username, at.password))
    try:
        connection.connect()
    finally:
        connection.close()


def proxy_of(url: str) -> str | None:
    """The proxy that the environment names for an address. It may hold a password."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")


def _proxy_headers(user: str | None, password: str | None) -> dict[str, str]:
    if user is None:
        return {}
    word = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(word).decode()}"}
