"""Token, client id and credits. No value of a token or an id is ever shown or asked for anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

from skill import frontmatter
from skill.doctor.case import Case, command
from skill.doctor.finding import Finding, Grade
from skill.engine import origin
from skill.errors import NoCredits, RateLimited, SkillError, TokenRefused
from skill.home import reason
from skill.projects import STAYS

_ANSWER = 4.0  # s
_SKEW = 300.0  # s that a clock may be wrong before certificates and tokens notice
_MORE = "Register or top up on nemovideo.com, or work with --backend studio."
_DAY = 86_400.0
_FIRST = 1_767_225_600.0  # 2026: no machine of this version can have had an earlier day


def token(case: Case) -> Iterator[Finding]:
    """Whether there is one, whose it is, and how long it is good for."""
    if case.settings.token is not None:
        yield Finding("token", "well", "one of an account, in NEMO_TOKEN")
        return
    if "NEMO_TOKEN" in case.wrong:
        yield Finding("token", "failure", "NEMO_TOKEN cannot be used", "unset NEMO_TOKEN")
        return
    kept = kept_token(case)
    if kept is None:
        asked = "the first turn in the cloud asks for an anonymous one"
        yield Finding("token", "note", f"none yet; {asked}")
        return
    age = time.time() - kept[1]
    if age < -_SKEW:
        words = "the anonymous one was given at a time that is still to come"
        yield Finding("token", "warning", words, "Set the clock of this machine.")
    elif age > STAYS:
        days = f"{(age - STAYS) / _DAY:.0f} days ago"
        yield Finding("token", "note", f"the anonymous one ended {days}; a turn asks for another")
    else:
        yield Finding("token", "well", f"an anonymous one, good for {_span(STAYS - age)} more")


def kept_token(case: Case) -> tuple[str, float] | None:
    """The anonymous token of this cloud and when it was given (epoch s); None where none is."""
    try:
        kept = case.home.read("tokens.json").get(origin(case.settings.api_url))
    except SkillError:
        return None
    if not isinstance(kept, dict) or not isinstance(kept.get("token"), str) or not kept["token"]:
        return None
    obtained = kept.get("obtained")
    return kept["token"], float(obtained) if isinstance(obtained, (int, float)) else 0.0


def client_id(case: Case) -> Iterator[Finding]:
    """Where the client id comes from."""
    if case.settings.client_id:
        yield Finding("client id", "well", "in NEMO_CLIENT_ID")
        return
    path = Path.home() / ".config" / "nemovideo" / "client_id"
    for place in (path, case.home.path / "client_id"):
        try:
            text = place.read_text("utf-8", "replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            words = f"{place} cannot be read: {reason(error)}"
            yield Finding("client id", "warning", words, command("chmod", "600", place))
            continue
        if 0 < len(text) <= 200 and all("!" <= letter <= "~" for letter in text):
            yield Finding("client id", "well", f"in {place}")
        else:
            words = f"{place} does not hold one; the next turn in the cloud sets it aside"
            yield Finding("client id", "warning", words)
        return
    yield Finding("client id", "note", f"none yet; the first turn in the cloud makes it ({path})")


def credits(case: Case) -> Iterator[Finding]:
    """How many are left, asked only with a token that is there."""
    if case.choice == "studio":
        yield Finding("credits", "well", "the studio on this machine costs none")
        return
    kept = kept_token(case)
    token = case.settings.token or (kept[0] if kept and time.time() - kept[1] < STAYS else None)
    if token is None:
        yield Finding("credits", "note", "not asked: there is no token to ask with yet")
    elif case.offline:
        yield Finding("credits", "note", "not asked (--offline)")
    elif case.obstacle:
        yield Finding("credits", "note", "not asked: the cloud cannot be reached")
    else:
        yield from _asked(case, token)


def _asked(case: Case, token: str) -> Iterator[Finding]:
    """One question, once: a refused token is told, and no other is asked for."""
    from skill.api import answers, envelope
    from skill.api.transport import Transport

    headers = frontmatter.attribution(case.settings).headers
    transport = Transport(case.settings.api_url, headers)
    mine = case.settings.token is not None
    try:
        answer = transport.send("GET", "/api/credits/balance/simple", token=token, timeout=_ANSWER)
        found = answers.credits(envelope.read(answer, "credits"))
    except TokenRefused:
        mend = "Put the token of your account into NEMO_TOKEN again, or unset it." if mine else ""
        grade: Grade = "failure" if mine else "note"
        after = "" if mine else "; the next turn asks for another"
        yield Finding("credits", grade, f"the token is not accepted any more{after}", mend)
    except NoCredits:
        yield Finding("credits", "warning", "none are left; exports cost nothing", _MORE)
    except RateLimited:
        yield Finding("credits", "note", "not told: too many requests just now")
    except SkillError as error:
        yield Finding("credits", "warning", str(error).replace(token, "…"))
    else:
        frozen = f", {found.frozen:g} reserved" if found.frozen else ""
        words = f"{found.available:g} of {found.total:g}{frozen}"
        if found.available > 0:
            yield Finding("credits", "well", words)
        else:
            yield Finding("credits", "warning", f"{words}; exports cost nothing", _MORE)
        yield from clock(answer.headers.get("date", ""))
    finally:
        transport.close()


def clock(told: str = "") -> Iterator[Finding]:
    """Whether the time can be right; ``told`` is what a server says it is (an HTTP date)."""
    now = time.time()
    if now < _FIRST:
        words = f"it is {time.strftime('%Y-%m-%d', time.gmtime(now))} here, which cannot be"
        yield Finding("clock", "failure", words, "Set the clock of this machine.")
        return
    try:
        skew = now - parsedate_to_datetime(told).timestamp()
    except (TypeError, ValueError, OverflowError):
        return
    if abs(skew) > _SKEW:
        words = f"{_span(abs(skew))} {'ahead of' if skew > 0 else 'behind'} the cloud's"
        yield Finding("clock", "warning", words, "Set the clock of this machine.")


def _span(seconds: float) -> str:
    for length, name in ((_DAY, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= length:
            count = round(seconds / length)
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{seconds:.0f} s"
