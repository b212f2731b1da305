"""Prompts in twelve languages as scenes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.studio.generate.scenes import KINDS, TIMES, read
from skill.studio.generate.scenes.vocabulary import FOLDER, GROUPS, load

LANGUAGES = ("en", "zh", "es", "fr", "de", "pt", "ja", "ko", "ru", "hi", "ar", "id")


@pytest.mark.parametrize(
    ("prompt", "kind", "time"),
    [
        ("a sunset over the ocean with waves crashing", "ocean", "sunset"),
        ("a city skyline at night with rain", "city", "night"),
        ("snowy mountains at dawn", "mountains", "dawn"),
        ("aurora over a lake", "aurora", "night"),
        ("forest with morning mist", "forest", "dawn"),
        ("desert dunes at golden hour", "desert", "golden"),
        ("campfire under the stars", "fire", "night"),
        ("a cyberpunk city", "city", "night"),
        ("falling snow", "snow", "dusk"),
        ("rain on a window", "rain", "dusk"),
        ("the milky way", "stars", "night"),
        ("a lavender field in the evening", "meadow", "sunset"),
        ("jellyfish in the deep sea", "underwater", "day"),
        ("saturn and its rings", "space", "night"),
        ("flowing ribbons", "abstract", "day"),
        ("clouds drifting by", "sky", "day"),
        ("stormy sea", "ocean", "day"),
        ("mountains in the background", "mountains", "dawn"),
        ("日落时分的海浪", "ocean", "sunset"),
        ("赛博朋克城市雨夜", "city", "night"),
        ("雪山日出", "mountains", "dawn"),
        ("森林晨雾", "forest", "dawn"),
        ("沙漠星空", "desert", "night"),
        ("una puesta de sol sobre el océano", "ocean", "sunset"),
        ("une forêt brumeuse à l'aube", "forest", "dawn"),
        ("Sonnenuntergang über dem Meer", "ocean", "sunset"),
        ("cidade à noite com chuva", "city", "night"),
        ("matahari terbenam di pantai", "ocean", "sunset"),
        ("海に沈む夕日", "ocean", "sunset"),
        ("비 오는 밤의 도시", "city", "night"),
        ("закат над океаном", "ocean", "sunset"),
        ("समुद्र पर सूर्यास्त", "ocean", "sunset"),
        ("غروب الشمس فوق المحيط", "ocean", "sunset"),
    ],
)
def test_a_prompt_names_its_ground_and_its_hour(prompt: str, kind: str, time: str) -> None:
    scene = read(prompt)
    assert (scene["kind"], scene["time"], scene["known"]) == (kind, time, True)


@pytest.mark.parametrize(
    ("prompt", "group", "word"),
    [
        ("a city skyline at night with rain", "weather", "rain"),
        ("raining hard on the city", "weather", "rain"),
        ("snow-capped mountains", "weather", "snowy"),
        ("stars over the desert", "sky", "stars"),
        ("snowy mountains under the northern lights", "sky", "aurora"),
        ("mountains reflected in a lake", "accents", "lake"),
        ("sailboats on the sea", "accents", "boat"),
        ("lavender fields in summer", "accents", "lavender"),
        ("a cinematic ocean", "style", "cinematic"),
        ("电影感的海浪", "style", "cinematic"),
        ("montañas nevadas", "weather", "snowy"),
        ("ville sous la pluie", "weather", "rain"),
        ("Wald im Nebel", "weather", "mist"),
        ("город под дождём", "weather", "rain"),
        ("रात में बारिश वाला शहर", "weather", "rain"),
    ],
)
def test_a_prompt_brings_its_weather_sky_and_accents(prompt: str, group: str, word: str) -> None:
    assert word in read(prompt)[group]


@pytest.mark.parametrize(
    ("prompt", "group", "word"),
    [
        ("blue sky over the sea, no clouds", "weather", "clouds"),
        ("a forest without fog or rain", "weather", "rain"),
        ("a forest without fog or rain", "weather", "mist"),
        ("a beach with no palm trees", "accents", "palm"),
        ("夜晚的城市，没有雨", "weather", "rain"),
        ("montañas nevadas sin nubes", "weather", "clouds"),
        ("verschneite Berge ohne Wolken", "weather", "clouds"),
        ("горы без облаков", "weather", "clouds"),
        ("雲のない青空と海", "weather", "clouds"),
        ("구름 없는 바다", "weather", "clouds"),
    ],
)
def test_what_is_not_wanted_stays_out(prompt: str, group: str, word: str) -> None:
    scene = read(prompt)
    assert word not in scene[group]
    assert scene["known"]


def test_a_no_governs_only_what_follows_it() -> None:
    scene = read("no rain, just stars over the desert and mist")
    assert scene["weather"] == ["mist"]
    assert scene["sky"] == ["stars"]


@pytest.mark.parametrize(
    ("prompt", "missing"),
    [
        ("a cat playing piano", ["cat", "piano"]),
        ("a unicorn", ["unicorn"]),
        ("猫がピアノを弾く", ["猫", "ピアノ"]),
        ("un gato tocando el piano", ["gato", "piano"]),
        ("a glass of wine", ["glass", "wine"]),
    ],
)
def test_outside_the_vocabulary_is_abstract_and_says_so(prompt: str, missing: list[str]) -> None:
    scene = read(prompt)
    assert (scene["kind"], scene["known"]) == ("abstract", False)
    assert scene["missing"] == missing


@pytest.mark.parametrize(
    ("prompt", "kind", "missing"),
    [
        ("a cat on a beach", "ocean", ["cat"]),
        ("a man surfing at sunset", "ocean", ["man"]),
        ("a dragon over the mountains", "mountains", ["dragon"]),
        ("a zeppelin over the city", "city", ["zeppelin"]),
        ("a glittering ocean", "ocean", []),
        ("a sunset over the ocean without people", "ocean", []),
    ],
)
def test_a_known_scene_names_what_it_cannot_show(
    prompt: str, kind: str, missing: list[str]
) -> None:
    scene = read(prompt)
    assert (scene["kind"], scene["known"], scene["missing"]) == (kind, True, missing)


@pytest.mark.parametrize(
    ("prompt", "camera", "pace"),
    [
        ("ocean, slow push in", "push_in", "slow"),
        ("ocean", "push_in", "normal"),
        ("ocean, zoom out", "pull_out", "normal"),
        ("pan left over the city", "pan_left", "normal"),
        ("timelapse of clouds", "push_in", "timelapse"),
        ("mountains, static camera", "static", "normal"),
        ("aerial drone footage of the coast", "drift", "normal"),
        ("镜头向右平移的海", "pan_right", "normal"),
    ],
)
def test_camera_and_pace(prompt: str, camera: str, pace: str) -> None:
    scene = read(prompt)
    assert (scene["camera"], scene["pace"]) == (camera, pace)


def test_a_second_ground_stands_behind_the_first() -> None:
    scene = read("a campfire in the forest")
    assert (scene["kind"], scene["backdrop"]) == ("fire", "forest")
    scene = read("a meadow before snowy mountains")
    assert (scene["kind"], scene["backdrop"]) == ("meadow", "mountains")


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("a sunset over the ocean with waves crashing", "sunset ocean"),
        ("日落时分的海浪", "日落海洋"),
        ("coucher de soleil sur l'océan", "océan au coucher du soleil"),
        ("a cat playing piano", "abstract motion"),
        ("campfire under the stars", "starry campfire"),
    ],
)
def test_the_name_is_short_and_in_the_prompts_language(prompt: str, name: str) -> None:
    assert read(prompt)["name"] == name


def test_the_seed_is_the_prompts_own_unless_given() -> None:
    assert read("a forest")["seed"] == read("  A FOREST".strip())["seed"]
    assert read("a forest")["seed"] != read("a desert")["seed"]
    assert read("a forest", seed=7)["seed"] == 7


def test_mood_words_choose_a_grade() -> None:
    assert read("a neon city")["mood"] == "neon"
    assert read("black and white mountains")["mood"] == "mono"
    assert read("mountains")["mood"] == "natural"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_vocabulary_is_well_formed(language: str) -> None:
    data = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    assert set(data) <= {*GROUPS, "joined", "endings", "beginnings", "no", "no_after", "or",
                         "plain", "names"}  # fmt: skip
    assert set(data["kind"]) <= set(KINDS)
    assert set(data["time"]) <= set(TIMES)
    english = json.loads((FOLDER / "en.json").read_text(encoding="utf-8"))
    for group in ("weather", "sky", "accent", "mood", "camera", "pace", "style", "thing"):
        assert set(data[group]) <= set(english[group])
    assert set(load(language).names["kind"]) == set(KINDS)
    assert set(load(language).names["time"]) == set(TIMES)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_reads_as_a_scene_that_json_carries(prompt: str) -> None:
    scene = read(prompt)
    assert scene["kind"] in KINDS
    assert scene["time"] in TIMES
    assert json.loads(json.dumps(scene)) == scene


def test_reading_imports_neither_numpy_nor_opencv() -> None:
    code = (
        "import sys; from skill.studio.generate.scenes import read; read('a sunset');"
        "sys.exit(any(m in sys.modules for m in ('numpy', 'cv2')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
