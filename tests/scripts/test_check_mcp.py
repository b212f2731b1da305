"""scripts/check_mcp.py where it cannot ask anybody, and what it finds wrong."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import check_mcp
import pytest


def test_without_node_it_says_that_nothing_was_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_mcp.sys, "argv", ["check_mcp.py"])
    monkeypatch.setattr(check_mcp.shutil, "which", lambda _: None)
    assert check_mcp.main() == 0
    assert capsys.readouterr().out == "not checked: Node and npx are not installed here.\n"


def test_without_the_registry_it_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(command: list[str], *_: object) -> subprocess.CompletedProcess[str]:
        if command[-1] == "--version":
            return subprocess.CompletedProcess(command, 0, "v20.1.0\n", "")
        assert "node@22" in command
        return subprocess.CompletedProcess(command, 1, "", "npm error\nno network\n")

    monkeypatch.setattr(check_mcp.sys, "argv", ["check_mcp.py"])
    monkeypatch.setattr(check_mcp.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(check_mcp, "_run", run)
    assert check_mcp.main() == 0
    said = capsys.readouterr().out
    assert said == "not checked: the inspector could not be fetched (no network).\n"


@pytest.mark.parametrize("fault", ["tools", "hints", "schema", "status", "export"])
def test_what_is_not_in_order_is_wrong(tmp_path: Path, fault: str) -> None:
    def ask(method: str, tool: str = "", **_: str) -> dict[str, Any]:
        if method == "tools/list":
            names = check_mcp.TOOLS - ({"undo"} if fault == "tools" else set())
            found = []
            for name in names:
                reads = name in check_mcp.READING or fault == "hints"
                entry = {"name": name, "annotations": {"readOnlyHint": reads}, "outputSchema": {}}
                if fault == "schema":
                    del entry["outputSchema"]
                found.append(entry)
            return {"tools": found}
        if method == "resources/list":
            return {"resources": [{"uri": "ai-video://timeline"}, {"uri": "ai-video://draft"}]}
        if method == "prompts/list":
            return {"prompts": [{"name": name} for name in ("quick", "batch", "iterative")]}
        if tool == "status":
            ok = fault != "status"
            answer = {"steps": [{"action": "status", "ok": ok}], "text": "The timeline is empty."}
            return {"structuredContent": answer}
        code = "internal" if fault == "export" else "empty-timeline"
        return {"isError": True, "structuredContent": {"error": {"code": code}}}

    with pytest.raises(check_mcp.Wrong):
        check_mcp._check("stdio", ask, tmp_path)
    fault = ""
    check_mcp._check("stdio", ask, tmp_path)
