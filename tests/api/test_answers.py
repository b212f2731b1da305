from __future__ import annotations

from typing import Any

import pytest

from skill.api import answers
from skill.errors import BadAnswer


def test_credits() -> None:
    found = answers.credits({"available": 70, "frozen": "30", "total": 100.5})
    assert (found.available, found.frozen, found.total, found.free) == (70, 30, 100.5, False)


def test_credits_that_are_left_out_are_worked_out() -> None:
    assert answers.credits({"frozen": 30, "total": 100}).available == 70
    assert answers.credits({"frozen": 30, "available": 70}).total == 100


def test_a_free_backend_says_so() -> None:
    found = answers.credits({"available": 1, "free": True, "used": {"clips": 2}})
    assert found.free
    assert found.used == {"clips": 2}


@pytest.mark.parametrize("fields", [{}, {"available": None}, {"available": "many"}, {"frozen": 1}])
def test_credits_without_numbers(fields: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        answers.credits(fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": {"draft": {"t": [1]}, "video_infos": [2]}},
        {"draft": {"t": [1]}, "video_infos": [2]},
        {"state": {"draft": '{"t": [1]}', "video_infos": [2]}},
    ],
)
def test_state(fields: dict[str, Any]) -> None:
    state = answers.state(fields)
    assert state.draft == {"t": [1]}
    assert state.video_infos == [2]


@pytest.mark.parametrize("draft", [None, "", "{", {}, [], 3, "[1]"])
def test_no_draft(draft: object) -> None:
    assert answers.state({"state": {"draft": draft}}).draft is None


@pytest.mark.parametrize(
    "fields",
    [{"bind_id": "b1"}, {"state": {"bindId": "b1"}}, {"bind": "b1", "state": {}}],
)
def test_the_bind_id_wherever_it_stands(fields: dict[str, Any]) -> None:
    assert answers.state(fields).bind == "b1"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("completed", "completed"),
        ("COMPLETED", "completed"),
        ("Succeeded", "completed"),
        ("failed", "failed"),
        ("ERROR", "failed"),
        ("pending", "pending"),
        ("Processing", "pending"),
        ("something new", "pending"),
        (None, "pending"),
        (200, "pending"),
    ],
)
def test_the_status_of_a_render_in_any_case(word: object, status: str) -> None:
    assert answers.render({"status": word}, "r1", None).status == status


@pytest.mark.parametrize(
    "fields",
    [
        {"output": {"url": "https://x/v.mp4"}},
        {"output": "https://x/v.mp4"},
        {"output": {}, "url": "https://x/v.mp4"},
        {"output": None, "output_url": " https://x/v.mp4 "},
    ],
)
def test_the_address_of_a_render(fields: dict[str, Any]) -> None:
    assert answers.render({"status": "completed", **fields}, "r1", None).url == "https://x/v.mp4"


def test_a_render_without_an_address() -> None:
    assert answers.render({"status": "completed", "output": {"url": 3}}, "r1", None).url == ""


def test_the_reason_and_the_progress_of_a_render() -> None:
    failed = answers.render({"status": "failed", "error": {"message": "no\x1b[1m memory"}}, "r", 2)
    assert (failed.error, failed.retry_after) == ("no memory", 2)
    assert answers.render({"progress": 0.5}, "r", None).progress == 0.5
    assert answers.render({"progress": 50}, "r", None).progress == 0.5
    assert answers.render({"progress": "soon"}, "r", None).progress is None
