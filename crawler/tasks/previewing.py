"""The posts that a source, an address or a saved page holds, through the code of a crawl; nothing is stored."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.document import Document, PageError, path
from crawler.page import PageKind
from crawler.reading import platform_of, raw_post
from crawler.selected import post_page
from crawler.tasks.choosing import all_sources, one, source_at
from crawler.tasks.trial import AddressError, trial_source, try_out
from crawler.workspace import NoWorkspaceError, Workspace, find_workspace
from crawler.workspace_keys import WorkspaceConfig
from pipelines.errors import MoafeedError
from pipelines.normalise import NotAPostError, normalise
from pipelines.pictures import lasting_forms

if TYPE_CHECKING:
    from pipelines.post import Post

_OUTSIDE = "https://example.invalid/"  # where a saved page came from, when nobody says, itself included


class NoPageError(MoafeedError):
    """There is no such file, source or address."""

    exit_code = 66  # EX_NOINPUT


class NoPostError(MoafeedError):
    """A page holds no post."""

    exit_code = 65  # EX_DATAERR


def posts_of(folder: Path, target: str, *, url: str | None, limit: int) -> tuple[Post, ...]:
    """Return the posts of *target*: a source's name, an address, or a saved page's file, newest first.

    Args:
        folder: where the command runs; a name is a source of its workspace.
        target: what to look at.
        url: the address that a saved page came from.
        limit: how many posts of a blog.

    Raises:
        NoPageError: *target* is none of the three.
        NoPostError: the page is no post.
        NoBlogError: nothing at the address could be read.
    """
    workspace = workspace_or_default(folder)
    if "://" in target:
        source = source_at(workspace, target) or trial_source(target)
        return try_out(workspace, source, posts=limit).posts[:limit]
    file = folder / target
    if file.is_file():
        return (saved_post(file, url, workspace),)
    if url or file.suffix in {".html", ".htm"}:
        raise NoPageError(f"there is no file {file}")
    loaded = all_sources(workspace)
    return try_out(workspace, one(loaded, target), posts=limit).posts[:limit]


def saved_page(file: Path, url: str | None) -> tuple[Document, bytes]:
    """Return the page saved in *file*, and its bytes, read as if it had come from *url*.

    Without a *url*, from where it says that it is itself: what a page is shows in its address too.

    Raises:
        NoPageError: the file can't be read.
        PageError: it must not be parsed.
    """
    try:
        body = file.read_bytes()
    except OSError as error:
        raise NoPageError(f"{file} can't be read: {error.strerror}") from error
    document = Document.parse(body, url or _OUTSIDE, None)
    if url is None and (own := _own_address(document)):
        document = Document.parse(body, own, None)
    return document, body


def _own_address(document: Document) -> str | None:
    """Where a page says that it is; a canonical that points at the blog's front page is not believed."""
    named = [document.absolute(document.meta("og:url")), *reversed(document.link("canonical"))]
    for url in named:
        if url and path(url):
            with suppress(AddressError):
                return trial_source(url).url
    return None


def saved_post(file: Path, url: str | None, workspace: Workspace) -> Post:
    """Return the post on the page saved in *file*, read as `saved_page` does.

    Raises:
        NoPageError: the file can't be read.
        NoPostError: the page is no post.
    """
    from crawler.spider import now  # noqa: PLC0415  # brings the engine, which only this moment's clock needs

    try:
        document, body = saved_page(file, url)
    except PageError as error:
        raise NoPostError(f"{file}: {error}") from error
    source = source_at(workspace, document.url) or trial_source(document.url)
    _, platform = platform_of(document, source)
    page = post_page(document, platform, source)
    # Who saved a private page may see it; a crawl never gets one.
    if page.kind not in {PageKind.POST, PageKind.PRIVATE}:
        raise NoPostError(f"{file} is no post: {_instead(page.kind, len(platform.list_page(document).posts))}")
    zone, lasting = workspace.config.defaults.zone, lasting_forms(body)
    try:
        return normalise(raw_post(page, platform, source, zone=zone, fetched=now(), lasting=lasting))
    except NotAPostError as error:
        raise NoPostError(f"{file} is no post: {error}") from error


def _instead(kind: PageKind, listed: int) -> str:
    if kind == PageKind.LISTING:
        return f"it is a list of {listed} posts; preview one of them"
    return f"it {kind.instead}"


def workspace_or_default(folder: Path) -> Workspace:
    """Return the workspace that *folder* lies in, else one of defaults: looking at a page needs none."""
    try:
        return find_workspace(folder)
    except NoWorkspaceError:
        return Workspace(folder=folder.absolute(), config=WorkspaceConfig())
