"""SKILL.md tells of every variable, host and folder that the code knows of, and of no other.

The code is read, not run: the Python files and launchers of what is installed. Where a constant
stands in a name (``FILE = "tokens.json"``), its module's own value counts.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
import yaml

from skill.install import assistants, traces
from skill.install.contents import contents
from skill.install.mcp import servers

ROOT = Path(__file__).resolve().parent.parent
SKILL_MD = (ROOT / "SKILL.md").read_text("utf-8")
FRONTMATTER = yaml.safe_load(SKILL_MD.split("---", 2)[1])
PRIVACY = SKILL_MD.partition("\n## Data and privacy\n")[2].partition("\n## ")[0]
TOLD = [word.replace("\\", "/") for word in re.findall(r"`([^`]+)`", PRIVACY)]
FILES = contents(ROOT)
TREES = {
    str(path): ast.parse((ROOT / path).read_text("utf-8")) for path in FILES if path.suffix == ".py"
}

OURS = re.compile(r"(?:AI_VIDEO|NEMO)_[A-Z_]*[A-Z]|SKILL_SOURCE")


def bullet(title: str) -> str:
    """One paragraph of Data and privacy."""
    (found,) = re.findall(rf"^- \*\*{re.escape(title)}\*\*(.*?)(?=^- |\Z)", PRIVACY, re.M | re.S)
    return str(found)


def words(tree: ast.Module) -> Iterator[str]:
    """The texts in a file's code; what documents it is left out."""
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documents:
            if isinstance(node.value, str):
                yield node.value
            elif isinstance(node.value, bytes):
                yield node.value.decode("latin-1")


def constants(tree: ast.Module) -> dict[str, str]:
    """The names of a module that stand for one text."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


# -- variables -------------------------------------------------------------------------------


def is_environment(node: ast.expr) -> bool:
    return ast.unparse(node).rpartition(".")[2] in ("environ", "env")


def asked(tree: ast.Module) -> Iterator[str]:
    """The variables that are read by name: environ.get(NAME), environ[NAME], NAME in environ."""
    for node in ast.walk(tree):
        name: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            reads = node.func.attr in ("get", "setdefault") and is_environment(node.func.value)
            if reads or node.func.attr in ("getenv", "expandvars"):
                name = node.args[0]
        elif (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Load)
            and is_environment(node.value)
        ):
            name = node.slice
        elif isinstance(node, ast.Compare) and is_environment(node.comparators[0]):
            name = node.left
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield name.value
        elif isinstance(name, ast.Name) and name.id in constants(tree):
            yield constants(tree)[name.id]
        elif isinstance(name, ast.Attribute) and name.attr == "variable":
            yield from (one.variable for one in assistants.ASSISTANTS if one.variable)


def variables() -> set[str]:
    found = {name for tree in TREES.values() for name in asked(tree)}
    for tree in TREES.values():
        found |= {text for text in words(tree) if OURS.fullmatch(text)}
    for path in FILES:  # the launchers
        data = (ROOT / path).read_bytes()
        if data.startswith(b"#!/bin/sh"):
            found |= set(re.findall(r"\$\{?([A-Z][A-Z_]+)", data.decode()))
    return found - {"PATH", "HOME"}


def test_every_variable_of_ours_is_in_the_frontmatter_and_none_besides() -> None:
    declared = {item["name"] for item in FRONTMATTER["metadata"]["openclaw"]["envVars"]}
    assert {name for name in variables() if OURS.fullmatch(name)} == declared


def test_every_variable_of_the_system_is_told_of_and_none_besides() -> None:
    told = set(re.findall(r"`([A-Z][A-Z_]{3,})`", PRIVACY))
    used = variables()
    assert used - told == {name for name in used if OURS.fullmatch(name)} - told
    assert {name for name in told if not OURS.fullmatch(name)} <= used


def test_nothing_is_required_but_a_python() -> None:
    openclaw = FRONTMATTER["metadata"]["openclaw"]
    assert openclaw["requires"] == {"anyBins": ["python3", "python"]}
    assert not any(item["required"] for item in openclaw["envVars"])
    assert "primaryEnv" not in openclaw


# -- hosts -----------------------------------------------------------------------------------

ADDRESS = re.compile(
    r"(?:https?|wss?|ftp)://(?:[^\s/@'\"]*@)?([A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9])"
)
EXAMPLES = re.compile(r"(?:.*\.)?example(?:\.com|\.org)?|localhost")


def hosts() -> dict[str, str]:
    """Host -> a file that names it."""
    found: dict[str, str] = {}
    for path, tree in TREES.items():
        for text in words(tree):
            found |= {host.lower(): path for host in ADDRESS.findall(text)}
    for inside in FILES:  # sentences, words of languages, launchers
        if inside.suffix in (".json", "") and inside.parts[0] in ("skill", "scripts"):
            text = (ROOT / inside).read_text("utf-8")
            found |= {host.lower(): str(inside) for host in ADDRESS.findall(text)}
    return {host: path for host, path in found.items() if not EXAMPLES.fullmatch(host)}


def test_every_host_is_told_of_and_none_besides() -> None:
    told = set(re.findall(r"`([\w-]+(?:\.[\w-]+)+)`", bullet("Hosts.")))
    assert set(hosts()) == told, hosts()


def test_the_frontmatter_names_the_host_that_is_asked() -> None:
    assert "mega-api-prod.nemovideo.ai" in FRONTMATTER["compatibility"]


# A module that can open a connection or wait for one, and what for.
CONNECTS = {
    "skill/address.py": "to hosts that are looked at, for downloads",
    "skill/api/transport.py": "to the backend",
    "skill/download.py": "to the hosts of links that the backend gives",
    "skill/engine.py": "to the backend's host, to see whether it is there",
    "skill/mcp/http.py": "listens on 127.0.0.1",
    "skill/studio/process.py": "to the studio on 127.0.0.1",
    "skill/studio/server/fetch.py": "to the hosts of links that the user gives",
    "skill/studio/server/serving.py": "listens on 127.0.0.1",
}
OPENERS = re.compile(
    r"(?:socket|ssl|http\.client|urllib\.request|requests|urllib3|httpx2?|httpcore2?|aiohttp|ftplib"
    r"|smtplib|imaplib|poplib|telnetlib|socketserver|http\.server|xmlrpc\.client|websockets?"
    r"|webbrowser|uvicorn)"
)


def test_no_other_module_can_open_a_connection() -> None:
    opens = set()
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            if any(OPENERS.fullmatch(name) for name in names):
                opens.add(path)
    assert opens == set(CONNECTS)


# -- folders ---------------------------------------------------------------------------------


def chains(tree: ast.Module) -> Iterator[PurePosixPath]:
    """Paths that are put together below a home: Path.home() / ".config" / "nemovideo" -> both."""
    known = constants(tree)
    inner = {
        id(node.left)
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)) or id(node) in inner:
            continue
        parts: list[list[str]] = []
        start: ast.expr = node
        while isinstance(start, ast.BinOp) and isinstance(start.op, ast.Div):
            part = start.right
            choices = [part.body, part.orelse] if isinstance(part, ast.IfExp) else [part]
            texts = [
                one.value if isinstance(one, ast.Constant) else known.get(ast.unparse(one), "")
                for one in choices
            ]
            parts.insert(0, [text for text in texts if isinstance(text, str) and text])
            start = start.left
        if not re.fullmatch(r"(?:Path\.home\(\)|\w*\.?home|home\.prepare\(\))", ast.unparse(start)):
            continue
        named = [choices for choices in parts if choices]
        for first in named[0] if named else ():
            rest = [choices[0] for choices in named[1:]]
            yield PurePosixPath(first, *rest)


def below_home(told: str) -> PurePosixPath | None:
    """A path of Data and privacy as it lies below a home; None for another word."""
    bare = told.removeprefix("~/").replace("%LOCALAPPDATA%", "AppData/Local")
    named = "/" in bare or re.fullmatch(
        r"\.?[\w-]+\.jsonl?|history|mcp-token|client_id|Videos", bare
    )
    return PurePosixPath(bare) if named or told.startswith("~/") else None


DOCUMENTED = [path for path in map(below_home, TOLD) if path is not None]


def known(path: PurePosixPath) -> bool:
    return any(path == one or path in one.parents or one in path.parents for one in DOCUMENTED)


def test_every_path_below_a_home_is_told_of() -> None:
    found = {path: file for file, tree in TREES.items() for path in chains(tree)}
    assert len(found) > 15
    assert {str(path): file for path, file in found.items() if not known(path)} == {}


def test_every_folder_that_install_writes_is_told_of_and_none_besides() -> None:
    user = {f"~/{one.user}" for one in assistants.ASSISTANTS}
    project = {one.project for one in assistants.ASSISTANTS}
    told = {word for word in TOLD if word.endswith("/skills")}
    assert told == user | project


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_every_file_of_an_assistant_that_is_written_is_told_of(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for place in servers.PLACES.values():
        assert f"~/{place.user(Path()).as_posix()}" in TOLD
        assert place.project in TOLD


def test_no_file_of_an_assistant_is_told_of_that_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = {place.project for place in servers.PLACES.values()}
    for platform in ("linux", "darwin", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        written |= {f"~/{one.user(Path()).as_posix()}" for one in servers.PLACES.values()}
    told = {word for word in TOLD if re.search(r"(?:mcp|claude)\.json$|config\.toml$", word)}
    assert told == written


STATE = bullet("What is kept here.")


def test_what_is_kept_is_told_of_and_uninstall_removes_it() -> None:
    told = {word.rstrip("/") for word in re.findall(r"`([\w-]+(?:\.jsonl?)?/?)`", STATE)}
    assert told - {"AI_VIDEO_HOME"} == set(traces._STATE)


def kept() -> Iterator[tuple[str, str]]:
    """The files that the client makes in the state folder: Home.read(FILE), home / FILE."""
    for path, tree in TREES.items():
        if path.startswith("skill/studio/") or path.startswith("scripts/"):
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            about = ast.unparse(node.func.value)
            if node.func.attr in ("read", "update") and re.search(r"home$", about) and node.args:
                name = node.args[0]
                text = name.value if isinstance(name, ast.Constant) else None
                text = text or constants(tree).get(ast.unparse(name))
                if text:
                    yield str(text), path


def test_every_file_of_the_state_is_told_of() -> None:
    found = dict(kept())
    assert {"tokens.json", "sessions.json"} <= set(found)
    assert {name: path for name, path in found.items() if f"`{name}`" not in STATE} == {}


# -- the reading itself ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        'os.environ.get("X_TOKEN")',
        'os.environ["X_TOKEN"]',
        'environ.get("X_TOKEN", "")',
        'os.getenv("X_TOKEN")',
        '"X_TOKEN" in os.environ',
        'NAME = "X_TOKEN"\nos.environ.get(NAME)',
    ],
)
def test_a_variable_is_seen_however_it_is_read(code: str) -> None:
    assert list(asked(ast.parse(code))) == ["X_TOKEN"]


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ('Path.home() / ".x" / "y.json"', ".x/y.json"),
        ('FILE = "y.json"\nhome / ".x" / FILE', ".x/y.json"),
        ('self.home / f"{name}" / "y"', "y"),
        ('Path.home() / ("A" if mac else "B")', "A B"),
    ],
)
def test_a_path_below_a_home_is_seen(code: str, path: str) -> None:
    assert " ".join(map(str, chains(ast.parse(code)))) == path


def test_a_path_that_is_not_told_of_is_unknown() -> None:
    assert known(PurePosixPath(".config/nemovideo/client_id"))
    assert not known(PurePosixPath(".config/other"))
    assert not known(PurePosixPath(".ssh"))


def test_what_documents_the_code_is_not_the_code() -> None:
    tree = ast.parse('"""https://evil.example"""\ndef f():\n    """NEMO_X"""\n    return "NEMO_Y"')
    assert list(words(tree)) == ["NEMO_Y"]
