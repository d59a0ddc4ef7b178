"""Stored pages read again by today's rules: what that changes of their posts; no request leaves the machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.document import Document, PageError
from crawler.keeping import left_out
from crawler.marks import listed_of
from crawler.page import PageKind
from crawler.reading import platform_of, raw_post
from crawler.selected import post_page
from crawler.tasks.version_changes import Change, changes
from pipelines.normalise import NotAPostError, normalise
from pipelines.pictures import lasting_forms
from pipelines.store import Store
from pipelines.store.raw_pages import DamagedPageError, unpacked
from pipelines.store.replacing import reread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.listing import Listed
    from crawler.source import Source
    from crawler.workspace import Workspace
    from pipelines.post import Post
    from pipelines.store.addresses import Body
    from pipelines.store.kept_pages import StoredPage

_AT_ONCE = 20  # posts written in one transaction
# Such a page was a post when it was stored, and is by choice none now; any other kind is one that no rule reads.
_NO_POSTS_BY_CHOICE = {PageKind.PROTECTED, PageKind.PRIVATE, PageKind.NOTICE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reread:
    """What came of one stored page."""

    source: str
    """Name of its source."""
    url: str
    """Its address."""
    title: str = ""
    """The stored post's title, before any change."""
    guid: str | None = None
    """The post; None where none of that page is stored."""
    changes: tuple[Change, ...] = ()
    """What is now different; empty where nothing is."""
    left: str | None = None
    """Why the post was left as it is, to end a sentence that begins with the address; None where the page was read."""
    unreadable: bool = False
    """Whether the page can't be read any more, by what is stored or by today's rules."""


class _LeftError(Exception):
    """A page whose post stays as it is; the text says why."""

    def __init__(self, why: str, *, unreadable: bool) -> None:
        super().__init__(why)
        self.unreadable = unreadable


def reprocess(workspace: Workspace, sources: Iterable[Source], *, dry_run: bool) -> Iterator[Reread]:
    """Read the stored pages of *sources* again, and yield what came of each, by source, the oldest post first.

    A batch of posts is written after what they change was yielded. Interrupted, it can be run again: what was written
    stays, and is then as it should be. Each post keeps its guid, whatever its page now says. The pages stay too, so the
    way back is the old rule and another run: no revision is written, for the author edited nothing.

    Args:
        workspace: whose store it is, and whose defaults hold.
        sources: as their files are today.
        dry_run: only look.

    Raises:
        StoreError: the store can't be used.
    """
    if workspace.store_file is not None and not workspace.store_file.exists():
        return  # to look is no reason to make one
    with Store.open(workspace.store_url) as store:
        for source in map(workspace.settle, sources):
            changed: list[Post] = []
            for page in store.pages(source.name):
                told, post = _reread(workspace, source, page)
                yield told
                if told.changes and post is not None:
                    changed.append(post)
                if len(changed) >= _AT_ONCE and not dry_run:
                    store.replace(changed)
                    changed.clear()
            if changed and not dry_run:
                store.replace(changed)


def _reread(workspace: Workspace, source: Source, page: StoredPage) -> tuple[Reread, Post | None]:
    stored, told = page.post, Reread(source=source.name, url=page.body.url)
    if stored is None:
        return replace(told, left="belongs to no stored post"), None
    told = replace(told, title=stored.title, guid=stored.guid)
    if page.waiting:
        return replace(told, left="may be a poorer version, which waits for a second look"), None
    try:
        post = _version(workspace, source, page, stored)
    except _LeftError as why:
        return replace(told, left=str(why), unreadable=why.unreadable), None
    return replace(told, changes=changes(stored, post)), post


def _version(workspace: Workspace, source: Source, page: StoredPage, stored: Post) -> Post:
    """The stored post as its page now tells it."""
    post = reread(stored, _read(workspace, source, page.body, listed_of(page.marks)))
    if stored.content_html and not post.content_html:
        raise _LeftError("has no text by today's rules", unreadable=True)
    return post


def _read(workspace: Workspace, source: Source, body: Body, listed: Listed | None) -> Post:
    """The post on a stored page, read as at the time when it was fetched."""
    try:
        answered = unpacked(body)
        document = Document.parse(answered, body.url, body.encoding)
    except (DamagedPageError, PageError) as error:
        raise _LeftError(f"can't be read: {error}", unreadable=True) from error
    _, platform = platform_of(document, source)
    page = post_page(document, platform, source, listed)
    if page.kind != PageKind.POST:
        raise _LeftError(f"{page.kind.instead} by today's rules", unreadable=page.kind not in _NO_POSTS_BY_CHOICE)
    zone, lasting = workspace.config.defaults.zone, lasting_forms(answered)
    raw = raw_post(page, platform, source, zone=zone, fetched=body.fetched, lasting=lasting)
    if why := left_out(source, raw):
        raise _LeftError(why, unreadable=False)
    try:
        return normalise(raw)
    except NotAPostError as error:
        raise _LeftError(f"can't be kept by today's rules: {error}", unreadable=True) from error
