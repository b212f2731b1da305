from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hearing import RATE, Sound, clicks, found, tone

from skill.draft import Draft, parse
from skill.studio import loudness
from skill.studio.render.sound import mix

Write = Callable[..., Path]


def draft(*tracks: tuple[int, list[dict[str, Any]]]) -> Draft:
    return parse({"t": [{"tt": kind, "sg": segments} for kind, segments in tracks]})


def shot(start: int, length: int, name: str = "a", **meta: Any) -> dict[str, Any]:
    source = {"kind": "video", "hash": name}
    return {"s": start, "d": length, "m": {"source": source, **meta}}


def song(start: int, length: int, **meta: Any) -> dict[str, Any]:
    source = {"kind": "audio", "hash": "a"}
    return {"s": start, "d": length, "m": {"source": source, **meta}}


def music(length: int, **meta: Any) -> dict[str, Any]:
    source = {"kind": "music", "mood": "piano", "seed": 3}
    return {"s": 0, "d": length, "m": {"source": source, "role": "music", **meta}}


SCENE = {"source": {"kind": "scene", "scene": {"kind": "ocean", "time": "day", "seed": 1}}}
STILL = {"source": {"kind": "image", "hash": "p"}}


def still(length: int) -> tuple[int, list[dict[str, Any]]]:
    """A track with a picture that has no sound."""
    return 0, [{"s": 0, "d": length, "m": STILL}]


def nowhere(name: str) -> Path:
    raise AssertionError(f"{name} was asked for")


@pytest.fixture
def steady(write: Write) -> Callable[[str], Path]:
    """A file of 4 s with a tone of -30 dBFS: never touched by the loudness of the whole."""
    path = write("steady.wav", tone(440, 4, -30), RATE, "pcm_s16le")
    return lambda _: path


def level(sound: Sound, begin: float, end: float) -> float:
    """Peak of a tone in a stretch, in dBFS."""
    part = sound[round(begin * RATE) : round(end * RATE)]
    return 20 * float(np.log10(np.sqrt(2 * np.square(part).mean()) + 1e-9))


def test_a_draft_without_sound_is_silent_and_as_long_as_it_is() -> None:
    sound = mix(draft(still(1234)), nowhere)
    assert sound.shape == (round(1.234 * RATE), 2)
    assert sound.dtype == np.float32
    assert not sound.any()
    assert mix(draft(), nowhere).shape == (0, 2)


def test_what_is_known_of_a_cloud_draft_does_not_matter() -> None:
    strange = draft(
        (0, [{"s": 0, "d": 500, "m": {"source": "https://x/y.mp4", "volume": "loud"}}]),
        (1, [{"s": 0, "d": 500, "m": {"source": {"kind": "audio"}, "fade_in": None}}]),
        (5, [{"d": 500}]),
    )
    assert not mix(strange, nowhere).any()


def test_a_click_lies_where_the_timeline_puts_it(write: Write) -> None:
    path = write("c.mp4", clicks(6, (1.0, 5.5), 44100, 2), 44100, "aac", "stereo", True)
    sound = mix(draft((0, [shot(0, 2000), shot(2000, 1500, **{"in": 5200})])), lambda _: path)
    assert abs(found(sound[:, 0], 1.0)) <= 1
    assert abs(found(sound[:, 1], 2.3)) <= 1


def test_volume_and_the_end_of_a_source(steady: Callable[[str], Path]) -> None:
    sound = mix(draft((0, [shot(0, 6000, volume=0.5, **{"in": 1000})])), steady)
    assert level(sound, 0.5, 2.5) == pytest.approx(-36, abs=0.2)
    assert not sound[3 * RATE + 10 :].any()


def test_a_muted_shot_is_not_even_opened() -> None:
    assert not mix(draft((0, [shot(0, 1000, volume=0)])), nowhere).any()


def test_sounds_crossfade_with_their_pictures(steady: Callable[[str], Path]) -> None:
    second = shot(1500, 2000, **{"in": 2000}, transition={"kind": "crossfade", "d": 500})
    sound = mix(draft((0, [shot(0, 2000), second])), steady)
    assert level(sound, 0.5, 1.0) == pytest.approx(-30, abs=0.2)
    # Equal power: in the middle of it each is 3 dB down, and no hole is heard.
    assert level(sound, 1.6, 1.9) > -33
    assert level(sound, 2.5, 3.0) == pytest.approx(-30, abs=0.2)


def test_a_cut_does_not_click(steady: Callable[[str], Path]) -> None:
    sound = mix(draft((0, [shot(0, 1003), shot(1003, 1000, **{"in": 2517})])), steady)
    steepest = np.abs(np.diff(tone(440, 1, -30)[:, 0])).max()
    assert np.abs(np.diff(sound[:, 0])).max() < 1.3 * steepest


def test_two_halves_of_a_shot_sound_like_one(steady: Callable[[str], Path]) -> None:
    whole = mix(draft((0, [shot(0, 3000)])), steady)
    halves = mix(draft((0, [shot(0, 1300), shot(1300, 1700, **{"in": 1300})])), steady)
    assert np.abs(whole - halves).max() < 1e-6


def test_a_shot_that_is_covered_is_not_heard_under_the_other(
    steady: Callable[[str], Path],
) -> None:
    sound = mix(draft((0, [shot(0, 3000), {"s": 1000, "d": 1000, "m": STILL}])), steady)
    assert level(sound, 0.2, 0.9) == pytest.approx(-30, abs=0.2)
    assert not sound[round(1.01 * RATE) :].any()


def test_fades_of_a_song(steady: Callable[[str], Path]) -> None:
    timeline = draft((1, [song(0, 3000, fade_in=1000, fade_out=1000)]))
    sound = mix(timeline, steady)
    assert level(sound, 0.0, 0.2) < -50
    assert level(sound, 1.2, 1.8) == pytest.approx(-30, abs=0.2)
    assert level(sound, 2.8, 3.0) < -50


def test_music_is_looped_and_a_sound_is_not(steady: Callable[[str], Path]) -> None:
    picture = still(10000)
    looped = mix(draft(picture, (1, [song(0, 10000, role="music")])), steady)
    once = mix(draft(picture, (1, [song(0, 10000, role="sound")])), steady)
    for begin in np.arange(0, 9.5, 0.5):
        assert level(looped, begin, begin + 0.5) > -35
    assert not once[round(4.01 * RATE) :].any()


def test_a_song_never_outlives_the_picture(steady: Callable[[str], Path]) -> None:
    picture = still(1000)
    assert len(mix(draft(picture, (1, [song(500, 9000)])), steady)) == RATE


def test_the_whole_is_brought_down_but_never_up(write: Write) -> None:
    loud = write("loud.wav", tone(1000, 4, -1), RATE, "pcm_s16le")
    sound = mix(draft((0, [shot(0, 4000)])), lambda _: loud)
    assert loudness.integrated(sound, RATE) == pytest.approx(-14, abs=0.3)
    quiet = write("quiet.wav", tone(1000, 4, -40), RATE, "pcm_s16le")
    sound = mix(draft((0, [shot(0, 4000)])), lambda _: quiet)
    assert loudness.integrated(sound, RATE) == pytest.approx(-40, abs=0.3)


def test_peaks_stay_under_the_ceiling(write: Write) -> None:
    rng = np.random.default_rng(1)
    sparks = np.zeros((4 * RATE, 2), np.float32)
    sparks[rng.integers(0, len(sparks), 40)] = 1.0
    path = write("sparks.wav", sparks, RATE, "pcm_s16le")
    sound = mix(draft((0, [shot(0, 4000)]), (1, [music(4000)])), lambda _: path)
    assert loudness.true_peak(sound) <= -1.4
    assert loudness.integrated(sound, RATE) <= -13.9


def test_music_alone_is_at_its_volume() -> None:
    sound = mix(draft(still(5000), (1, [music(5000, volume=0.5)])), nowhere)
    assert loudness.integrated(sound, RATE) == pytest.approx(-20, abs=0.5)


def test_a_scene_is_heard_under_its_music() -> None:
    picture = (0, [{"s": 0, "d": 4000, "m": SCENE}])
    alone = mix(draft(picture), nowhere)
    assert -31 < loudness.integrated(alone, RATE) < -25
    muted = {"s": 0, "d": 4000, "m": {**SCENE, "volume": 0}}
    assert not mix(draft((0, [muted])), nowhere).any()
    together = mix(draft(picture, (1, [music(4000, volume=0.35)])), nowhere)
    only = mix(draft((0, [muted]), (1, [music(4000, volume=0.35)])), nowhere)
    assert np.abs(together - alone - only).max() < 1e-5  # a place does not push the music away


def test_music_gives_way_to_speech_and_comes_back(write: Write) -> None:
    rng = np.random.default_rng(2)
    time = np.arange(10 * RATE) / RATE
    words = np.clip(np.sin(2 * np.pi * 2.3 * time), 0, 1) * ((time > 3) & (time < 6))
    voice = tone(700, 10, -14) * words[:, None] + rng.normal(0, 3e-4, (len(time), 2))
    path = write("speech.wav", voice.astype(np.float32), RATE, "pcm_s16le")
    picture = shot(0, 10000)
    with_voice = mix(draft((0, [picture]), (1, [music(10000, volume=0.5)])), lambda _: path)
    voice_only = mix(draft((0, [picture])), lambda _: path)
    bed = mix(draft(still(10000), (1, [music(10000, volume=0.5)])), nowhere)
    left = with_voice - voice_only

    def change(begin: float, end: float) -> float:
        part = slice(round(begin * RATE), round(end * RATE))
        return 10 * float(np.log10(np.square(left[part]).mean() / np.square(bed[part]).mean()))

    assert change(0.5, 2.5) == pytest.approx(0, abs=0.5)
    assert -11 < change(3.4, 5.8) < -5
    assert change(8.0, 9.5) == pytest.approx(0, abs=0.5)


def test_composed_music_is_kept_on_disk(tmp_path: Path) -> None:
    timeline = draft(still(3000), (1, [music(3000)]))
    first = mix(timeline, nowhere, cache=tmp_path)
    (kept,) = tmp_path.glob("music-*.npy")
    assert not list(tmp_path.glob("*.part"))
    assert np.array_equal(mix(timeline, nowhere, cache=tmp_path), first)
    assert np.array_equal(mix(timeline, nowhere), first)
    kept.write_bytes(kept.read_bytes()[:999])  # torn by a full disk
    assert np.array_equal(mix(timeline, nowhere, cache=tmp_path), first)


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    timeline = draft(still(1000), (1, [music(1000)]))
    assert mix(timeline, nowhere, cache=file / "below").any()


def test_another_rate_is_met(steady: Callable[[str], Path]) -> None:
    timeline = draft((0, [shot(0, 1500), {"s": 1500, "d": 1000, "m": SCENE}]), (1, [music(2500)]))
    sound = mix(timeline, steady, 44100)
    assert len(sound) == round(2.5 * 44100)
    assert loudness.integrated(sound, 44100) <= -14


def test_music_split_in_two_runs_on(tmp_path: Path) -> None:
    halves = [music(2000), {**music(2000), "s": 2000}]
    halves[1]["m"] = {**halves[1]["m"], "in": 2000}
    timeline = draft(still(4000), (1, halves))
    whole = draft(still(4000), (1, [music(4000)]))
    split, one = mix(timeline, nowhere, cache=tmp_path), mix(whole, nowhere, cache=tmp_path)
    assert np.abs(split[round(2.1 * RATE) :] - one[round(2.1 * RATE) :]).max() < 0.02
