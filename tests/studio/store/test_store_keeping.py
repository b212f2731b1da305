"""What goes, when its time has come, and what never does."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.draft import VIDEO, Draft, Segment, Track
from skill.studio.store import Store, keeping
from skill.studio.store.keeping import DAY
from skill.studio.store.renders import COMPLETED


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "studio")
    yield opened
    opened.close()


def draft(content_hash: str = "") -> Draft:
    source = {"kind": "image", "hash": content_hash}
    return Draft(tracks=(Track("v", VIDEO, (Segment("s", 0, 1000, {"source": source}),)),))


def upload(store: Store, content: bytes, age: float = 2 * DAY) -> str:
    incoming = store.files.receive()
    incoming.write(content)
    content_hash = incoming.keep()
    then = time.time() - age
    os.utime(store.files.path(content_hash), (then, then))
    return content_hash


def render(store: Store, session: str, render_id: str, size: int = 10) -> Path:
    made = store.renders.add(render_id, session, draft(), {"format": "mp4"})
    path = store.renders.file(made)
    path.write_bytes(bytes(size))
    store.renders.complete(render_id)
    return path


def test_media_that_no_project_names_go_after_a_day(store):
    old, new = upload(store, b"old"), upload(store, b"new", age=60)
    store.keeping.sweep()
    assert (store.files.has(old), store.files.has(new)) == (False, True)
    store.keeping.sweep(time.time() + 2 * DAY)
    assert not store.files.has(new)


def test_media_that_undo_or_redo_leads_to_stay(store):
    undone, redone, branch = (upload(store, name) for name in (b"1", b"2", b"3"))
    session = store.sessions.create("project", "en").id
    for content_hash in (undone, branch):
        store.sessions.add(session, draft(content_hash))
    store.sessions.move(session, "undo")
    store.sessions.add(session, draft(redone))  # the branch before is left, and kept
    store.sessions.move(session, "undo")
    store.sessions.move(session, "undo")
    store.keeping.sweep(time.time() + 1000 * DAY)
    assert all(store.files.has(each) for each in (undone, redone, branch))


def test_media_that_were_sent_but_not_placed_stay(store):
    sent = upload(store, b"1")
    session = store.sessions.create("project", "en").id
    store.sessions.add(session, draft(), [(sent, {"hash": sent})])
    store.keeping.sweep(time.time() + 1000 * DAY)
    assert store.files.has(sent)


def test_media_of_a_render_to_come_stay(store):
    wanted = upload(store, b"1")
    session = store.sessions.create("project", "en").id
    store.renders.add("r", session, draft(wanted), {})
    store.keeping.sweep(time.time() + 1000 * DAY)
    assert store.files.has(wanted)
    assert store.renders.unfinished() == ["r"]


def test_a_file_that_comes_again_in_that_moment_stays(store):
    content_hash = upload(store, b"1", age=60)
    store.files.delete(content_hash, time.time() - DAY)
    assert store.files.has(content_hash)


def test_a_fetched_render_goes_a_week_later(store):
    session = store.sessions.create("project", "en").id
    fetched, waiting = render(store, session, "a"), render(store, session, "b")
    store.renders.fetched("a")
    store.keeping.sweep(time.time() + 6 * DAY)
    assert fetched.exists()
    store.keeping.sweep(time.time() + 8 * DAY)
    assert (fetched.exists(), waiting.exists()) == (False, True)
    assert store.renders.find("a") is None
    store.keeping.sweep(time.time() + 31 * DAY)
    assert not waiting.exists()


def test_many_renders_make_room_but_not_on_their_first_day(store, monkeypatch):
    session = store.sessions.create("project", "en").id
    paths = [render(store, session, name, 100) for name in "abc"]
    monkeypatch.setattr(keeping, "ROOM", 250)
    store.keeping.sweep()
    assert [path.exists() for path in paths] == [True, True, True]
    store.keeping.sweep(time.time() + 2 * DAY)
    assert [path.exists() for path in paths].count(False) == 1
    assert store.renders.latest(session).status == COMPLETED


def test_a_file_without_a_render_goes(store):
    stray = store.renders.folder / f"{'0' * 32}.mp4"
    stray.write_bytes(b"x")
    store.keeping.sweep()
    assert stray.exists()
    store.keeping.sweep(time.time() + 2 * DAY)
    assert not stray.exists()


def test_projects_stay_but_empty_ones(store):
    empty, used = (store.sessions.create("project", "en").id for _ in range(2))
    store.sessions.add(used, draft())
    store.keeping.sweep(time.time() + 20 * DAY)
    assert store.sessions.find(empty)
    store.keeping.sweep(time.time() + 40 * DAY)
    assert store.sessions.find(empty) is None
    assert store.sessions.find(used)


def test_a_store_of_before_is_brought_up_to_date(tmp_path):
    """The first schema knew no time of fetching."""
    import sqlite3

    from skill.studio.store.database import SCHEMA

    (tmp_path / "studio").mkdir()
    old = sqlite3.connect(tmp_path / "studio" / "studio.db")
    old.executescript(f"BEGIN; {SCHEMA[0]} PRAGMA user_version = 1; COMMIT;")
    old.close()
    store = Store(tmp_path / "studio")
    session = store.sessions.create("project", "en").id
    path = render(store, session, "a")
    store.keeping.sweep()
    assert path.exists()
    store.close()
