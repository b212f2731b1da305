"""Uploads: files or links come in, are looked at, kept by content hash, and put on the timeline."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from skill.studio import worker
from skill.studio.media import MAX_BYTES, TOO_LARGE, UNSUPPORTED, MediaError, too_big
from skill.studio.server import projects
from skill.studio.server.envelope import Refusal, answer, bad_request, read_json
from skill.studio.server.fetch import FetchError, fetch
from skill.studio.server.multipart import read_files
from skill.studio.server.sessions import describe, find
from skill.studio.server.studio import Studio
from skill.studio.server.tokens import require_token
from skill.studio.store.files import Incoming
from skill.studio.store.sessions import Session

FILES = 50  # in one request
_STATUS = {UNSUPPORTED: 415, TOO_LARGE: 413}

_log = logging.getLogger(__name__)


@dataclass
class Upload:
    """One file on its way in: its bytes, or why they did not come."""

    name: str
    file: Incoming
    error: MediaError | None = None

    def write(self, data: bytes) -> None:
        if self.error is not None:
            return
        if self.file.size + len(data) > MAX_BYTES:
            self.error = too_big(self.name, f"the limit is {MAX_BYTES >> 20} MB a file")
            self.file.discard()
            return
        self.file.write(data)

    def finish(self) -> None:
        if self.error is None:
            self.file.finish()


async def upload(request: Request) -> Response:
    """POST /api/upload-video/nemo_agent/me/{session}: multipart ``files``, or {"urls": […]}"""
    studio = require_token(request)
    session = find(studio, request.path_params["session"])
    async with studio.uploading:
        return await _upload(request, studio, session)


async def _upload(request: Request, studio: Studio, session: Session) -> Response:
    uploads: list[Upload] = []
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            urls = _urls(await read_json(request))
            for url in urls:
                uploads.append(await run_in_threadpool(_download, studio, url))
        else:
            await read_files(request, lambda name: _open(studio, uploads, name))
        if not uploads:
            raise bad_request('There is no file in the field "files".')
        return answer(await _take(studio, session, uploads))
    finally:
        for one in uploads:
            one.file.discard()


def _urls(body: Mapping[str, Any]) -> list[str]:
    urls = body.get("urls")
    if not isinstance(urls, list) or not urls or not all(isinstance(url, str) for url in urls):
        raise bad_request('"urls" must be a list of links.')
    if len(urls) > FILES:
        raise bad_request(f"At most {FILES} links at once.")
    return urls


def _open(studio: Studio, uploads: list[Upload], name: str) -> Upload:
    if len(uploads) == FILES:
        raise bad_request(f"At most {FILES} files at once.")
    uploads.append(Upload(plain_name(name), studio.store.files.receive()))
    return uploads[-1]


def _download(studio: Studio, url: str) -> Upload:
    found = Upload(plain_name(url.partition("?")[0]), studio.store.files.receive())

    def write(data: bytes) -> None:
        found.write(data)
        if found.error is not None:  # too large: the rest need not come
            raise found.error

    try:
        found.name = plain_name(fetch(url, write, private=studio.private_urls))
    except FetchError as error:
        found.error = MediaError(400, str(error))
    except MediaError:
        pass
    except BaseException:
        found.file.discard()
        raise
    found.finish()
    return found


async def _take(studio: Studio, session: Session, uploads: list[Upload]) -> dict[str, Any]:
    async with studio.turn(session.id):
        return await run_in_threadpool(_keep, studio, session, uploads)


def _keep(studio: Studio, session: Session, uploads: list[Upload]) -> dict[str, Any]:
    """Look at the files, keep the good ones. Refused where none is good."""
    arrived = [one for one in uploads if one.error is None]
    files = []
    for one, media in zip(
        arrived, worker.probe([(one.file.path, one.name) for one in arrived]), strict=True
    ):
        if isinstance(media, MediaError):
            one.error = media
        else:
            files.append(projects.description(one.file.keep(), one.file.size, media))
    failed = [(one.name, one.error) for one in uploads if one.error is not None]
    if not files:
        error = failed[0][1]
        message = " ".join(str(reason) for _, reason in failed)
        raise Refusal(error.code, message, _STATUS.get(error.code, 400))
    projects.place(studio, session, files)
    return {
        "files": [describe(file) for file in files],
        "failed": [
            {"name": name, "code": error.code, "message": str(error)} for name, error in failed
        ],
    }


def plain_name(name: str) -> str:
    """What a file is called, without its path, control characters and invisible marks."""
    name = PurePosixPath(PureWindowsPath(name).as_posix()).name
    name = "".join(
        character for character in name if unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    name = re.sub(r"\s+", " ", name).strip()
    if len(name) > 100:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[:90]}{dot}{extension[-8:]}" if dot else name[:100]
    return name if name.strip(".") else "file"
