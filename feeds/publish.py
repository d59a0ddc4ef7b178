"""Documents become files: whole or not at all, and only those whose bytes changed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from feeds.validity import parse
from pipelines.errors import MoafeedError

_TEMPORARY = ".tmp-"
_FIRST = f"{_TEMPORARY}0"
_LEFT_OVER = re.compile(r"\.tmp-\d+")
_FILE_MODE = 0o644  # a web server must be able to read them, whatever the umask of a cron job
_FOLDER_MODE = 0o755
_AT_ONCE = 2**20  # bytes


class PublishError(MoafeedError):
    """A document that could not be published; the text names its path. What was published before still stands."""

    exit_code = 73


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A feed that stays as it was published last."""

    feed: str
    """Its name."""
    why: str
    """What its new documents would do, as one sentence without its end."""
    is_lacking: bool = False
    """Whether a file that its subscribers know is not in the output folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What one publication did."""

    written: tuple[str, ...]
    """Names of the files that are new or changed, in order of name."""
    unchanged: int
    """Number of files that already held these bytes and were not touched."""
    held: tuple[Held, ...] = ()
    """Feeds whose new documents wait for somebody's word, in the order of feeds."""
    untold: tuple[str, ...] = ()
    """A sentence for each WebSub hub that could not be told of every changed document."""


def publish(folder: Path, documents: Mapping[str, bytes]) -> Published:
    """Make *folder* hold *documents*, and leave every other file alone; see `replace`.

    Raises:
        PublishError: a name is unfit, a document does not parse, a target is a link or no file, or the disk refuses.
    """
    prepare(folder)
    return replace(folder, documents, parsed=False)


def prepare(folder: Path) -> None:
    """Make the folder, with its parents, and clear away what a killed run left.

    Raises:
        PublishError: the disk refuses.
    """
    with _refusals(folder):
        _prepare(folder)


def replace(folder: Path, documents: Mapping[str, bytes], *, parsed: bool = True) -> Published:
    """Put *documents* in place of those in a folder that is prepared.

    All changed documents are parsed and written beside their targets before the first target is replaced, so
    that a full disk or a broken document changes nothing. A run killed at any point leaves each file old or new,
    and at most files named `.tmp-NUMBER`, which the next run removes.

    Args:
        folder: where they go.
        documents: plain file name to content.
        parsed: whether that was done before (`feeds.validity`).

    Raises:
        PublishError: a name is unfit, a document does not parse, a target is a link or no file, or the disk refuses.
    """
    with _refusals(folder):
        changed = [name for name in sorted(documents) if _changes(folder, name, documents[name])]
        for name in () if parsed else changed:
            _check(folder / name, documents[name])
        _replace(folder, {name: documents[name] for name in changed})
    return Published(written=tuple(changed), unchanged=len(documents) - len(changed))


def publish_stream(folder: Path, name: str, parts: Iterable[bytes]) -> bool:
    """Make *folder* hold one document that may be too long for memory, whole or not at all.

    Args:
        folder: made where it is missing.
        name: plain file name.
        parts: its content, in order.

    Returns:
        Whether the file is new or changed; one that holds these bytes already is not touched.

    Raises:
        PublishError: the name is unfit, the target is a link or no file, or the disk refuses.
    """
    prepare(folder)
    with _refusals(folder):
        path, beside = folder / name, folder / _FIRST
        found = _standing(folder, name)
        try:
            _write(beside, parts, newer_than=_second(path))
            if found and found.st_size == beside.stat().st_size and _same_bytes(beside, path):
                return False
            beside.replace(path)
            _sync(folder)
        finally:
            beside.unlink(missing_ok=True)
    return True


def stamps(folder: Path, names: Iterable[str]) -> dict[str, list[int]]:
    """Return size in bytes and time of the last change in nanoseconds of each file that is there, by name."""
    found: dict[str, list[int]] = {}
    for name in names:
        with suppress(OSError):
            state = os.lstat(f"{folder}/{name}")  # a Path for each of thousands would take longer than the look
            if stat.S_ISREG(state.st_mode):
                found[name] = [state.st_size, state.st_mtime_ns]
    return found


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PublishError(f"Cannot publish to {error.filename or folder}: {error.strerror or error}.") from error


def _prepare(folder: Path) -> None:
    """Make the folder and its parents readable to all, and clear away what a killed run left."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(_FOLDER_MODE)
    os.scandir(folder).close()  # it may be a file
    # The first one is written first and goes last: where it is not, no run was killed, and a folder with the pages of a
    # thousand archives need not be looked through.
    if os.path.lexists(folder / _FIRST):
        for name in sorted(filter(_LEFT_OVER.fullmatch, os.listdir(folder)), reverse=True):  # noqa: PTH208  # quicker
            left = folder / name
            if left.is_symlink() or not left.is_dir():
                left.unlink()


def _changes(folder: Path, name: str, content: bytes) -> bool:
    """Whether the file differs from *content*; raises when the target is nothing that may be replaced."""
    found = _standing(folder, name)
    return found is None or found.st_size != len(content) or (folder / name).read_bytes() != content


def _standing(folder: Path, name: str) -> os.stat_result | None:
    """The state of the file that a document replaces, None where there is none; raises when it may not be replaced."""
    path = folder / name
    if not name or name.startswith(".") or Path(name).name != name or "\0" in name:
        raise PublishError(f"{path} cannot be published: a plain file name is needed.")
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(found.st_mode):
        raise PublishError(f"{path} is a symbolic link: remove it, for moafeed writes only files of its own.")
    if not stat.S_ISREG(found.st_mode):
        raise PublishError(f"{path} is in the way: it is not a regular file.")
    return found


def _same_bytes(one: Path, other: Path) -> bool:
    with one.open("rb") as first, other.open("rb") as second:
        return all(part == second.read(_AT_ONCE) for part in iter(lambda: first.read(_AT_ONCE), b""))


def _check(path: Path, content: bytes) -> None:
    """Read the very bytes that would be published, as a reader would."""
    try:
        parse(path.name, content)
    except ValueError as error:
        raise PublishError(f"{path} was not replaced, for the new document {error}.") from error


def _replace(folder: Path, documents: dict[str, bytes]) -> None:
    beside = [(folder / f"{_TEMPORARY}{number}", name) for number, name in enumerate(reversed(documents))]
    try:
        for temporary, name in beside:
            _write(temporary, [documents[name]], newer_than=_second(folder / name))
        for temporary, name in reversed(beside):
            temporary.replace(folder / name)
    finally:
        for temporary, _ in reversed(beside):
            temporary.unlink(missing_ok=True)
    if documents:
        _sync(folder)


def _second(path: Path) -> int:
    """The second in which a file was last written; 0 when there is none."""
    return int(path.lstat().st_mtime) if path.exists() else 0


def _write(path: Path, parts: Iterable[bytes], *, newer_than: int) -> None:
    path.unlink(missing_ok=True)  # after a power cut a later one may be left without the first
    # Exclusive and never through a link, in case somebody put something there meanwhile.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE)
    with open(descriptor, "wb") as file:  # noqa: PTH123 -- a descriptor, not a path
        os.fchmod(descriptor, _FILE_MODE)
        file.writelines(parts)
        file.flush()
        # Web servers tell changes in whole seconds, and curl drops a body that is not newer than the one it has: a
        # second publication within one second, or after the clock went back, would be lost on some readers.
        if int(os.fstat(descriptor).st_mtime) <= newer_than:
            os.utime(descriptor, (newer_than + 1, newer_than + 1))
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
