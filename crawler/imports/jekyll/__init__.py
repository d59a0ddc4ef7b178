"""Posts of a Jekyll folder, HTML or Markdown, and what an export knew of their blogs; --source, --url."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler import fields
from crawler.imports import Imported
from crawler.imports._shelving import Shelving
from crawler.spider import now
from crawler.tasks.exporting import blog_of
from feeds.exports.jekyll import data
from feeds.exports.jekyll.reading import UnreadableError, post_files, read_config, read_entry
from feeds.exports.jekyll.slug import same_file_key
from pipelines.normalise import NotAPostError
from pipelines.post import Post, xml_safe
from pipelines.urls import absolute

from .post import Shelf, read_post

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.imports import Intake
    from pipelines.site import Site

options = ("source", "url")
_OWN_NAME = "jekyll"


def read(place: Path, intake: Intake) -> Imported:
    """Store the posts of the Jekyll folder *place*, which has `_posts`, or the files themselves.

    A post becomes one of the source it was exported from, else of `jekyll`, where the intake names no other.

    Raises:
        ExportError: the folder, its configuration or its data file can't be read.
    """
    return _Import(place, intake).run()


class _Import:
    """One run over one folder."""

    def __init__(self, folder: Path, intake: Intake) -> None:
        self._intake = intake
        self._files = post_files(folder)
        self._data = data.load(folder)
        self._config = read_config(folder)
        self._home = intake.url or _home(self._config)
        self._fetched = now()
        self._shelves: dict[str, Shelf] = {}
        self._seen: dict[str, Path] = {}

    def run(self) -> Imported:
        store = self._intake.store
        shelving = Shelving[Post](self._intake, lambda posts: store.save(posts, hold=False))
        for path in self._files:
            try:
                post = self._read(path)
                shelving.take(path.name, post, len(post.content_html))
            except (UnreadableError, NotAPostError) as error:
                shelving.refuse(path.name, error)
        return shelving.done(self._site)

    def _read(self, path: Path) -> Post:
        if (twin := self._seen.setdefault(same_file_key(path.stem), path)) != path:
            raise UnreadableError(f"{twin.name} is the same post")
        entry = read_entry(path)
        record = self._data.record(entry.name)
        name = self._intake.source or (record.source if record else _OWN_NAME)
        return read_post(entry, record, self._shelf(name))

    def _shelf(self, name: str) -> Shelf:
        """What is known of a source; asked once."""
        if name not in self._shelves:
            for error in self._intake.loaded.errors:
                if error.file.stem == name:
                    raise error
            intake = self._intake
            blog = blog_of(intake.workspace, intake.loaded, intake.store, name, self._known_site(name))
            self._shelves[name] = Shelf(blog=blog, home=self._home, aliases=intake.store.known(name),
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

    def _site(self, name: str) -> Site:
        """What a blog that the store does not know is called."""
        known, intake = self._known_site(name), self._intake
        site = blog_of(intake.workspace, intake.loaded, intake.store, name, known).site
        title = " ".join(xml_safe(str(self._config.get("title") or site.title)).split())
        return known or replace(site, home=self._home or site.home, title=title)


def _home(config: dict[str, object]) -> str | None:
    """The site's address as its `_config.yml` says it; None where it says none that can be."""
    host, path = config.get("url"), config.get("baseurl") or ""
    if not isinstance(host, str) or not host.startswith(("http://", "https://")):
        return None
    return absolute(urljoin(host.rstrip("/") + "/", str(path).lstrip("/")), host)
