"""Faults of this machine: the folder that videos go to, and the state that is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fake_backend import DOWNLOAD, Reply, Seen
from fault import EDIT, EXPORT, Do, Fault, both, nothing
from stage import Ended, Stage

STATE_FILES = ("tokens.json", "sessions.json", "conversation.json", "limits.json")
# What may lie where an object of ours is expected.
FOREIGN: dict[str, bytes] = {
    "cut": b'{"a": {"b',
    "empty": b"",
    "no JSON": b"\x00\xff\xfe\x80" * 50,
    "null": b"null",
    "a list": b"[1, 2]",
    "a number": b"7",
    "nested": b"[" * 100_000,
}


def kept(name: str, data: bytes) -> Do:
    def do(stage: Stage) -> None:
        (stage.home / name).write_bytes(data)
        (stage.home / name).chmod(0o600)

    return do


def aside(name: str, data: bytes) -> Callable[[Stage, Ended], None]:
    """What was damaged is kept beside, as it was."""

    def check(stage: Stage, ended: Ended) -> None:
        assert (stage.home / f"{name}.corrupt").read_bytes() == data
        assert stage.run("credits", "--json").status == 0

    return check


def damaged(name: str, kind: str) -> Fault:
    data = FOREIGN[kind]
    lost: dict[str, Any] = {}
    if name == "tokens.json":
        lost = {"tokens": 1}
    elif name == "sessions.json":
        lost = {"sessions": 1}
    return Fault(
        f"state: {name}, {kind}",
        kept(name, data),
        EDIT,
        says=("Done.", f"{name} was damaged; it is set aside"),
        messages=1,
        check=aside(name, data),
        **lost,
    )


def values(
    name: str, change: Callable[[dict[str, Any]], Any], says: str = "Done.", **more: Any
) -> Fault:
    """A file of ours whose values are of other types than they should be."""

    def do(stage: Stage) -> None:
        path = stage.home / name
        data = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(change(data)))
        path.chmod(0o600)

    return Fault(f"state: {name}, {more.pop('kind')}", do, EDIT, says=(says,), messages=1, **more)


def each(data: dict[str, Any], value: Any) -> dict[str, Any]:
    return dict.fromkeys(data, value)


def field(data: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    return {key: {**item, name: value} for key, item in data.items()}


def full(size: int) -> Do:
    """No file may become larger than that."""
    return lambda stage: stage.options.update(size=size)


def gone(stage: Stage) -> None:
    """The folder goes away while the file comes."""

    def remove(_: Seen) -> Reply | None:
        for path in stage.out.iterdir():
            path.unlink()
        stage.out.rmdir()
        return None

    stage.backend.script(DOWNLOAD, remove)


def shut(stage: Stage) -> None:
    """A folder that nobody can write into, whoever they are: the kernel's own."""
    assert Path("/proc/self").is_dir()


def ledger(*lines: bytes) -> Do:
    return kept("renders.jsonl", b"".join(lines))


def one_video(stage: Stage, _: Ended) -> None:
    stage.options.clear()
    stage.out.mkdir(exist_ok=True)
    done = stage.run("resume", "--json")
    assert done.status == 0, done
    (video,) = stage.videos()
    assert video.read_bytes() == stage.backend.file
    assert len(stage.render_ids()) == 1


def years(ahead: float) -> Do:
    """The clock was set by so many years: what is kept is from then."""

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: moved(item) for name, item in value.items()}
        return value + ahead * 3e7 if isinstance(value, float) and value > 1e9 else value

    def do(stage: Stage) -> None:
        for path in stage.home.glob("*.json"):
            path.write_text(json.dumps(moved(json.loads(path.read_text()))))
        kept("limits.json", json.dumps({stage.backend.url: 2e9}).encode())(stage)

    return do


def without_token(stage: Stage) -> None:
    (stage.home / "tokens.json").unlink()


def folder_in_place(name: str) -> Do:
    def do(stage: Stage) -> None:
        path = stage.home / name
        path.unlink(missing_ok=True)
        path.mkdir()

    return do


def home_is(kind: str) -> Do:
    def do(stage: Stage) -> None:
        if kind == "a file":
            stage.home.write_text("words")
        elif kind == "a link to nowhere":
            stage.home.symlink_to(stage.folder / "nowhere" / "at" / "all")
        else:
            stage.env["AI_VIDEO_HOME"] = "/proc/self/nothing/state"

    return do


def no_writing(stage: Stage) -> None:
    """Nothing more can be written to the state folder: the disk is full."""
    stage.options.update(size=1)


OLD = b'{"id": "render_1", "state": "delivered", "file": "/x.mp4", "created": 1, "updated": 1}\n'

DISK = [
    *[damaged(name, kind) for name in STATE_FILES[:3] for kind in FOREIGN],
    Fault(
        "state: limits.json, cut",
        both(without_token, kept("limits.json", b"{oops")),
        EDIT,
        says=("Done.", "limits.json was damaged"),
        messages=1,
        tokens=1,
    ),
    values("tokens.json", lambda data: each(data, None), kind="entries of null", tokens=1),
    values("tokens.json", lambda data: each(data, [1]), kind="entries that are lists", tokens=1),
    values(
        "tokens.json",
        lambda data: field(data, "token", 7),
        kind="a token that is a number",
        tokens=1,
    ),
    values(
        "tokens.json",
        lambda data: field(data, "token", "a\r\nb: c"),
        kind="a token with a line in it",
        tokens=1,
    ),
    values(
        "tokens.json",
        lambda data: field(data, "client_id", "another"),
        kind="another client's token",
        tokens=1,
    ),
    values(
        "tokens.json", lambda data: field(data, "token", "dummy-old"), kind="an old token", tokens=1
    ),
    values(
        "sessions.json", lambda data: each(data, 5), kind="entries that are numbers", sessions=1
    ),
    values("sessions.json", lambda data: field(data, "id", None), kind="an id of null", sessions=1),
    values("sessions.json", lambda data: field(data, "worked", "x"), kind="times that are words"),
    values("sessions.json", lambda data: field(data, "worked", 1e308), kind="times beyond reason"),
    values(
        "sessions.json",
        lambda data: field(data, "id", "long-gone"),
        "this is a new one",
        kind="a project that is gone",
        sessions=1,
    ),
    values("conversation.json", lambda _: {"language": ["x"], "notice": {}}, kind="wrong types"),
    values(
        "conversation.json",
        lambda _: {"language": "../../etc/passwd"},
        kind="a language that is a path",
    ),
    values("limits.json", lambda _: {"x": "y"}, kind="wrong types"),
    Fault("state: the clock was set back by years", years(3), EDIT, says=("Done.",), messages=1),
    Fault(
        "state: the clock was set forward by years", years(-30), EDIT, says=("Done.",), messages=1
    ),
    Fault(
        "state: a limit from the future",
        both(years(3), without_token),
        EDIT,
        says=("Done.",),
        messages=1,
        tokens=1,
    ),
    Fault(
        "state: renders.jsonl, no JSON",
        ledger(b"\x00\xff" * 40 + b"\n", OLD),
        EXPORT,
        says=("Video ready", "renders.jsonl was damaged"),
        renders=1,
        videos=1,
    ),
    Fault(
        "state: renders.jsonl, its last line cut",
        ledger(OLD, OLD[:30]),
        EXPORT,
        says=("Video ready",),
        never=("damaged",),
        renders=1,
        videos=1,
    ),
    Fault(
        "state: renders.jsonl, its last line without an end",
        ledger(OLD, OLD[:-1]),
        EXPORT,
        says=("Video ready",),
        never=("damaged",),
        renders=1,
        videos=1,
    ),
    Fault(
        "state: renders.jsonl, of other types",
        ledger(
            b"null\n",
            b"[1]\n",
            b'{"id": 7}\n',
            b'{"id": "a", "state": "dreaming"}\n',
            b'{"id": "b", "state": "asked", "created": "x", "draft": 5}\n',
        ),
        EXPORT,
        says=("Video ready",),
        renders=1,
        videos=1,
    ),
    Fault(
        "state: renders.jsonl, empty",
        ledger(b""),
        EXPORT,
        says=("Video ready",),
        renders=1,
        videos=1,
    ),
    *[
        Fault(
            f"state: a folder where {what} should be",
            folder_in_place(file),
            call,
            status=1,
            code="state",
            says=(says,),
        )
        for what, file, call, says in (
            ("a file", "conversation.json", EDIT, "cannot be used"),
            ("tokens", "tokens.json", EDIT, "cannot be used"),
            ("renders", "renders.jsonl", EXPORT, "cannot be"),
        )
    ],
    *[
        Fault(
            f"state: a home that is {kind}",
            home_is(kind),
            EDIT,
            status=1,
            code="state",
            says=("cannot be used", "AI_VIDEO_HOME"),
            primed=False,
        )
        for kind in ("a file", "a link to nowhere", "nowhere")
    ],
    Fault(
        "state: the disk is full", no_writing, EXPORT, status=1, code="state", says=("cannot be",)
    ),
    Fault(
        "state: the disk is full at the first turn",
        no_writing,
        EDIT,
        status=1,
        code="state",
        says=("cannot be used",),
        tokens=0,
        primed=False,
    ),
    Fault(
        "a folder: not there",
        nothing,
        (*EXPORT, "--out", "nowhere"),
        status=1,
        code="folder-gone",
        says=("there is no such folder",),
    ),
    Fault(
        "a folder: a file",
        lambda s: bool((s.out / "x").write_text("x")) and None,
        (*EXPORT, "--out", "x/y"),
        status=1,
        says=("cannot be saved",),
    ),
    Fault(
        "a folder: the kernel's",
        shut,
        (*EXPORT, "--out", "/proc/self"),
        status=1,
        says=("cannot be saved",),
    ),
    Fault(
        "a folder: full, at the end",
        full(15_000),
        EXPORT,
        status=1,
        code="file",
        says=("the disk takes no file of this size", "The render is kept"),
        renders=1,
        check=one_video,
    ),
    Fault(
        "a folder: gone while the file comes",
        gone,
        EXPORT,
        status=1,
        code="folder-gone",
        says=("there is no such folder", "The render is kept"),
        renders=1,
        check=one_video,
    ),
]
