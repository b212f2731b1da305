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


@pytest.mark.parametrize(
    "message", ["trim it", "cut it", "trim this", "edit it", "改短一点", "córtalo"]
)
def test_a_short_order_beside_a_file_is_not_lost(message: str) -> None:
    assert [step.value for step in route(message, ["clip.mp4"])] == ["upload", "sse"]


@pytest.mark.parametrize("message", ["use this", "here it is", "就是这个", "aquí está"])
def test_words_that_only_present_a_file_are_no_order(message: str) -> None:
    assert [step.value for step in route(message, ["clip.mp4"])] == ["upload"]


@pytest.mark.parametrize(
    ("message", "steps"),
    [
        ("recorta el video", ["sse"]),
        ("keep only clip b.mp4", ["sse"]),
        ("use song.mp3 at 30%", ["sse"]),
        ("用song.mp3,音量30%", ["sse"]),
        ("beach.mp4を消して", ["sse"]),
        ("beach.mp4 지워 줘", ["sse"]),
        ("quita playa.mp4", ["sse"]),
        ("delete export.mp4", ["sse"]),
        ("remove ~/Movies/download.mov.", ["sse"]),
        ("上传 beach.mp4", ["upload"]),
        ("上传holiday.mov", ["upload"]),
        ("upload beach.mp4", ["upload"]),
        ("导出成 final.mp4", ["export"]),
        ("keep only a.mp4, then export as b.mp4", ["sse", "export"]),
    ],
)
def test_a_file_s_name_is_one_word(message: str, steps: list[str]) -> None:
    assert [step.value for step in route(message)] == steps


RAIN = "I need a vertical video for my phone: a city at night in the rain, 4 seconds."


@pytest.mark.parametrize(
    ("message", "steps"),
    [
        (f"{RAIN} Export it in 720p please", ["sse", "export"]),
        (RAIN, ["sse"]),
        ("can I get a 5 second clip of a forest? export it", ["sse", "export"]),
        ("keep only the part from 2 s to 4 s. Then export.", ["sse", "export"]),
        ("I need it in vertical", ["sse"]),
        ("is it possible to have the sea come first?", ["sse"]),
        ("show the dog before the video", ["sse"]),
        ("适合发抖音的尺寸", ["sse"]),
        ("drop the cake picture", ["sse"]),
        # What only stands around an export is no wish.
        ("The rain looks great, the city too. Export it in 720p.", ["export"]),
        ("I need it in 4K", ["export"]),
    ],
)
def test_a_wish_in_a_sentence_of_its_own_is_done(message: str, steps: list[str]) -> None:
    assert [step.value for step in route(message)] == steps
