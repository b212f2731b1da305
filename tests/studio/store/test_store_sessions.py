"""Versions of drafts: undo and redo over the tree, all or nothing on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.draft import VIDEO, Draft, Segment, Track
from skill.studio.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "studio")
    yield opened
    opened.close()


def draft(name: str) -> Draft:
    return Draft(tracks=(Track("v", VIDEO, (Segment(name, 0, 1000, {"name": name}),)),))


def where(store: Store, session: str) -> list[str | None]:
    """The names of the drafts at the head, behind it and before it."""
    head = store.sessions.head(session)
    return [
        None if each is None else "".join(s.id for s in each.segments_of(VIDEO))
        for each in (head.draft, head.previous, head.next)
    ]


def test_a_new_session_has_nothing_to_undo(store):
    session = store.sessions.create("project", "en")
    assert where(store, session.id) == ["", None, None]
    assert not store.sessions.move(session.id, "undo")
    assert not store.sessions.move(session.id, "redo")
    assert store.sessions.find(session.id) == session


def test_undo_leads_back_and_redo_forth(store):
    session = store.sessions.create("project", "en").id
    store.sessions.add(session, draft("a"))
    store.sessions.add(session, draft("b"))
    assert where(store, session) == ["b", "a", None]
    assert store.sessions.move(session, "undo")
    assert where(store, session) == ["a", "", "b"]
    assert store.sessions.move(session, "redo")
    assert where(store, session) == ["b", "a", None]


def test_an_edit_after_undo_begins_a_branch(store):
    session = store.sessions.create("project", "en").id
    for name in "ab":
        store.sessions.add(session, draft(name))
    store.sessions.move(session, "undo")
    store.sessions.add(session, draft("c"))
    assert where(store, session) == ["c", "a", None]
    store.sessions.move(session, "undo")
    assert where(store, session) == ["a", "", "c"]
    assert store.sessions.head(session).versions == 4


def test_an_unknown_session_is_no_session(store):
    assert store.sessions.find("nobody") is None
    with pytest.raises(KeyError):
        store.sessions.head("nobody")
    with pytest.raises(KeyError):
        store.sessions.add("nobody", draft("a"))


def test_media_and_version_come_together_or_not_at_all(store):
    session = store.sessions.create("project", "en").id
    with pytest.raises(TypeError):
        store.sessions.add(session, draft("a"), [("hash", {"broken": object()})])
    assert where(store, session) == ["", None, None]
    assert store.sessions.media(session) == []
    store.sessions.add(session, draft("a"), [("hash", {"name": "a.mp4"})])
    assert store.sessions.media(session) == [{"name": "a.mp4"}]


def test_everything_is_there_after_opening_again(store):
    session = store.sessions.create("Beach", "zh").id
    store.sessions.add(session, draft("夏\ud83d"))
    again = Store(store.folder)
    assert where(again, session) == ["夏\ud83d", "", None]
    found = again.sessions.find(session)
    assert (found.name, found.language) == ("Beach", "zh")
    again.close()


@settings(max_examples=30, deadline=None)
@given(moves=st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=25))
def test_the_tree_behaves_like_two_stacks(tmp_path_factory, moves):
    store = Store(tmp_path_factory.mktemp("store"))
    session = store.sessions.create("project", "en").id
    done, undone, number = [""], [], 0
    for move in moves:
        if move == "edit":
            number += 1
            store.sessions.add(session, draft(f"v{number}"))
            done.append(f"v{number}")
            undone = []
        elif move == "undo":
            assert store.sessions.move(session, "undo") == (len(done) > 1)
            if len(done) > 1:
                undone.append(done.pop())
        else:
            assert store.sessions.move(session, "redo") == bool(undone)
            if undone:
                done.append(undone.pop())
        expected = [done[-1], done[-2] if len(done) > 1 else None, undone[-1] if undone else None]
        assert where(store, session) == expected
    store.close()
