"""The evals are played against the real skill, graded, and reported."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from pathlib import Path

import pytest
import run_evals
import triggers
from assistant import Manual, read_manual
from grading import Verdict, report

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def manual(tmp_path: Path) -> Manual:
    """SKILL.md as it is; its command runs this checkout by this Python, without a set-up."""
    folder = tmp_path / "skill"
    (folder / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "SKILL.md", folder)
    command = folder / "scripts" / "chat"
    run = f'export PYTHONPATH="{ROOT}"\nexec "{sys.executable}" -m skill chat "$@"\n'
    command.write_text(f"#!/bin/sh\n{run}", "utf-8")
    command.chmod(0o755)
    return read_manual(folder)


def test_there_are_ten_tasks_whose_every_assertion_is_understood() -> None:
    evals, material = run_evals.read_evals()
    assert [task.id for task in evals] == list(range(1, 11))
    assert len({task.name for task in evals}) == 10
    sent = {name for task in evals for _, names in task.turns for name in names}
    assert sent == set(material)


def test_they_are_in_the_agent_skills_form() -> None:
    loaded = json.loads(run_evals.EVALS.read_text("utf-8"))
    assert loaded["skill_name"] == "ai-video-generator-free-luma"
    for item in loaded["evals"]:
        assert isinstance(item["id"], int)
        assert all(
            isinstance(item[key], str) and item[key] for key in ("prompt", "expected_output")
        )
        assert all(path.startswith("evals/files/") for path in item["files"])
        assert all(isinstance(sentence, str) for sentence in item["assertions"])


def test_an_unknown_assertion_stops_before_anything_is_played(tmp_path: Path) -> None:
    loaded = json.loads(run_evals.EVALS.read_text("utf-8"))
    loaded["evals"][3]["assertions"].append("Video 1 is pretty.")
    path = tmp_path / "evals.json"
    path.write_text(json.dumps(loaded), "utf-8")
    with pytest.raises(ValueError, match=r"Video 1 is pretty\."):
        run_evals.read_evals(path)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for the launcher is a shell's")
def test_a_task_is_played_and_graded_and_a_wrong_result_is_seen(
    manual: Manual, tmp_path: Path
) -> None:
    evals, material = run_evals.read_evals()
    task = next(task for task in evals if task.name == "trim-in-spanish")
    run = run_evals.play(task, material, manual, tmp_path / "played")
    graded = run_evals.grade(task, run)
    assert [(s, v.evidence) for s, v in graded.results if not v.passed] == []
    assert not run.early
    assert not run.changed
    assert "recorta mi clip" in run_evals.transcript(run)

    # The same turns, had the file come back as it was sent.
    shutil.copy(run.sources["beach.mp4"], run.delivered[0])
    wrong = run_evals.grade(task, dataclasses.replace(run, films={}))
    failed = [sentence for sentence, verdict in wrong.results if not verdict.passed]
    assert failed == ["Video 1 is 2 s long.", "Video 1 is 1080x1080."]


def test_a_grading_is_in_the_agent_skills_form() -> None:
    results = [("a.", Verdict(True, "seen")), ("b.", Verdict(False, "2 s"))]
    assert json.loads(report(results)) == {
        "assertion_results": [
            {"text": "a.", "passed": True, "evidence": "seen"},
            {"text": "b.", "passed": False, "evidence": "2 s"},
        ],
        "summary": {"passed": 1, "failed": 1, "total": 2, "pass_rate": 0.5},
    }


def _graded(*passed: bool) -> run_evals.Graded:
    task = run_evals.Eval(1, "title", [("hello", ())], ["a."])
    return run_evals.Graded(task, [("a.", Verdict(one, "")) for one in passed], 4.2)


def test_the_table_counts_what_passed() -> None:
    text = run_evals.table([_graded(True, False), _graded(True)], triggers.measure())
    assert "| title | 1 | 1 of 2 | 4 |" in text
    assert "| all | 2 | 2 of 3 | 8 |" in text


def test_the_table_is_written_between_its_marks_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "BENCHMARKS.md"
    path.write_text(f"before\n{run_evals.BEGIN}\nold\n{run_evals.END}\nafter\n", "utf-8")
    run_evals.write_table(f"{run_evals.BEGIN}\n\\1 new\n{run_evals.END}", path)
    new = f"before\n{run_evals.BEGIN}\n\\1 new\n{run_evals.END}\nafter\n"
    assert path.read_text("utf-8") == new


def test_without_its_marks_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "BENCHMARKS.md"
    path.write_text("mine\n", "utf-8")
    with pytest.raises(ValueError, match=r"BENCHMARKS\.md has no lines"):
        run_evals.write_table("new", path)
    assert path.read_text("utf-8") == "mine\n"


def test_benchmarks_has_the_marks() -> None:
    text = (ROOT / "BENCHMARKS.md").read_text("utf-8")
    assert 0 < text.index(run_evals.BEGIN) < text.index(run_evals.END)


@pytest.mark.parametrize(("passed", "status"), [(True, 0), (False, 1)])
def test_the_exit_status_tells_whether_all_passed(
    passed: bool, status: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run_evals, "_run", lambda *_: _graded(passed))
    assert run_evals.main(["--only", "title", "--out", str(tmp_path)]) == status
    rate = json.loads((tmp_path / "benchmark.json").read_text())["run_summary"]["with_skill"]
    assert rate["pass_rate"] == {"mean": float(passed), "stddev": 0.0}


def test_an_unknown_task_is_told_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_evals.main(["--only", "dance"]) == 2
    assert "no task 'dance'. There are: text-to-video, vertical" in capsys.readouterr().err


def test_the_files_can_be_made_for_another_runner_and_stay_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_evals, "EVALS", tmp_path / "evals.json")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "mine.jpg").write_bytes(b"mine")
    material = {"mine.jpg": {"make": "photo"}, "notes.docx": {"make": "text"}}
    monkeypatch.setattr(run_evals, "read_evals", lambda: ([], material))
    assert run_evals.main(["--make-files"]) == 0
    assert (tmp_path / "files" / "mine.jpg").read_bytes() == b"mine"
    assert (tmp_path / "files" / "notes.docx").is_file()
