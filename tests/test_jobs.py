from __future__ import annotations

import json
import os
import stat
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from skill import jobs
from skill.errors import StateError
from skill.home import Home, Notice
from skill.jobs import STALE, Job, Ledger, digest

WANTED = Job("", session="s1", engine="cloud", output={"format": "mp4"}, draft={"t": [1]})


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(Home(tmp_path))


def test_a_job_is_on_disk_before_anything_else(tmp_path: Path, ledger: Ledger) -> None:
    synced: list[int] = []
    job, fresh = ledger.take(WANTED)
    assert fresh
    assert job.state == "asked"
    assert job.id.startswith("render_")
    assert job.id[7:].isdigit()
    assert Ledger(Home(tmp_path)).jobs() == [job]
    assert stat.S_IMODE((tmp_path / jobs.FILE).stat().st_mode) == 0o600
    assert synced == []


def test_every_line_is_synced(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    job, _ = ledger.take(WANTED)
    ledger.note(job, state="accepted")
    assert len(synced) == 2


def test_the_same_draft_is_the_same_job_while_it_is_open(ledger: Ledger) -> None:
    job, _ = ledger.take(WANTED)
    again, fresh = ledger.take(replace(WANTED, folder="/elsewhere", name="b.mp4"))
    assert not fresh
    assert (again.id, again.folder, again.name) == (job.id, "/elsewhere", "b.mp4")
    assert ledger.get(job.id) == again
    ledger.note(job, state="delivered")
    assert not ledger.take(WANTED)[1]  # nobody has been told of the file yet
    ledger.note(job, told=True)
    assert ledger.take(WANTED)[1]


@pytest.mark.parametrize(
    "other",
    [
        {"session": "s2"},
        {"engine": "studio"},
        {"output": {"format": "webm"}},
        {"draft": {"t": [2]}},
    ],
)
def test_another_draft_is_another_job(ledger: Ledger, other: dict[str, object]) -> None:
    job, _ = ledger.take(WANTED)
    second, fresh = ledger.take(replace(WANTED, **other))  # type: ignore[arg-type]
    assert fresh
    assert second.id != job.id


def test_the_order_of_keys_makes_no_other_draft() -> None:
    a = replace(WANTED, draft={"a": 1, "b": 2})
    assert digest(a) == digest(replace(WANTED, draft={"b": 2, "a": 1}))


def test_many_threads_take_one_job(tmp_path: Path) -> None:
    taken: list[tuple[Job, bool]] = []
    threads = [
        threading.Thread(target=lambda: taken.append(Ledger(Home(tmp_path)).take(WANTED)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({job.id for job, _ in taken}) == 1
    assert sum(fresh for _, fresh in taken) == 1


def test_changes_are_kept(tmp_path: Path, ledger: Ledger) -> None:
    job, _ = ledger.take(WANTED)
    changed = ledger.note(job, state="completed", url="https://x", file="/v.mp4", size=5)
    assert Ledger(Home(tmp_path)).get(job.id) == changed
    assert changed.open
    assert not ledger.note(job, state="failed", error="no").open


def test_a_retry_has_a_new_id_and_ends_the_old_job(ledger: Ledger) -> None:
    job, _ = ledger.take(WANTED)
    again = ledger.again(replace(job, error="out of memory"))
    old = ledger.get(job.id)
    assert old is not None
    assert (old.state, old.error) == ("failed", "out of memory")
    assert (again.state, again.attempt, again.draft) == ("asked", 2, WANTED.draft)
    assert again.id != job.id
    assert ledger.open() == [again]


def test_open_jobs_of_an_engine(ledger: Ledger) -> None:
    cloud, _ = ledger.take(WANTED)
    studio, _ = ledger.take(replace(WANTED, engine="studio"))
    assert ledger.open() == [cloud, studio]
    assert ledger.open("studio") == [studio]


def test_a_job_of_long_ago_is_not_open(ledger: Ledger) -> None:
    job, _ = ledger.take(WANTED)
    ledger.note(job, created=time.time() - STALE - 1)
    assert ledger.open() == []


def test_a_line_cut_by_death_costs_nothing_else(tmp_path: Path, ledger: Ledger) -> None:
    first, _ = ledger.take(WANTED)
    with (tmp_path / jobs.FILE).open("ab") as file:
        file.write(b'{"id": "render_9", "state": "ask')
    home = Home(tmp_path)
    second, _ = Ledger(home).take(replace(WANTED, session="s2"))
    assert Ledger(home).jobs() == [first, second]
    assert home.notices == []


@pytest.mark.parametrize(
    "change", [lambda ledger: ledger.jobs(), lambda ledger: ledger.take(WANTED)]
)
def test_a_damaged_ledger_is_set_aside_and_made_anew(
    tmp_path: Path, ledger: Ledger, change: Callable[[Ledger], object]
) -> None:
    job, _ = ledger.take(WANTED)
    with (tmp_path / jobs.FILE).open("ab") as file:
        file.write(b'\xff\xfe\n[1]\n{"id": 5}\n{"id": "render_1", "state": "dancing"}\n')
    home = Home(tmp_path)
    change(Ledger(home))
    assert Ledger(home).jobs() == [job]
    assert b"\xff\xfe" in (tmp_path / "renders.jsonl.corrupt").read_bytes()
    assert b"\xff\xfe" not in (tmp_path / jobs.FILE).read_bytes()
    assert home.notices == [Notice("notice.damaged", "renders.jsonl")]


def test_a_long_ledger_is_shortened(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_COMPACT", 3000)
    monkeypatch.setattr(jobs, "_KEPT", 2)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    for number in range(12):
        job, _ = ledger.take(replace(WANTED, session=f"s{number}"))
        if number:
            ledger.note(job, state="delivered", told=True)
    left = ledger.jobs()
    assert left[0].session == "s0"
    assert left[0].draft == WANTED.draft
    assert left[-1].session == "s11"
    assert (tmp_path / jobs.FILE).stat().st_size < 6000


def test_a_ledger_that_cannot_be_written_is_told(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / jobs.FILE).mkdir()
    with pytest.raises(StateError):
        ledger.take(WANTED)


@pytest.mark.parametrize("number", [10**400, -(10**400), 10**15, float("inf"), float("nan")])
def test_a_number_that_is_no_time_is_left_out(home: Path, number: float) -> None:
    state = Home(home / "state")
    line = {"id": "a", "state": "asked", "created": number, "length": number, "took": number}
    (state.prepare() / "renders.jsonl").write_text(json.dumps(line) + "\n")
    (job,) = Ledger(state).jobs()
    assert (job.created, job.length, job.took, job.open) == (0, 0, 0, False)
