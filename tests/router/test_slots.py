import pytest

from skill.router.slots import export_slots


@pytest.mark.parametrize(
    ("message", "slots"),
    [
        ("export", {}),
        ("export as webm under 8 MB", {"format": "webm", "max_bytes": 8_000_000}),
        ("Export in 4K, best quality", {"height": 2160, "quality": "high"}),
        ("导出1080p高清,不要超过8MB", {"height": 1080, "quality": "high", "max_bytes": 8_000_000}),
        ("exporter en mp4 de moins de 1,5 Go", {"format": "mp4", "max_bytes": 1_500_000_000}),
        ("low quality gif please", {"format": "gif", "quality": "low"}),
        ("export clip.mp4 again", {}),
    ],
)
def test_slots_of_an_export(message: str, slots: dict) -> None:
    assert export_slots(message) == slots
