"""``python -m skill.studio [--detach] HOME``: the process that ``process.ensure`` starts."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from skill.studio.process import Address, StudioError, serve


def main() -> None:
    arguments = sys.argv[1:]
    detach = "--detach" in arguments
    home = Path(next(argument for argument in arguments if not argument.startswith("--")))
    # A second fork: the studio is nobody's child, so no parent must stay to collect it.
    if detach and hasattr(os, "fork") and os.fork():
        os._exit(0)
    try:
        serve(home, ready=_tell if detach else None)
    except StudioError as error:
        sys.exit(str(error))
    os._exit(0)  # the lock is free: whoever waited for that may count on our being gone


def _tell(address: Address) -> None:
    """Tell whoever started us, then let go of its pipe."""
    told = json.dumps({"url": address.url, "client_id": address.client_id})
    print(f"ready {told}", flush=True)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


if __name__ == "__main__":
    main()
