"""The one command that adds an extra, by how the package was installed."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

import pytest

from skill.install import origin


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As a wheel was installed into an environment: returns the environment's folder."""
    (tmp_path / "skill" / "beside").mkdir(parents=True)
    monkeypatch.setattr(origin, "_ROOT", tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(origin, "_source", str)
    return tmp_path


def test_a_folder_is_told_its_launcher() -> None:
    assert "ai-video" in origin.add("studio")
    assert origin.add("studio").endswith(" --version")
    assert origin.remove() == ""


def test_pip(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origin.util, "find_spec", lambda _: object())
    monkeypatch.setattr(sys, "executable", "/env/bin/python")
    assert origin.add("studio").endswith("python -m pip install 'ai-video-generator[studio]'")
    assert origin.remove() == "/env/bin/python -m pip uninstall ai-video-generator"


def test_an_environment_without_pip(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origin.util, "find_spec", lambda _: None)
    monkeypatch.setattr(sys, "executable", "/env/bin/python")
    assert origin.add("mcp") == (
        "uv pip install --python /env/bin/python 'ai-video-generator[mcp]'"
    )


@pytest.mark.parametrize(
    ("sign", "added", "removed"),
    [
        ("pipx_metadata.json", "pipx install --force", "pipx uninstall"),
        ("uv-receipt.toml", "uv tool install --force", "uv tool uninstall"),
    ],
)
def test_pipx_and_uv_tool(packed: Path, sign: str, added: str, removed: str) -> None:
    (packed / sign).touch()
    assert origin.add("studio") == f"{added} 'ai-video-generator[studio]'"
    assert origin.remove() == f"{removed} ai-video-generator"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ('{"url": "file:///x/y.whl", "archive_info": {}}', " @ file:///x/y.whl"),
        ('{"url": "https://x/y.git", "vcs_info": {"vcs": "git"}}', " @ git+https://x/y.git"),
        (None, ""),
        ("damaged", ""),
    ],
)
def test_it_is_fetched_again_from_where_it_came(
    monkeypatch: pytest.MonkeyPatch, told: str | None, expected: str
) -> None:
    class Distribution:
        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return told

    monkeypatch.setattr(metadata, "distribution", lambda _: Distribution())
    assert origin._source() == expected
