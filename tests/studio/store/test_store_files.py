"""The store's files: media by hash, the cache's bound, the database's versions, tokens, renders."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.draft import VIDEO, Draft, Segment, Track
from skill.studio.store import Store, StoreError
from skill.studio.store.database import SCHEMA
from skill.studio.store.tokens import CLAIM, KEPT, LIFETIME, USER


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "studio")
    yield opened
    opened.close()


def test_a_file_is_kept_under_its_hash(store):
    incoming = store.files.receive()
    incoming.write(b"hello ")
    incoming.write(b"world")
    content_hash = incoming.keep()
    assert content_hash == hashlib.sha256(b"hello world").hexdigest()
    assert incoming.size == 11
    assert store.files.path(content_hash).read_bytes() == b"hello world"
    assert store.files.has(content_hash)


def test_the_same_content_is_kept_once(store):
    for _ in range(2):
        incoming = store.files.receive()
        incoming.write(b"same")
        incoming.keep()
    assert len([path for path in store.files.folder.rglob("*") if path.is_file()]) == 1


def test_a_discarded_file_leaves_nothing(store):
    incoming = store.files.receive()
    incoming.write(b"x")
    incoming.discard()
    incoming.discard()
    assert not [path for path in store.files.folder.rglob("*") if path.is_file()]


def test_what_a_killed_studio_was_receiving_is_swept(store):
    store.files.receive().write(b"half")
    again = Store(store.folder)
    assert not [path for path in again.files.folder.rglob("*") if path.is_file()]
    again.close()


@pytest.mark.parametrize("name", ["", "x", "../../studio.db", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_what_is_no_hash_has_no_path(store, name):
    assert not store.files.has(name)
    with pytest.raises(KeyError):
        store.files.path(name)


def test_what_a_killed_worker_left_is_swept(store):
    (store.renders.folder / "a.part.mp4").write_bytes(b"half")
    (store.renders.folder / ".render-x").mkdir()
    (store.renders.folder / "done.mp4").write_bytes(b"whole")
    again = Store(store.folder)
    assert [path.name for path in again.renders.folder.iterdir()] == ["done.mp4"]
    again.close()


def test_tokens_are_known_until_they_expire(store):
    token = store.tokens.issue(USER, now=1000.0)
    assert store.tokens.check(USER, token, now=1000.0 + LIFETIME - 1) == ""
    assert store.tokens.check(USER, token, now=1000.0 + LIFETIME) is None
    assert store.tokens.check(USER, token + "x", now=1000.0) is None


def test_a_token_of_one_kind_is_none_of_another(store):
    claim = store.tokens.issue(CLAIM, "session")
    assert store.tokens.check(CLAIM, claim) == "session"
    assert store.tokens.check(USER, claim) is None


def test_tokens_are_kept_as_hashes_only(store):
    token = store.tokens.issue(USER)
    stored = b"".join(path.read_bytes() for path in store.folder.glob("studio.db*"))
    assert token.encode() not in stored
    assert hashlib.sha256(token.encode()).hexdigest().encode() in stored


def test_old_tokens_make_room(store):
    first = store.tokens.issue(USER, now=1.0)
    for number in range(KEPT):
        last = store.tokens.issue(USER, now=2.0 + number)
    assert store.tokens.check(USER, first, now=200.0) is None
    assert store.tokens.check(USER, last, now=200.0) == ""


def test_the_client_id_stays(store):
    again = Store(store.folder)
    assert again.settings.client_id == store.settings.client_id
    again.close()


def test_a_newer_schema_is_left_alone(store):
    store.close()
    with sqlite3.connect(store.folder / "studio.db") as database:
        database.execute(f"PRAGMA user_version = {len(SCHEMA) + 1}")
    database.close()
    with pytest.raises(StoreError, match="newer version"):
        Store(store.folder)


def test_a_damaged_database_is_set_aside(store):
    store.close()
    path = store.folder / "studio.db"
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    again = Store(store.folder)
    assert again.sessions.create("project", "en").id
    assert len(list(store.folder.glob("studio.db.broken-*"))) >= 1
    again.close()


def test_it_waits_for_the_disk(store):
    (synchronous,) = store.database.rows("PRAGMA synchronous")
    (journal,) = store.database.rows("PRAGMA journal_mode")
    assert (synchronous[0], journal[0]) == (2, "wal")


def test_a_transaction_is_all_or_nothing(store):
    def half() -> None:
        with store.database.transaction() as connection:
            connection.execute("INSERT INTO setting VALUES ('a', 1)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert store.settings.read("a") is None


@pytest.fixture
def session(store) -> str:
    return store.sessions.create("project", "en").id


DRAFT = Draft(tracks=(Track("v", VIDEO, (Segment("a", 0, 1000),)),))


def test_a_render_is_taken_once(store, session):
    first = store.renders.add("r", session, DRAFT, {"format": "mp4"})
    again = store.renders.add("r", session, Draft(), {"format": "webm"})
    assert first == again
    assert first.draft == DRAFT
    assert (first.status, first.output) == ("pending", {"format": "mp4"})


def test_unfinished_renders_come_back_in_order(store, session):
    for name in "abcd":
        store.renders.add(name, session, DRAFT, {})
    store.renders.start("a")
    store.renders.complete("b")
    store.renders.fail("c", "why")
    again = Store(store.folder)
    assert again.renders.unfinished() == ["a", "d"]
    assert again.renders.find("c").error == "why"
    assert again.renders.latest(session).id == "b"
    again.close()


def test_a_stopped_render_has_used_no_attempt(store, session):
    store.renders.add("a", session, DRAFT, {})
    store.renders.start("a")
    store.renders.put_back("a")
    assert (store.renders.find("a").status, store.renders.find("a").attempts) == ("pending", 0)


def test_an_id_never_leaves_the_folder(store, session):
    for render_id in ("../../x", "A", "a"):
        render = store.renders.add(render_id, session, DRAFT, {"format": "../mp4"})
        assert store.renders.file(render).parent == store.renders.folder
    files = [store.renders.file(store.renders.find(render_id)).name.lower() for render_id in "Aa"]
    assert len(set(files)) == 2
