"""``python -m skill`` is the ``ai-video`` command."""

import sys

from skill.cli import main

if __name__ == "__main__":
    sys.exit(main())
