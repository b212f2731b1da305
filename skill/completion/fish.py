"""The script for fish, 3.0 and newer."""

from __future__ import annotations

from collections.abc import Iterator

from skill.completion.words import PROGRAM, Option, Value, commands, program

_HEAD = f"""\
# fish completion of {PROGRAM}, made by: {PROGRAM} completion fish
function __ai_video_first
    test (count (commandline -opc)) -eq 1
end

function __ai_video_is
    set -l words (commandline -opc)
    test (count $words) -gt 1; and test $words[2] = $argv[1]; and not contains -- -- $words
end

complete -c {PROGRAM} -e
complete -c {PROGRAM} -f
"""


def script() -> str:
    """A line for each command, option and place."""
    found = commands()
    lines = [_line("__ai_video_first", *_option(option)) for option in program()]
    for command in found:
        named = ("-a", command.name, "-d", _quoted(command.help))
        lines.append(_line("__ai_video_first", *named))
    for command in found:
        when = _quoted(f"__ai_video_is {command.name}")
        lines += [_line(when, *_option(option)) for option in command.options]
        if command.places:
            lines.append(_line(when, _value(command.places[0])))
    return _HEAD + "\n".join(lines) + "\n"


def _line(when: str, *words: str) -> str:
    return f"complete -c {PROGRAM} -n {when} {' '.join(words)}"


def _option(option: Option) -> Iterator[str]:
    for name in option.names:
        yield f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
    if option.value:
        yield f"-r {_value(option.value)}"
    yield f"-d {_quoted(option.help)}"


def _value(value: Value) -> str:
    """The words of ``complete`` for a value."""
    if value.kind == "choice":
        return f"-f -a {_quoted(' '.join(value.choices))}"
    if value.kind == "folder":
        names = "".join(f"{name} " for name in value.choices)
        return f"-f -a {_quoted(names + '(__fish_complete_directories)')}"
    return "-F" if value.kind == "file" else "-f"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
