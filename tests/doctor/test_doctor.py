"""The doctor: each thing is broken for real, and told with what mends it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from doctor_kit import QUICK, found, looked, tree
from fake_backend import FakeBackend

from skill.cli import main
from skill.doctor import Case, Finding, installation, studio, surroundings
from skill.doctor.examination import examine

ROOT = Path(__file__).resolve().parents[2]
DAY = 86_400.0

Grades = dict[str, str]


def doctor(
    *arguments: str, python: str = sys.executable, **environ: str
) -> tuple[int, dict[str, Any], str]:
    """``ai-video doctor --json`` in a process of its own: status, its object, stderr."""
    done = subprocess.run(
        [python, "-m", "skill", "doctor", "--json", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=os.environ["HOME"],
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


def grades(told: dict[str, Any], name: str) -> list[str]:
    return [item["grade"] for item in told["findings"] if item["name"] == name]


# The whole of it


def test_a_machine_that_works_is_well_and_nothing_is_changed(home: Path, tmp_path: Path) -> None:
    before = tree(home), tree(tmp_path)
    status, told, _ = doctor("--offline", "--backend", "studio", "--out", str(tmp_path))
    assert status == 0
    assert told["ok"] is True
    bad = [item for item in told["findings"] if item["grade"] in ("warning", "failure")]
    assert bad == []
    names = {item["name"] for item in told["findings"]}
    assert {"python", "skill", "client", "state", "backend", "token", "credits"} <= names
    assert {"studio", "encoders", "fonts", "render", "disk", "renders"} <= names
    assert (tree(home), tree(tmp_path)) == before


def test_lines_hold_a_sign_and_below_a_failure_what_mends_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("skill.doctor.examination.CHECKS", (("x", surroundings.variables),))
    monkeypatch.setenv("AI_VIDEO_RENDER_POLL", "soon")
    assert main(["doctor", "--offline"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("✗  environment     AI_VIDEO_RENDER_POLL is 'soon'")
    assert lines[-3].strip() == "→ unset AI_VIDEO_RENDER_POLL"
    assert lines[-1] == "1 thing to mend before it works: environment."


def test_without_any_package_it_still_tells(home: Path) -> None:
    bare = home / "bare"
    venv.EnvBuilder(with_pip=False, symlinks=sys.platform != "win32").create(bare)
    python = bare / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    status, told, err = doctor("--backend", "studio", python=str(python))
    assert (status, err) == (1, "")
    (client,) = [item for item in told["findings"] if item["name"] == "client"]
    assert client["grade"] == "failure"
    assert "requests is missing" in client["found"]
    assert client["mend"]
    assert grades(told, "studio") == ["failure"]


def test_a_check_that_fails_itself_is_told_and_the_others_go_on(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Case) -> Iterator[Finding]:
        yield Finding("first", "well", "seen")
        raise ZeroDivisionError("oh")

    checks = (("first", broken), ("second", lambda _: [Finding("second", "well", "seen")]))
    monkeypatch.setattr("skill.doctor.examination.CHECKS", checks)
    names = [(item.name, item.grade) for item in examine(Case.read(offline=True))]
    assert names == [("first", "well"), ("first", "warning"), ("second", "well")]


def test_no_home_folder_at_all_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("AI_VIDEO_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    assert main(["doctor"]) == 1
    assert "Set HOME" in capsys.readouterr().err


# Python, packages, the skill's own files


def test_the_versions_that_are_needed_are_those_of_pyproject() -> None:
    if sys.version_info < (3, 11):
        pytest.skip("tomllib came with Python 3.11")
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]

    def needs(lines: list[str]) -> dict[str, str]:
        found = [line.partition(";")[0].split(">=") for line in lines if ">=" in line]
        return {name.strip(): least.strip() for name, least in found}

    assert needs(project["dependencies"]) == installation.CLIENT
    assert needs(extras["studio"]) == installation.STUDIO
    assert needs(extras["mcp"]) == installation.MCP


def test_a_package_that_is_too_old_or_missing_is_told() -> None:
    wrong, there = installation.compared({"requests": "9999", "no-such-package": "1", "av": "1"})
    assert wrong[0].endswith("is older than 9999")
    assert wrong[1] == "no-such-package is missing"
    assert there[0].startswith("av ")


def test_a_release_of_ten_comes_after_nine() -> None:
    assert installation.numbers("10.2.post1") > installation.numbers("9.30")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The skill as a folder of its own, by hard links; the code in use stays as it is."""
    folder = tmp_path / "copied"
    leave = shutil.ignore_patterns("__pycache__")
    for name in ("skill", "scripts", "requirements", "references", "examples"):
        shutil.copytree(ROOT / name, folder / name, copy_function=os.link, ignore=leave)
    for name in ("SKILL.md", "README.md", "LICENSE", "pyproject.toml"):
        os.link(ROOT / name, folder / name)
    return folder


def test_a_skill_without_its_skill_md_and_with_bad_fonts_is_told(copied: Path, home: Path) -> None:
    fonts = copied / "skill" / "studio" / "render" / "fonts"
    (copied / "SKILL.md").unlink()
    (fonts / "NotoSansThai-Bold.ttf").unlink()
    (fonts / "NotoSansLao-Bold.ttf").unlink()
    (fonts / "NotoSansLao-Bold.ttf").write_bytes(b"no font")
    status, told, _ = doctor("--backend", "studio", "--offline", PYTHONPATH=str(copied))
    assert status == 1
    assert grades(told, "skill") == ["failure"]
    (line,) = [item for item in told["findings"] if item["name"] == "fonts"]
    assert line["grade"] == "failure"
    assert "NotoSansThai-Bold.ttf: the file is missing" in line["found"]
    assert "NotoSansLao-Bold.ttf" in line["found"]
    assert grades(told, "encoders") == ["well"]


def test_a_package_that_crashes_is_told_with_what_crashed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "uharfbuzz.py").write_text("import os; os.abort()")
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    status, told, _ = doctor("--backend", "studio", "--offline", PYTHONPATH=paths)
    assert status == 1
    (line,) = [item for item in told["findings"] if item["name"] == "render"]
    assert line["grade"] == "failure"
    if sys.platform != "win32":
        assert "crashed (SIGABRT) after freetype" in line["found"]


def test_a_studio_that_cannot_start_stops_work_only_where_it_does_the_work(
    home: Path, tmp_path: Path, cloud: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "starlette").mkdir()
    (tmp_path / "starlette" / "__init__.py").write_text("raise ImportError('half of it is gone')")
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    status, told, _ = doctor("--backend", "cloud", PYTHONPATH=paths)
    assert status == 0
    assert grades(told, "studio") == ["warning"]
    monkeypatch.setenv("PYTHONPATH", paths)
    (line,) = looked(studio.process, Case.read(backend="studio"))
    assert (line.name, line.grade) == ("studio", "failure")


def test_a_checkout_that_lacks_a_file_is_told_no_command_that_undoes_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setattr(installation, "ROOT", tmp_path)
    assert installation.again().startswith(f"git -C {tmp_path} status (")


# Variables


def test_every_variable_that_cannot_be_used_is_told_and_secrets_are_not(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AI_VIDEO_BACKEND", "moon")
    monkeypatch.setenv("NEMO_API_URL", "ftp://example.com")
    monkeypatch.setenv("NEMO_TOKEN", "dummy key with spaces")
    monkeypatch.setenv("AI_VIDEO_RENDER_POL", "3")
    findings = looked(surroundings.variables, Case.read(offline=True))
    wrong = [item for item in findings if item.grade == "failure"]
    assert {item.mend for item in wrong} == {
        f"unset {name}" for name in ("AI_VIDEO_BACKEND", "NEMO_API_URL", "NEMO_TOKEN")
    }
    slip = found(findings, "environment", "warning")
    assert slip.found == "AI_VIDEO_RENDER_POL is none of ours; did you mean AI_VIDEO_RENDER_POLL?"
    assert "dummy" not in str(findings)


# The state folder


def test_a_state_that_is_a_file_is_told(home: Path) -> None:
    (home / "state").write_text("no folder")
    line = found(looked(surroundings.state, Case.read()), "state", "failure")
    assert "is not a folder" in line.found
    assert "AI_VIDEO_HOME" in line.mend


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_state_that_is_a_link_to_nowhere_is_told(home: Path) -> None:
    (home / "state").symlink_to(home / "gone")
    line = found(looked(surroundings.state, Case.read()), "state", "failure")
    assert "a link that leads nowhere" in line.found


@pytest.mark.skipif(sys.platform == "win32", reason="no modes there")
def test_a_state_that_is_open_to_others_is_told(state: Path) -> None:
    state.chmod(0o755)
    (state / "tokens.json").write_text("{}")
    (state / "tokens.json").chmod(0o644)
    mends = [item.mend for item in looked(surroundings.state, Case.read())]
    assert mends == [f"chmod 600 {state / 'tokens.json'}", f"chmod 700 {state}"]


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="everything is open to root"
)
def test_a_state_that_cannot_be_read_is_told(state: Path) -> None:
    state.chmod(0)
    line = found(looked(surroundings.state, Case.read()), "state", "failure")
    assert line.mend == f"chmod 700 {state}"


@pytest.mark.parametrize("name", surroundings.KEPT)
def test_a_damaged_file_is_told_and_left_as_it_is(name: str, state: Path) -> None:
    (state / name).write_text("{")
    (state / name).chmod(0o600)
    before = tree(state)
    line = found(looked(surroundings.state, Case.read()), "state", "warning")
    assert f"{name} is damaged" in line.found
    for check in QUICK:
        looked(check, Case.read(offline=True))
    assert tree(state) == before


def test_renders_that_wait_are_counted(state: Path) -> None:
    now = time.time()
    jobs = [{"id": "a", "state": "accepted", "created": now}, {"id": "b", "state": "failed"}]
    (state / "renders.jsonl").write_text("".join(json.dumps(job) + "\n" for job in jobs))
    line = found(looked(surroundings.renders, Case.read()), "renders", "warning")
    assert (line.found, line.mend) == ("1 of 2 not fetched yet", "ai-video resume")


def test_a_damaged_ledger_is_told_and_not_mended(state: Path) -> None:
    (state / "renders.jsonl").write_bytes(b"\xff\xfe\n")
    line = found(looked(surroundings.renders, Case.read()), "renders", "warning")
    assert "is damaged" in line.found
    assert (state / "renders.jsonl").read_bytes() == b"\xff\xfe\n"


# Disks


@pytest.mark.parametrize(("free", "grade"), [(50 << 20, "failure"), (500 << 20, "warning")])
def test_a_disk_that_is_nearly_full_is_told(
    free: int, grade: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    line = found(looked(surroundings.disk, Case.read()), "disk", grade)
    assert f"{free >> 20} MB free" in line.found


def test_an_out_that_is_not_there_is_told(home: Path, tmp_path: Path) -> None:
    line = found(looked(surroundings.disk, Case.read(out=tmp_path / "a b")), "disk", "failure")
    assert line.mend == f"mkdir -p '{tmp_path / 'a b'}'"


# The studio


def test_a_studio_that_runs_is_named(home: Path) -> None:
    from skill.studio import process

    address = process.ensure(home / "state")
    try:
        (line,) = looked(studio.process, Case.read())
        assert line == Finding("studio", "well", f"runs at {address.url}")
    finally:
        process.stop(home / "state")


def test_a_studio_that_died_is_not_taken_for_one_that_runs(state: Path) -> None:
    told = {"url": "http://127.0.0.1:9", "client_id": "x", "pid": 1}
    (state / "studio.json").write_text(json.dumps(told))
    before = tree(state)
    (line,) = looked(studio.process, Case.read())
    assert line.grade == "well"
    assert line.found.startswith("does not run now; starts in")
    assert tree(state) == before


def test_a_studio_that_is_too_slow_is_ended_again(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from skill.studio import process

    homes: list[Path] = []

    def slow(home: Path, _: float) -> None:
        homes.append(home)
        raise process.StudioError("The studio could not start: it did not answer within 15 s.")

    monkeypatch.setattr(process, "ensure", slow)
    monkeypatch.setattr(process, "stop", lambda home: homes.append(home))
    (line,) = looked(studio.process, Case.read(backend="studio"))
    assert line.grade == "failure"
    assert len(homes) == 2
    assert homes[0] == homes[1] != state
