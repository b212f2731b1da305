"""The environment that the scripts make for themselves."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import environment


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environment, "cache", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def _builds(monkeypatch: pytest.MonkeyPatch, *answers: str | None) -> list[Path]:
    """Stand-ins for uv and pip, which need a package index; each answers None or its problem."""
    built: list[Path] = []

    def build(answer: str | None):
        def run(folder: Path, lock: Path) -> str | None:
            assert lock.is_file()
            folder.mkdir()
            built.append(folder)
            return answer

        return run

    monkeypatch.setattr(environment, "_with_uv", build(answers[0]))
    monkeypatch.setattr(environment, "_with_pip", build(answers[-1]))
    return built


def test_it_is_made_once_and_then_found(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = _builds(monkeypatch, None)
    assert environment.make("studio") == environment.make("studio")
    assert len(built) == 1
    assert built[0].parent == cache


def test_pip_does_what_uv_cannot(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = _builds(monkeypatch, "uv: not installed", None)
    environment.make("studio")
    assert len(built) == 2


def test_where_neither_can_it_says_so_and_leaves_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = _builds(monkeypatch, "uv: no network", "pip: no network")
    with pytest.raises(SystemExit, match=r"uv: no network\npip: no network\n"):
        environment.make("studio")
    assert not built[0].exists()


def test_another_lock_is_another_environment(cache: Path) -> None:
    assert environment._folder("studio") != environment._folder("dev")


def test_an_old_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match=r"Python 99\.0 or newer is needed, and this is 3\."):
        environment.enter("studio")


@pytest.mark.skipif(sys.platform == "win32", reason="the shell's launcher; Windows runs the .py")
def test_the_launcher_finds_a_python_that_is_new_enough() -> None:
    launcher = Path(environment.__file__).with_name("with-python")
    command = ["sh", str(launcher), "-c", "import sys; print(sys.version_info >= (3, 10))"]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "True\n"
