from __future__ import annotations

import socket
import stat
import threading
import types
import uuid
from pathlib import Path

import pytest
from fake_backend import FakeBackend

from skill import engine
from skill.engine import Engine, choose, kept_client_id, origin, reachable
from skill.errors import EngineError, StateError, Unreachable
from skill.home import Home
from skill.projects import Projects, Session
from skill.settings import Settings

NOBODY = "http://127.0.0.1:9"


class FakeStudioError(Exception):
    pass


class FakePackageMissing(FakeStudioError):
    name = "av"


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """skill.studio.process, which notes the homes that it is asked for."""
    process = types.SimpleNamespace(
        homes=[], StudioError=FakeStudioError, PackageMissing=FakePackageMissing
    )

    def ensure(home: Path) -> object:
        process.homes.append(home)
        return types.SimpleNamespace(url="http://127.0.0.1:7", client_id="dummy-studio")

    process.ensure = ensure
    monkeypatch.setattr("skill.studio.process", process, raising=False)
    monkeypatch.setitem(__import__("sys").modules, "skill.studio.process", process)
    return process


def settings_of(tmp_path: Path, **environ: str) -> Settings:
    return Settings.read({"AI_VIDEO_HOME": str(tmp_path / "state"), **environ})


def test_the_studio_when_it_is_asked_for(tmp_path: Path, studio: types.SimpleNamespace) -> None:
    settings = settings_of(tmp_path, AI_VIDEO_BACKEND="studio", NEMO_TOKEN="dummy-own")
    assert choose(settings) == Engine(
        "studio", "http://127.0.0.1:7", "http://127.0.0.1:7", "dummy-studio", None, ""
    )
    assert studio.homes == [tmp_path / "state"]


def test_the_cloud_when_it_is_asked_for(tmp_path: Path, studio: types.SimpleNamespace) -> None:
    settings = settings_of(
        tmp_path, AI_VIDEO_BACKEND="cloud", NEMO_API_URL=NOBODY, NEMO_CLIENT_ID="dummy-id"
    )
    assert choose(settings) == Engine("cloud", NOBODY, "https://nemovideo.com", "dummy-id")
    assert studio.homes == []


def test_auto_is_the_cloud_where_it_can_be_reached(
    tmp_path: Path, backend: FakeBackend, studio: types.SimpleNamespace
) -> None:
    chosen = choose(settings_of(tmp_path, NEMO_API_URL=backend.url))
    assert (chosen.kind, chosen.notice) == ("cloud", "")
    assert backend.seen == []


def test_auto_is_the_studio_where_the_cloud_cannot_be_reached(
    tmp_path: Path, home: Path, studio: types.SimpleNamespace
) -> None:
    chosen = choose(settings_of(tmp_path, NEMO_API_URL=NOBODY, NEMO_TOKEN="dummy-own"))
    assert (chosen.kind, chosen.token) == ("studio", None)
    assert "cannot be reached" in chosen.notice
    assert "\n" not in chosen.notice
    assert not (home / ".config").exists()  # no client id for a cloud that is not used


def keep(tmp_path: Path, account: str) -> None:
    projects = Projects(Home(tmp_path / "state"))
    projects.keep(account, Session("s1"))
    projects.worked(account, "s1")


def test_a_project_in_the_cloud_is_not_moved(tmp_path: Path, studio: types.SimpleNamespace) -> None:
    settings = settings_of(tmp_path, NEMO_API_URL=NOBODY)
    keep(tmp_path, origin(NOBODY))
    with pytest.raises(Unreachable, match="--backend studio"):
        choose(settings)
    assert studio.homes == []


def test_a_project_of_a_registered_user_is_not_moved_either(
    tmp_path: Path, studio: types.SimpleNamespace
) -> None:
    settings = settings_of(tmp_path, NEMO_API_URL=NOBODY, NEMO_TOKEN="dummy-own")
    keep(tmp_path, Engine("cloud", NOBODY, "", token="dummy-own").account)
    with pytest.raises(Unreachable):
        choose(settings)


def test_a_project_in_the_studio_stays_there(
    tmp_path: Path, backend: FakeBackend, studio: types.SimpleNamespace
) -> None:
    keep(tmp_path, "studio")
    chosen = choose(settings_of(tmp_path, NEMO_API_URL=backend.url))
    assert chosen.kind == "studio"
    assert "where this project began" in chosen.notice


def test_a_project_of_another_backend_decides_nothing(
    tmp_path: Path, studio: types.SimpleNamespace
) -> None:
    keep(tmp_path, "https://other.example:443")
    assert choose(settings_of(tmp_path, NEMO_API_URL=NOBODY)).kind == "studio"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FakeStudioError("The studio could not start: no fonts."), "no fonts"),
        (PermissionError(13, "x"), "permission denied"),
        (ImportError("x", name="uvicorn"), r"uvicorn is missing.*Install it with: "),
        (FakePackageMissing("x"), r"av is missing.*Install it with: .*scripts.ai-video"),
    ],
)
def test_a_studio_that_does_not_start_is_told(
    tmp_path: Path, studio: types.SimpleNamespace, error: Exception, words: str
) -> None:
    def ensure(_: Path) -> None:
        raise error

    studio.ensure = ensure
    with pytest.raises(EngineError, match=words):
        choose(settings_of(tmp_path, AI_VIDEO_BACKEND="studio"))


def test_secrets_are_left_out_of_the_repr() -> None:
    assert "dummy" not in repr(Engine("cloud", "u", "w", "dummy-id", "dummy-token"))
    account = Engine("cloud", "https://x", "w", token="dummy-token").account
    assert "dummy" not in account


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://a.b/x", "https://A.B:443/y", True),
        ("http://a.b", "http://a.b:80", True),
        ("https://a.b", "http://a.b", False),
        ("https://a.b", "https://a.b:444", False),
        ("https://a.b", "https://a.b.c", False),
    ],
)
def test_origins(a: str, b: str, same: bool) -> None:
    assert (origin(a) == origin(b)) is same


# The client id


def test_a_client_id_is_made_once_and_kept(tmp_path: Path, home: Path) -> None:
    made = kept_client_id(Home(tmp_path))
    path = home / ".config" / "nemovideo" / "client_id"
    assert str(uuid.UUID(made)) == made == path.read_text().strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_client_id(Home(tmp_path)) == made
    assert [other.name for other in path.parent.iterdir()] == ["client_id"]


def test_many_at_once_make_one(tmp_path: Path) -> None:
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.append(kept_client_id(Home(tmp_path))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


@pytest.mark.parametrize("damaged", ["", " \n", "two words", "x" * 500, "雪"])
def test_a_damaged_client_id_is_set_aside(tmp_path: Path, home: Path, damaged: str) -> None:
    path = home / ".config" / "nemovideo" / "client_id"
    path.parent.mkdir(parents=True)
    path.write_text(damaged)
    made = kept_client_id(Home(tmp_path))
    assert uuid.UUID(made)
    assert path.read_text().strip() == made
    assert path.with_name("client_id.corrupt").read_text() == damaged


def test_a_config_folder_that_cannot_be_written(tmp_path: Path, home: Path) -> None:
    (home / ".config").write_text("a file in the way")
    made = kept_client_id(Home(tmp_path / "state"))
    assert (tmp_path / "state" / "client_id").read_text().strip() == made
    (tmp_path / "blocked").write_text("")
    with pytest.raises(StateError):
        kept_client_id(Home(tmp_path / "blocked"))


# Reachable


def test_reachable(backend: FakeBackend) -> None:
    assert reachable(backend.url)
    assert not reachable(NOBODY)
    assert not reachable("http://localhost:99999")


def test_a_host_that_does_not_answer_takes_little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()

    def silent(*_: object) -> None:
        stop.wait(10)

    monkeypatch.setattr(engine, "_connect", silent)
    assert not reachable("https://api.example", timeout=-0.9)
    stop.set()


class Proxy(threading.Thread):
    """Answers one CONNECT."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.answer = answer
        self.asked = b""

    def run(self) -> None:
        connection, _ = self.listener.accept()
        with connection:
            self.asked = connection.recv(4096)
            connection.sendall(self.answer)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(b"HTTP/1.1 200 OK\r\n\r\n", True), (b"HTTP/1.1 403 Forbidden\r\n\r\n", False)],
)
def test_by_a_proxy_it_is_the_proxy_that_knows(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, expected: bool
) -> None:
    proxy = Proxy(answer)
    proxy.start()
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:dummy@127.0.0.1:{proxy.port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert reachable("https://api.example") is expected
    proxy.join(5)
    proxy.listener.close()
    assert proxy.asked.startswith(b"CONNECT api.example:443")
    assert b"Proxy-Authorization: Basic" in proxy.asked
