"""``ai-video preview`` as a command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_backend import FakeBackend

from skill.cli import main
from skill.cli.preview import seconds


@pytest.fixture
def backend(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBackend]:
    with FakeBackend() as running:
        for name, value in running.environ(home / "state").items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("3.5", 3.5), ("3.5s", 3.5), ("0:03", 3), ("0:03.5", 3.5), ("1:02:03", 3723)],
)
def test_a_time_is_seconds_or_a_clock(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["soon", "-1", "1:99", "", "nan", "1e9", "999999999", "٣"])
def test_what_is_no_time_is_a_mistake_in_the_call(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["preview", f"--at={text}"])
    assert left.value.code == 2
    assert repr(text) in capsys.readouterr().err


def test_the_sheet_is_saved_and_named_in_the_answer(
    backend: FakeBackend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["chat", "--json", "--out", str(tmp_path), "a film about the sea"]) == 0
    capsys.readouterr()
    assert main(["preview", "--json", "--out", str(tmp_path)]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert reply["steps"] == [{"action": "status", "ok": True}]
    [file] = reply["files"]
    assert Path(file).parent == tmp_path
    assert Path(file).read_bytes().startswith(b"\x89PNG")


def test_an_empty_project_ends_with_a_failure(
    backend: FakeBackend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["preview", "--out", str(tmp_path)]) == 1
    assert "nothing on the timeline" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
