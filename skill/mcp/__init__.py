"""The skill as an MCP server: ``ai-video mcp``, with the official SDK (extra "mcp").

    server    the tools, and what they promise
    reading   the resources: the timeline, the draft, the finished files
    ways      the prompts: quick, batch and iterative
    answers   a Reply as the result of a tool, with its schema
    turns     a turn in a process of its own, which can be interrupted
    worker    that process
    http      streamable HTTP on loopback, behind a token

The folder is called like the SDK; imports are absolute, so ``mcp`` is always the SDK.
"""
