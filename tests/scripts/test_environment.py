"""The environment that the scripts make for themselves."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
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
            python = environment._python(folder)
            python.parent.mkdir(parents=True)
            python.touch()
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


def test_one_whose_python_is_gone_is_made_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = _builds(monkeypatch, None)
    environment._python(environment.make("studio")).unlink()
    environment.make("studio")
    assert len(built) == 2


def test_a_set_up_that_was_interrupted_begins_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(folder: Path, lock: Path) -> str | None:
        (folder / "half").mkdir(parents=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "_with_uv", interrupted)
    with pytest.raises(KeyboardInterrupt):
        environment.make("studio")
    _builds(monkeypatch, None)
    folder = environment.make("studio")
    assert (folder / "ready").exists()
    assert not (folder / "half").exists()


def test_two_first_turns_at_once_make_it_once(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built = _builds(monkeypatch, None)
    with ThreadPoolExecutor(2) as pool, environment._lock(_prepared(cache)):
        turns = [pool.submit(environment.make, "studio") for _ in range(2)]
        deadline = time.monotonic() + 30
        said = ""
        while said.count("waiting for it") < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
            said += capsys.readouterr().err
    assert said.count("waiting for it") == 2
    assert turns[0].result() == turns[1].result()
    assert len(built) == 1


def _prepared(cache: Path) -> Path:
    cache.mkdir()
    return cache / "environment.lock"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_that_cannot_be_written_is_said(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.parent.chmod(0o500)
    with pytest.raises(SystemExit, match=r"cannot be used: Permission denied"):
        environment.enter("studio")


def test_a_cache_that_is_no_folder_is_said_with_what_to_do(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.write_text("in the way")
    with pytest.raises(SystemExit) as caught:
        environment.enter("studio")
    assert f"The folder {cache}, for the skill's packages, cannot be used" in str(caught.value)
    assert "in a terminal of your own" in str(caught.value)


def test_settings_that_send_packages_elsewhere_are_not_passed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    code = (
        "import os, sys; e = os.environ; sys.exit(f\"{e.get('PIP_USER')} {e.get('PIP_TARGET')} "
        "{e['PIP_INDEX_URL']}\")"
    )
    said = environment._run(sys.executable, "-c", code)
    assert said is not None
    assert said.endswith("0 None https://mirror.example/simple")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no exec")
def test_byte_code_of_the_skill_and_of_its_children_goes_to_the_cache(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _builds(monkeypatch, None)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "elsewhere")  # what enter sets goes with the test
    monkeypatch.setattr(sys, "argv", ["chat.py", "hello"])
    started: list[object] = []
    monkeypatch.setattr(os, "execv", lambda *words: started.extend(words))
    environment.enter("studio")
    folder = environment._folder("studio")
    python = environment._python(folder)
    assert started == [python, [str(python), "chat.py", "hello"]]
    code = "import sys; print(sys.pycache_prefix)"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert Path(child.stdout.strip()) == environment.bytecode(folder)
    assert environment.bytecode(folder).is_relative_to(cache)


def test_each_version_has_its_own_byte_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    found = set()
    for text in ("version 1", "version 2"):
        (tmp_path / "SKILL.md").write_text(text)
        found.add(environment.bytecode(tmp_path))
    assert len(found) == 2


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


def test_installing_needs_no_packages(home: Path) -> None:
    (home / ".cursor").mkdir()
    script = Path(environment.__file__).with_name("ai-video.py")
    for what in ("install", "uninstall"):
        # -S: the standard library alone, as on a machine that has nothing but Python.
        command = [sys.executable, "-S", "-B", str(script), what, "--dry-run", "--mcp"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=home)
        assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in home.iterdir()] == [".cursor"]


@pytest.mark.skipif(sys.platform == "win32", reason="the shell's launcher; Windows runs the .py")
def test_the_launcher_finds_a_python_that_is_new_enough() -> None:
    launcher = Path(environment.__file__).with_name("with-python")
    command = ["sh", str(launcher), "-c", "import sys; print(sys.version_info >= (3, 10))"]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "True\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the shell's launcher; Windows runs the .py")
def test_the_launcher_looks_where_a_short_path_does_not(tmp_path: Path) -> None:
    there = tmp_path / "home with ü" / ".local" / "bin"
    there.mkdir(parents=True)
    (there / "python3").symlink_to(sys.executable)
    sh = shutil.which("sh")
    assert sh is not None
    launcher = Path(environment.__file__).with_name("with-python")
    done = subprocess.run(
        [sh, str(launcher), "-c", "print('found')"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path / "home with ü")},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "found\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the shell's launcher; Windows runs the .py")
def test_a_launcher_runs_from_a_folder_whose_files_lost_their_bits(tmp_path: Path) -> None:
    scripts = tmp_path / "a skill with ü" / "scripts"
    scripts.mkdir(parents=True)
    for name in ("chat", "with-python"):
        original = Path(environment.__file__).with_name(name)
        (scripts / name).write_text(original.read_text())
        (scripts / name).chmod(0o644)
    (scripts / "chat.py").write_text("import sys; print(sys.argv[1:], sys.dont_write_bytecode)")
    command = ["sh", str(scripts / "chat"), "a 'b'", "-c"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == """["a 'b'", '-c'] True\n"""


def test_a_skill_that_is_linked_into_an_assistants_folder_knows_whose_it_is(home: Path) -> None:
    linked = home / ".cursor" / "skills" / "ai-video-generator-free-luma"
    linked.parent.mkdir(parents=True)
    try:
        linked.symlink_to(environment.ROOT, target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import environment; "
        "sys.path.insert(0, str(environment.ROOT)); from skill import frontmatter; "
        "print(frontmatter.platform(frontmatter.find()))"
    )
    command = [sys.executable, "-I", "-c", code, str(linked / "scripts")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=home)
    assert done.stdout.split() == ["cursor"]
