"""The environment that the scripts run in: made once, outside the skill's folder, then reused.

Standard library only: this is what runs on a machine that has nothing but Python.
The packages are those of ``requirements/<name>.lock.conf``, every one checked against its hash,
wheels only (nothing is built, no package's own set-up code runs).

    import environment
    environment.enter("studio")   # returns inside the environment, or does not return
    environment.do_without()      # the standard library is enough
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

# As it was called, links and all: through which assistant's folder tells the platform's header.
ROOT = Path(os.path.abspath(__file__)).parent.parent  # noqa: PTH100 - absolute() keeps "..", resolve() no links
OLDEST = (3, 10)
UNUSED_DAYS = 30


def enter(name: str) -> None:
    """Go on inside the environment: exec this same script with its Python, unless it already is."""
    _be_new_enough()
    folder = _folder(name)
    if Path(sys.prefix).resolve() == folder.resolve():
        sys.path.insert(0, str(ROOT))
        return
    try:
        python = _python(make(name))
    except KeyboardInterrupt:
        print("\nInterrupted. The next run begins the set-up again.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        sys.exit(_unusable(error))
    os.environ["PYTHONPYCACHEPREFIX"] = str(bytecode(folder))
    command = [str(python), *sys.argv]
    if os.name == "nt":  # exec on Windows returns to the shell before the program has ended
        sys.exit(subprocess.call(command))  # noqa: S603 - our own interpreter and script
    try:
        os.execv(python, command)  # noqa: S606 - our own interpreter and script
    except OSError as error:
        sys.exit(_unusable(error))


def bytecode(folder: Path) -> Path:
    """Where the byte code goes, that of the studio's processes too: beside an environment.

    The skill's own folder stays as installed. One for each version: what archives unpack may have
    the same time in two of them, and Python would take the one's byte code for the other.
    """
    with contextlib.suppress(OSError):
        version = hashlib.sha256((ROOT / "SKILL.md").read_bytes()).hexdigest()[:16]
        return folder / f"bytecode-{version}"
    return folder / "bytecode"


def do_without() -> None:
    """Go on with this Python: what needs no packages waits for none."""
    _be_new_enough()
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(ROOT))


def _be_new_enough() -> None:
    if sys.version_info < OLDEST:
        sys.exit(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, and this is "
            f"{sys.version_info.major}.{sys.version_info.minor}. "
            "Install a newer one and run the command again."
        )


def make(name: str) -> Path:
    """The environment's folder; made first, once, where it is not there yet."""
    folder = _folder(name)
    ready = folder / "ready"
    if _whole(folder):
        with contextlib.suppress(OSError):
            ready.touch()
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(folder.parent / "environment.lock"):
        if _whole(folder):  # somebody else made it while we waited
            return folder
        print("Setting up (once, about a minute)...", file=sys.stderr, flush=True)
        began = time.monotonic()
        _remove_unused(folder.parent)
        _build(folder, ROOT / "requirements" / f"{name}.lock.conf")
        ready.touch()
        print(f"Set up in {time.monotonic() - began:.0f} s.", file=sys.stderr, flush=True)
    return folder


def made(name: str) -> bool:
    """Whether the environment is there."""
    return _whole(_folder(name))


def _whole(folder: Path) -> bool:
    """Whether an environment was made to its end, and its Python is still there."""
    return (folder / "ready").exists() and _python(folder).exists()


def _unusable(error: OSError) -> str:
    return (
        f"The folder {cache()}, for the skill's packages, cannot be used: "
        f"{error.strerror or error}.\n{_outside()}"
    )


def _outside() -> str:
    """What to do where a sandbox stands in the way."""
    launcher = ROOT / "scripts" / "ai-video"
    command = f'python "{launcher}.py"' if os.name == "nt" else f"sh {shlex.quote(str(launcher))}"
    return (
        "If your assistant runs commands in a sandbox, let it write there and reach a package "
        f"index, or run this once in a terminal of your own: {command} --version"
    )


def _build(folder: Path, lock: Path) -> None:
    problems = []
    for build in (_with_uv, _with_pip):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            problem = build(folder, lock)
        except OSError as error:
            problem = str(error)
        if problem is None:
            return
        problems.append(problem)
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(
        "The packages could not be installed.\n"
        + "\n".join(problems)
        + "\nA package index must be reachable for the first set-up, and Python needs its 'venv' "
        "module (Debian and Ubuntu: apt install python3-venv). Then run the command again.\n"
        + _outside()
    )


def _with_uv(folder: Path, lock: Path) -> str | None:
    uv = shutil.which("uv")
    if uv is None:
        return "uv: not installed"
    return _run(uv, "venv", "--quiet", "--python", sys.executable, str(folder)) or _run(
        uv, "pip", "sync", "--quiet", "--require-hashes", "--only-binary", ":all:",
        "--python", str(_python(folder)), str(lock),
    )  # fmt: skip


def _with_pip(folder: Path, lock: Path) -> str | None:
    return _run(sys.executable, "-m", "venv", str(folder)) or _run(
        str(_python(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--no-input", "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock),
    )  # fmt: skip


def _run(*command: str) -> str | None:
    """Run a command; None where it went well, else its name and the end of what it said."""
    # A user's own pip settings may send packages elsewhere than into the environment.
    settings = {**os.environ, "PIP_USER": "0"}
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"):
        settings.pop(name, None)
    done = subprocess.run(  # noqa: S603 - pip, uv
        command, capture_output=True, text=True, errors="replace", check=False, env=settings
    )
    if done.returncode == 0:
        return None
    last = (done.stderr or done.stdout).strip().splitlines()[-3:]
    return f"{Path(command[0]).name}: " + " / ".join(last)


def _folder(name: str) -> Path:
    lock = ROOT / "requirements" / f"{name}.lock.conf"
    try:
        locked = lock.read_bytes()
    except OSError as error:
        sys.exit(f"{lock.name} is missing beside the skill ({error}). Install the skill again.")
    # base_prefix is the same inside and outside a virtual environment.
    key = hashlib.sha256(locked + sys.version.encode() + sys.base_prefix.encode()).hexdigest()
    return cache() / f"{name}-{key[:16]}"


def cache() -> Path:
    """The folder of what can be made again: environments and byte code."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "ai-video-generator"


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _remove_unused(cache: Path) -> None:
    """Environments of older versions that nobody has used for a month."""
    for ready in cache.glob("*/ready"):
        if time.time() - ready.stat().st_mtime > UNUSED_DAYS * 86400:
            shutil.rmtree(ready.parent, ignore_errors=True)


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Held by one process at a time, and released by its death."""
    with path.open("a+b") as file:
        told = False
        while not _try_lock(file.fileno()):
            if not told:
                print("Another run is setting up; waiting for it...", file=sys.stderr, flush=True)
            told = True
            time.sleep(0.2)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks
        return True
    return True


if __name__ == "__main__":
    make(sys.argv[1])
