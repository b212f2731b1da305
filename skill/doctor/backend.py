"""Which backend would answer a turn, why, and whether it can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from skill.doctor.case import Case
from skill.doctor.finding import Finding
from skill.engine import proxy_of


def backend(case: Case) -> Iterator[Finding]:
    """The choice and its reason."""
    asked = case.settings.backend
    if asked != "auto":
        where = "AI_VIDEO_BACKEND or --backend says so"
        yield Finding("backend", "well", f"the {asked}: {where}")
    elif case.latest == "studio":
        yield Finding("backend", "well", "the studio: the project of the last days is there")
    elif case.project_in_cloud:
        yield Finding("backend", "well", "the cloud: the project of the last days is there")
    elif case.choice == "cloud":
        yield Finding("backend", "well", "the cloud, as by default")
    else:
        yield Finding("backend", "note", "the studio, because the cloud cannot be reached")


def cloud(case: Case) -> Iterator[Finding]:
    """Whether a connection to the cloud can be made, and by what proxy."""
    parts = urlsplit(case.settings.api_url)
    host = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    way = _way(case.settings.api_url)
    if case.settings.backend == "studio":
        yield Finding("cloud", "note", f"{host}{way}: not asked, the studio was chosen")
    elif case.offline:
        yield Finding("cloud", "note", f"{host}{way}: not asked (--offline)")
    elif not case.obstacle:
        yield Finding("cloud", "well", f"{host}{way} can be reached")
    else:
        words = f"{host}{way} cannot be reached: {case.obstacle}"
        if case.choice == "studio":
            yield Finding("cloud", "warning", words, "Check the network, or do without it.")
        else:
            mend = "Check the network" + (", the proxy" if way else "")
            mend += ", and NEMO_API_URL" if "NEMO_API_URL" in case.environ else ""
            yield Finding("cloud", "failure", words, f"{mend}, or use --backend studio.")


def _way(url: str) -> str:
    """The proxy, without the user name and password that it may hold."""
    proxy = proxy_of(url)
    if proxy is None:
        return ""
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        host = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        return " (by a proxy whose address is not valid)"
    return f" (by the proxy {host})"
