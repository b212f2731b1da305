from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill import frontmatter
from skill.errors import ManifestError
from skill.settings import Settings

GOOD = '---\nname: my-skill\nmetadata:\n  version: "1.2.3"\n---\n# Body\n'


def write(folder: Path, text: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "SKILL.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_name_and_version_are_read(tmp_path: Path) -> None:
    manifest = frontmatter.read(write(tmp_path, GOOD))
    assert (manifest.name, manifest.version) == ("my-skill", "1.2.3")


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        "---  \nname: my-skill\nversion: 1.2.3\n---",
        "---\nname: my-skill\nversion: 1.2.3\nmetadata:\n  version: ''\n---\n",
        "---\nname: my-skill\nversion: 9\nmetadata: {version: 1.2.3}\n---\n",
    ],
    ids=["crlf", "bom", "top level", "empty metadata", "metadata wins"],
)
def test_forms_that_are_accepted(tmp_path: Path, text: str) -> None:
    manifest = frontmatter.read(write(tmp_path, text))
    assert (manifest.name, manifest.version) == ("my-skill", "1.2.3")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "three dashes"),
        ("# Title\n", "three dashes"),
        ("---\nname: x\n", "closing line"),
        ("---\nname: [x\n---\n", "not valid YAML"),
        ("---\nname: !!timestamp soon\n---\n", "not valid YAML"),
        ("---\nname: !!int ''\n---\n", "not valid YAML"),
        ("---\nname: !!float x\n---\n", "not valid YAML"),
        ("---\njust words\n---\n", "no fields"),
        ("---\nversion: 1.0\n---\n", "no name"),
        ("---\nname: x\n---\n", "no version"),
        ("---\nname: x\nmetadata: words\n---\n", "no version"),
        ("---\nname: x\nversion: true\n---\n", "no version"),
        ('---\nname: "a\\r\\nX-Evil: 1"\nversion: 1.0\n---\n', "a header can carry"),
        ("---\nname: 视频\nversion: 1.0\n---\n", "a header can carry"),
        (b"---\nname: \xff\xfe\n---\n", "not UTF-8"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str | bytes, words: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ManifestError, match=words) as caught:
        frontmatter.read(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="No such file"):
        frontmatter.read(tmp_path / "SKILL.md")


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (".clawhub/skills/x", "clawhub"),
        (".cursor/skills/x", "cursor"),
        (".cursor/other/x", "unknown"),
        (".clawhubs/x", "unknown"),
        ("src/x", "unknown"),
    ],
)
def test_the_platform_is_where_the_file_lies(home: Path, folder: str, expected: str) -> None:
    path = write(home / folder, GOOD)
    found = frontmatter.attribution(Settings(), path)
    assert found.headers == {
        "X-Skill-Source": "my-skill",
        "X-Skill-Version": "1.2.3",
        "X-Skill-Platform": expected,
    }


def test_a_folder_linked_into_place_counts(home: Path, tmp_path: Path) -> None:
    write(tmp_path / "store" / "x", GOOD)
    (home / ".cursor" / "skills").mkdir(parents=True)
    (home / ".cursor" / "skills" / "x").symlink_to(tmp_path / "store" / "x")
    assert frontmatter.platform(home / ".cursor" / "skills" / "x" / "SKILL.md") == "cursor"


def test_skill_source_overrides_the_platform(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    assert frontmatter.attribution(Settings(source="codex"), path).platform == "codex"


def test_inside_the_package_comes_before_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "skill"
    beside = write(tmp_path, GOOD)
    monkeypatch.setattr(frontmatter, "PACKAGE", package)
    assert frontmatter.find() == beside
    inside = write(package, GOOD)
    assert frontmatter.find() == inside


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), st.text().map(lambda body: f"---\n{body}\n---\n")))
def test_any_text_gives_fields_or_the_one_error(text: str) -> None:
    with contextlib.suppress(ManifestError):
        assert frontmatter.parse(text) is not None
