"""Each edit on a draft: what changes, what is refused, what is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from agent_kit import (
    PHONE_FILE,
    PHOTO,
    SHORT_SONG,
    SILENT_FILE,
    SONG,
    TALL_PHOTO,
    UPLOADS,
    VIDEO_FILE,
    check,
    names,
    segments,
)

from skill.draft import AUDIO, TEXT, VIDEO, Draft, Segment
from skill.studio.agent import PlacedMedia, Project, place, respond


def talk(*turns: str | tuple[PlacedMedia, ...], project: Project | None = None) -> Project:
    """A project after messages and uploads; every draft on the way keeps the invariants."""
    project = project or Project(seed=7)
    for turn in turns:
        if isinstance(turn, tuple):
            project = replace(project, media=(*project.media, *turn))
            draft: Draft | None = place(turn, project)
        else:
            draft = respond(turn, project).draft
        if draft is not None:
            project = replace(project, draft=draft, previous=project.draft, next=None)
        check(project)
    return project


def said(message: str, *turns: str | tuple[PlacedMedia, ...]) -> str:
    """The answer to a message after some turns."""
    return respond(message, talk(*turns)).text


def clips(project: Project) -> list[Segment]:
    return segments(project.draft, VIDEO)


def title(project: Project) -> Segment:
    (found,) = segments(project.draft, TEXT)
    return found


def music(project: Project) -> Segment:
    (found,) = segments(project.draft, AUDIO)
    return found


# Clips


def test_a_description_becomes_a_clip_of_five_seconds() -> None:
    (clip,) = clips(talk("森林里的晨雾"))
    assert (clip.id, clip.start, clip.duration) == ("v1", 0, 5000)
    assert clip.meta["source"]["kind"] == "scene"
    assert clip.meta["source"]["scene"]["prompt"] == "森林里的晨雾"


def test_the_prompt_that_was_sent_before_is_used() -> None:
    project = talk("a sunset over the ocean with waves crashing")
    project = talk("generate a 7-second cinematic video clip from my text prompt", project=project)
    (clip,) = clips(project)
    assert clip.duration == 7000
    assert clip.meta["source"]["scene"]["prompt"] == "a sunset over the ocean with waves crashing"
    assert clip.meta["look"] == {"bars": 2.39, "grain": 0.25}


def test_without_an_earlier_prompt_it_is_asked_for() -> None:
    answer = respond("generate a clip from my text prompt", Project())
    assert answer.draft is None
    assert "earlier prompt" in answer.text


def test_a_second_clip_follows_with_a_crossfade() -> None:
    first, second = clips(talk("a forest", "add another clip of the beach"))
    assert (second.start, second.end) == (4500, 9500)
    assert second.meta["transition"] == {"kind": "crossfade", "d": 500}
    assert (first.id, second.id) == ("v1", "v2")


@pytest.mark.parametrize(
    ("message", "order"),
    [
        ("add a desert clip at the start", ["desert", "forest", "ocean"]),
        ("insert a clip of a desert before the ocean clip", ["forest", "desert", "ocean"]),
        ("add a clip of a desert after the forest clip", ["forest", "desert", "ocean"]),
        ("add a desert", ["forest", "ocean", "desert"]),
    ],
)
def test_where_a_new_clip_goes(message: str, order: list[str]) -> None:
    found = names(talk("a forest", "then the ocean", message).draft)
    assert found == [f"{name} scene" for name in order]


def test_a_clip_is_replaced_and_keeps_its_length_and_place() -> None:
    project = talk("a forest, 8 seconds", "then the ocean", "replace the forest with a desert")
    assert names(project.draft) == ["desert scene", "ocean scene"]
    assert clips(project)[0].duration == 8000


def test_a_change_repaints_the_same_picture() -> None:
    before = clips(talk("a city skyline"))[0].meta["source"]["scene"]
    after = clips(talk("a city skyline", "make it night"))[0].meta["source"]["scene"]
    assert after["prompt"] == "night, a city skyline"
    assert after["seed"] == before["seed"]


def test_another_version_has_another_seed() -> None:
    project = talk("a forest")
    before = clips(project)[0].meta["source"]["scene"]["seed"]
    after = clips(talk("try again", project=project))[0].meta["source"]["scene"]
    assert after["seed"] != before
    assert after["prompt"] == "a forest"


def test_own_footage_is_not_painted_over() -> None:
    assert "own footage" in said("make it night", (VIDEO_FILE,))


@pytest.mark.parametrize("message", ["a forest, 0.5 seconds", "a 1 hour video of a forest"])
def test_a_length_out_of_range_is_told(message: str) -> None:
    answer = respond(message, Project())
    assert answer.draft is None
    assert "1 to 600 seconds" in answer.text


def test_what_cannot_be_painted_is_told_in_one_sentence() -> None:
    answer = respond("a cat playing piano", Project())
    assert answer.draft is not None
    assert answer.text.count("The studio paints scenes") == 1
    assert "cloud" in answer.text


def test_bars_only_on_a_landscape_canvas() -> None:
    project = talk("a vertical cinematic video of a forest")
    assert clips(project)[0].meta["look"] == {"grain": 0.25}
    assert clips(talk("make it 16:9", project=project))[0].meta["look"]["bars"] == 2.39


def test_a_new_clip_looks_like_the_others() -> None:
    project = talk("a forest", "make it cinematic", "then the ocean")
    assert all(clip.meta["look"] == {"bars": 2.39, "grain": 0.25} for clip in clips(project))


def test_several_scenes_in_one_message() -> None:
    project = talk("a forest, then a desert, 4 seconds each")
    assert [(c.start, c.duration) for c in clips(project)] == [(0, 4000), (3500, 4000)]


def test_a_slideshow_of_uploads_that_are_there_changes_nothing() -> None:
    project = talk((PHOTO, TALL_PHOTO))
    answer = respond("make a slideshow of these", project)
    assert answer.draft is None
    assert "photo.jpg" in answer.text


def test_a_slideshow_of_a_length() -> None:
    project = talk((PHOTO, TALL_PHOTO), "make a video from my photos, 10 seconds")
    assert project.draft.duration == 10_000


# Titles


def test_a_title_stands_for_three_seconds_in_the_centre() -> None:
    found = title(talk("a forest", "put a title 'Dawn'"))
    assert (found.id, found.start, found.duration) == ("t1", 0, 3000)
    assert found.meta == {
        "name": "Dawn", "text": "Dawn", "position": "center", "color": "#ffffff", "size": 0.11,
        "fade": 400,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("message", "span"),
    [
        ("put a title 'X' for five seconds", (0, 5000)),
        ("put a title 'X' from 2s to 5s", (2000, 5000)),
        ("put a title 'X' at the end", (7000, 10_000)),
        ("put a title 'X' at the end for 2 seconds", (8000, 10_000)),
        ("put a title 'X' the whole time", (0, 10_000)),
        ("put a title 'X' at 0:04", (4000, 7000)),
        ("put a title 'X' at 0:09", (9000, 10_000)),
        ("put a title 'X' for the last 4 seconds", (6000, 10_000)),
        ("加标题“X”，从第2秒到第5秒", (2000, 5000)),
        ("在结尾加标题“X”", (7000, 10_000)),
    ],
)
def test_when_a_title_is_there(message: str, span: tuple[int, int]) -> None:
    found = title(talk("a forest, 10 seconds", message))
    assert (found.start, found.end) == span


def test_a_title_on_a_clip() -> None:
    found = title(talk("a forest", "then the ocean", "add a title 'Sea' on the second clip"))
    assert (found.start, found.duration) == (4500, 3000)


def test_a_title_cannot_begin_after_the_end() -> None:
    assert "5 s long" in said("put a title 'X' from 8s to 9s", "a forest")


def test_a_title_is_changed_in_place() -> None:
    project = talk(
        "a forest", "put a title 'Dawn'", "change the title to 'Night Drive'",
        "make the title red", "move it to the top", "make it bigger", "keep it for 4 seconds",
    )  # fmt: skip
    found = title(project)
    assert (found.id, found.duration) == ("t1", 4000)
    assert found.meta["text"] == found.meta["name"] == "Night Drive"
    assert (found.meta["color"], found.meta["position"]) == ("#e53935", "top")
    assert found.meta["size"] == pytest.approx(0.143)


def test_the_same_words_again_change_the_title() -> None:
    project = talk("a forest", "put a title 'Dawn'", "put the title 'Dawn' at the bottom in blue")
    assert title(project).meta["position"] == "bottom"


def test_a_second_title_at_the_same_time_makes_room() -> None:
    project = talk("a forest", "put a title 'One'", "put a title 'Two'")
    one, two = segments(project.draft, TEXT)
    assert (one.meta["position"], two.meta["position"]) == ("center", "lower-third")
    assert [track.id for track in project.draft.tracks_of(TEXT)] == ["titles", "titles2"]


def test_titles_that_do_not_meet_share_a_track() -> None:
    project = talk("a forest", "put a title 'One' for 2 seconds", "put a title 'Two' at the end")
    assert [track.id for track in project.draft.tracks_of(TEXT)] == ["titles"]


def test_a_title_at_the_end_stays_at_the_end() -> None:
    project = talk("a forest", "put a title 'X' at the end", "make it 12 seconds")
    assert title(project).end == 12_000


def test_titles_stay_inside_a_video_that_gets_shorter() -> None:
    project = talk(
        "a forest, 10 seconds", "put a title 'X' from 6s to 9s", "make the video 4 seconds"
    )
    assert (title(project).start, title(project).end) == (1000, 4000)


def test_changing_a_title_that_is_not_there() -> None:
    assert "no title yet" in said("make the title red", "a forest")
    assert title(talk("a forest", "change the title to 'X'")).meta["text"] == "X"


# Music and loudness


@pytest.mark.parametrize(
    ("uploads", "volume"), [((), 0.8), ((VIDEO_FILE,), 0.35), ((SILENT_FILE,), 0.8)]
)
def test_how_loud_music_is_unasked(uploads: tuple[PlacedMedia, ...], volume: float) -> None:
    bed = music(talk("a forest", uploads, "add lo-fi music"))
    assert (bed.id, bed.meta["volume"], bed.meta["name"]) == ("m1", volume, "Lo-fi")
    assert bed.meta["source"]["mood"] == "lo-fi"


@pytest.mark.parametrize(
    ("message", "volume"),
    [
        ("set the music volume to 35%", 0.35),
        ("music at 20%", 0.2),
        ("louder", 1.0),
        ("quieter", 0.48),
        ("a bit quieter", 0.64),
        ("make it half as loud", 0.4),
        ("mute the music", 0.0),
        ("music 25% quieter", 0.6),
        ("lower the music by 6 dB", 0.4),
        ("音乐小声一点", 0.48),
        ("音量调到百分之三十", 0.3),
    ],
)
def test_the_music_gets_louder_or_quieter(message: str, volume: float) -> None:
    project = talk("a forest", "add lo-fi music", message)
    assert music(project).meta["volume"] == pytest.approx(volume)


def test_the_loudest_is_told() -> None:
    assert "loudest" in said("set the music to 150%", "a forest", "add music")


def test_music_follows_the_picture() -> None:
    project = talk("a forest", "add lo-fi music", "then the ocean")
    assert music(project).duration == project.draft.duration == 9500


def test_another_mood_keeps_the_volume_and_the_place() -> None:
    project = talk("a forest", "add lo-fi music at 40%", "change the music to piano")
    bed = music(project)
    assert (bed.id, bed.meta["name"], bed.meta["volume"]) == ("m1", "Piano", 0.4)


def test_music_that_is_not_there() -> None:
    for message in ("louder music", "remove the music", "set the music volume to 35%"):
        assert "no music yet" in said(message, "a forest")


def test_music_before_there_is_a_picture_waits_for_it() -> None:
    project = talk("add lo-fi music")
    assert "no picture yet" in said("add lo-fi music")
    assert music(talk("a forest", project=project)).duration == 5000


def test_a_song_becomes_the_music_as_often_as_needed() -> None:
    project = talk("a forest", (SHORT_SONG,), "use it as background music at 30%")
    bed = music(project)
    assert (bed.start, bed.duration, bed.meta["volume"]) == (0, 5000, 0.3)
    assert bed.meta["loop"] is True
    assert bed.meta["source"] == {"kind": "audio", "hash": "hash-jingle"}


def test_a_video_used_as_music_leaves_the_picture() -> None:
    project = talk("a forest", (VIDEO_FILE,), "use it as background music")
    assert names(project.draft) == ["forest scene"]
    assert music(project).meta["name"] == "clip.mp4"


def test_the_sound_of_a_video_as_music_leaves_its_picture_where_it_is() -> None:
    project = talk("a forest", (VIDEO_FILE,), "use the sound of clip.mp4 as music")
    assert names(project.draft) == ["forest scene", "clip.mp4"]
    assert clips(project)[1].meta["volume"] == 0.0


def test_a_silent_file_is_no_music() -> None:
    assert "no sound" in said("use silent.mov as background music", (SILENT_FILE,))


def test_the_own_sound_of_a_clip() -> None:
    project = talk((VIDEO_FILE,), "mute the clip")
    assert clips(project)[0].meta["volume"] == 0.0
    assert clips(talk("unmute", project=project))[0].meta["volume"] == 1.0
    assert "no sound of its own" in said("mute silent.mov", (SILENT_FILE,))


# Lengths


@pytest.mark.parametrize(
    ("message", "length"),
    [
        ("make it 10 seconds", 10_000),
        ("shorter", 3500),
        ("longer", 7500),
        ("make it 2 seconds longer", 7000),
        ("shorten it by 2 seconds", 3000),
        ("double the length", 10_000),
        ("改成12秒", 12_000),
        ("trim it to 2 seconds", 2000),
        ("cut the last 2 seconds", 3000),
    ],
)
def test_a_painted_clip_gets_any_length(message: str, length: int) -> None:
    assert talk("a forest", message).draft.duration == length


def test_footage_ends_where_its_source_ends() -> None:
    project = talk((VIDEO_FILE,), "trim it to 3 seconds")
    assert "already as long as it is" in said("make it 10 seconds", (VIDEO_FILE,))
    assert "footage ends" in respond("make it 10 seconds", project).text
    assert talk("make it 10 seconds", project=project).draft.duration == 6000


def test_the_whole_takes_a_length_together() -> None:
    project = talk("a forest", "then the ocean", "then a desert", "make it 20 seconds")
    assert project.draft.duration == 20_000
    lengths = [clip.duration for clip in clips(project)]
    assert max(lengths) - min(lengths) <= 2


def test_footage_keeps_its_limit_when_the_whole_grows() -> None:
    project = talk((VIDEO_FILE,), "then a forest", "make the video 30 seconds")
    assert project.draft.duration == 30_000
    assert clips(project)[0].duration == 6000


def test_each_clip_at_one_length() -> None:
    project = talk((PHOTO, TALL_PHOTO), "make each photo 2 seconds")
    assert [clip.duration for clip in clips(project)] == [2000, 2000]


@pytest.mark.parametrize(
    ("message", "begin", "length"),
    [
        ("trim to the first 2 seconds", 0, 2000),
        ("keep only 0:02 to 0:05", 2000, 3000),
        ("cut the first 2 seconds", 2000, 4000),
        ("cut the last 2 seconds", 0, 4000),
        ("keep the last 2 seconds", 4000, 2000),
        ("cut everything after 4 seconds", 0, 4000),
        ("start the clip at 2 seconds", 2000, 4000),
        ("剪到前2秒", 0, 2000),
        ("只保留2秒到5秒", 2000, 3000),
    ],
)
def test_footage_is_trimmed(message: str, begin: int, length: int) -> None:
    (clip,) = clips(talk((VIDEO_FILE,), message))
    assert (clip.meta.get("in", 0), clip.duration) == (begin, length)


def test_trimming_twice_counts_from_what_is_left() -> None:
    (clip,) = clips(talk((VIDEO_FILE,), "cut the first 2 seconds", "cut the first second"))
    assert (clip.meta["in"], clip.duration) == (3000, 3000)


def test_the_last_upload_is_trimmed_where_no_clip_is_named() -> None:
    project = talk("a forest", (VIDEO_FILE,), "then the ocean", "trim to the first 2 seconds")
    assert [clip.duration for clip in clips(project)] == [5000, 2000, 5000]


def test_the_whole_is_trimmed_where_nothing_was_uploaded() -> None:
    project = talk("a forest", "then the ocean", "cut the last 2 seconds")
    assert project.draft.duration == 7500


def test_a_trimmed_scene_keeps_the_camera_it_was_painted_with() -> None:
    (clip,) = clips(talk("a forest", "cut the first 2 seconds"))
    assert clip.meta["in"] == 2000
    assert clip.meta["source"]["seconds"] == 5.0


def test_a_part_is_cut_out_of_the_middle() -> None:
    head, tail = clips(talk((VIDEO_FILE,), "cut out 0:02 to 0:04"))
    assert (head.id, head.duration) == ("v1", 2000)
    assert (tail.start, tail.duration, tail.meta["in"]) == (2000, 2000, 4000)


@pytest.mark.parametrize("message", ["cut the first 9 seconds", "trim it to the first 20 seconds"])
def test_a_trim_that_leaves_nothing_or_everything_is_told(message: str) -> None:
    answer = respond(message, talk((VIDEO_FILE,)))
    assert answer.draft is None
    assert "6 s" in answer.text


# Shape and look


@pytest.mark.parametrize(
    ("message", "size"),
    [
        ("make it vertical", (1080, 1920)),
        ("square please", (1080, 1080)),
        ("change the aspect ratio to 4:5", (1080, 1350)),
        ("make it 21:9", (1920, 822)),
        ("for TikTok", (1080, 1920)),
        ("改成竖屏", (1080, 1920)),
        ("1080x1080", (1080, 1080)),
    ],
)
def test_the_canvas(message: str, size: tuple[int, int]) -> None:
    draft = talk("a forest", message).draft
    assert (draft.width, draft.height) == size


def test_a_shape_too_narrow_is_told() -> None:
    assert "too narrow" in said("resize to 100x900", "a forest")


def test_pictures_are_framed_anew_for_another_canvas() -> None:
    project = talk((VIDEO_FILE,), "make it vertical")
    assert clips(project)[0].meta["fit"] == "contain"
    asked = talk("fill the frame", project=project)
    assert clips(asked)[0].meta["fit"] == "cover"
    assert clips(talk("make it square", project=asked))[0].meta["fit"] == "cover"


def test_bars_come_and_go() -> None:
    project = talk("a forest", "make it cinematic", "no bars")
    assert clips(project)[0].meta["look"] == {"grain": 0.25}
    assert "look" not in clips(talk("remove the grain", project=project))[0].meta


# Order, removing, keeping


@pytest.mark.parametrize(
    ("message", "order"),
    [
        ("move the second clip to the start", ["ocean", "forest", "desert"]),
        ("put the forest last", ["ocean", "desert", "forest"]),
        ("put the desert before the ocean", ["forest", "desert", "ocean"]),
        ("move the forest after the ocean clip", ["ocean", "forest", "desert"]),
        ("swap clip 1 and 3", ["desert", "ocean", "forest"]),
        ("swap the forest and the ocean", ["ocean", "forest", "desert"]),
        ("reverse the order", ["desert", "ocean", "forest"]),
        ("move clip 3 to position 2", ["forest", "desert", "ocean"]),
        ("把第二段移到最前面", ["ocean", "forest", "desert"]),
        ("remove the second clip", ["forest", "desert"]),
        ("remove the last clip", ["forest", "ocean"]),
        ("delete clip 1 and clip 2", ["desert"]),
        ("remove the forest and the desert", ["ocean"]),
        ("remove the beach clip", ["forest", "desert"]),
        ("keep only the ocean", ["ocean"]),
        ("只保留第一段", ["forest"]),
    ],
)
def test_order(message: str, order: list[str]) -> None:
    project = talk("a forest", "then the ocean", "then a desert", message)
    assert names(project.draft) == [f"{name} scene" for name in order]


def test_it_is_put_beside_the_clip_that_is_named() -> None:
    project = talk("the ocean", (VIDEO_FILE,), "put it before the ocean clip")
    assert names(project.draft) == ["clip.mp4", "ocean scene"]


def test_it_is_never_the_clip_beside_which_it_goes() -> None:
    project = talk((VIDEO_FILE,), "then the ocean", "put it after the ocean clip")
    assert names(project.draft) == ["ocean scene", "clip.mp4"]


def test_removing_by_name_and_by_kind() -> None:
    project = talk("a forest", (VIDEO_FILE, PHOTO), "add lo-fi music", "put a title 'X'")
    assert names(talk("remove clip.mp4", project=project).draft) == ["forest scene", "photo.jpg"]
    assert names(talk("remove the photo", project=project).draft) == ["forest scene", "clip.mp4"]
    both = talk("remove the title and the music", project=project).draft
    assert not segments(both, TEXT)
    assert not segments(both, AUDIO)


def test_what_is_not_found_is_told() -> None:
    assert "“volcano”" in said("remove the volcano clip", "a forest")
    assert "not that many" in said("remove the fifth clip", "a forest")


def test_files_one_after_the_other() -> None:
    project = talk((VIDEO_FILE, SILENT_FILE), "keep only clip.mp4")
    assert names(project.draft) == ["clip.mp4"]
    project = talk("keep only silent.mov", project=project)
    assert names(project.draft) == ["silent.mov"]
    assert names(talk("add clip.mp4", project=project).draft) == ["silent.mov", "clip.mp4"]


def test_clearing_empties_the_timeline_and_never_reuses_an_id() -> None:
    project = talk("a forest", "make it vertical", "clear everything")
    assert not project.draft.exportable
    assert (project.draft.width, project.draft.height) == (1920, 1080)
    assert clips(talk("the ocean", project=project))[0].id == "v2"
    assert "empty already" in said("clear everything")


def test_an_edit_of_an_empty_timeline_says_what_to_do() -> None:
    for message in ("make it 10 seconds", "trim to the first 5 seconds", "remove the clip"):
        assert "Describe a scene" in said(message)


def test_edits_do_not_change_the_draft_they_are_given() -> None:
    project = talk("a forest", (VIDEO_FILE, PHONE_FILE, SONG), "put a title 'X'")
    before = repr(project.draft)
    for message in ("make it vertical", "remove the first clip", "make the title red", "louder"):
        respond(message, project)
    assert repr(project.draft) == before


def test_the_same_talk_gives_the_same_draft() -> None:
    turns = ("a forest", UPLOADS, "add music", "put a title 'X'", "make it 20 seconds")
    assert talk(*turns).draft == talk(*turns).draft
