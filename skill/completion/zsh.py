"""The script for zsh: to be sourced, or to be put as ``_ai-video`` into a folder of $fpath."""

from __future__ import annotations

import re

from skill.completion.words import PROGRAM, Command, Option, Value, commands, program


def script() -> str:
    """_arguments does the work; a function beside it knows names and folders."""
    found = commands()
    lines = [
        f"#compdef {PROGRAM}",
        f"# zsh completion of {PROGRAM}, made by: {PROGRAM} completion zsh",
        "",
        "_ai_video_folders() {",
        '    (( $# )) && compadd -- "$@"',
        "    _files -/",
        "}",
        "",
        # (The message that _arguments would show keeps an option from being put in.)
        "_ai_video_nothing() {",
        "    return 1",
        "}",
        "",
        "_ai_video() {",
        "    local curcontext=$curcontext state line",
        "    typeset -A opt_args",
        "    _arguments -C \\",
        *(f"        {_option(option)} \\" for option in program()),
        "        '1:command:->command' \\",
        "        '*::argument:->argument'",
        "    case $state in",
        "    command)",
        "        local -a commands",
        "        commands=(",
        *(f"            {_quoted(f'{c.name}:{c.help}')}" for c in found),
        "        )",
        "        _describe -t commands command commands",
        "        ;;",
        "    argument)",
        "        case $line[1] in",
    ]
    for command in found:
        lines += [f"        {command.name})", *_of(command), "            ;;"]
    lines += [
        "        esac",
        "        ;;",
        "    esac",
        "}",
        "",
        "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then",
        '    _ai_video "$@"',
        "else",
        "    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }",
        f"    compdef _ai_video {PROGRAM}",
        "fi",
        "",
    ]
    return "\n".join(lines)


def _of(command: Command) -> list[str]:
    """_arguments of a command."""
    specs = [_option(option) for option in command.options]
    specs += [_quoted(f"*:{_plain(place.name)}:{_value(place)}") for place in command.places[-1:]]
    return ["            _arguments -S \\", *(f"                {spec} \\" for spec in specs), ""]


def _option(option: Option) -> str:
    value = option.value
    takes = "" if value is None else f":{_plain(value.name)}:{_value(value)}"
    explained = f"[{_plain(option.help)}]{takes}"
    names = option.names
    if option.again:
        return " ".join(_quoted(f"*{name}{_equal(name, option)}{explained}") for name in names)
    others = f"({' '.join(names)})"
    return " ".join(_quoted(f"{others}{name}{_equal(name, option)}{explained}") for name in names)


def _equal(name: str, option: Option) -> str:
    """Long options take their value as the next word, or after an equals sign."""
    return "=" if option.value is not None and name.startswith("--") else ""


def _value(value: Value) -> str:
    """The action that completes a value."""
    if value.kind == "choice":
        return f"({' '.join(value.choices)})"
    if value.kind == "folder":
        return " ".join(["_ai_video_folders", *value.choices])
    return "_files" if value.kind == "file" else "_ai_video_nothing"


def _plain(text: str) -> str:
    """A text in a specification of _arguments."""
    return re.sub(r"([\\:\[\]])", r"\\\1", text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
