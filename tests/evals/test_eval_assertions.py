"""Every assertion passes on what it asserts, and fails on what it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import eval_kit as kit
import numpy as np
import pytest
import sample_media
from assertions import check, understood
from grading import CHECKS, Run

TITLE = {"text": "Golden Hour", "position": "top", "size": 0.16, "color": "#fdd835"}


@dataclass(frozen=True)
class Case:
    """A sentence, what it is true of, and what it is not true of."""

    sentence: str
    good: Callable[[Path], Run]
    bad: Callable[[Path], Run]


def _links(status: int) -> Callable[[Path], Run]:
    link = "http://127.0.0.1:1/workspace"
    return lambda d: kit.run(turns=[kit.turn(films=[kit.film(d / "a.mp4", 0.2)], links=[link])],
                             pages={link: status})  # fmt: skip


def _text(words: str) -> Callable[[Path], Run]:
    return lambda _: kit.run(turns=[kit.turn(text=words)])


def _film(**options: object) -> Callable[[Path], Run]:
    return lambda d: kit.run(kit.film(d / "a.mp4", **options))  # type: ignore[arg-type]


@cache
def _titled(words: str, over: tuple[float, float], **meta: object) -> Callable[[Path], Run]:
    """A video with a title; the timeline says what was asked for, whatever the frames show."""
    shown = {**TITLE, "text": words, **meta}
    return lambda d: kit.run(
        kit.film(d / "a.mp4", 3, color=(60, 40, 90), title=shown, over=over),
        timeline=kit.timeline(titles=[TITLE]),
    )


@cache
def _photos(shown: int) -> Callable[[Path], Run]:
    """A video that shows the photo of a hue, of two that were sent."""

    def made(folder: Path) -> Run:
        photos = {"rose.jpg": 250, "lake.jpg": 160, "meadow.jpg": 80}
        paths = {
            name: sample_media.photo(folder / name, 160, 90, hue) for name, hue in photos.items()
        }
        picture = list(paths.values())[shown]
        pixels = np.asarray(sample_media.Image.open(picture).convert("RGB"))
        video = kit.film(folder / "a.mp4", 0.5, size=(160, 90), picture=pixels)
        sent = {name: paths[name] for name in ("rose.jpg", "lake.jpg")}
        return kit.run(video, sources=sent)

    return made


@cache
def _cut(begin: float) -> Callable[[Path], Run]:
    """A video that begins at a moment of the clip that was sent."""

    def made(folder: Path) -> Run:
        source = kit.film(folder / "beach.mp4", 3)
        other = kit.film(folder / "other.mp4", 1, color=(10, 200, 10))
        return kit.run(
            kit.film(folder / "a.mp4", 1, begin=begin),
            sources={"beach.mp4": source, "other.mp4": other},
        )

    return made


def _two(quiet: float) -> Callable[[Path], Run]:
    return lambda d: kit.run(
        kit.film(d / "a.mp4", 1, sound=kit.tone(220, 1, quiet)),
        kit.film(d / "b.mp4", 1, sound=kit.tone(220, 1, 0.2)),
    )


def _sent(width: int) -> Callable[[Path], Run]:
    return lambda d: kit.run(sample_media.photo(d / "sheet.png", width, 90))


SOUND = kit.tone(220, 2)
HALF = np.concatenate([kit.tone(220, 1), np.zeros(kit.RATE * 2)])
DONE = "all that SKILL.md promises."
CASES = [
    Case(f"Every turn ends with exit status 0, and with {DONE}",
         lambda _: kit.run(turns=[kit.turn()]), lambda _: kit.run(turns=[kit.turn(status=1)])),
    Case(f"Every turn ends with exit status 0, and with {DONE}",
         lambda _: kit.run(turns=[kit.turn()]),
         lambda _: kit.run(turns=[kit.turn(problem="stdout is not one JSON object")])),
    Case(f"Turn 1 ends with exit status 1, every other with 0, and with {DONE}",
         lambda _: kit.run(turns=[kit.turn(status=1), kit.turn()]),
         lambda _: kit.run(turns=[kit.turn(), kit.turn()])),
    Case("The steps of turn 1 are upload, sse.",
         lambda _: kit.run(turns=[kit.turn(steps=("upload", "sse"))]),
         lambda _: kit.run(turns=[kit.turn(steps=("sse", "upload"))])),
    Case("The answer of turn 1 is Spanish, every line of it.",
         _text("El video está listo y se ha guardado.\nPuedes pedir otra cosa."),
         _text("El video está listo y se ha guardado.\nThere is no file with that name.")),
    Case("The answer of turn 1 is Chinese, every line of it.",
         _text("视频已就绪。\n已添加标题。"), _text("视频已就绪。\nThe title was added to it.")),
    Case("The answer of turn 1 is English, every line of it.",
         _text("The video is ready."), _text("El video está listo y se ha guardado.")),
    Case('The answer of turn 1 names "30%".', _text("Music: 80% -> 30%"), _text("Music: 80%")),
    Case('The answer of turn 1 does not say "sorry".', _text("Done."), _text("Sorry, no.")),
    Case("Nothing that the user reads holds a screen's words, JSON, an id or a token.",
         _text("Your video is ready."), _text("Now click the blue button.")),
    Case("Nothing that the user reads holds a screen's words, JSON, an id or a token.",
         _text("视频已就绪。"), _text("请点击导出。")),
    Case("Nothing that the user reads holds a screen's words, JSON, an id or a token.",
         _text("Your project is ready."), _text("Your project a-session-id is ready.")),
    Case("Nothing is kept or sent before the first turn.",
         _text("Done."), lambda _: kit.run(early=["home"])),
    Case("The user's files are as they were.",
         _text("Done."), lambda _: kit.run(changed=["beach.mp4"])),
    Case("1 video is delivered.",
         _film(seconds=0.2), lambda d: kit.run(d / "gone.mp4")),
    Case("2 videos are delivered.",
         lambda d: kit.run(kit.film(d / "a.mp4", 0.2), kit.film(d / "b.mp4", 0.2)),
         lambda d: kit.run(kit.film(d / "a.mp4", 0.2), d / "a.mp4")),
    Case("1 picture is delivered, 1600 px wide at most.",
         _sent(1600), _sent(1601)),
    Case("1 picture is delivered, 1600 px wide at most.", _sent(200), _film(seconds=0.2)),
    Case("Each video comes with a link to its project, and the link opens.",
         _links(200), _links(403)),
    Case("Each video comes with a link to its project, and the link opens.",
         _links(200), _film(seconds=0.2)),
    Case("Video 1 is 2 s long.", _film(seconds=2), _film(seconds=1.7)),
    Case("Video 1 is 2 s long.", _film(sound=SOUND), _film(seconds=2, sound=kit.tone(220, 2.5))),
    Case("Video 1 is 180x320.", _film(seconds=0.2, size=(180, 320)), _film(seconds=0.2)),
    Case("Video 1 is an MP4 of one picture and one sound.", _film(sound=SOUND), _film()),
    Case("Video 1 is a WebM of one picture and one sound.",
         lambda d: kit.run(kit.film(d / "a.webm", 0.2, sound=SOUND[:9600])), _film(sound=SOUND)),
    Case("The picture of video 1 moves.", _film(), _film(color=(90, 60, 30))),
    Case("The picture of video 1 is dark.",
         _film(color=(30, 30, 40)), _film(color=(120, 120, 120))),
    Case("The picture of video 1 is dark.", _film(color=(30, 30, 40)), _film(color=(0, 0, 0))),
    Case("The picture of video 1 is bright.",
         _film(color=(150, 150, 150)), _film(color=(40, 40, 40))),
    Case("The picture of video 1 is warm.", _film(color=(150, 90, 60)), _film(color=(60, 90, 150))),
    Case("At 0.2 s video 1 shows rose.jpg.", _photos(0), _photos(1)),
    Case("At 0.2 s video 1 shows rose.jpg.", _photos(0), _photos(2)),
    Case("At 0.2 s video 1 shows beach.mp4 as it is at 1.2 s.", _cut(1), _cut(0)),
    Case("At 0.2 s video 1 shows beach.mp4 as it is at 1.2 s.", _cut(1), _cut(1.3)),
    *(Case(sentence, _titled("Golden Hour", (1, 2)), bad)
      for sentence in ("The title 'Golden Hour' is seen in video 1 from 1 s to 2 s, at the top, "
                       "in yellow.",)
      for bad in (
          _titled("Golden Hour", (0, 0)),  # not there at all
          _titled("Golden Hair", (1, 2)),  # other words
          _titled("Golden Hours", (1, 2)),  # more words
          _titled("Golden", (1, 2)),  # fewer words
          _titled("Golden Hour", (2, 3)),  # at another time
          _titled("Golden Hour", (1, 3)),  # too long
          _titled("Golden Hour", (1, 2), position="bottom"),
          _titled("Golden Hour", (1, 2), color="#ffffff"),
      )),
    Case("The title 'Golden Hour' is never seen in video 1.",
         _titled("Winter", (0, 3)), _titled("Golden Hour", (2.7, 3))),
    Case("Video 1 is silent.", _film(), _film(sound=kit.tone(220, 2, 0.004))),
    Case("Video 1 is silent.", _film(sound=SOUND * 0), _film(sound=SOUND)),
    Case("Video 1 is -30 to -12 LUFS loud, heard all through, and does not clip.",
         _film(sound=SOUND), _film()),
    Case("Video 1 is -30 to -12 LUFS loud, heard all through, and does not clip.",
         _film(sound=SOUND), _film(sound=SOUND * 0.05)),
    Case("Video 1 is -30 to -12 LUFS loud, heard all through, and does not clip.",
         _film(sound=SOUND), _film(seconds=3, sound=HALF)),
    Case("Video 1 is -30 to 3 LUFS loud, heard all through, and does not clip.",
         _film(sound=SOUND), _film(sound=np.clip(SOUND * 30, -1, 1))),
    Case("A tone of 220 Hz is heard in video 1.",
         _film(sound=SOUND), _film(sound=kit.tone(330, 2))),
    Case("A tone of 220 Hz is heard in video 1.", _film(sound=SOUND), _film()),
    Case("No tone of 220 Hz is heard in video 1.",
         _film(sound=kit.tone(330, 2)), _film(sound=SOUND * 0.1 + kit.tone(330, 2))),
    Case("Video 1 is at least 6 dB quieter than video 2.", _two(0.05), _two(0.15)),
    Case("The timeline ends with 2 video, 0 audio and 1 text segments.",
         lambda _: kit.run(timeline=kit.timeline(2, [TITLE])),
         lambda _: kit.run(timeline=kit.timeline(2))),
]  # fmt: skip


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[Path], Run]], Run]:
    """What a function makes, made once."""
    return cache(lambda make: make(tmp_path_factory.mktemp("result")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence[:48])
def test_it_passes_and_fails(case: Case, result: Callable[[Callable[[Path], Run]], Run]) -> None:
    for name, make, wanted in (("good", case.good, True), ("bad", case.bad, False)):
        verdict = check(case.sentence, result(make))
        assert verdict.passed is wanted, f"{name}: {verdict.evidence}"
        assert verdict.evidence


def test_every_kind_of_assertion_has_a_case() -> None:
    kinds = [pattern for pattern, _ in CHECKS]
    untried = [p.pattern for p in kinds if not any(p.fullmatch(case.sentence) for case in CASES)]
    assert not untried


def test_a_sentence_that_nothing_checks_is_no_pass() -> None:
    with pytest.raises(ValueError, match=r"0 checks understand .*'Video 1 is pretty\.'"):
        understood("Video 1 is pretty.")


def test_a_time_beyond_the_end_shows_nothing(tmp_path: Path) -> None:
    verdict = check("At 3 s video 1 shows rose.jpg.", _photos(0)(tmp_path))
    assert verdict.evidence == "at 3 s it is over: it is 0.50 s long"
    assert not verdict.passed


def test_what_was_not_delivered_fails_with_the_reason() -> None:
    verdict = check("Video 2 is 3 s long.", kit.run())
    assert (verdict.passed, verdict.evidence) == (False, "there is no video 2: 0 were delivered")


def test_a_file_that_is_no_video_fails_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"no video")
    verdict = check("Video 1 is 3 s long.", kit.run(path))
    assert not verdict.passed
    assert verdict.evidence.startswith("a.mp4 cannot be played: ")
