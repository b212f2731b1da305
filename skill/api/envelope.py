"""An HTTP answer -> its fields, or the error that it means.

``{"code": 0, "message": ..., "data": {...}}`` is the rule. A code may come with HTTP 200 or as
the HTTP status; fields may stand at the top level; errors may be ``{"detail": ...}`` (text,
list or object), ``{"error": ...}``, HTML, or nothing at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from skill import formats
from skill.errors import (
    ApiError,
    BadAnswer,
    ExportBlocked,
    FileTooLarge,
    MissingClientId,
    NoCredits,
    NotFound,
    RateLimited,
    SessionLost,
    TokenRefused,
    Unavailable,
    UnsupportedFile,
)
from skill.plain import said

# Endpoints whose path names a session: their 404 means that it is gone.
_OF_SESSIONS = ("message", "state", "upload")
# Endpoints that are always there: their 404 means that we ask at the wrong place.
_OF_THE_ADDRESS = ("token", "session", "credits")
_AS_STATUS = {401: 1001, 413: 4002, 415: 4001}
_NO_CODE = -1  # a refusal in words alone


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, read whole. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def wait(self) -> float | None:
        """Retry-After in seconds, None where it is missing or cannot be read."""
        value = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d{1,9}(?:\.\d{1,6})?", value, re.ASCII):
            return float(value)
        try:
            # A date, measured by the server's own clock: ours may differ.
            until = parsedate_to_datetime(value)
            return max(0.0, (until - parsedate_to_datetime(self.headers["date"])).total_seconds())
        except (KeyError, TypeError, ValueError):
            return None


def read(answer: Answer, what: str) -> dict[str, Any]:
    """The fields of an answer: those under ``data``, and those at the top level.

    ``what`` is the endpoint's word (token, session, message, upload, credits, state, render,
    poll, claim). Raises the ApiError that the answer means.
    """
    try:
        payload = json.loads(answer.body)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        if 200 <= answer.status < 300:
            raise BadAnswer(_not_json(answer), status=answer.status)
        raise refusal(answer.status, status=answer.status, what=what, wait=answer.wait)
    data = payload.get("data")
    fields = {name: value for name, value in payload.items() if name != "data"}
    if isinstance(data, dict):
        fields = {**fields, **data}
    elif data is not None:
        fields["data"] = data
    code, message = _meaning(payload)
    if 200 <= answer.status < 300:
        if code in (0, None, 200):
            return fields
        if what == "poll" and isinstance(fields.get("status"), str) and code not in _WORDS:
            return fields  # a failed render has a code of its own
    failed = answer.status if answer.status >= 300 else _NO_CODE
    known = code if code not in (0, None, 200, _NO_CODE) else failed
    raise refusal(known, message, status=answer.status, what=what, wait=answer.wait)


def refusal(
    code: int | None,
    message: str = "",
    *,
    status: int = 0,
    what: str = "",
    wait: float | None = None,
) -> ApiError:
    """The error that a code means; ``message`` is the backend's own, for codes not in the table."""
    code = _AS_STATUS.get(code or 0, code)
    if code == 404 or (code is None and status == 404):
        if what in _OF_SESSIONS:
            code = 1002
        elif what in _OF_THE_ADDRESS:
            words = "This address has no such backend (HTTP 404). If NEMO_API_URL is set, check it."
            return NotFound(words, status=status).told("NotFound.address")
        else:
            return NotFound("The backend does not know this any more.", status=status)
    if code == 400 and what == "token":
        return MissingClientId("The backend did not accept the client id.", status=status)
    known = _WORDS.get(code or 0)
    if known:
        kind, words = known
        error = kind(words, status=status, wait=wait)
        error.said = said(message, 300)
        return error
    told = said(message)
    if (code or 0) in range(500, 600) or status >= 500:
        words = f"The backend is in trouble right now ({code or status}). Try again in a minute."
        return Unavailable(words, status=status, wait=wait)
    if code is None or code in range(300, 400):
        words = f"The backend gave an answer that makes no sense here (HTTP {status})."
        return BadAnswer(words, status=status)
    if code == _NO_CODE:
        detail, code = told or "it gave no reason", None
    else:
        detail = f"code {code}: {told}" if told else f"code {code}"
    error = ApiError(f"The backend refused this ({detail}).", code, status=status)
    if code is not None:
        error.told("ApiError.code", code=code)
    error.said = told
    return error


_WORDS: dict[int, tuple[type[ApiError], str]] = {
    1001: (TokenRefused, "The backend did not accept the token."),
    1002: (SessionLost, "The backend does not know this project any more."),
    2001: (NoCredits, "No credits are left."),
    4001: (
        UnsupportedFile,
        f"This kind of file cannot be used. Supported: {', '.join(formats.FORMATS)}.",
    ),
    4002: (
        FileTooLarge,
        f"This file is too large: {formats.LIMIT_MB} MB is the limit. Compress or trim it first.",
    ),
    402: (
        ExportBlocked,
        "Register or upgrade your plan to unlock export. (It is the plan, not the credits.)",
    ),
    429: (RateLimited, "The backend has had too many requests. Try again in a few minutes."),
}


def _meaning(payload: Mapping[str, Any]) -> tuple[int | None, str]:
    """The code and the message of an answer, wherever they stand."""
    code, message = _int(payload.get("code")), _text(payload.get("message"))
    for key in ("detail", "error"):
        inner = payload.get(key)
        if isinstance(inner, Mapping):
            code = code if code else _int(inner.get("code")) or code
            message = message or _text(inner.get("message"))
        elif inner and code is None and not _has_fields(payload):
            # An error and nothing else. (A render that goes well may say "error": "".)
            code, message = _NO_CODE, _text(inner)
    return code, message


def _has_fields(payload: Mapping[str, Any]) -> bool:
    return bool(payload.keys() - {"error", "detail", "message", "success", "ok", "timestamp"})


def _int(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip(), re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    if isinstance(value, list):  # FastAPI: [{"loc": ["body", "x"], "msg": "field required"}]
        found = [item.get("msg") if isinstance(item, Mapping) else item for item in value[:3]]
        return "; ".join(text for text in found if isinstance(text, str))
    return value if isinstance(value, str) else ""


def _not_json(answer: Answer) -> str:
    if not answer.body.strip():
        return "The backend gave an empty answer. Try again in a minute."
    if answer.body.lstrip()[:1] == b"<":
        return "The backend answered with a web page instead of data. Try again in a minute."
    return "The backend gave an answer that cannot be read. Try again in a minute."
