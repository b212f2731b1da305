"""The table of faults against the real command line, each in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from answer_faults import ANSWERS
from disk_faults import DISK
from fault import Fault
from frame_faults import FRAMES, STATES
from render_faults import EXPORTS
from stage import Nursery, stage
from stream_faults import STREAM

if not hasattr(os, "fork"):
    pytest.skip("the processes of this table are forked", allow_module_level=True)

TABLE = [*STREAM, *FRAMES, *STATES, *ANSWERS, *EXPORTS, *DISK]
assert len({fault.name for fault in TABLE}) == len(TABLE)

# Most of a fault's time is waiting, on both sides.
AT_ONCE = 12


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """What comes of each fault that this run of the tests asks for; they run side by side."""
    wanted = {
        item.callspec.params["fault"].name: item.callspec.params["fault"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.module is request.module
    }
    nursery = Nursery(tmp_path_factory.mktemp("nursery"))

    def one(fault: Fault) -> None:
        with stage(nursery) as on:
            fault.run(on)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(one, fault) for name, fault in wanted.items()}
        pool.shutdown(cancel_futures=True)
    nursery.close()


@pytest.mark.parametrize("fault", TABLE, ids=lambda fault: fault.name)
def test_fault(fault: Fault, outcomes: dict[str, Future[None]]) -> None:
    outcomes[fault.name].result()
