"""``ai-video completion bash|zsh|fish``: a script that completes the command line."""

from __future__ import annotations

import argparse

SHELLS = ("bash", "zsh", "fish")

DESCRIPTION = """\
Print a script that completes ai-video in your shell: commands, options, what they take, files,
folders, assistants. It is made from this version's own options; make it again after an update,
or let the shell do so at each start, as below.
"""

EXAMPLES = """\
examples:
  bash   echo 'eval "$(ai-video completion bash)"' >> ~/.bashrc
  zsh    echo 'source <(ai-video completion zsh)' >> ~/.zshrc
  fish   ai-video completion fish > ~/.config/fish/completions/ai-video.fish
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EXAMPLES
    parser.add_argument("shell", choices=SHELLS, help="your shell (echo $SHELL)")


def run(args: argparse.Namespace) -> int:
    from skill import completion

    print(completion.SHELLS[args.shell](), end="")
    return 0
