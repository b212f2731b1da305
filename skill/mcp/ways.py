"""The prompts: the ways of working that SKILL.md tells, for a person to pick from a menu."""

from __future__ import annotations

from typing import Annotated

from mcp.server import MCPServer
from pydantic import Field

_RULES = (
    "Hand each wish to the tool `chat` once, word for word and in its own language. Show the "
    "answer's text, the files and the links. Ask before anything that was not asked for: a second "
    "generation, a retry, a better version. "
)


def add(server: MCPServer) -> None:
    """Add the prompts quick, batch and iterative."""

    @server.prompt(
        title="Quick edit", description="One instruction, for a new video or a file, then export."
    )
    def quick(
        wish: Annotated[str, Field(description="what to make or change, in your own words")],
        file: Annotated[str, Field(description="a file's path or link to begin with")] = "",
    ) -> str:
        files = f", with files: [{file!r}]" if file else ""
        return (
            f"{_RULES}Make one quick edit.\n\n"
            f"1. Call `chat` with this message{files}:\n\n{wish}\n\n"
            "2. If it went well and exported nothing yet, call `export`.\n"
            "3. Give me the file and the link to the project."
        )

    @server.prompt(
        title="Batch", description="The same for several files, one after the other, each exported."
    )
    def batch(
        files: Annotated[str, Field(description="paths or links, one on each line")],
        wish: Annotated[str, Field(description="what to do with each of them")],
    ) -> str:
        names = [name.strip() for name in files.splitlines() if name.strip()]
        listed = "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))
        return (
            f"{_RULES}These are {len(names)} files, to be worked on in one project:\n\n{listed}\n\n"
            f"What to do with each:\n\n{wish}\n\n"
            "Tell me first that on the cloud each edit takes credits (the tool `credits` says how "
            "many are left), and wait for my yes. Then, file by file: `upload` it, call `chat` "
            'with the words above, after "keep only" and the file\'s name, and `export`. Go on '
            "with the next file only when the one before has its export; stop at the first error "
            "and ask me."
        )

    @server.prompt(
        title="Step by step",
        description="A rough cut first, then small changes, looked at each time.",
    )
    def iterative(
        wish: Annotated[str, Field(description="the video that you have in mind")],
    ) -> str:
        return (
            f"{_RULES}Work step by step.\n\n"
            f"1. Call `chat` with this message for a rough cut:\n\n{wish}\n\n"
            "2. Call `preview`, look at the sheet, and tell me in a sentence or two what you see "
            "and what does not fit my wish.\n"
            "3. Ask me for the next small change (with numbers: seconds, per cent), hand it to "
            "`chat`, and look again. `undo` takes the last change back.\n"
            "4. Export only when I say so."
        )
