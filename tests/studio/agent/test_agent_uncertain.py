"""Where a reading is uncertain the agent asks, or says what it took."""

from __future__ import annotations

import pytest
from agent_kit import segments
from test_agent_edits import said, talk

from skill.draft import AUDIO, TEXT, VIDEO
from skill.studio.agent import respond


def test_it_may_be_the_title_or_the_whole() -> None:
    project = talk("a forest, 10 seconds", "put a title 'X'")
    for language, message in (("en", "make it 4 seconds"), ("fr", "mets-la à 4 secondes")):
        answer = respond(message, project, language)
        assert answer.draft is None
        assert answer.text.replace("\xa0", " ").count("4 s") == 2


def test_it_may_be_the_music_or_the_whole() -> None:
    project = talk("a forest, 10 seconds", "add jazz")
    assert "as long as the video" in respond("make it 4 seconds", project).text


def test_what_outlasts_the_picture_is_the_picture() -> None:
    project = talk("a forest, 10 seconds", "put a title 'X'", "make it 20 seconds")
    assert project.draft.duration == 20_000


def test_to_shorten_what_is_shorter_is_done_and_said() -> None:
    assert "shorter already (5 s)" in said("shorten it to 9 seconds", "a forest, 5 seconds")
    assert "longer already (5 s)" in said("extend it to 3 seconds", "a forest, 5 seconds")
    assert said("shorten it to 3 seconds", "a forest, 5 seconds") == ""


def test_an_unknown_kind_of_music_is_owned_up_to() -> None:
    text = said("add zydeco music", "a forest")
    assert "“zydeco”" in text
    assert "lo-fi" in text


@pytest.mark.parametrize(
    ("language", "message", "kind"),
    [
        ("en", "change the music to norteño", "norteño"), ("es", "añade música norteña", "norteña"),
        ("fr", "ajoute une musique bretonne", "bretonne"),
        ("de", "füge Jodel-Musik hinzu", "Jodel"), ("pt", "adiciona música gaúcha", "gaúcha"),
        ("zh", "加昆曲音乐", "昆曲"), ("ru", "добавь бардовскую музыку", "бардовскую"),
        ("hi", "गरबा संगीत जोड़ो", "गरबा"), ("ar", "أضف موسيقى خليجية", "خليجية"),
        ("id", "tambahkan musik angklung", "angklung"),
    ],
)  # fmt: skip
def test_music_is_not_exchanged_for_an_unknown_kind(language: str, message: str, kind: str) -> None:
    answer = respond(message, talk("a forest", "add jazz"), language)
    assert answer.draft is None
    assert kind in answer.text


@pytest.mark.parametrize("message", ["add nice music", "add background music", "add some music"])
def test_a_word_of_praise_is_no_kind(message: str) -> None:
    assert said(message, "a forest") == ""


@pytest.mark.parametrize(
    ("message", "mood"),
    [
        ("mellow guitar music", "acoustic"), ("mellow guitar", "acoustic"),
        ("add some gentle guitar", "acoustic"), ("dreamy synth music", "electronic"),
        ("upbeat jazz", "jazz"), ("set the mood with some jazz", "jazz"), ("sad piano", "sad"),
    ],
)  # fmt: skip
def test_an_instrument_counts_before_a_feeling(message: str, mood: str) -> None:
    (bed,) = segments(talk("a forest", message).draft, AUDIO)
    assert bed.meta["source"]["mood"] == mood


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "and the music too"), ("zh", "音乐也要"), ("es", "y la música también"),
        ("fr", "et la musique aussi"), ("de", "und die Musik auch"), ("pt", "e a música também"),
        ("ja", "音楽も"), ("ko", "음악도"), ("ru", "и музыку тоже"), ("hi", "और संगीत भी"),
        ("ar", "والموسيقى أيضا"), ("id", "dan musiknya juga"),
    ],
)  # fmt: skip
def test_more_of_a_removal(language: str, message: str) -> None:
    project = talk("a forest", "add jazz", "put a title 'X'", "remove the title")
    answer = respond(message, project, language)
    assert answer.draft is not None
    assert not segments(answer.draft, AUDIO)


def test_more_of_an_addition_is_one() -> None:
    project = talk("a forest", "put a title 'X'", "and music too")
    assert segments(project.draft, AUDIO)


def test_what_changes_nothing_is_no_new_version() -> None:
    project = talk("a forest", "put a title 'X'", "add an ocean")
    assert respond("make the title white", project).draft is None


def test_the_uploaded_clip_is_mine() -> None:
    from agent_kit import VIDEO_FILE

    from skill.studio.agent import Project, place

    project = Project(media=(VIDEO_FILE,))
    project = Project(place((VIDEO_FILE,), project), (VIDEO_FILE,))
    project = talk("add a forest", "add an ocean", "put my clip last", project=project)
    assert segments(project.draft, VIDEO)[-1].meta["name"] == "clip.mp4"
    project = talk("make my clip 4 seconds", "move it to the start", project=project)
    assert segments(project.draft, VIDEO)[0].duration == 4000
    assert "clip.mp4" not in [
        c.meta["name"] for c in segments(talk("remove my clip", project=project).draft, VIDEO)
    ]


def test_more_of_a_trim() -> None:
    project = talk("a forest, 10 s", "chop the first 2 seconds off", "and the last second too")
    (clip,) = segments(project.draft, VIDEO)
    assert (clip.meta["in"], clip.duration) == (2000, 7000)


def test_a_song_that_was_not_sent_is_asked_for() -> None:
    for message in ("put our song under everything", "add my song"):
        assert "Which song" in said(message, "a forest")


def test_what_was_removed_is_brought_back_by_name() -> None:
    project = talk("a forest", "add an ocean", "remove the ocean")
    assert respond("oh no, bring the ocean back", project).move == "undo"


def test_part_of_a_word_names_a_clip() -> None:
    project = talk("a thunderstorm over the sea, 9 seconds", "add a forest, 9 seconds")
    project = talk("shorten the storm to 4 seconds", project=project)
    assert [clip.duration for clip in segments(project.draft, VIDEO)] == [4000, 9000]
    project = talk("lose the sound of the storm", project=project)
    assert [c.meta.get("volume", 1) for c in segments(project.draft, VIDEO)] == [0, 1]


def test_the_last_two_change_places() -> None:
    project = talk("a forest", "add an ocean", "add a desert", "swap the last two")
    assert [c.id for c in segments(project.draft, VIDEO)] == ["v1", "v3", "v2"]


def test_what_was_not_there_is_added() -> None:
    project = talk("a forest", "does it have music? if not add something dramatic")
    assert segments(project.draft, AUDIO)


def test_an_unknown_kind_may_be_played() -> None:
    assert "“zouk”" in said("can you play some zouk over it?", "a forest")


def test_smaller_and_lower_is_no_loudness() -> None:
    project = talk("a forest", "add jazz", "put a title 'X'")
    answer = respond("smaller and lower please", project)
    assert answer.draft is not None
    assert segments(answer.draft, AUDIO) == segments(project.draft, AUDIO)


def test_a_second_title_is_told_by_its_quotes() -> None:
    project = talk("a forest", "put a title 'X'", 'and underneath, in smaller letters, "Y"')
    titles = segments(project.draft, TEXT)
    assert [(t.meta["text"], t.meta["position"]) for t in titles] == [
        ("X", "center"),
        ("Y", "bottom"),
    ]


def test_music_that_was_not_there_is_not_brought_back() -> None:
    project = talk("a forest", "add an ocean", "remove the ocean")
    answer = respond("bring back the music", project)
    assert answer.move is None
    assert answer.text
    project = talk("a forest", "add jazz", "remove the music")
    assert respond("bring back the music", project).move == "undo"


def test_music_may_be_quiet_from_the_start() -> None:
    project = talk("a forest", "add some mellow piano, not too loud")
    (bed,) = segments(project.draft, AUDIO)
    assert (bed.meta["source"]["mood"], bed.meta["volume"]) == ("piano", 0.3)
    project = talk("fade the music out in the last three seconds", project=project)
    (bed,) = segments(project.draft, AUDIO)
    assert (bed.meta.get("fade_in"), bed.meta["fade_out"]) == (None, 2500)


def test_the_middle_of_the_video_is_none_of_a_photo() -> None:
    from agent_kit import PHOTO, VIDEO_FILE

    project = talk((VIDEO_FILE,), (PHOTO,), "take out the middle two seconds of the video")
    assert [c.meta["name"] for c in segments(project.draft, VIDEO)] == [
        "clip.mp4", "clip.mp4", "photo.jpg",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "message"),
    [("en", "keep only the last half of the city"), ("zh", "城市那段只要后一半")],
)
def test_half_of_what_a_clip_shows(language: str, message: str) -> None:
    project = talk("a city skyline, 8 seconds", "add a forest, 5 seconds")
    answer = respond(message, project, language)
    assert answer.draft is not None
    assert [c.duration for c in segments(answer.draft, VIDEO)] == [4000, 5000]


def test_some_kind_of_music_is_no_clip() -> None:
    text = said("use some klezmer as background music", "a forest")
    assert "klezmer" in text
    assert "nothing like" not in text
