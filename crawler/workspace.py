"""Workspace: the folder a person works in, with `moafeed.toml` for all that is not about one site."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from crawler.question import unknown
from crawler.source import Source
from crawler.toml import read_toml
from crawler.toml.error import ConfigError, did_you_mean
from crawler.workspace_keys import DATABASE, WorkspaceConfig

FILE = "moafeed.toml"
"""The name of the file."""
# Folders of the system (Filesystem Hierarchy Standard 3.0, macOS): those with all that is below them, and those below
# which a web server's folder may well lie, as in /usr/share/nginx/html or /var/www.
_CLOSED = (
    "bin", "boot", "etc", "lib", "lib32", "lib64", "proc", "sbin", "sys", "System", "usr/bin", "usr/include", "usr/lib",
    "usr/lib64", "usr/libexec", "usr/sbin",
)  # fmt: skip
_NOT_ITSELF = (
    ".", "Applications", "Library", "Users", "Volumes", "dev", "dev/shm", "home", "media", "mnt", "opt", "private",
    "root", "run", "tmp", "usr", "usr/local", "usr/local/bin", "usr/local/etc", "usr/local/lib", "usr/local/share",
    "usr/share", "usr/src", "var", "var/cache", "var/lib", "var/log", "var/run", "var/spool", "var/tmp",
)  # fmt: skip


class WorkspaceError(ConfigError):
    """There is no workspace, or its `moafeed.toml` cannot be used."""


class NoWorkspaceError(WorkspaceError):
    """Neither the folder nor one above it is a workspace."""

    def __init__(self, folder: Path) -> None:
        super().__init__("no workspace", file=folder / FILE)

    def __str__(self) -> str:
        return "No workspace here: run `moafeed init` to make one, or go to the folder that has its moafeed.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """A folder and what its `moafeed.toml` says; every path it gives is absolute."""

    folder: Path
    """The workspace's folder, absolute."""
    config: WorkspaceConfig
    """What `moafeed.toml` says, or all defaults."""

    @property
    def file(self) -> Path:
        """The workspace's `moafeed.toml`, whether it exists or not."""
        return self.folder / FILE

    @property
    def sources_folder(self) -> Path:
        """Folder of the source files."""
        return self.folder / "sources"

    @property
    def recorded_folder(self) -> Path:
        """Folder of the recorded sites."""
        return self.folder / "recorded"

    @property
    def lock_file(self) -> Path:
        """The file whose lock lets one `update` run at a time."""
        return self.folder / "state" / "lock"

    @property
    def output(self) -> Path:
        """Folder the feeds are written to."""
        return self.folder / self.config.output

    @property
    def store_file(self) -> Path | None:
        """The store's file; None where it is a database server."""
        address = DATABASE.fullmatch(self.config.store)
        if address is None:
            return self.folder / self.config.store
        if address["kind"] != "sqlite":
            return None
        return self.folder / address["rest"].removeprefix("/").partition("?")[0]

    @property
    def store_url(self) -> str:
        """The store's SQLAlchemy address; it may hold a password, so it is for no log."""
        if self.store_file is None:
            return self.config.store
        return f"sqlite:///{quote(str(self.store_file))}"

    def settle(self, source: Source) -> Source:
        """Return *source* with the workspace's defaults where its file is silent.

        The zone stays open, since the platform's goes before the workspace's.
        """
        defaults = self.config.defaults
        return source.model_copy(
            update={
                "language": source.language or defaults.language,
                "formats": source.formats or defaults.formats,
                "limit": source.limit or defaults.limit,
                "request": source.request.model_copy(update={"delay": max(source.request.delay or 0, defaults.delay)}),
            }
        )

    def check_feeds(self, names: Iterable[str]) -> None:
        """Check what each combined feed says of sources.

        Args:
            names: every source there is, also those whose file is at fault just now.

        Raises:
            WorkspaceError: when a feed has the name of a source, or names a source that is none.
        """
        known = sorted(names)
        for name, feed in self.config.feeds.items():
            if name.casefold() in {source.casefold() for source in known}:
                key = f"feeds.{name}"
                problem = f'"{key}" has the name of a source, so both would write one file; rename it'
                raise WorkspaceError(problem, file=self.file, key=key)
            for key, patterns in ((f"feeds.{name}.sources", feed.sources),
                                  (f"feeds.{name}.exclude.sources", feed.exclude.sources)):
                self._check_names(key, patterns, known)
            asked = feed.question(self.config.defaults.zone)
            typed = [pattern for each in (*asked.among[1:], *asked.without) for pattern in each.sources]
            self._check_names(f"feeds.{name}.query", typed, known)

    def _check_names(self, key: str, patterns: Iterable[str], known: list[str]) -> None:
        for pattern in unknown(patterns, known):
            problem = f'"{key}" names "{pattern}", which is no source{did_you_mean(pattern, known)}'
            raise WorkspaceError(problem, file=self.file, key=key)


def load_workspace(folder: Path) -> Workspace:
    """Return the workspace in *folder*; without a `moafeed.toml` everything has its default.

    Raises:
        WorkspaceError: when its `moafeed.toml` cannot be used.
    """
    file = folder.absolute() / FILE
    if not file.is_symlink() and not file.exists():
        return Workspace(folder=folder.absolute(), config=WorkspaceConfig())
    workspace = Workspace(folder=file.parent, config=read_toml(file, WorkspaceConfig, WorkspaceError))
    _keep_private(workspace)
    return workspace


def find_workspace(start: Path) -> Workspace:
    """Return the workspace that *start* lies in: the nearest folder upward with a `moafeed.toml` or `sources/`.

    Raises:
        NoWorkspaceError: when there is none.
        WorkspaceError: when its `moafeed.toml` cannot be used.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / FILE).exists() or (folder / FILE).is_symlink() or (folder / "sources").is_dir():
            return load_workspace(folder)
    raise NoWorkspaceError(start)


def _keep_private(workspace: Workspace) -> None:
    """Refuse a workspace that would show the world its store or its password."""
    file = workspace.file
    try:
        with suppress(FileNotFoundError):
            workspace.output.stat()  # a loop of links; `resolve` tells of one only before Python 3.13
        output = workspace.output.resolve()
    except OSError:
        raise WorkspaceError('"output" leads nowhere; give it a folder of its own', file=file, key="output") from None
    private = [workspace.folder, workspace.sources_folder, workspace.lock_file.parent]
    private += [store.parent] if (store := workspace.store_file) else []
    if any(place.resolve().is_relative_to(output) for place in private):
        problem = '"output" holds files that are not for the public; give it a folder of its own, such as "public"'
        raise WorkspaceError(problem, file=file, key="output")
    if _is_somebody_elses(output):
        problem = f'"output" is {output}, a folder that others need as it is; give it one of its own, such as "public"'
        raise WorkspaceError(problem, file=file, key="output")
    if re.search(r"//[^/@]*:[^/@]*@", workspace.config.store) and file.stat().st_mode & stat.S_IROTH:
        problem = f'"store" holds a password and everybody may read the file; run: chmod 600 {FILE}'
        raise WorkspaceError(problem, file=file, key="store")


def _is_somebody_elses(output: Path) -> bool:
    """Tell whether a folder, links resolved, is the system's, or a person's whole home."""
    if any(output.is_relative_to(Path("/", name).resolve()) for name in _CLOSED):
        return True
    if any(output == Path("/", name).resolve() for name in _NOT_ITSELF):
        return True
    with suppress(RuntimeError):  # nobody knows where home is
        return Path.home().resolve().is_relative_to(output)
    return False
