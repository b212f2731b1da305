"""Completion of ``ai-video`` in a shell, made from the parsers each time: it is never stale.

words   the parsers -> commands, options, and what each takes
bash, zsh, fish   those -> a script

Written here and not left to a package (shtab does all three): every package of the client is
fetched before anybody's first turn, and this is asked for once.
"""

from __future__ import annotations

from skill.completion import bash, fish, zsh

SHELLS = {"bash": bash.script, "zsh": zsh.script, "fish": fish.script}
