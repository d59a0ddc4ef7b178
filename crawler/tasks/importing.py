"""A Jekyll folder into the store: its posts, and what an export knew of their blogs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler import fields
from crawler.lock import writing
from crawler.source import load_sources
from crawler.spider import now
from crawler.tasks.exporting import UnknownFormatError, blog_of
from crawler.tasks.jekyll_post import Shelf, read_post
from feeds.exports.jekyll import data
from feeds.exports.jekyll.reading import UnreadableError, post_files, read_config, read_entry
from feeds.exports.jekyll.slug import same_file_key
from pipelines.errors import MoafeedError
from pipelines.normalise import NotAPostError
from pipelines.post import xml_safe
from pipelines.store import Store
from pipelines.urls import absolute

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crawler.source import Loaded
    from crawler.workspace import Workspace
    from pipelines.post import Post
    from pipelines.site import Site

BAD_FILES = 65
"""Exit code where some files are no posts (EX_DATAERR)."""
_BATCH = 50
_OWN_NAME = "jekyll"


class ImportArgumentError(MoafeedError):
    """A name or an address of a command that can't be one."""

    exit_code = 2


@dataclass(kw_only=True, slots=True)
class Imported:
    """What an import came to."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """For each source how many posts were `new`, `edited` and `unchanged`."""
    failures: list[str] = field(default_factory=list)
    """One sentence for each file that is no post, beginning with its name."""
    without_file: tuple[str, ...] = ()
    """Sources that have no file, so that no feed is made of them yet."""


def import_folder(
    workspace: Workspace, form: str, folder: Path, *, source: str | None, url: str | None
) -> Imported:
    """Store the posts of a Jekyll folder.

    Args:
        workspace: whose store takes them.
        form: `jekyll`; there is no other yet.
        folder: it has `_posts`, or the files themselves.
        source: name of the source they become; None for the one they were exported from, else `jekyll`.
        url: address of the site; None for what the folder says.

    Raises:
        UnknownFormatError: *form* is no format that can be read.
        ImportArgumentError: *source* or *url* can't be used.
        ExportError: the folder, its configuration or its data file can't be read.
    """
    if form != _OWN_NAME:
        raise UnknownFormatError(f"import reads {_OWN_NAME}, not {form!r}")
    source = _checked("--source", fields.name, source)
    url = _checked("--url", fields.folder_address, url)
    loaded = load_sources(workspace.sources_folder)
    with writing(workspace), Store.open(workspace.store_url) as store:
        return _Import(workspace, loaded, store, folder, source=source, url=url).run()


class _Import:
    """One run over one folder."""

    def __init__(
        self, workspace: Workspace, loaded: Loaded, store: Store, folder: Path, *, source: str | None, url: str | None
    ) -> None:
        self._workspace, self._loaded, self._store = workspace, loaded, store
        self._source = source
        self._files = post_files(folder)
        self._data = data.load(folder)
        self._config = read_config(folder)
        self._home = url or _home(self._config)
        self._fetched = now()
        self._shelves: dict[str, Shelf] = {}
        self._seen: dict[str, Path] = {}
        self._done = Imported()

    def run(self) -> Imported:
        batch: list[Post] = []
        for path in self._files:
            try:
                batch.append(self._read(path))
            except (UnreadableError, NotAPostError) as error:
                self._done.failures.append(f"{path.name}: {error}")
            if len(batch) == _BATCH:
                self._save(batch)
                batch = []
        self._save(batch)
        self._name_sites()
        self._done.without_file = tuple(sorted(self._done.counts.keys() - self._loaded.names))
        return self._done

    def _read(self, path: Path) -> Post:
        if (twin := self._seen.setdefault(same_file_key(path.stem), path)) != path:
            raise UnreadableError(f"{twin.name} is the same post")
        entry = read_entry(path)
        record = self._data.record(entry.name)
        name = self._source or (record.source if record else _OWN_NAME)
        return read_post(entry, record, self._shelf(name))

    def _shelf(self, name: str) -> Shelf:
        """What is known of a source; asked once."""
        if name not in self._shelves:
            for error in self._loaded.errors:
                if error.file.stem == name:
                    raise error
            blog = blog_of(self._workspace, self._loaded, self._store, name, self._known_site(name))
            self._shelves[name] = Shelf(blog=blog, home=self._home, aliases=self._store.known(name),
                                        fetched=self._fetched)
        return self._shelves[name]

    def _known_site(self, name: str) -> Site | None:
        """What the export said of a blog, if anything and if that can be."""
        site = self._data.sites.get(name)
        try:
            fields.name(name)
        except ValueError as error:
            raise UnreadableError(f"its source {name[:40]!r} {error}") from None
        return replace(site, source=name) if site and absolute(site.home, site.home) else None

    def _save(self, batch: list[Post]) -> None:
        for saved in self._store.save(batch, hold=False):
            self._done.counts.setdefault(saved.source, Counter())[saved.outcome] += 1

    def _name_sites(self) -> None:
        """Note what each blog is called where the store doesn't know: without that, no feed is made of it."""
        for name in self._done.counts:
            if self._store.site(name) is None:
                known = self._known_site(name)
                site = blog_of(self._workspace, self._loaded, self._store, name, known).site
                title = " ".join(xml_safe(str(self._config.get("title") or site.title)).split())
                guessed = replace(site, home=self._home or site.home, title=title)
                self._store.save_site(known or guessed)


def _checked(option: str, check: Callable[[str], str], value: str | None) -> str | None:
    try:
        return check(value) if value is not None else None
    except ValueError as error:
        raise ImportArgumentError(f"{option}: it {error}") from None


def _home(config: dict[str, object]) -> str | None:
    """The site's address as its `_config.yml` says it; None where it says none that can be."""
    host, path = config.get("url"), config.get("baseurl") or ""
    if not isinstance(host, str) or not host.startswith(("http://", "https://")):
        return None
    return absolute(urljoin(host.rstrip("/") + "/", str(path).lstrip("/")), host)
