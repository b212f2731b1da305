import pytest

from skill.router import route
from skill.router.slips import distance


@pytest.mark.parametrize(
    ("left", "right", "slips"),
    [("export", "export", 0), ("exprot", "export", 1), ("exort", "export", 1),
     ("expoort", "export", 1), ("export", "credit", 5)],
)  # fmt: skip
def test_distance_counts_a_swap_as_one_slip(left: str, right: str, slips: int) -> None:
    assert distance(left, right) == slips


@pytest.mark.parametrize("message", ["exprot", "dowload it", "Donwload the video"])
def test_a_mistyped_word_of_the_table_is_understood(message: str) -> None:
    assert route(message) == ["export"]


@pytest.mark.parametrize("message", ["expert", "statue", "experts please"])
def test_a_word_of_its_own_is_no_slip(message: str) -> None:
    assert route(message) == ["sse"]
