"""The script for bash, 3.2 (macOS) and newer."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from skill.completion.words import PROGRAM, Command, Value, commands, program

_HEAD = f"""\
# bash completion of {PROGRAM}, made by: {PROGRAM} completion bash
_ai_video_words() {{
    COMPREPLY=($(compgen -W "$1" -- "$cur"))
}}

_ai_video_nothing() {{
    compopt +o default +o bashdefault 2>/dev/null  # bash 3.2 has none, and offers files
}}

_ai_video_folders() {{
    local IFS=$'\\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -d -- "$cur"))
}}

_ai_video() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} word
    COMPREPLY=()
    if [[ $cur == "=" ]]; then
        cur=""
    elif [[ $prev == "=" ]]; then
        prev=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
"""


def script() -> str:
    """Files are left to bash itself, which knows their quotes and tildes."""
    found = commands()
    first = [command.name for command in found]
    first += [name for option in program() for name in option.names]
    body = [
        "    if ((COMP_CWORD == 1)); then",
        f"        _ai_video_words {quote(' '.join(first))}",
        "        return",
        "    fi",
        '    for word in "${COMP_WORDS[@]:2:COMP_CWORD-2}"; do',
        "        if [[ $word == -- ]]; then",
        "            _ai_video_nothing",
        "            return",
        "        fi",
        "    done",
        "    case ${COMP_WORDS[1]} in",
    ]
    for command in found:
        body += [f"    {command.name})", *_of(command), "        ;;"]
    body += ["    esac", "}", ""]
    body += [f"complete -o default -o bashdefault -F _ai_video {PROGRAM}", ""]
    return _HEAD + "\n".join(body)


def _of(command: Command) -> Iterator[str]:
    taking = [option for option in command.options if option.value is not None]
    if taking:
        yield "        case $prev in"
        for option in taking:
            assert option.value is not None  # noqa: S101 chosen so
            yield f"        {'|'.join(option.names)}) {_value(option.value)}; return ;;"
        yield "        esac"
    names = " ".join(name for option in command.options for name in option.names)
    yield "        if [[ $cur == -* ]]; then"
    yield f"            _ai_video_words {quote(names)}"
    yield "        else"
    yield f"            {_value(command.places[0]) if command.places else '_ai_video_nothing'}"
    yield "        fi"


def _value(value: Value) -> str:
    """The command that completes a value."""
    if value.kind == "choice":
        return f"_ai_video_words {quote(' '.join(value.choices))}"
    if value.kind == "folder":
        more = f'; COMPREPLY+=($(compgen -W {quote(" ".join(value.choices))} -- "$cur"))'
        return f"_ai_video_folders{more if value.choices else ''}"
    return ":" if value.kind == "file" else "_ai_video_nothing"
