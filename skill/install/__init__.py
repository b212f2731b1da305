"""The skill put where assistants look for skills, and taken away again."""
