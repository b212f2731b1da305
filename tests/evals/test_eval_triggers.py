"""The trigger sentences, and what is measured of them without a model."""

from __future__ import annotations

import triggers


def test_half_of_twenty_sentences_are_near_misses_in_several_languages() -> None:
    queries = triggers.read_queries()
    assert [query.wanted for query in queries].count(True) == 10
    assert len(queries) == len({query.text for query in queries}) == 20
    for wanted in (True, False):
        assert len({query.language for query in queries if query.wanted is wanted}) >= 4
    assert all(query.near for query in queries if not query.wanted)
    foreign = [query for query in queries if query.language != "en"]
    assert all(query.english != query.text for query in foreign)


def test_the_words_of_the_description_speak_for_a_sentence() -> None:
    description = "Trim clips and add music. Not for transcribing."
    assert triggers.score(description, "trimming a clip") == 2
    assert triggers.score(description, "what is the weather") == 0


def test_what_it_is_not_for_speaks_against_it() -> None:
    description = "Trim clips. Not for transcribing."
    assert triggers.score(description, "transcribe my clips") == -1


def test_a_description_that_says_nothing_is_at_chance() -> None:
    assert triggers.measure("Helps with things.").description == 0.5


def test_a_description_that_names_the_halves_the_wrong_way_round_is_below_chance() -> None:
    queries = [
        triggers.Query("trim it", "trim the clip", True, "en"),
        triggers.Query("tell me", "transcribe the talk", False, "en"),
    ]
    assert triggers.measure("Transcribe. Not for trimming clips.", queries).description == 0.0
    assert triggers.measure("Trim clips. Not for transcribing.", queries).description == 1.0


def test_the_description_tells_more_than_the_word_video() -> None:
    found = triggers.measure()
    assert found.description > max(found.peer, 0.5)


def test_the_table_says_that_no_model_was_asked() -> None:
    assert "no model was asked" in "\n".join(triggers.table(triggers.measure()))
