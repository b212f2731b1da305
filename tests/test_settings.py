from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from skill.errors import SettingsError
from skill.settings import Settings, is_loopback


def test_defaults_are_the_protocols() -> None:
    settings = Settings.read({})
    assert settings.backend == "auto"
    assert settings.api_url == "https://mega-api-prod.nemovideo.ai"
    assert settings.web_url == "https://nemovideo.com"
    assert (settings.token, settings.client_id, settings.source) == (None, None, None)
    assert (settings.render_poll, settings.render_polls) == (30, 10)
    assert (settings.still_working, settings.idle_timeout, settings.turn_timeout) == (120, 600, 900)
    assert settings.recovery_waits == (30, 60, 60, 60, 60)
    assert settings.retry_after == 30


def test_every_variable_is_read(tmp_path: Path) -> None:
    settings = Settings.read(
        {
            "NEMO_TOKEN": "dummy-token",
            "NEMO_API_URL": "https://api.example/v1/",
            "NEMO_WEB_URL": "https://web.example",
            "NEMO_CLIENT_ID": "dummy-client",
            "SKILL_SOURCE": "codex",
            "AI_VIDEO_BACKEND": "Studio",
            "AI_VIDEO_HOME": str(tmp_path / "x"),
            "AI_VIDEO_RENDER_POLL": "0.5",
            "AI_VIDEO_RENDER_POLLS": "3",
            "AI_VIDEO_STILL_WORKING": "1",
            "AI_VIDEO_IDLE_TIMEOUT": "2",
            "AI_VIDEO_TURN_TIMEOUT": "3",
            "AI_VIDEO_RECOVERY_WAITS": "1, 2.5",
            "AI_VIDEO_RETRY_AFTER": "0",
        }
    )
    assert settings == Settings(
        backend="studio",
        api_url="https://api.example/v1",
        web_url="https://web.example",
        token="dummy-token",
        client_id="dummy-client",
        source="codex",
        home=tmp_path / "x",
        render_poll=0.5,
        render_polls=3,
        still_working=1,
        idle_timeout=2,
        turn_timeout=3,
        recovery_waits=(1, 2.5),
        retry_after=0,
    )


def test_an_empty_variable_counts_as_unset() -> None:
    settings = Settings.read({"NEMO_TOKEN": " ", "AI_VIDEO_BACKEND": "", "NEMO_API_URL": ""})
    assert (settings.token, settings.backend) == (None, "auto")


def test_the_process_environment_is_the_default(home: Path) -> None:
    assert Settings.read().home == home / "state"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("AI_VIDEO_BACKEND", "moon", "auto, cloud, studio"),
        ("NEMO_API_URL", "http://api.example", "https"),
        ("NEMO_API_URL", "ftp://127.0.0.1", "https"),
        ("NEMO_API_URL", "https://", "https"),
        ("NEMO_API_URL", "http://[::1", "https"),
        ("NEMO_API_URL", "https://api.example:port", "https"),
        ("NEMO_API_URL", "https://api.example/?a=b", "https"),
        ("NEMO_API_URL", "https://api.example/a b", "https"),
        ("NEMO_API_URL", "https://evil.example\\.api.example", "https"),
        ("NEMO_API_URL", "https://api.example%2eevil.example", "https"),
        ("NEMO_API_URL", "http://127.0.0.1.evil.example", "https"),
        ("NEMO_API_URL", "http://localhost.evil.example", "https"),
        ("NEMO_API_URL", "http://127.1", "https"),
        ("NEMO_API_URL", "http://2130706433", "https"),
        ("NEMO_API_URL", "http://0x7f000001", "https"),
        ("NEMO_API_URL", "http://0177.0.0.1", "https"),
        ("NEMO_API_URL", "http://0.0.0.0", "https"),
        ("NEMO_API_URL", "http://[::]", "https"),
        ("NEMO_API_URL", "http://[fe80::1%25lo]", "https"),
        ("NEMO_API_URL", "http://api.example.", "https"),
        ("NEMO_API_URL", "https://nemovide\u043e.ai", "https"),
        ("NEMO_API_URL", "HTTP://api.example", "https"),
        ("NEMO_API_URL", "file:///etc/passwd", "https"),
        ("NEMO_WEB_URL", "javascript:alert(1)", "https"),
        ("SKILL_SOURCE", "a\r\nX-Evil: 1", "without spaces"),
        ("AI_VIDEO_RENDER_POLL", "nan", "seconds"),
        ("AI_VIDEO_RENDER_POLL", "-1", "seconds"),
        ("AI_VIDEO_TURN_TIMEOUT", "inf", "seconds"),
        ("AI_VIDEO_IDLE_TIMEOUT", "ten", "seconds"),
        ("AI_VIDEO_RETRY_AFTER", "1e9", "seconds"),
        ("AI_VIDEO_RENDER_POLLS", "0", "whole number"),
        ("AI_VIDEO_RENDER_POLLS", "2.5", "whole number"),
        ("AI_VIDEO_RENDER_POLLS", "9" * 5000, "whole number"),
        ("AI_VIDEO_RECOVERY_WAITS", "30,,60", "commas"),
        ("AI_VIDEO_RECOVERY_WAITS", "30;60", "commas"),
    ],
)
def test_a_bad_value_is_refused_in_plain_words(name: str, value: str, allowed: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({name: value})
    assert name in str(caught.value)
    assert repr(value[:80]) in str(caught.value)
    assert allowed in str(caught.value)


@pytest.mark.parametrize("name", ["NEMO_TOKEN", "NEMO_CLIENT_ID"])
def test_a_bad_secret_is_refused_without_being_shown(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({name: "dummy secret"})
    assert name in str(caught.value)
    assert "dummy" not in str(caught.value)


def test_a_password_in_the_address_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({"NEMO_API_URL": "https://me:dummy@api.example"})
    assert "dummy" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:80", "http://localhost:1", "http://[::1]:8", "http://127.9.9.9"]
)
def test_plain_http_is_for_this_machine(url: str) -> None:
    assert Settings.read({"NEMO_API_URL": url}).api_url == url


def test_secrets_are_left_out_of_the_repr() -> None:
    settings = Settings(token="dummy-token", client_id="dummy-client")
    assert "dummy" not in repr(settings)


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com", "10.0.0.1", "", None])
def test_other_hosts_are_not_this_machine(host: str | None) -> None:
    assert not is_loopback(host)


def test_importing_settings_costs_no_http_and_no_yaml() -> None:
    code = (
        "import sys, skill.settings, skill.errors, skill.home, skill.engine, skill.frontmatter;"
        "print([m for m in ('requests', 'yaml', 'sseclient', 'urllib3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the folders of other platforms")
def test_a_relative_state_folder_counts_as_unset(home: Path) -> None:
    assert Settings.read({"XDG_STATE_HOME": "state"}).home == home / ".local/state/ai-video"
