from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill import errors
from skill.api.envelope import Answer, read, refusal


def answer(payload: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, headers, json.dumps(payload).encode())


@pytest.mark.parametrize(
    "payload",
    [
        {"code": 0, "message": "ok", "data": {"a": 1}},
        {"code": "0", "data": {"a": 1}},
        {"code": 200, "data": {"a": 1}},
        {"code": 0, "a": 1},
        {"code": 0, "a": 1, "data": None},
        {"data": {"a": 1}},
        {"a": 1, "error": ""},
        {"a": 1, "error": None},
        {"a": 0, "data": {"a": 1}},
    ],
)
def test_fields_under_data_and_at_the_top(payload: dict[str, Any]) -> None:
    assert read(answer(payload), "credits")["a"] == 1


def test_data_that_is_a_list_is_kept() -> None:
    assert read(answer({"code": 0, "data": [1]}), "upload")["data"] == [1]


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (1001, errors.TokenRefused, "token"),
        (1002, errors.SessionLost, "project"),
        (2001, errors.NoCredits, "No credits are left"),
        (4001, errors.UnsupportedFile, "mp4, mov, avi, webm, mkv, jpg, png, gif, webp, mp3"),
        (4002, errors.FileTooLarge, "Compress or trim"),
        (402, errors.ExportBlocked, "Register or upgrade your plan to unlock export."),
        (429, errors.RateLimited, "too many requests"),
        (500, errors.Unavailable, "in trouble"),
        (5003, errors.ApiError, "code 5003: odd"),
    ],
)
@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("status", [200, 400])
def test_codes_come_with_any_status(
    code: int, kind: type[errors.ApiError], words: str, as_text: bool, status: int
) -> None:
    payload = {"code": str(code) if as_text else code, "message": "odd", "data": None}
    with pytest.raises(kind, match=words.replace(".", r"\.")) as caught:
        read(answer(payload, status), "render")
    assert type(caught.value) is kind
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("status", "what", "kind"),
    [
        (401, "credits", errors.TokenRefused),
        (404, "message", errors.SessionLost),
        (404, "state", errors.SessionLost),
        (404, "upload", errors.SessionLost),
        (404, "poll", errors.NotFound),
        (413, "upload", errors.FileTooLarge),
        (415, "upload", errors.UnsupportedFile),
        (400, "token", errors.MissingClientId),
        (400, "render", errors.ApiError),
        (402, "render", errors.ExportBlocked),
        (429, "token", errors.RateLimited),
        (502, "state", errors.Unavailable),
        (302, "state", errors.BadAnswer),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", b"<html>oops</html>", b'{"detail": "Not Found"}', b'{"detail": [{"msg": "x"}]}']
)
def test_a_status_without_a_code(
    status: int, what: str, kind: type[errors.ApiError], body: bytes
) -> None:
    with pytest.raises(kind) as caught:
        read(Answer(status, {}, body), what)
    assert type(caught.value) is kind
    assert "<" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty answer"),
        (b" \n", "empty answer"),
        (b"<!doctype html><p>hi", "web page instead of data"),
        (b"{half", "cannot be read"),
        (b"[1]", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
    ],
)
def test_a_success_that_is_no_object_is_a_bad_answer(body: bytes, words: str) -> None:
    with pytest.raises(errors.BadAnswer, match=words):
        read(Answer(200, {}, body), "credits")


def test_an_error_and_nothing_else_is_a_refusal() -> None:
    for payload in ({"error": "no such thing"}, {"detail": "no such thing"}):
        with pytest.raises(errors.ApiError, match="refused this \\(no such thing\\)"):
            read(answer(payload), "credits")


def test_a_failed_render_is_no_refusal() -> None:
    fields = read(answer({"code": 7, "status": "failed", "error": "x"}), "poll")
    assert fields["status"] == "failed"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({}, None),
        (
            {
                "retry-after": "Wed, 21 Oct 2026 07:28:05 GMT",
                "date": "Wed, 21 Oct 2026 07:28:00 GMT",
            },
            5.0,
        ),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:05 GMT"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], wait: float | None) -> None:
    assert Answer(503, headers).wait == wait
    with pytest.raises(errors.Unavailable) as caught:
        read(Answer(503, headers), "state")
    assert caught.value.wait == wait


@pytest.mark.parametrize(
    "message",
    [
        "Bearer dummy-secret was bad",
        "nmv_usr_dummy expired",
        "<html>dummy</html>",
        "Traceback (most recent call last): dummy",
        '{"token": "dummy"}',
    ],
)
def test_the_backends_words_show_no_secret_and_no_dump(message: str) -> None:
    assert "dummy" not in str(refusal(5003, message))


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.dictionaries(
            st.sampled_from(["code", "message", "data", "detail", "error", "status"]),
            st.recursive(
                st.none() | st.integers() | st.text(max_size=5) | st.booleans(),
                lambda inner: (
                    st.lists(inner, max_size=2)
                    | st.dictionaries(
                        st.sampled_from(["code", "message", "msg"]), inner, max_size=2
                    )
                ),
                max_leaves=4,
            ),
        ).map(lambda payload: json.dumps(payload).encode()),
    ),
    st.sampled_from([200, 201, 204, 301, 400, 401, 404, 500]),
    st.sampled_from(["token", "message", "poll", "credits"]),
)
def test_any_body_gives_fields_or_an_error_for_the_user(
    body: bytes, status: int, what: str
) -> None:
    try:
        fields = read(Answer(status, {}, body), what)
    except errors.ApiError as error:
        words = str(error)
    else:
        words = "fields" if isinstance(fields, dict) else ""
    assert words.strip()
