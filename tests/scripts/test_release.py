"""A release: refused where it would be wrong, the same bytes twice, and what is installed."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import release

from skill.frontmatter import read
from skill.install.contents import contents, sources

ROOT = Path(__file__).resolve().parents[2]
GIT = shutil.which("git") or "git"
NUMBER = "7.8.9"
WHEN = "1750000000 +0000"


def git(folder: Path, *command: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        [GIT, *identity, *command],
        cwd=folder,
        env={"GIT_AUTHOR_DATE": WHEN, "GIT_COMMITTER_DATE": WHEN, "HOME": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def project(folder: Path) -> Path:
    """A repository with what is installed, but for most of the fonts, in a version of its own."""
    for inside, file in sources(ROOT).items():
        if file.suffix == ".otf" or (file.suffix == ".ttf" and "Inter" not in file.name):
            continue
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder / inside)
    skill_md = folder / "SKILL.md"
    number = f'  version: "{read(skill_md).version}"'
    skill_md.write_text(skill_md.read_text("utf-8").replace(number, f'  version: "{NUMBER}"'))
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## {NUMBER}\n\n- All of it.\n")
    (folder / ".gitignore").write_text("__pycache__/\ndist/\n")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "all of it")
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("release") / "project")


@pytest.fixture(scope="module")
def built(root: Path) -> dict[str, Path]:
    return {path.name: path for path in release.release(root, root / "dist")}


def test_wheel_sdist_zip_sums_and_bill_are_built(built: dict[str, Path]) -> None:
    assert sorted(built) == [
        "SHA256SUMS",
        f"ai-video-generator-{NUMBER}.cdx.json",
        f"ai-video-generator-free-luma-{NUMBER}.zip",
        f"ai_video_generator-{NUMBER}-py3-none-any.whl",
        f"ai_video_generator-{NUMBER}.tar.gz",
    ]


def test_another_clone_gives_the_same_bytes(
    root: Path, built: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = tmp_path / "elsewhere" / "clone"
    git(root, "clone", "-q", str(root), str(clone))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    source, out = tmp_path / "source", tmp_path / "out"
    release.export(clone, source)
    out.mkdir()
    again = release.build(source, out, int(WHEN.split(" ")[0]))
    assert release.sums(again) == built["SHA256SUMS"].read_text()


def test_the_sums_are_those_of_the_files(built: dict[str, Path]) -> None:
    lines = built["SHA256SUMS"].read_text().splitlines()
    assert len(lines) == 4
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256(built[name].read_bytes()).hexdigest() == digest


def test_the_zip_holds_what_is_installed_in_a_folder_of_the_skills_name(
    root: Path, built: dict[str, Path]
) -> None:
    with zipfile.ZipFile(built[f"ai-video-generator-free-luma-{NUMBER}.zip"]) as archive:
        names = archive.namelist()
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        data = {name: archive.read(name) for name in names}
    name = read(root / "SKILL.md").name
    assert names == [f"{name}/{path}" for path in contents(root)]
    assert all(data[f"{name}/{path}"] == (root / path).read_bytes() for path in contents(root))
    launchers = {entry.rpartition("/")[2] for entry, mode in modes.items() if mode & 0o111}
    assert {"ai-video", "chat", "demo", "example"} <= launchers
    assert all(bool(mode & 0o111) == data[entry].startswith(b"#!") for entry, mode in modes.items())


def test_the_wheel_runs_where_it_is_unpacked(built: dict[str, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(built[f"ai_video_generator-{NUMBER}-py3-none-any.whl"]) as wheel:
        wheel.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "skill", "--version"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == f"ai-video {NUMBER}\n"


def test_the_bill_names_every_locked_package_with_licence_and_hashes(
    built: dict[str, Path],
) -> None:
    bill = json.loads(built[f"ai-video-generator-{NUMBER}.cdx.json"].read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["version"] == NUMBER
    assert bill["metadata"]["timestamp"] == "2025-06-15T15:06:40Z"
    pinned = {
        line.split(" ")[0]
        for name in ("studio", "mcp")
        for line in (ROOT / "requirements" / f"{name}.lock.conf").read_text().splitlines()
        if "==" in line.split(" ")[0]
    }
    libraries = [part for part in bill["components"] if part["type"] == "library"]
    assert {f"{part['name']}=={part['version']}" for part in libraries} == pinned
    assert all(part["licenses"][0]["expression"] for part in bill["components"])
    assert all(len(one["content"]) == 64 for part in libraries for one in part["hashes"])
    fonts = [part["name"] for part in bill["components"] if part["type"] == "file"]
    assert fonts == ["skill/studio/render/fonts/InterDisplay-SemiBold.ttf"]


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    git(root, "clone", "-q", str(root), str(tmp_path / "copy"))
    return tmp_path / "copy"


def refused(root: Path) -> str:
    with pytest.raises(release.Refused) as caught:
        release.release(root, root / "dist")
    assert not (root / "dist").exists()
    return str(caught.value)


def test_a_tree_with_changes_is_refused(copy: Path) -> None:
    (copy / "skill" / "new.py").write_text("")
    assert refused(copy) == "1 files are not committed (skill/new.py). Commit them first."


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        ("CHANGELOG.md", f"## {NUMBER}", "## 1.0.0", f"no section '## {NUMBER}'"),
        ("CHANGELOG.md", f"## {NUMBER}", f"## Unreleased\n\n- More.\n\n## {NUMBER}", "Unreleased"),
        ("SKILL.md", "\nlicense:", f"\nversion: {NUMBER}\nlicense:", "metadata.version once"),
        ("SKILL.md", f'"{NUMBER}"', '"soon"', "'soon' is no version"),
        ("pyproject.toml", 'dynamic = ["version"]', f'version = "{NUMBER}"', "pyproject.toml too"),
        ("skill/steps.py", "import", f'VERSION = "{NUMBER}"\nimport', "skill/steps.py too"),
    ],
)
def test_a_version_that_is_not_in_one_place_or_not_told_of_is_refused(
    copy: Path, file: str, before: str, after: str, words: str
) -> None:
    text = (copy / file).read_text("utf-8")
    assert before in text
    (copy / file).write_text(text.replace(before, after, 1), "utf-8")
    git(copy, "commit", "-q", "-a", "-m", "a change")
    assert words in refused(copy)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout")
def test_what_is_published_to_clawhub_is_what_is_installed() -> None:
    def listed(*options: str) -> set[str]:
        return set(git(ROOT, "ls-files", "-z", *options).split("\0")) - {""}

    tracked = {name for name in listed() if (ROOT / name).is_file()}
    ignored = listed("--cached", "--ignored", "--exclude-from=.clawhubignore")
    assert tracked - ignored == {str(path) for path in contents(ROOT)} & tracked
