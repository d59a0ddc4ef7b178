"""A store without a post, to copy: to make one takes longer than many a test."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from pipelines.store import Store


def copied(folder: Path) -> str:
    """Put an empty store into *folder*; its address."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(_made(), folder / "moafeed.db")
    return f"sqlite:///{folder}/moafeed.db"


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="moafeed-empty-"))
    atexit.register(shutil.rmtree, folder)
    Store.open(f"sqlite:///{folder}/moafeed.db").close()
    return folder / "moafeed.db"
