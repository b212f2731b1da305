"""Every target of scripts/fuzz.py, for a moment; and that a failure is kept and can be replayed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import fuzz

from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

# Those that take their time; "time" itself is for the script, since tests look at no clock.
EXAMPLES = {"agent": 12, "gui": 25, "server": 12, "media": 3, "state": 15, "container": 20}


@pytest.mark.parametrize("name", [name for name in TARGETS if name != "time"])
def test_what_must_hold_of_every_input(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=EXAMPLES.get(name, 40),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def tries(value: Any) -> None:
        target.check(value)

    with target.around():
        tries()


def _refuses(value: dict[str, Any]) -> None:
    assert len(value["data"]) < 3, "too long"


BROKEN = Target(
    st.fixed_dictionaries({"data": st.binary(max_size=9), "t": st.tuples(st.text())}), _refuses
)


def test_a_failure_is_made_small_kept_and_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    result = fuzz.run("broken", BROKEN, 30, tmp_path / "kept")
    ((words, file),) = result.failures
    assert words == "AssertionError: too long"
    assert json.loads(file.read_text("utf-8")) == {
        "target": "broken",
        "input": {"data": {"bytes": "000000"}, "t": [""]},
    }
    monkeypatch.setitem(TARGETS, "broken", BROKEN)
    with pytest.raises(AssertionError, match="too long"):
        fuzz.replay(file)
    assert fuzz.report([result]) == 1
    assert f"--replay {file}" in capsys.readouterr().out


def test_a_run_that_finds_nothing_ends_in_time_and_well() -> None:
    result = fuzz.run("fine", Target(st.integers(), lambda _: None), 0.2, Path("unused"))
    assert result.tried > 0
    assert result.failures == []
    assert fuzz.report([result]) == 0


@pytest.mark.parametrize("value", [b"\x00\xff", [b"", {"a": b"x"}], {"k": [1.5, None, "\ud83d"]}])
def test_an_input_is_kept_as_it_is(value: Any) -> None:
    assert fuzz.decoded(json.loads(fuzz.encoded(value))) == value
