"""One chat turn, or a conversation: what an assistant calls. The same as ``ai-video chat``."""

import sys

import environment

if __name__ == "__main__":
    environment.enter("studio")
    from skill.cli import main

    sys.exit(main(["chat", *sys.argv[1:]]))
