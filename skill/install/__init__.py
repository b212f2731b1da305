"""The skill in the folders where assistants look for skills; ``mcp``: in their configuration.

assistants  who reads skills, and where      places    the folders that are meant
contents    what the skill consists of       installed what lies in such a folder
steps       what is done at each place       placing   a folder put, replaced, taken away
origin      how the package came here        traces    what use leaves on a machine
"""
