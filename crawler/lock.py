"""One writer at a time: the lock that `crawl`, `build` and `update` hold."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.workspace import Workspace


class LockedError(MoafeedError):
    """Another run works in this workspace."""

    exit_code = 75  # EX_TEMPFAIL


class UnwritableError(MoafeedError):
    """The workspace's folder takes no files."""

    exit_code = 73  # EX_CANTCREAT


@contextmanager
def writing(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for the length of the block; the kernel lets go of it even after `kill -9`.

    Raises:
        LockedError: at once, where another run holds it.
        UnwritableError: the lock's folder can't be made.
    """
    file = workspace.lock_file
    lock = FileLock(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise LockedError(f"another moafeed run works in {workspace.folder}; this one left everything as it was"
                          ) from None
    except OSError as error:
        raise UnwritableError(f"{file.parent} can't be written: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()
