"""The MCP server as an entry in the assistants' own configuration files.

entry          the change that adds or removes it: planned, shown, applied
servers        where each assistant keeps its servers, and in what form
configuration  a file of somebody else's, read and written whole
jsonc          JSON with comments, changed as text
toml           TOML tables, changed as text
statements     TOML as its statements
"""
