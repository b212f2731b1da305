"""What the studio remembers: one SQLite file, and media and renders beside it.

studio.db   tokens, sessions, every version of every draft, renders
media/      uploaded files, named by their content hash
renders/    finished videos (keeping says for how long)
cache/      rendered pieces; the renderer keeps it bounded
"""

from __future__ import annotations

from pathlib import Path

from skill.studio.store.database import Database, StoreError
from skill.studio.store.files import Files
from skill.studio.store.keeping import Keeping
from skill.studio.store.renders import Renders
from skill.studio.store.sessions import Sessions
from skill.studio.store.settings import Settings
from skill.studio.store.tokens import Tokens

__all__ = ["Database", "Store", "StoreError"]


class Store:
    """Everything under ``folder`` (AI_VIDEO_HOME/studio), opened by one process at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.database = Database(folder / "studio.db")
        self.settings = Settings(self.database)
        self.tokens = Tokens(self.database)
        self.sessions = Sessions(self.database)
        self.files = Files(folder / "media")
        self.renders = Renders(self.database, folder / "renders")
        self.keeping = Keeping(self.database, self.files, self.renders)
        self.cache = folder / "cache"
        self.cache.mkdir(exist_ok=True)

    def close(self) -> None:
        self.database.close()
