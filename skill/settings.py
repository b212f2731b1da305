"""What the environment says, read once: backend, addresses, identity, folder, waits."""

from __future__ import annotations

import ipaddress
import math
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from skill.errors import SettingsError
from skill.home import expanded

API_URL = "https://mega-api-prod.nemovideo.ai"
WEB_URL = "https://nemovideo.com"
BACKENDS = ("auto", "cloud", "studio")

# What stands in no host and port (RFC 3986, 3.2.2). User names and escapes could, and do not
# here: readers of addresses disagree on where the host is beside them.
NO_HOST = re.compile(r"[\s\\@%<>\"^`{|}]")

_DAY = 86_400.0


@dataclass(frozen=True)
class Settings:
    """Every variable that the skill reads. Times are in seconds.

    The defaults of the waits are the protocol's own ("Turn rules", "Endpoints").
    ``turn_timeout`` bounds every silence of a backend: no other answer is waited for longer.
    Secrets are left out of the repr.
    """

    backend: str = "auto"
    api_url: str = API_URL
    web_url: str = WEB_URL
    token: str | None = field(default=None, repr=False)
    client_id: str | None = field(default=None, repr=False)
    source: str | None = None
    home: Path = Path()
    render_poll: float = 30
    render_polls: int = 10
    still_working: float = 120
    idle_timeout: float = 600
    turn_timeout: float = 900
    recovery_waits: tuple[float, ...] = (30, 60, 60, 60, 60)
    retry_after: float = 30

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the variables, ``os.environ`` unless told otherwise.

        An empty variable counts as unset. Raises SettingsError for a value that
        cannot be used, naming the variable, the value (never a secret) and what
        is allowed.
        """
        env = {
            name: value.strip()
            for name, value in (os.environ if environ is None else environ).items()
            if value.strip()
        }
        home = env.get("AI_VIDEO_HOME")
        return cls(
            backend=_one_of(env, "AI_VIDEO_BACKEND", BACKENDS, "auto"),
            api_url=_url(env, "NEMO_API_URL", API_URL),
            web_url=_url(env, "NEMO_WEB_URL", WEB_URL),
            token=_header(env, "NEMO_TOKEN", secret=True),
            client_id=_header(env, "NEMO_CLIENT_ID", secret=True),
            source=_header(env, "SKILL_SOURCE"),
            home=expanded(home).absolute() if home else default_home(env),
            render_poll=_seconds(env, "AI_VIDEO_RENDER_POLL", cls.render_poll),
            render_polls=_count(env, "AI_VIDEO_RENDER_POLLS", cls.render_polls),
            still_working=_seconds(env, "AI_VIDEO_STILL_WORKING", cls.still_working),
            idle_timeout=_seconds(env, "AI_VIDEO_IDLE_TIMEOUT", cls.idle_timeout),
            turn_timeout=_seconds(env, "AI_VIDEO_TURN_TIMEOUT", cls.turn_timeout),
            recovery_waits=_waits(env, "AI_VIDEO_RECOVERY_WAITS", cls.recovery_waits),
            retry_after=_seconds(env, "AI_VIDEO_RETRY_AFTER", cls.retry_after),
        )


def default_home(env: Mapping[str, str]) -> Path:
    """The platform's folder for the state of a program."""
    if sys.platform == "win32":
        base = Path(env.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        # A relative path there counts as unset (XDG Base Directory, "Basics").
        told = Path(env.get("XDG_STATE_HOME", ""))
        base = told if told.is_absolute() else Path.home() / ".local" / "state"
    return base / "ai-video"


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address means this machine."""
    if not host:
        return False
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = env.get(name, default)
    if value.lower() not in allowed:
        raise _refuse(name, value, f"one of {', '.join(allowed)}")
    return value.lower()


def _url(env: Mapping[str, str], name: str, default: str) -> str:
    value = env.get(name, default)
    allowed = f"an https address, or one on this machine (http://127.0.0.1:8000); unset: {default}"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _refuse(name, value, allowed) from None
    if "@" in parts.netloc:
        # Not shown: what stands before the @ may be a password.
        raise SettingsError(f"{name} holds a user name or password; give the address without it.")
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    odd = parts.query or parts.fragment or NO_HOST.search(parts.netloc)
    if not host or not secure or odd or not _printable(value):
        raise _refuse(name, value, allowed)
    return value.rstrip("/")


def _header(env: Mapping[str, str], name: str, *, secret: bool = False) -> str | None:
    value = env.get(name)
    if value is None:
        return None
    if not _printable(value) or len(value) > 4096:
        allowed = "plain letters, digits and signs without spaces"
        raise _refuse(name, None if secret else value, allowed)
    return value


def _printable(value: str) -> bool:
    return all("!" <= character <= "~" for character in value)


def _number(value: str) -> float:
    number = float(value) if value.isascii() else math.nan
    if not 0 <= number <= _DAY:
        raise ValueError(value)
    return number


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    value = env.get(name)
    try:
        return default if value is None else _number(value)
    except ValueError:
        raise _refuse(name, value, f"seconds from 0 to {_DAY:.0f}, such as {default:g}") from None


def _count(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, str(default))
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= 100_000):
        raise _refuse(name, value, f"a whole number from 1 to 100000, such as {default}")
    return int(value)


def _waits(env: Mapping[str, str], name: str, default: tuple[float, ...]) -> tuple[float, ...]:
    value = env.get(name)
    if value is None:
        return default
    try:
        return tuple(_number(part.strip()) for part in value.split(","))
    except ValueError:
        example = ",".join(f"{wait:g}" for wait in default)
        raise _refuse(name, value, f"seconds with commas between them, such as {example}") from None


def _refuse(name: str, value: str | None, allowed: str) -> SettingsError:
    shown = "" if value is None else f" is {value[:80]!r}, which"
    return SettingsError(f"{name}{shown} cannot be used. Allowed: {allowed}.")
