"""SKILL.md is valid, says what is true, and stays short."""

import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from skill import formats, frontmatter

ROOT = Path(__file__).resolve().parent.parent
SKILL_MD = ROOT / "SKILL.md"
NAME = "ai-video-generator-free-luma"


def _frontmatter() -> dict:
    return yaml.safe_load(SKILL_MD.read_text("utf-8").split("---", 2)[1])


@pytest.mark.skipif(sys.version_info < (3, 11), reason="skills-ref needs Python 3.11")
def test_it_passes_the_reference_validator(tmp_path: Path) -> None:
    from skills_ref import validate

    folder = tmp_path / NAME
    folder.mkdir()
    shutil.copy(SKILL_MD, folder)
    assert validate(folder) == []


def test_the_package_reads_name_and_version_from_it() -> None:
    manifest = frontmatter.read()
    assert (manifest.name, manifest.version) == (NAME, _frontmatter()["metadata"]["version"])


def test_it_is_block_yaml_only() -> None:
    text = SKILL_MD.read_text("utf-8").split("---", 2)[1]
    assert not re.search(r"^\s*[\w-]+:\s*[\[{]", text, re.MULTILINE)


def test_it_stays_under_500_lines() -> None:
    assert len(SKILL_MD.read_text("utf-8").splitlines()) < 500


def test_every_format_that_comes_in_is_named() -> None:
    text = SKILL_MD.read_text("utf-8")
    assert [name for name in formats.FORMATS if name not in text] == []


def test_every_reference_it_points_to_is_there() -> None:
    linked = re.findall(r"\]\((references/[^)]+)\)", SKILL_MD.read_text("utf-8"))
    assert linked
    assert [link for link in linked if not (ROOT / link).is_file()] == []
