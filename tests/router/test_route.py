import pytest

from skill.router import route


@pytest.mark.parametrize(
    ("message", "steps"),
    [
        ("export", ["export"]),
        ("导出", ["export"]),
        ("download", ["export"]),
        ("send me the video", ["export"]),
        ("credits", ["credits"]),
        ("积分", ["credits"]),
        ("balance", ["credits"]),
        ("余额", ["credits"]),
        ("status", ["status"]),
        ("状态", ["status"]),
        ("show tracks", ["status"]),
        ("upload", ["upload"]),
        ("上传", ["upload"]),
        ("a sunset over the ocean", ["sse"]),
        ("", ["sse"]),
    ],
)
def test_the_table_s_own_words(message: str, steps: list[str]) -> None:
    assert [step.value for step in route(message)] == steps


def test_quoted_words_are_content() -> None:
    assert route("put a title 'Download now'") == ["sse"]


def test_a_file_alone_is_an_upload() -> None:
    assert route("", ["clip.mp4"]) == ["upload"]


def test_a_file_comes_before_what_is_asked_of_it() -> None:
    assert route("trim it to 5 seconds, then export", ["clip.mp4"]) == ["upload", "sse", "export"]


def test_a_media_link_counts_as_a_file() -> None:
    assert route("https://media.example.com/a.mov") == ["upload"]


@pytest.mark.parametrize(
    ("message", "steps"),
    [
        ("remove morning.mp4", ["sse"]),
        ("put evening.mp4 first", ["sse"]),
        ("now keep only evening.mp4", ["sse"]),
        ("crop IMG_2231.MOV to the first 4 seconds", ["sse"]),
        ("删除 beach.mp4", ["sse"]),
        ("entferne beach.mp4", ["sse"]),
        ("remove morning.mp4 and export", ["sse", "export"]),
        ("export as final.mp4", ["export"]),
        ("mp4 please", ["export"]),
    ],
)
def test_a_file_s_ending_asks_for_no_export(message: str, steps: list[str]) -> None:
    assert [step.value for step in route(message)] == steps
