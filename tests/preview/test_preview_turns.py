"""Looking at a project of a backend that draws no frames itself, over real sockets."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_backend import MESSAGE, STATE, FakeBackend, refusal
from fake_backend import Reply as Answer

from skill import Reply, Skill
from skill.preview import drawing
from skill.settings import Settings


@pytest.fixture
def backend() -> Iterator[FakeBackend]:
    with FakeBackend() as running:
        yield running


@pytest.fixture
def skill(backend: FakeBackend, home: Path, tmp_path: Path) -> Skill:
    out = tmp_path / "out"
    out.mkdir()
    return Skill(Settings.read(backend.environ(home / "state")), out=out)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two seconds of red, then two of blue."""
    import av
    import numpy as np

    path = tmp_path_factory.mktemp("film") / "film.mp4"
    with av.open(str(path), "w") as file:
        picture = file.add_stream("libx264", rate=10)
        picture.width, picture.height, picture.pix_fmt = 160, 90, "yuv420p"
        for number in range(40):
            image = np.zeros((90, 160, 3), np.uint8)
            image[..., 0 if number < 20 else 2] = 220
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = number
            file.mux(picture.encode(frame))
        file.mux(picture.encode())
    return path.read_bytes()


def serve(backend: FakeBackend, path: str, data: bytes) -> str:
    backend.always(f"GET {path}", Answer(200, data, {"Content-Type": "video/mp4"}))
    return backend.url + path


def wire(*segments: dict[str, Any], **tracks: list[dict[str, Any]]) -> dict[str, Any]:
    listed = [{"id": "v", "tt": 0, "sg": list(segments)}] if segments else []
    kinds = {"titles": 7, "music": 1}
    listed += [{"id": name, "tt": kinds[name], "sg": sg} for name, sg in tracks.items()]
    return {"m": {"w": 1920, "h": 1080, "fps": 30}, "t": listed}


def begin(skill: Skill, backend: FakeBackend, draft: dict[str, Any]) -> None:
    """A project with this timeline; what is said to it changes nothing by itself."""
    backend.on_message = None
    skill.turn("begin a film about the sea")
    backend.draft = draft


def opened(path: Path) -> Any:
    from PIL import Image

    return Image.open(path).convert("RGB")


def color(path: Path, x: float = 0.5, y: float = 0.5) -> str:
    """Which of red, green and blue is the strongest at a place (0..1) of a picture."""
    picture = opened(path)
    pixel = picture.getpixel((int(x * picture.width), int(y * picture.height)))
    return ("red", "green", "blue")[pixel.index(max(pixel))]


def actions(reply: Reply) -> list[tuple[str, bool]]:
    return [(step["action"], step["ok"]) for step in reply.steps]


def test_a_frame_comes_out_of_the_media_that_the_state_lists(
    skill: Skill, backend: FakeBackend, film: bytes
) -> None:
    url = serve(backend, "/media/film.mp4", film)
    backend.state_extra = {"video_infos": [{"id": "m1", "url": url}]}
    begin(skill, backend, wire({"id": "a", "d": 4000, "m": {"name": "Film", "media_id": "m1"}}))
    early, late = skill.preview(0.5), skill.preview(3.0)
    assert (early.error, late.error) == (None, None)
    assert [color(reply.files[0]) for reply in (early, late)] == ["red", "blue"]
    assert opened(early.files[0]).size == (1600, 900)
    assert "0:00.5" in early.text
    assert "titles, transitions and effects come with the export" in early.text
    assert actions(early) == [("status", True)]


def test_the_sheet_shows_frames_of_an_address_in_the_timeline_itself(
    skill: Skill, backend: FakeBackend, film: bytes
) -> None:
    url = serve(backend, "/media/x", film)
    begin(skill, backend, wire({"d": 4000, "m": {"source": {"video_url": url, "in": 0}}}))
    reply = skill.preview()
    assert reply.error is None
    [path] = reply.files
    assert opened(path).width == 1600
    assert (color(path, 0.2, 0.25), color(path, 0.8, 0.6)) == ("red", "blue")
    assert "Timeline (1 track)" in reply.text


def test_a_clip_begins_where_its_starting_point_is(
    skill: Skill, backend: FakeBackend, film: bytes
) -> None:
    url = serve(backend, "/media/film.mp4", film)
    begin(skill, backend, wire({"d": 1000, "m": {"url": url, "in": 2500}}))
    assert color(skill.preview(0).files[0]) == "blue"


def test_the_same_file_is_fetched_once_for_all_its_clips(
    skill: Skill, backend: FakeBackend, film: bytes
) -> None:
    url = serve(backend, "/media/film.mp4", film)
    clips = [{"d": 1000, "m": {"url": url, "in": 1000 * n}} for n in range(3)]
    begin(skill, backend, wire(*clips))
    assert skill.preview().error is None
    assert len(backend.calls("GET /media/")) == 1


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/gone.mp4", "http://10.0.0.1/x.mp4", "file:///etc/passwd", "x.mp4"]
)
def test_without_media_to_fetch_the_tracks_are_drawn_alone(
    skill: Skill, backend: FakeBackend, url: str
) -> None:
    clips = [{"d": 1000, "m": {"name": "Sea", "url": url + str(n)}} for n in range(4)]
    begin(skill, backend, wire(*clips))
    reply = skill.preview()
    assert reply.error is None
    assert "only the tracks are drawn" in reply.text
    assert opened(reply.files[0]).height < 400


def test_what_is_no_film_gives_no_picture_and_no_harm(skill: Skill, backend: FakeBackend) -> None:
    url = serve(backend, "/media/film.mp4", b"\0\0\0\x18ftypisom" + bytes(5000))
    begin(skill, backend, wire({"d": 4000, "m": {"name": "Sea", "url": url}}))
    assert "only the tracks are drawn" in skill.preview().text
    reply = skill.preview(1)
    assert reply.error is not None
    assert reply.error["code"] == "no-picture"
    assert "no picture of 0:01.0" in reply.error["message"].lower()


def test_clips_of_two_media_are_told_apart_by_their_names(
    skill: Skill, backend: FakeBackend, film: bytes
) -> None:
    from io import BytesIO

    from PIL import Image

    green = BytesIO()
    Image.new("RGB", (160, 90), (0, 200, 0)).save(green, "PNG")
    still = serve(backend, "/media/still", green.getvalue())
    backend.state_extra = {
        "video_infos": [{"name": "film.mp4", "url": serve(backend, "/media/film.mp4", film)}],
        "generated_media": {"list": [{"name": "green", "image": {"x": 1}, "url": still}]},
    }
    clips = ({"d": 1000, "m": {"name": "green"}}, {"d": 1000, "m": {"name": "film.mp4"}})
    begin(skill, backend, wire(*clips))
    reply = skill.preview([0.5, 1.5])
    assert reply.error is None
    assert [color(path) for path in reply.files] == ["green", "red"]


def test_nothing_is_overwritten(skill: Skill, backend: FakeBackend) -> None:
    begin(skill, backend, wire({"d": 4000, "m": {"name": "Sea"}}))
    first, second = skill.preview().files[0], skill.preview().files[0]
    assert (first.name, second.name) == ("sea-preview.png", "sea-preview-2.png")
    assert sorted(path.name for path in first.parent.iterdir()) == [second.name, first.name]


def test_before_and_after_of_the_last_message(
    skill: Skill, backend: FakeBackend, film: bytes
) -> None:
    url = serve(backend, "/media/film.mp4", film)
    before = wire({"id": "a", "d": 4000, "m": {"name": "Film", "url": url}})
    begin(skill, backend, before)
    title = {"id": "t", "s": 0, "d": 2000, "m": {"text": "Dawn"}}

    def edit(_: Any) -> None:
        backend.draft = wire(*before["t"][0]["sg"], titles=[title])

    backend.on_message = edit
    assert skill.turn("put a title on it").error is None
    reply = skill.preview(before_after=True)
    assert reply.error is None
    assert "Title added: 'Dawn' (0-2s)" in reply.text
    assert [path.name for path in reply.files] == ["dawn-before-after.png"]
    assert (color(reply.files[0], 0.25, 0.4), color(reply.files[0], 0.75, 0.4)) == ("red", "red")


def test_before_any_edit_there_is_nothing_to_compare(skill: Skill, backend: FakeBackend) -> None:
    begin(skill, backend, wire({"d": 4000}))
    reply = skill.preview(before_after=True)
    assert (reply.error or {})["code"] == "no-edit"
    assert reply.files == []


def test_an_empty_timeline_is_told_with_ideas(skill: Skill) -> None:
    reply = skill.preview()
    assert (reply.error or {})["code"] == "empty-timeline"
    assert "nothing on the timeline to look at" in reply.text
    assert "Try saying:" in reply.text
    assert actions(reply) == [("status", False)]


@pytest.mark.parametrize("at", [4.5, 1e9])
def test_a_time_beyond_the_end_is_told_with_the_end(
    skill: Skill, backend: FakeBackend, at: float
) -> None:
    begin(skill, backend, wire({"d": 4000}))
    reply = skill.preview(at)
    assert (reply.error or {})["code"] == "beyond-end"
    assert "ends at 0:04.0" in reply.text
    assert reply.files == []


@pytest.mark.parametrize("at", [-1.0, float("nan")])
def test_a_time_before_the_beginning_is_the_beginning(
    skill: Skill, backend: FakeBackend, film: bytes, at: float
) -> None:
    url = serve(backend, "/media/film.mp4", film)
    begin(skill, backend, wire({"d": 4000, "m": {"name": "Sea", "url": url}}))
    assert [path.name for path in skill.preview(at).files] == ["sea-at-0s.png"]


def test_the_last_frame_has_the_name_of_the_time_that_was_asked_for(
    skill: Skill, backend: FakeBackend, film: bytes
) -> None:
    url = serve(backend, "/media/film.mp4", film)
    begin(skill, backend, wire({"d": 4000, "m": {"name": "Sea", "url": url}}))
    assert [path.name for path in skill.preview(4.0).files] == ["sea-at-4s.png"]


def test_sound_alone_is_drawn_as_tracks_and_has_no_frame(
    skill: Skill, backend: FakeBackend
) -> None:
    begin(skill, backend, wire(music=[{"d": 4000, "m": {"name": "Lo-fi"}}]))
    sheet, frame = skill.preview(), skill.preview(1)
    assert sheet.error is None
    assert len(sheet.files) == 1
    assert "only the tracks" not in sheet.text
    assert (frame.error or {})["code"] == "no-picture"


def test_a_folder_that_is_not_there_is_told_before_anything_is_asked(
    skill: Skill, backend: FakeBackend, tmp_path: Path
) -> None:
    begin(skill, backend, wire({"d": 4000}))
    asked = len(backend.calls(STATE))
    skill._out = tmp_path / "nowhere"
    reply = skill.preview()
    assert (reply.error or {})["code"] == "folder-gone"
    assert str(tmp_path / "nowhere") in reply.text
    assert len(backend.calls(STATE)) == asked


def test_without_the_packages_the_one_command_is_told(
    skill: Skill, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(skill, backend, wire({"d": 4000}))
    monkeypatch.setattr(drawing, "_NEEDED", ("no_such_package",))
    reply = skill.preview()
    assert (reply.error or {})["code"] == "studio-missing"
    assert "no_such_package is missing" in reply.text
    assert "Install it with: " in reply.text


def test_a_backend_that_is_away_is_told(skill: Skill, backend: FakeBackend) -> None:
    begin(skill, backend, wire({"d": 4000}))
    backend.always(STATE, refusal(4003, 400, "no"))
    reply = skill.preview()
    assert reply.error is not None
    assert actions(reply) == [("status", False)]


def test_a_full_disk_is_told_and_leaves_nothing(
    skill: Skill, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(skill, backend, wire({"d": 4000}))

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("skill.preview.view.place", full)
    reply = skill.preview()
    assert (reply.error or {})["code"] == "disk-full"
    assert list(Path(skill._out or "").iterdir()) == []


def test_a_turn_that_asks_to_see_it_sends_no_message(skill: Skill, backend: FakeBackend) -> None:
    begin(skill, backend, wire({"d": 4000, "m": {"name": "Sea"}}))
    sent = len(backend.calls(MESSAGE))
    reply = skill.turn("show me what it looks like")
    assert [path.name for path in reply.files] == ["sea-preview.png"]
    assert actions(reply) == [("status", True)]
    assert len(backend.calls(MESSAGE)) == sent
    assert skill.turn("让我看看效果").text.startswith("预览：")


def test_an_edit_is_made_first_and_then_shown(skill: Skill, backend: FakeBackend) -> None:
    begin(skill, backend, wire({"d": 4000, "m": {"name": "Sea"}}))
    reply = skill.turn("add a title “Show me it” and show me what it looks like")
    sent = backend.calls(MESSAGE)[-1].json["new_message"]["parts"][0]["text"]
    assert sent == "add a title “Show me it”"
    assert actions(reply) == [("sse", True), ("status", True)]
    assert len(reply.files) == 1


def test_what_could_be_said_next_comes_after_the_preview(
    skill: Skill, backend: FakeBackend
) -> None:
    reply = skill.turn("a film about the sea, then show me what it looks like")
    assert 0 < reply.text.index("Preview:") < reply.text.index("Next, you could say")


def test_an_edit_that_failed_is_not_shown(skill: Skill, backend: FakeBackend) -> None:
    begin(skill, backend, wire({"d": 4000, "m": {"name": "Sea"}}))
    backend.always(MESSAGE, refusal(2001))
    reply = skill.turn("add music and show me what it looks like")
    assert actions(reply) == [("sse", False), ("status", False)]
    assert reply.files == []
    assert "the preview" in reply.text


def test_addresses_and_tokens_stay_out_of_the_answer(
    skill: Skill, backend: FakeBackend, film: bytes
) -> None:
    url = serve(backend, "/media/film.mp4", film) + "?signature=dummy-secret"
    begin(skill, backend, wire({"d": 4000, "m": {"name": "Sea", "url": url}}))
    reply = skill.preview()
    assert "dummy-secret" not in str(reply.as_json())
    assert all(token not in str(reply.as_json()) for token in backend.tokens)
