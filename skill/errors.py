"""Everything that can go wrong, as one family. The text of each is what the user reads.

    SkillError                  code, retry
     ├── SettingsError          a variable of the environment has a value that cannot be used
     ├── ManifestError          SKILL.md is missing or cannot be read
     ├── StateError             the folder of our own state cannot be used
     ├── EngineError            neither the cloud nor the studio can do this
     │    ├── Unreachable       nothing was sent: no connection could be made
     │    └── AnswerLost        something was sent, and the connection broke before the answer
     ├── ApiError               the backend answered, and refused            (status)
     │    ├── TokenRefused      1001, HTTP 401
     │    ├── SessionLost       1002, HTTP 404 from /run_sse
     │    ├── NoCredits         2001                                         (link)
     │    ├── UnsupportedFile   4001
     │    ├── FileTooLarge      4002
     │    ├── MissingClientId   400 from the token endpoint
     │    ├── ExportBlocked     402                                          (link)
     │    ├── RateLimited       429                                          (wait)
     │    ├── NotFound          404 from anything else
     │    ├── Unavailable       HTTP 5xx: the backend is in trouble           (wait)
     │    └── BadAnswer         no JSON, an empty answer, fields missing
     ├── AgentError             the backend's agent reported a failure in its answer
     ├── StreamError            a message was sent, its answer did not come   (turn)
     │    ├── StreamBroken      the connection ended too early
     │    ├── TurnTimeout       heartbeats alone, or too long in all
     │    └── EventTooLarge     one event beyond the cap
     ├── RenderError                                                          (job)
     │    ├── RenderFailed      failed, and failed again under a new id
     │    └── RenderPending     the waiting ended, the render goes on
     ├── FileError              a file of the user cannot be read or written
     └── DownloadError          a file could not be fetched whole
          └── ForbiddenUrl      an address that we do not fetch from

``code`` is the backend's number where there is one, else a short word ("unreachable").
``retry`` is true where the same request may work in a while.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from typing_extensions import Self

    from skill.jobs import Job
    from skill.stream import Turn

Code = int | str | None


class SkillError(Exception):
    """The base of all: ``str(error)`` is a whole sentence for the user, without secrets."""

    default_code: ClassVar[int | str] = "failed"
    default_retry = False

    def __init__(self, message: str, code: Code = None, retry: bool | None = None) -> None:
        super().__init__(message)
        self.code: int | str = code or self.default_code
        self.said = ""  # what of the text are the backend's words
        self.retry: bool = self.default_retry if retry is None else retry
        # The sentence in other languages than English (skill.phrases.errors), what it is filled
        # with, and one that comes after it.
        self.key = ""
        self.values: Mapping[str, object] = {}
        self.then = ""

    def told(self, key: str, **values: object) -> Self:
        """The error, with the key of its sentence in other languages, and what that names."""
        self.key, self.values = key, values
        return self


class SettingsError(SkillError):
    """A variable of the environment has a value that cannot be used."""

    default_code = "settings"


class ManifestError(SkillError):
    """SKILL.md is missing or its frontmatter cannot be read."""

    default_code = "manifest"


class StateError(SkillError):
    """The folder that holds our own state cannot be used."""

    default_code = "state"


class EngineError(SkillError):
    """No engine can do what was asked."""

    default_code = "engine"


class Unreachable(EngineError):
    """No connection could be made, so nothing was sent."""

    default_code = "unreachable"
    default_retry = True


class AnswerLost(EngineError):
    """A request was sent, and the connection broke before its answer."""

    default_code = "answer-lost"
    default_retry = True


class ApiError(SkillError):
    """The backend answered, and refused. ``status`` is the HTTP status."""

    default_code: ClassVar[int | str] = "refused"

    def __init__(
        self,
        message: str,
        code: Code = None,
        retry: bool | None = None,
        *,
        status: int = 0,
        link: str = "",
        wait: float | None = None,
    ) -> None:
        super().__init__(message, code, retry)
        self.status = status
        self.link = link  # a page that mends it, where there is one
        self.wait = wait  # seconds, from Retry-After


class TokenRefused(ApiError):
    """The token is wrong or has expired."""

    default_code = 1001


class SessionLost(ApiError):
    """The backend does not know the session."""

    default_code = 1002
    default_retry = True


class NoCredits(ApiError):
    """The account has no credits left."""

    default_code = 2001


class UnsupportedFile(ApiError):
    """A file of a kind that cannot be used."""

    default_code = 4001


class FileTooLarge(ApiError):
    """A file beyond 200 MB."""

    default_code = 4002


class MissingClientId(ApiError):
    """The token endpoint wants a client id."""

    default_code = 400


class ExportBlocked(ApiError):
    """The plan does not allow exports; credits have nothing to do with it."""

    default_code = 402


class RateLimited(ApiError):
    """Too many requests."""

    default_code = 429
    default_retry = True


class NotFound(ApiError):
    """The backend does not know the thing that was asked for."""

    default_code = 404


class Unavailable(ApiError):
    """The backend is in trouble; the request may work in a while."""

    default_code = "unavailable"
    default_retry = True


class BadAnswer(ApiError):
    """An answer that is not what the protocol says."""

    default_code = "bad-answer"
    default_retry = True


class AgentError(SkillError):
    """The backend's agent reported a failure in its answer, in its own words."""

    default_code = "agent"
    default_retry = True

    def __init__(self, message: str, code: Code = None) -> None:
        super().__init__(message, code)
        self.said = message


class StreamError(SkillError):
    """A message was sent and its answer did not come whole. ``turn`` is what did come."""

    default_retry = True

    def __init__(
        self,
        message: str,
        code: Code = None,
        retry: bool | None = None,
        *,
        turn: Turn | None = None,
    ) -> None:
        super().__init__(message, code, retry)
        self.turn = turn


class StreamBroken(StreamError):
    """The connection ended before the answer did; the backend may still be working."""

    default_code = "stream-broken"


class TurnTimeout(StreamError):
    """Heartbeats alone for too long, or too long in all; the backend may still be working."""

    default_code = "timeout"


class EventTooLarge(StreamError):
    """One event of the stream is beyond the cap."""

    default_code = "event-too-large"
    default_retry = False


class RenderError(SkillError):
    """A render that gave no file. ``job`` is its entry in the ledger."""

    default_code = "render"

    def __init__(
        self, message: str, code: Code = None, retry: bool | None = None, *, job: Job | None = None
    ) -> None:
        super().__init__(message, code, retry)
        self.job = job
        self.said = job.error if job else ""


class RenderFailed(RenderError):
    """The render failed, and failed again under a new id."""

    default_code = "render-failed"
    default_retry = True


class RenderPending(RenderError):
    """The waiting ended; the render goes on and can be fetched later."""

    default_code = "render-pending"
    default_retry = True


class FileError(SkillError):
    """A file or folder of the user cannot be read or written."""

    default_code = "file"


class DownloadError(SkillError):
    """A file could not be fetched whole."""

    default_code = "download"
    default_retry = True


class ForbiddenUrl(DownloadError):
    """An address that we do not fetch from."""

    default_code = "forbidden-url"
    default_retry = False
