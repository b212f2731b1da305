"""What a file is, by its bytes: every format of the protocol's list, and what is refused."""

from __future__ import annotations

import contextlib
import struct
import zlib

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skill.studio import media
from skill.studio.media import TOO_LARGE, UNSUPPORTED, MediaError, container, probe, sniff


@pytest.mark.parametrize(
    ("name", "found", "codec"),
    [
        ("a.mp4", "mp4", "libx264"),
        ("a.mov", "mov", "libx264"),
        ("a.avi", "avi", "mpeg4"),
        ("a.mkv", "mkv", "libx264"),
        ("a.webm", "webm", "libvpx-vp9"),
    ],
)
def test_every_video_format_comes_in(made, tmp_path, name, found, codec):
    media = probe(made.video(tmp_path / name, codec=codec))
    assert (media.kind, media.format, media.width, media.height) == ("video", found, 64, 48)
    assert abs(media.duration_ms - 400) <= 45
    assert not media.sound
    assert media.name == name


@pytest.mark.parametrize(
    ("name", "found", "codec"),
    [
        ("a.mp3", "mp3", "libmp3lame"),
        ("a.wav", "wav", "pcm_s16le"),
        ("a.m4a", "m4a", "aac"),
        ("a.aac", "aac", "aac"),
        ("a.mp4", "mp4", "aac"),
    ],
)
def test_every_sound_format_comes_in(made, tmp_path, name, found, codec):
    path = tmp_path / name
    options = {"format": "ipod"} if found == "m4a" else {"format": "adts"} if found == "aac" else {}
    media = probe(made.sound(path, codec=codec, **options))
    assert (media.kind, media.format, media.sound) == ("audio", found, True)
    assert (media.width, media.height) == (0, 0)
    assert abs(media.duration_ms - 500) <= 90


@pytest.mark.parametrize(
    ("name", "found"), [("a.jpg", "jpg"), ("a.png", "png"), ("a.webp", "webp"), ("a.gif", "gif")]
)
def test_every_picture_format_comes_in(made, tmp_path, name, found):
    media = probe(made.image(tmp_path / name))
    assert (media.kind, media.format, media.duration_ms) == ("image", found, 0)
    assert (media.width, media.height) == (64, 48)


@pytest.mark.parametrize("name", ["a.gif", "a.webp"])
def test_an_animation_is_a_video(made, tmp_path, name):
    media = probe(made.animation(tmp_path / name))
    assert (media.kind, media.duration_ms, media.sound) == ("video", 400, False)


def test_frames_without_a_duration_play_at_100_ms(made, tmp_path):
    assert probe(made.animation(tmp_path / "a.gif", ms=0)).duration_ms == 400


def test_a_video_may_have_sound(made, tmp_path):
    assert probe(made.video(tmp_path / "a.mp4", sound="aac")).sound


def test_a_photo_is_measured_as_it_is_seen(made, tmp_path):
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    media = probe(made.image(tmp_path / "a.jpg", exif=exif))
    assert (media.width, media.height) == (48, 64)


def test_a_phones_video_is_measured_as_it_is_seen(made, tmp_path):
    media = probe(made.video(tmp_path / "a.mp4", rotate=90))
    assert (media.width, media.height) == (48, 64)


def test_a_songs_cover_is_no_video(made, tmp_path):
    import av

    cover = made.image(tmp_path / "cover.jpg").read_bytes()
    song = made.sound(tmp_path / "a.mp3", codec="libmp3lame")
    with av.open(str(song)) as source, av.open(str(tmp_path / "b.mp3"), "w") as target:
        heard = target.add_stream_from_template(source.streams.audio[0])
        picture = target.add_stream("mjpeg", rate=1)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuvj420p"
        picture.disposition = av.stream.Disposition.attached_pic
        packet = av.Packet(cover)
        packet.stream = picture
        target.mux(packet)
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = heard
                target.mux(packet)
    assert probe(tmp_path / "b.mp3").kind == "audio"


def test_the_bytes_count_and_not_the_name(made, tmp_path):
    media = probe(made.image(tmp_path / "a.png").rename(tmp_path / "a.mp4"), name="film.mp4")
    assert (media.format, media.name) == ("png", "film.mp4")


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"%PDF-1.7", b"\0" * 100, b"#EXTM3U\nfile:///etc/passwd"]
)
def test_another_kind_of_file_is_refused(tmp_path, content):
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError) as caught:
        probe(path)
    assert caught.value.code == UNSUPPORTED
    assert "a.mp4" in str(caught.value)


def test_a_torn_video_is_refused(made, tmp_path):
    path = made.video(tmp_path / "a.mp4", seconds=4, options={"movflags": "+faststart"})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(MediaError, match="damaged"):
        probe(path)


def test_a_torn_picture_is_refused(made, tmp_path):
    path = made.image(tmp_path / "a.jpg", size=(640, 480))
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(MediaError, match="damaged"):
        probe(path)


def png(width: int, height: int) -> bytes:
    """The head of a PNG of a size, with nothing behind it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


@pytest.mark.parametrize("size", [(30_000, 30_000), (8193, 10)])
def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path, size):
    path = tmp_path / "bomb.png"
    path.write_bytes(png(*size) + b"\0\0\0\0IDAT")
    with pytest.raises(MediaError, match="too large") as caught:
        probe(path)
    assert caught.value.code == TOO_LARGE


def test_ten_hours_of_sound_are_refused(tmp_path):
    # A WAV of 1000 samples a second; nearly all of it is a hole in the file.
    size = 1000 * 36_000
    path = tmp_path / "long.wav"
    form = struct.pack("<IHHIIHH", 16, 1, 1, 1000, 1000, 1, 8)
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", size + 36) + b"WAVEfmt " + form)
        file.write(b"data" + struct.pack("<I", size) + b"\x80" * 8000)
        file.truncate(size + 44)
    with pytest.raises(MediaError, match="4 hours") as caught:
        probe(path)
    assert caught.value.code == TOO_LARGE


def test_too_many_streams_are_refused(made, tmp_path):
    import av

    path = tmp_path / "many.mkv"
    with av.open(str(path), "w") as file:
        streams = [file.add_stream("pcm_s16le", rate=8000) for _ in range(17)]
        for stream in streams:
            stream.layout = "mono"
        for stream in streams:
            frame = av.AudioFrame(format="s16", layout="mono", samples=800)
            frame.rate, frame.pts = 8000, 0
            file.mux(stream.encode(frame))
    with pytest.raises(MediaError, match="17 streams"):
        probe(path)


def test_a_file_over_the_limit_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(media, "MAX_BYTES", 1000)
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0" * 1001)
    with pytest.raises(MediaError) as caught:
        probe(path)
    assert caught.value.code == TOO_LARGE


@settings(max_examples=300)
@given(st.binary(max_size=64))
def test_sniffing_never_fails(head):
    assert sniff(head) in (None, *media.FORMATS)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(made, tmp_path, data):
    path = tmp_path / "whole.mp4"
    if not path.exists():
        made.video(path, sound="aac")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(content)
    with contextlib.suppress(MediaError):
        assert probe(broken).kind in ("video", "audio")


def chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + kind + data + check


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_a_bomb_inside_a_small_picture_is_refused(tmp_path, kind):
    bomb = chunk(kind, b"k\0\0" + zlib.compress(bytes(200 << 20), 9))
    (tmp_path / "a.png").write_bytes(png(8, 8) + bomb)
    with pytest.raises(MediaError, match=r"a\.png") as caught:
        probe(tmp_path / "a.png")
    assert caught.value.code == UNSUPPORTED


def gif(width: int, height: int, frames: int) -> bytes:
    """An animation of ``frames`` dots on a large canvas."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    dot = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return head + (b"!\xf9\x04\x08\x0a\0\0\0" + dot) * frames + b";"


def test_a_small_animation_of_dots_is_read(tmp_path):
    (tmp_path / "a.gif").write_bytes(gif(8, 8, 20))
    assert probe(tmp_path / "a.gif").duration_ms == 2000


@pytest.mark.parametrize("size", [(8000, 8000, 400), (8, 8, 30_000), (65535, 65535, 2)])
def test_an_animation_that_takes_too_long_to_draw_is_refused(tmp_path, size):
    (tmp_path / "a.gif").write_bytes(gif(*size))
    with pytest.raises(MediaError) as caught:
        probe(tmp_path / "a.gif")
    assert caught.value.code == TOO_LARGE


def test_a_day_at_one_frame_a_second_is_refused(tmp_path):
    with av.open(str(tmp_path / "a.mp4"), "w") as file:
        stream = file.add_stream("libx264", rate=1)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((24, 16), np.uint8), format="yuv420p")
        for second in (0, 24 * 3600):
            frame.pts = second
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    with pytest.raises(MediaError, match="4 hours"):
        probe(tmp_path / "a.mp4")


LISTS = {
    "hls": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    "avs": b'DirectShowSource("/etc/passwd")\n',
    "dash": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"></MPD>',
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n",
    "rtsp": b"RTSPtext\nrtsp://127.0.0.1/x\n",
    "tiff": b"II*\0" + bytes(100),
}


@pytest.mark.parametrize("name", ["a.mp4", "a.m3u8", "a.png"])
@pytest.mark.parametrize("kind", LISTS)
def test_a_file_that_names_other_files_is_refused(tmp_path, kind, name):
    (tmp_path / name).write_bytes(LISTS[kind])
    with pytest.raises(MediaError, match="Supported are"):
        probe(tmp_path / name)
    with pytest.raises(ValueError, match="no format"):
        container(tmp_path / name)


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_behind_the_tag_of_a_song_is_not_followed(made, tmp_path, kind):
    """FFmpeg looks behind the tag when it is left to guess; the song behind the list is read."""
    song = made.sound(tmp_path / "song.mp3", codec="mp3").read_bytes()
    body = song[10 + int.from_bytes(song[8:10], "big") :]
    (tmp_path / "evil.mp3").write_bytes(b"ID3\4\0\0\0\0\0\0" + LISTS[kind] + body)
    with container(tmp_path / "evil.mp3") as opened:
        assert opened.format.name == "mp3"


def elsewhere(movie: bytes, path: str) -> bytes:
    """The movie, with its pictures said to lie in another file (an alias as data reference)."""
    name = path.encode() + bytes(len(path) % 2)
    alias = bytes(10) + b"\x01v" + bytes(38) + b"\x01f" + bytes(62) + bytes(16)
    alias += bytes(4) + bytes(16)
    for kind in (18, 2):
        alias += struct.pack(">hH", kind, len(path)) + name
    alias += b"\xff\xff\0\0"
    entry = struct.pack(">I4sI", 12 + len(alias), b"alis", 0) + alias
    at = movie.index(b"dref") + 12
    old = int.from_bytes(movie[at : at + 4], "big")
    grown = bytearray(movie[:at] + entry + movie[at + old :])
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        begin = movie.rindex(box, 0, at) - 4
        size = int.from_bytes(movie[begin : begin + 4], "big") + len(entry) - old
        grown[begin : begin + 4] = size.to_bytes(4, "big")
    return bytes(grown)


def test_pictures_that_lie_in_another_file_are_not_fetched_from_there(made, tmp_path):
    movie = made.video(tmp_path / "private.mov").read_bytes()
    evil = tmp_path / "evil.mov"
    evil.write_bytes(elsewhere(movie, str(tmp_path / "private.mov")))
    allowed = {"enable_drefs": "1", "use_absolute_path": "1"}
    with av.open(str(evil), format="mov", options=allowed) as opened:
        assert next(opened.decode(video=0)).width == 64  # what FFmpeg would do if it were let
    with pytest.raises(MediaError, match="damaged"):
        probe(evil)
