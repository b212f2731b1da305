"""Faults between "export" and the file on disk: the render, its polls, the download."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

from answer_faults import redirected
from fake_backend import (
    CLAIM,
    CUT,
    DOWNLOAD,
    GONE,
    POLL,
    RENDER,
    RESET,
    Piece,
    Reply,
    Seen,
    answer,
    empty,
    html,
    mp4,
    ok,
    raw,
    refusal,
)
from fault import EXPORT, Do, Fault, always, both, script
from stage import Ended, Stage

FALLBACK = "GET /api/render/proxy/render"
RESUME = "say 'resume'"


def made(name: str, do: Do, *says: str, renders: int = 1, **more: Any) -> Fault:
    """The file comes all the same."""
    wanted = {"videos": 1, "says": ("Video ready", *says), **more}
    return Fault(name, do, EXPORT, renders=renders, **wanted)


def not_made(name: str, do: Do, code: Any, *says: str, renders: Any = 1, **more: Any) -> Fault:
    return Fault(name, do, EXPORT, status=1, code=code, says=says, renders=renders, **more)


def later(name: str, do: Do, code: Any, *says: str, **more: Any) -> Fault:
    """No file this time; once the backend is well, ``resume`` brings it, and it is one render."""

    def check(stage: Stage, _: Ended) -> None:
        assert not [file for file in stage.files() if file.endswith(".part")], stage.files()
        stage.backend.heal()
        stage.env.pop("AI_VIDEO_RENDER_POLLS", None)
        done = stage.run("resume", "--json")
        assert done.status == 0, done
        (video,) = stage.videos()
        assert video.read_bytes() == stage.backend.file
        assert len(stage.render_ids()) == 1

    return not_made(name, do, code, *says, check=check, **more)


def once(stage: Stage, _: Ended) -> None:
    assert len(stage.render_ids()) == 1


def accepted(reply: Reply) -> Do:
    """The render is taken, and the answer to that is this one."""

    def do(stage: Stage) -> None:
        def take(seen: Seen) -> Reply:
            stage.backend._work(seen, f"{seen.method} {seen.path}")
            return reply

        stage.backend.script(RENDER, take)

    return do


def status(name: str, **fields: Any) -> Reply:
    return answer({"code": 0, "status": name, **fields})


def failing(times: int) -> Do:
    return script(POLL, *[status("failed", error="the moon is full")] * times)


RENDERS = [
    made("an export: no fault at all", script(RENDER), check=once),
    made("a render: reset before it was taken", script(RENDER, raw(RESET)), renders=2, check=once),
    made("a render: taken, and reset", accepted(raw(RESET))),
    made("a render: taken, and a gateway's page", accepted(html(504))),
    made("a render: taken, and silence", accepted(raw(GONE))),
    made("a render: taken, and nothing", accepted(empty())),
    made("a render: taken, and a code of 500", accepted(refusal(500))),
    made(
        "a render: taken, and unknown at first",
        both(accepted(raw(RESET)), script(POLL, empty(404))),
        renders=2,
        check=once,
    ),
    made(
        "a render: taken, and unknown now and then",
        script(POLL, empty(404), empty(404), None, empty(404)),
    ),
    made("a render: 503, once", script(RENDER, empty(503)), renders=2, check=once),
    made("a render: 429, once", script(RENDER, refusal(429, 429)), renders=2, check=once),
    made("a render: 401, once", script(RENDER, empty(401)), renders=2, tokens=1, check=once),
    not_made(
        "a render: 402",
        script(RENDER, empty(402)),
        402,
        "upgrade your plan",
        "not the credits",
        "register?bind=bind-1",
    ),
    not_made("a render: a code of 402", script(RENDER, refusal(402)), 402, "upgrade your plan"),
    not_made("a render: no credits", script(RENDER, refusal(2001)), 2001, "register?bind=bind-1"),
    not_made(
        "a render: 403", script(RENDER, answer({"detail": "not for you"}, 403)), 403, "not for you"
    ),
    not_made(
        "a render: 422",
        script(RENDER, answer({"detail": [{"msg": "no draft"}]}, 422)),
        422,
        "no draft",
    ),
    later(
        "a render: down, ever", always(RENDER, empty(503)), "unavailable", "in trouble", renders=2
    ),
    later("a render: reset, ever", always(RENDER, raw(RESET)), "answer-lost", renders=2),
    not_made("a render: 429, ever", always(RENDER, empty(429)), 429, renders=2),
    not_made(
        "a render: every token expired", always(RENDER, empty(401)), 1001, renders=2, tokens=1
    ),
    made("a render: failed, once", failing(1), renders=2),
    not_made(
        "a render: failed, twice",
        failing(2),
        "render-failed",
        "the moon is full",
        "failed twice",
        renders=2,
    ),
    not_made(
        "a render: failed in HTML",
        script(POLL, *[status("failed", error="<html>nginx")] * 2),
        "render-failed",
        renders=2,
    ),
    not_made(
        "a render: failed in a dump",
        script(
            POLL,
            *[status("failed", error={"message": 'Traceback (most recent call last): File "x"'})]
            * 2,
        ),
        "render-failed",
        renders=2,
    ),
    made(
        "a render: failed with a code",
        script(POLL, answer({"code": 7, "status": "failed"})),
        renders=2,
    ),
    made(
        "a render: a status that nobody knows",
        script(
            POLL,
            status("dreaming"),
            status(""),
            answer({"code": 0, "status": 7}),
            answer({"code": 0}),
        ),
    ),
    made("a render: in capitals", script(POLL, status("PROCESSING"), None)),
    made("a render: done without an address", script(POLL, status("completed"))),
    made(
        "a render: done with an address of null",
        script(POLL, status("completed", output={"url": None})),
    ),
    made(
        "a render: done with an address that is a list",
        script(POLL, status("completed", output=[1])),
    ),
    made(
        "a render: done with an address that is none",
        script(POLL, status("completed", output={"url": "hello there"})),
    ),
    made(
        "a render: done with a file of this machine",
        script(POLL, status("completed", output={"url": "file:///etc/passwd"})),
    ),
    made(
        "a render: done with a private address",
        script(POLL, status("completed", output={"url": "https://10.0.0.1/x.mp4"})),
    ),
    made(
        "a render: done with the address of a cloud's secrets",
        script(POLL, status("completed", output={"url": "http://169.254.169.254/latest"})),
    ),
    later(
        "a render: never done", always(POLL, status("processing")), "render-pending", "It goes on"
    ),
    later("a poll: down, ever", always(POLL, empty(503)), "render-pending", "It goes on"),
    later("a poll: reset, ever", always(POLL, raw(RESET)), "render-pending"),
    later(
        "a poll: silence, ever",
        both(always(POLL, raw(GONE)), lambda stage: stage.env.update(AI_VIDEO_RENDER_POLLS="1")),
        "render-pending",
    ),
    later("a poll: a web page, ever", always(POLL, html()), "render-pending"),
    later("a poll: 403, ever", always(POLL, empty(403)), 403, RESUME),
    later("a poll: no credits", always(POLL, refusal(2001)), 2001, RESUME),
    later(
        "a poll: a wait of years",
        always(POLL, answer({"code": 0, "status": "processing"}, Retry_After="99999999")),
        "render-pending",
    ),
    not_made(
        "a poll: unknown, ever", always(POLL, empty(404)), "render-failed", "lost it", renders=2
    ),
    made("a poll: reset, once", script(POLL, raw(RESET))),
    made("a poll: 500 and pages, for a while", script(POLL, *[empty(500), html(), html(502)] * 2)),
    made("a poll: 401, once", script(POLL, empty(401)), tokens=1),
    made(
        "a poll: a wait of nought",
        script(POLL, answer({"code": 0, "status": "processing"}, Retry_After="0")),
    ),
    made("a link: none to be had", always(CLAIM, empty(500)), never=("workspace/claim",)),
    made("a link: a page", always(CLAIM, html()), never=("workspace/claim",)),
    made(
        "a link: none in it", always(CLAIM, ok({"claim_token": None})), never=("workspace/claim",)
    ),
    made(
        "a link: one with an escape in it",
        always(CLAIM, ok({"claim_token": "clm\x1b[31m&a=b"})),
        "ct=clm%1B",
    ),
]


def breaking(
    *at: int, ranges: bool = True, tag: Callable[[int], str] = lambda _: '"v1"', length: bool = True
) -> Do:
    """A download that breaks at these bytes, one after the other, and then goes well."""

    def do(stage: Stage) -> None:
        def reply(number: int, end: int | None) -> Callable[[Seen], Reply]:
            def answered(seen: Seen) -> Reply:
                whole = stage.backend.file
                wanted = seen.headers.get("range", "")
                start = int(wanted[6:].split("-")[0]) if wanted else 0
                same = seen.headers.get("if-range", tag(number)) == tag(number)
                resumed = bool(wanted) and ranges and same
                part = whole[start:] if resumed else whole
                stop = len(part) if end is None else max(0, end - (start if resumed else 0))
                head = [
                    f"HTTP/1.1 {'206 Partial Content' if resumed else '200 OK'}",
                    "Content-Type: video/mp4",
                ]
                if tag(number):
                    head.append(f"ETag: {tag(number)}")
                if resumed:
                    head.append(f"Content-Range: bytes {start}-{len(whole) - 1}/{len(whole)}")
                if length:
                    head.append(f"Content-Length: {len(part)}")
                    body: list[Piece] = [part[:stop]]
                else:
                    head.append("Transfer-Encoding: chunked")
                    body = [b"%x\r\n%s\r\n" % (len(part[:stop]), part[:stop])] if stop else []
                    body += [b"0\r\n\r\n"] if end is None else []
                ends = [] if end is None else [RESET if number % 2 else CUT]
                return raw("\r\n".join([*head, "", ""]), *body, *ends)

            return answered

        stage.backend.script(DOWNLOAD, *[reply(n, end) for n, end in enumerate([*at, None])])

    return do


def file(body: bytes, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(200, body, {"Content-Type": "video/mp4", **named})


def every(reply: Reply) -> Do:
    """Both addresses of the file answer so, for ever."""
    return both(always(DOWNLOAD, reply), always(FALLBACK, reply))


def zipped(stage: Stage) -> None:
    stage.backend.script(DOWNLOAD, file(gzip.compress(stage.backend.file), Content_Encoding="gzip"))


def moving(*hops: str) -> Do:
    def do(stage: Stage) -> None:
        stage.backend.script(DOWNLOAD, *[redirected(hop) for hop in hops])

    return do


def named(name: str) -> Do:
    """A file of that name lies there already."""

    def do(stage: Stage) -> None:
        (stage.out / name).write_bytes(stage.backend.file)

    return do


def nested(stage: Stage) -> None:
    """A title that is a path."""
    words = "../../../etc/passwd\x00\x1b[31m"
    stage.backend.draft = {"t": [{"tt": 7, "sg": [{"d": 5000, "m": {"text": words}}]}]}


def _broken() -> Iterator[Fault]:
    for name, where in {
        "the first byte": 0,
        "a byte": 1,
        "the middle": 10_000,
        "the last byte": len(mp4()) - 1,
    }.items():
        yield made(f"a download: breaks at {name}", breaking(where))
        yield made(f"a download: breaks at {name}, no Range", breaking(where, ranges=False))
        yield made(f"a download: breaks at {name}, no length", breaking(where, length=False))


DOWNLOADS = [
    *_broken(),
    made("a download: breaks again and again, and gains", breaking(*range(1000, 20_000, 1500))),
    made("a download: another file in between", breaking(9000, 12_000, tag=lambda n: f'"v{n}"')),
    made("a download: no tag", breaking(9000, tag=lambda _: "")),
    made("a download: a weak tag", breaking(9000, tag=lambda _: 'W/"v1"')),
    made(
        "a download: the wrong range",
        both(
            breaking(9000),
            lambda s: s.backend._scripts[DOWNLOAD].insert(
                1, Reply(206, b"xx", {"Content-Range": "bytes 0-1/2"})
            ),
        ),
    ),
    made(
        "a download: 416 after a break",
        both(breaking(9000), lambda s: s.backend._scripts[DOWNLOAD].insert(1, empty(416))),
    ),
    made("a download: 404, once, at its address", script(DOWNLOAD, empty(404))),
    made("a download: 404 at its address, ever", always(DOWNLOAD, empty(404))),
    made(
        "a download: 403 at its address, ever", always(DOWNLOAD, answer({"detail": "expired"}, 403))
    ),
    made("a download: 500 at its address, ever", always(DOWNLOAD, empty(500))),
    made("a download: a page at its address, ever", always(DOWNLOAD, html())),
    made("a download: 503, once", script(DOWNLOAD, empty(503))),
    made("a download: 429 with a wait, once", script(DOWNLOAD, answer({}, 429, Retry_After="0"))),
    made("a download: reset, once", script(DOWNLOAD, raw(RESET))),
    made("a download: silence, once", script(DOWNLOAD, raw(GONE))),
    made("a download: zipped on the way", zipped),
    made("a download: moved within the origin", moving("/files/elsewhere.mp4")),
    made("a download: moved to a file of this machine", moving("file:///etc/passwd")),
    made("a download: moved to a private address", moving("http://192.168.0.1/x.mp4")),
    made("a download: moved from https to http", moving("http://example.com/x.mp4")),
    made("a download: moved in a circle", moving(*["/files/a.mp4"] * 9)),
    made(
        "a download: shorter than said, once",
        script(DOWNLOAD, file(mp4()[:500], Content_Length="20164")),
    ),
    made("a download: cut, but its length agrees, once", script(DOWNLOAD, file(mp4()[:500]))),
    made(
        "a download: its name is taken",
        named("a-sunset-over-the-ocean.mp4"),
        "a-sunset-over-the-ocean-2.mp4",
        videos=2,
    ),
    made("a download: a title that is a path", nested, never=("/etc/passwd",)),
    later(
        "a download: 404, ever", every(empty(404)), "download-missing", "not there to fetch", RESUME
    ),
    later("a download: 500, ever", every(empty(500)), "download", RESUME),
    later("a download: reset, ever", every(raw(RESET)), "download", "broke off", RESUME),
    later("a download: a page, ever", every(html()), "download", "damaged", RESUME),
    later("a download: no bytes, ever", every(file(b"")), "download", "damaged", RESUME),
    later("a download: cut, ever", every(file(mp4()[:-1])), "download", "damaged", RESUME),
    later(
        "a download: more than it should be, ever",
        every(file(mp4() + b"\0\0\0")),
        "download",
        "damaged",
        RESUME,
    ),
    later(
        "a download: another container, ever",
        every(file(b"\x1aE\xdf\xa3webm" + bytes(100))),
        "download",
        "damaged",
        RESUME,
    ),
    later("a download: JSON, ever", every(refusal(1002)), "download", RESUME),
    later(
        "a download: a length beyond reason",
        every(file(mp4(), Content_Length=str(10**13))),
        "download",
        "4 GB",
        RESUME,
    ),
    later(
        "a download: moved in a circle, ever",
        every(redirected("/files/x")),
        "download",
        "circle",
        RESUME,
    ),
    later(
        "a download: a private address, ever",
        every(redirected("http://10.0.0.1/x")),
        "forbidden-url",
        RESUME,
    ),
]

EXPORTS = [*RENDERS, *DOWNLOADS]
