from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from skill.veil import HIDDEN, Veil, hide

TOKEN = "nmv_usr_nmv_us"


def test_a_secret_goes_and_the_rest_stays() -> None:
    assert hide(f"a {TOKEN}, b {TOKEN}", [TOKEN]) == f"a {HIDDEN}, b {HIDDEN}"
    assert hide("an ordinary text", ["an", ""]) == "an ordinary text"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["n", "nmv_", "usr_", "us", "r_nmv_us", TOKEN, " ", "é"])))
def test_any_split_hides_it(pieces: list[str]) -> None:
    veil = Veil(lambda: [TOKEN])
    shown = "".join(veil.feed(piece) for piece in pieces) + veil.end()
    assert TOKEN not in shown
    assert shown == hide("".join(pieces), [TOKEN])


def test_nothing_is_held_back_that_begins_no_secret() -> None:
    veil = Veil(lambda: [TOKEN])
    assert veil.feed("Here is your video") == "Here is your video"
    assert veil.feed(" and n") == " and "
    assert veil.feed("ow") == "now"
