"""Parts of a clip or of the time: halves, the middle, until the end; in all languages."""

from __future__ import annotations

import pytest
from agent_kit import check, paints, segments
from test_agent_edits import said, talk

from skill.draft import AUDIO, TEXT, VIDEO
from skill.studio.agent import Project
from skill.studio.agent.edits import (
    ChangeTitle,
    Moment,
    Move,
    SetFade,
    Target,
    Trim,
    Wish,
)  # fmt: skip
from skill.studio.agent.understanding import understand

FIRST, SECOND, MIDDLE = Trim(half="start"), Trim(half="end"), Trim(middle=2000)
ON = ChangeTitle(Target("title", it=True), None, Moment(to_end=True))
OWN_LAST = Move(Target("clip", own=True), "end")
OUT = SetFade(Target("music"), out=2000)

# fmt: off
MESSAGES: list[tuple[str, str, Wish]] = [
    ("en", "cut out the middle 2 seconds", MIDDLE), ("zh", "剪掉中间2秒", MIDDLE),
    ("es", "corta los 2 segundos del medio", MIDDLE),
    ("fr", "coupe les 2 secondes du milieu", MIDDLE),
    ("de", "schneide die mittleren 2 Sekunden heraus", MIDDLE),
    ("pt", "corta os 2 segundos do meio", MIDDLE), ("ja", "真ん中の2秒をカットして", MIDDLE),
    ("ko", "가운데 2초를 잘라줘", MIDDLE), ("ru", "вырежи средние 2 секунды", MIDDLE),
    ("hi", "बीच के 2 सेकंड काट दो", MIDDLE), ("ar", "احذف 2 ثانية من المنتصف", MIDDLE),
    ("id", "potong 2 detik di tengah", MIDDLE),
    ("en", "keep the middle 4 seconds", Trim(core=4000)),
    ("en", "keep the last half", SECOND), ("en", "cut the first half", SECOND),
    ("en", "delete the second half", FIRST), ("en", "trim to the first half", FIRST),
    ("zh", "只保留后半段", SECOND), ("zh", "删掉前一半", SECOND),
    ("es", "quédate solo con la segunda mitad", SECOND),
    ("fr", "garde seulement la deuxième moitié", SECOND),
    ("de", "entferne die erste Hälfte", SECOND), ("pt", "mantém só a segunda metade", SECOND),
    ("ja", "後半だけ残して", SECOND), ("ko", "뒤 절반만 남겨줘", SECOND),
    ("ru", "удали первую половину", SECOND), ("hi", "सिर्फ दूसरा आधा रखो", SECOND),
    ("ar", "احتفظ بالنصف الثاني فقط", SECOND), ("id", "hapus setengah pertama", SECOND),
    ("en", "get rid of the last half second", Trim(tail=500)),
    ("en", "trim from 5 seconds until the end", Trim(keep=(0, 5000))),
    ("en", "remove everything from 5 seconds to the end", Trim(keep=(0, 5000))),
    ("en", "keep from 5 seconds until the end", Trim(keep=(5000, None))),
    ("en", "let the words stay until the end", ON), ("zh", "标题一直显示到最后", ON),
    ("es", "que el título se quede hasta el final", ON),
    ("fr", "laisse le titre jusqu'à la fin", ON), ("de", "lass den Titel bis zum Ende stehen", ON),
    ("pt", "deixa o título até o final", ON), ("ja", "タイトルを最後まで表示して", ON),
    ("ko", "제목을 끝까지 보여줘", ON), ("ru", "оставь заголовок до конца", ON),
    ("hi", "शीर्षक अंत तक दिखाओ", ON), ("ar", "أبق العنوان حتى النهاية", ON),
    ("id", "biarkan judul sampai akhir", ON),
    ("en", "move the title to the end", ChangeTitle(Target("title", it=True), None, Moment("end"))),
    ("zh", "把我的视频放到最后", OWN_LAST), ("es", "pon mi clip al final", OWN_LAST),
    ("fr", "mets mon clip à la fin", OWN_LAST), ("de", "setz meinen Clip ans Ende", OWN_LAST),
    ("pt", "coloca meu clipe no final", OWN_LAST), ("ja", "私の動画を最後に移動して", OWN_LAST),
    ("ko", "내 영상을 맨 뒤로 옮겨줘", OWN_LAST), ("ru", "перемести мой клип в конец", OWN_LAST),
    ("hi", "मेरी क्लिप अंत में ले जाओ", OWN_LAST), ("ar", "انقل مقطعي إلى النهاية", OWN_LAST),
    ("id", "pindahkan klip saya ke akhir", OWN_LAST),
    ("es", "fundido de salida de la música", OUT), ("fr", "fondu de sortie de la musique", OUT),
    ("de", "blende die Musik aus", OUT), ("pt", "fade out na música", OUT),
    ("ja", "音楽をフェードアウトして", OUT), ("ko", "음악 페이드 아웃 해줘", OUT),
    ("ru", "затухание музыки", OUT), ("hi", "संगीत फेड आउट करो", OUT),
    ("ar", "تلاشي الموسيقى", OUT), ("id", "fade out musiknya", OUT),
    ("en", "fade in the music over 3 seconds", SetFade(Target("music"), into=3000)),
    ("en", "fade the music in and out", SetFade(Target("music"), 2000, 2000)),
    ("en", "fade the music out in the last three seconds", SetFade(Target("music"), out=3000)),
    ("en", "fade the music in during the first 3 seconds", SetFade(Target("music"), into=3000)),
]
# fmt: on


@pytest.mark.parametrize(("language", "message", "wish"), MESSAGES)
def test_a_part_is_understood(language: str, message: str, wish: Wish) -> None:
    assert understand(message, [], language, paints, empty=False).wishes == (wish,)


def lengths(project: Project) -> list[int]:
    check(project)
    return [clip.duration for clip in segments(project.draft, VIDEO)]


def test_the_middle_goes_out_of_one_clip() -> None:
    project = talk("a forest, 10 seconds", "cut out the middle 2 seconds")
    assert lengths(project) == [4000, 4000]
    assert segments(project.draft, VIDEO)[1].meta["in"] == 6000


def test_the_middle_goes_out_of_the_whole() -> None:
    project = talk("a forest, 6 seconds", "add an ocean, 6 seconds", "cut out the middle 4 seconds")
    assert lengths(project) == [3750, 3750]


def test_half_a_clip_is_kept() -> None:
    project = talk("a forest, 10 seconds", "keep the last half")
    assert lengths(project) == [5000]
    assert segments(project.draft, VIDEO)[0].meta["in"] == 5000


def test_a_title_that_stays_goes_on_as_the_picture_does() -> None:
    project = talk(
        "a forest, 8 seconds", "put a title 'X' from 2s to 3s", "let it stay until the end"
    )
    (title,) = segments(project.draft, TEXT)
    assert (title.start, title.end) == (2000, 8000)
    project = talk("make the video 12 seconds", project=project)
    assert segments(project.draft, TEXT)[0].end == 12_000


def test_music_fades_and_goes_on_fading_when_it_is_exchanged() -> None:
    project = talk("a forest", "add jazz", "fade the music in and out", "change it to piano music")
    (bed,) = segments(project.draft, AUDIO)
    assert (bed.meta["fade_in"], bed.meta["fade_out"]) == (2000, 2000)
    project = talk("remove the fade out of the music", project=project)
    (bed,) = segments(project.draft, AUDIO)
    assert (bed.meta.get("fade_in"), bed.meta.get("fade_out")) == (2000, None)


def test_a_picture_does_not_fade() -> None:
    assert "not the picture" in said("fade it out", "add jazz", "a forest")
