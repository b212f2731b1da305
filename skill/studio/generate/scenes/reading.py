"""A prompt as a scene: what to paint, at what time, in what weather, mood and movement."""

from __future__ import annotations

import zlib
from typing import Any

from .vocabulary import Hit, find, fold, language_of, load

KINDS = (
    "ocean", "sky", "mountains", "city", "forest", "meadow", "desert", "snow", "rain",
    "stars", "aurora", "fire", "underwater", "space", "abstract",
)  # fmt: skip
TIMES = ("dawn", "day", "golden", "sunset", "dusk", "night")
GRADES = ("warm", "cold", "pastel", "neon", "dark", "vintage", "mono", "dreamy", "vivid")

# The time that flatters a kind most, where the prompt names none.
TIME_OF = {
    "ocean": "golden", "sky": "day", "mountains": "dawn", "city": "night", "forest": "dawn",
    "meadow": "golden", "desert": "golden", "snow": "dusk", "rain": "dusk", "stars": "night",
    "aurora": "night", "fire": "night", "underwater": "day", "space": "night", "abstract": "day",
}  # fmt: skip
# Where several grounds are named, the earlier in this list is what stands in front.
FRONT = (
    "underwater", "fire", "city", "meadow", "desert", "mountains", "forest", "ocean", "space",
    "sky", "abstract",
)  # fmt: skip
# A prompt without a ground: what its other words call for, in this order.
IMPLIED = (
    ("sky:aurora", "aurora"), ("accent:window", "rain"), ("accent:boat", "ocean"),
    ("accent:lighthouse", "ocean"), ("accent:palm", "ocean"), ("accent:beach", "ocean"),
    ("accent:volcano", "mountains"), ("accent:lake", "mountains"), ("accent:traffic", "city"),
    ("accent:fireflies", "meadow"), ("accent:flowers", "meadow"), ("accent:tree", "meadow"),
    ("accent:leaves", "forest"), ("accent:autumn", "forest"), ("accent:cabin", "snow"),
    ("accent:balloon", "mountains"), ("accent:fish", "underwater"),
    ("weather:storm", "ocean"), ("weather:rain", "rain"), ("weather:snow", "snow"),
    ("weather:snowy", "snow"), ("sky:milkyway", "stars"), ("sky:meteor", "stars"),
    ("sky:stars", "stars"), ("sky:moon", "stars"), ("weather:clouds", "sky"),
    ("accent:birds", "sky"), ("sky:rays", "sky"), ("weather:mist", "forest"),
    ("weather:clear", "sky"), ("time:sunset", "ocean"), ("time:golden", "meadow"),
    ("time:dawn", "mountains"), ("time:dusk", "mountains"), ("time:night", "stars"),
    ("time:day", "sky"), ("sky:sun", "sky"), ("weather:wind", "meadow"),
    ("accent:bokeh", "abstract"),
)  # fmt: skip
NIGHT_SKY = ("stars", "milkyway", "meteor", "aurora", "moon")
DETERMINERS = ("a", "an", "two", "three", "my", "his", "her", "some", "one")


def read(prompt: str, seed: int | None = None) -> dict[str, Any]:
    """A scene, JSON-ready, from a prompt in one of twelve languages.

    ``kind`` is one of KINDS; ``known`` is False where the prompt is outside the vocabulary (then
    the kind is "abstract"); ``missing`` names what a known scene cannot show. ``time`` is one of
    TIMES, ``mood`` a word, ``camera`` a movement, ``pace`` slow|normal|fast, ``style`` words,
    ``weather``, ``sky`` and ``accents`` what else is in the picture, ``backdrop`` a second ground
    behind the first. ``seed`` is a stable hash of the prompt where none is given.
    """
    language = language_of(prompt)
    hits = find(prompt, language)
    found: dict[str, list[str]] = {}
    denied: set[str] = set()
    for hit in hits:
        for concept in hit.concepts:
            group, _, value = concept.partition(":")
            if value and hit.negated:
                denied.add(concept)
            elif value and value not in found.setdefault(group, []):
                found[group].append(value)

    missing = _missing(hits, found.get("thing", []))
    kind, backdrop, known = _kind(found, bool(missing))
    sky = [word for word in found.get("sky", []) if f"sky:{word}" not in denied]
    time = next(iter(found.get("time", [])), "")
    if not time:
        time = "night" if any(word in NIGHT_SKY for word in sky) else TIME_OF[kind]
        if time != "night" and {"storm", "rain"} & set(found.get("weather", [])):
            time = "dusk" if kind in ("city", "rain") else "day"
    if kind in ("aurora", "space"):
        time = "night"
    weather = list(found.get("weather", []))
    if "weather:clouds" in denied and "clear" not in weather:
        weather.append("clear")
    accents = list(found.get("accent", []))
    moods = found.get("mood", [])
    pace = next(iter(found.get("pace", [])), "normal")
    scene: dict[str, Any] = {
        "kind": kind,
        "known": known,
        "name": "",
        "time": time,
        "mood": next((mood for mood in moods if mood in GRADES), next(iter(moods), "natural")),
        "moods": moods,
        "weather": weather,
        "sky": sky,
        "accents": accents,
        "backdrop": backdrop,
        "without": sorted(c for c in denied if c.partition(":")[2] != kind),
        "camera": next(iter(found.get("camera", [])), "push_in"),
        "pace": pace,
        "style": found.get("style", []),
        "missing": missing,
        "language": language,
        "seed": zlib.crc32(fold(prompt).encode()) if seed is None else int(seed),
        "prompt": prompt,
    }
    scene["name"] = _name(scene, language)
    return scene


def _kind(found: dict[str, list[str]], missing: bool) -> tuple[str, str | None, bool]:
    """The ground in front, the one behind it, and whether the prompt is in the vocabulary."""
    kinds = found.get("kind", [])
    ranked = sorted(kinds, key=FRONT.index)
    if "abstract" in ranked and len(ranked) > 1:
        ranked.remove("abstract")  # "mountains in the background"
    if ranked and ranked[0] not in ("sky", "abstract", "space"):
        behind = [kind for kind in ranked[1:] if kind not in ("sky", "abstract", "space")]
        return ranked[0], behind[0] if behind else None, True
    flat = {f"{group}:{value}" for group, values in found.items() for value in values}
    for concept, kind in IMPLIED:
        if concept in flat and not (missing and concept.startswith("time:")):
            if ranked and ranked[0] != "sky" and not concept.startswith(("accent", "weather:rain")):
                break
            if ranked == ["sky"] and concept.startswith(("weather", "time", "sky:sun", "sky:rays")):
                break
            if ranked and concept == "accent:bokeh":
                break
            return kind, None, True
    if ranked:
        return ranked[0], None, True
    return "abstract", None, bool(found.get("mood")) and not missing


def _missing(hits: list[Hit], things: list[str]) -> list[str]:
    """The things that no scene can show: known objects, and unknown nouns after an article."""
    missing: list[str] = []
    for index, hit in enumerate(hits):
        if hit.negated:
            continue
        thing = any(concept.startswith("thing:") for concept in hit.concepts)
        only = all(concept.startswith("thing:") for concept in hit.concepts)
        before = [earlier.text for earlier in hits[max(0, index - 2) : index]]
        article = any(text in DETERMINERS for text in before)
        follower = hits[index + 1] if index + 1 < len(hits) else None
        # "a cat", yet not "a glittering ocean": an unknown word before a known one describes it.
        last = follower is None or bool(follower.concepts)
        describes = follower is not None and any(":" in c for c in follower.concepts)
        unknown = not hit.concepts and article and last and not describes and hit.text.isalpha()
        if ((thing and only) or unknown) and hit.text not in missing:
            missing.append(hit.text)
    return missing if missing or not things else []


def _name(scene: dict[str, Any], language: str) -> str:
    """Two to four words for the timeline, in the prompt's language where it has names."""
    names = load(language).names or load("en").names
    kind = names["kind"].get(scene["kind"], scene["kind"])
    if scene["kind"] == "fire":
        special = next((a for a in scene["accents"] if a in names.get("fire", {})), "camp")
        kind = names.get("fire", {}).get(special, kind)
    time = names["time"].get(scene["time"], "")
    words = [*scene["weather"], *scene["sky"], scene["mood"]]
    weather = next((names["weather"][word] for word in words if word in names["weather"]), "")
    if scene["kind"] in ("abstract", "underwater", "space", "fire", "stars", "aurora"):
        time = ""
    if scene["kind"] in ("rain", "snow", "stars", "aurora"):
        weather = ""
    text = str(names["pattern"]).format(time=time, weather=weather, kind=kind)
    return " ".join(text.split()) if " " in names["pattern"] else text
