"""The embedded backend: makes, edits and renders videos on this machine, spoken to over HTTP only.

It speaks the same protocol as the cloud, on loopback, and imports nothing of
``skill`` but ``skill.draft``. ``process`` starts and finds it; the rooms:

    server/    routes, tokens, sessions, the queue of renders
    store/     SQLite, media by content hash, versions of every draft
    agent/     a message -> edits -> a draft
    generate/  scenes and music
    render/    a draft -> a file
"""
