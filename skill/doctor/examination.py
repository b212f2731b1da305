"""The checks in order. Each survives whatever it finds; those that wait run beside the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from skill.doctor import account, backend, installation, studio, surroundings
from skill.doctor.case import Case
from skill.doctor.finding import Finding
from skill.errors import SkillError

Check = Callable[[Case], Iterable[Finding]]

# What is looked at, by the name that a check has where it finds nothing but trouble.
CHECKS: tuple[tuple[str, Check], ...] = (
    ("python", lambda _: installation.python()),
    ("skill", lambda _: installation.skill()),
    ("packages", lambda _: installation.packages()),
    ("environment", surroundings.variables),
    ("state", surroundings.state),
    ("backend", backend.backend),
    ("cloud", backend.cloud),
    ("token", account.token),
    ("client id", account.client_id),
    ("credits", account.credits),
    ("clock", lambda _: account.clock()),
    ("renders", surroundings.renders),
    ("studio", studio.process),
    ("render", studio.checkup),
    ("disk", surroundings.disk),
)


def examine(case: Case) -> Iterator[Finding]:
    """What every check found, in order, as soon as it is known."""
    with ThreadPoolExecutor(len(CHECKS)) as pool:
        # (The choice of the backend asks the network: once, before anybody waits for it twice.)
        pool.submit(lambda: case.choice)
        running = [pool.submit(_findings, name, check, case) for name, check in CHECKS]
        for future in running:
            yield from future.result()


def _findings(name: str, check: Check, case: Case) -> list[Finding]:
    found: list[Finding] = []
    try:
        for finding in check(case):
            found.append(finding)
    except ImportError as error:
        words = f"could not be looked at: {error.name or 'a package'} is missing or broken"
        found.append(Finding(name, "warning", words, installation.mended()))
    except SkillError as error:
        found.append(Finding(name, "warning", str(error)))
    except Exception as error:
        words = f"could not be looked at ({type(error).__name__}: {str(error)[:200]})"
        found.append(Finding(name, "warning", words))
    return found
