"""The posts that a source, an address or a saved page holds, through the code of a crawl; nothing is stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crawler.document import Document, PageError
from crawler.page import PageKind
from crawler.reading import platform_of, raw_post
from crawler.selected import post_page
from crawler.tasks.choosing import all_sources, one, source_at
from crawler.tasks.trial import trial_source, try_out
from crawler.workspace import NoWorkspaceError, Workspace, find_workspace
from crawler.workspace_keys import WorkspaceConfig
from pipelines.errors import MoafeedError
from pipelines.normalise import NotAPostError, normalise
from pipelines.pictures import lasting_forms

if TYPE_CHECKING:
    from pipelines.post import Post

OUTSIDE = "https://example.invalid/"
"""Where a saved page came from, when nobody says."""


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
        return (saved_post(file, url or OUTSIDE, workspace),)
    if url or file.suffix in {".html", ".htm"}:
        raise NoPageError(f"there is no file {file}")
    loaded = all_sources(workspace)
    return try_out(workspace, one(loaded, target), posts=limit).posts[:limit]


def saved_bytes(file: Path) -> bytes:
    """Return what a saved page's file holds.

    Raises:
        NoPageError: it can't be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise NoPageError(f"{file} can't be read: {error.strerror}") from error


def saved_post(file: Path, url: str, workspace: Workspace) -> Post:
    """Return the post on the page saved in *file*, read as if it had come from *url*.

    Raises:
        NoPageError: the file can't be read.
        NoPostError: the page is no post.
    """
    from crawler.spider import now  # noqa: PLC0415  # brings the engine, which only this moment's clock needs

    body = saved_bytes(file)
    try:
        document = Document.parse(body, url, None)
    except PageError as error:
        raise NoPostError(f"{file}: {error}") from error
    source = source_at(workspace, url) or trial_source(url)
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
