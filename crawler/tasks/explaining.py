"""Why a post is read as it is: the rule behind each field, and what went out of its body."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scrapy import signals

from crawler.document import Element, PageError, words
from crawler.keeping import left_out
from crawler.manners.browser import LEFT_OUT
from crawler.marks import listed_of
from crawler.page import PageKind
from crawler.reading import document_of, platform_of, raw_post
from crawler.rules import answers, says_something
from crawler.run import crawl
from crawler.selected import post_page
from crawler.tasks.choosing import all_sources, one, source_at
from crawler.tasks.previewing import NoPageError, saved_page, workspace_or_default
from crawler.tasks.trial import NoBlogError, trial_source
from pipelines.body import TooMuchError, clean
from pipelines.body.tree import is_comment
from pipelines.excerpt import excerpt
from pipelines.identity import address_alias
from pipelines.normalise import NotAPostError, normalise
from pipelines.pictures import lasting_forms
from pipelines.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.document import Document
    from crawler.listing import Listed
    from crawler.page import PostPage
    from crawler.source import Source
    from crawler.workspace import Workspace
    from pipelines.post import Post

_FIELDS = ("url", "key", "title", "author", "published", "updated", "categories", "tags", "image", "summary", "body")
_IN_POST = {"summary": "excerpt"}
_TRIED = 4  # addresses of a source: the newest ones may be of lists, or protected


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldExplained:
    """One field of a post."""

    name: str
    """Its name in the post schema."""
    value: str
    """What the post has; empty where it has none."""
    rules: tuple[tuple[str, str], ...]
    """Every rule in the order they are asked, and what it gives; the first that gives something is believed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """One page."""

    url: str
    """Its address."""
    platform: str
    """Which platform reads it."""
    kind: str
    """What it is, in a few words."""
    fields: tuple[FieldExplained, ...] = ()
    """Its fields; none where it is no post."""
    dropped: tuple[tuple[str, str], ...] = ()
    """What went out of the body: why, and what it said."""
    hosts_left_out: tuple[str, ...] = ()
    """Other hosts whose scripts and data the page wanted in the browser, and did not get; in alphabetical order."""


def explain(folder: Path, target: str, *, url: str | None = None) -> tuple[Explained, ...]:
    """Return how the pages of *target* are read; nothing is stored.

    Args:
        folder: where the command runs.
        target: an address, a source's name (its newest post), a stored post's guid, or a saved page's file.
        url: the address that a saved page came from.

    Raises:
        NoPageError: *target* is none of these.
        NoBlogError: nothing at the address could be read.
    """
    workspace = workspace_or_default(folder)
    file = folder / target
    if "://" not in target and file.is_file():
        try:
            document, body = saved_page(file, url)
        except PageError as error:
            raise NoPageError(f"{file}: {error}") from error
        source = source_at(workspace, document.url) or trial_source(document.url)
        return (explained(document, source, workspace, body, _remembered(workspace, source, document.url)),)
    if "://" in target:
        return _pages(workspace, source_at(workspace, target) or trial_source(target))
    source = _source(workspace, target)
    if target.startswith("tag:"):
        return _pages(workspace, source)
    return _pages(workspace, source, posts=_TRIED)[:1]


def _source(workspace: Workspace, target: str) -> Source:
    """The source of that name; for a stored post its source, started from the post."""
    loaded = all_sources(workspace)
    if not target.startswith("tag:"):
        return one(loaded, target)
    with Store.open(workspace.store_url) as store:
        found = store.find(target)
    if found is None:
        raise NoPageError(f"no post with the guid {target} is stored")
    named = next((s for s in loaded.sources if s.name == found.source), None)
    return named.at(found.url) if named else trial_source(found.url)


def _pages(workspace: Workspace, source: Source, *, posts: int = 1) -> tuple[Explained, ...]:
    """The posts among what is read there, as many addresses tried; else the last page that is none."""
    answered: list[Response] = []

    def watch(crawler: Crawler) -> None:
        crawler.signals.connect(lambda response: answered.append(response), signals.response_received, weak=False)  # noqa: PLW0108

    crawled = crawl(workspace, [source], store=False, watch=watch, MOAFEED_POSTS=posts)
    read = list(filter(None, (_page(response, source, workspace) for response in answered)))
    if not read:
        (result,) = crawled.run.results
        raise NoBlogError(result.failures[0] if result.failures else f"{source.url}: nothing could be read there")
    return tuple(each for each in read if each.fields) or (read[-1],)


def _page(response: Response, source: Source, workspace: Workspace) -> Explained | None:
    if response.url.endswith("/robots.txt") or b"html" not in (response.headers.get("Content-Type") or b""):
        return None
    try:
        document = document_of(response)
    except PageError:
        return None
    listed = _just_listed(response) or _remembered(workspace, source, response.url)
    hosts = tuple(sorted(response.meta.get(LEFT_OUT, ())))
    return replace(explained(document, source, workspace, response.body, listed), hosts_left_out=hosts)


def _just_listed(response: Response) -> Listed | None:
    """What a list, which was read on the way to a page, says of its post."""
    asked: dict[str, Any] = response.request.cb_kwargs if response.request else {}
    return asked["visit"].listed(asked["address"]) if {"visit", "address"} <= asked.keys() else None


def _remembered(workspace: Workspace, source: Source, url: str) -> Listed | None:
    """What a list said of a post when its source was crawled."""
    is_there = workspace.store_file is None or workspace.store_file.exists()
    if not source.listing.select.named or not is_there:
        return None
    key = address_alias(url)
    with Store.open(workspace.store_url) as store:
        known = store.memory.addresses(source.name, [key])
    return listed_of([known[key].marks]) if key in known else None


def explained(
    document: Document, source: Source, workspace: Workspace, body: bytes, listed: Listed | None = None
) -> Explained:
    """Return how one page is read.

    Args:
        document: the page.
        source: the source file.
        workspace: whose defaults hold.
        body: the page's bytes.
        listed: what a list said of its post.
    """
    from crawler.spider import now  # noqa: PLC0415  # brings the engine, which only this moment's clock needs

    name, platform = platform_of(document, source)
    page = post_page(document, platform, source, listed)
    if page.kind not in {PageKind.POST, PageKind.PRIVATE}:
        return Explained(url=document.url, platform=name, kind=page.kind.instead)
    zone = workspace.config.defaults.zone
    raw = raw_post(page, platform, source, zone=zone, fetched=now(), lasting=lasting_forms(body))
    try:
        post = normalise(raw)
    except NotAPostError as error:
        return Explained(url=document.url, platform=name, kind=f"can't be kept: {error}")
    asked_for = (*source.select.named, *source.listing.select.named)
    named = {"summary" if name == "excerpt" else name for name in asked_for}
    fields = tuple(_field(page, post, field) for field in (*_FIELDS, *sorted(named.difference(_FIELDS))))
    return Explained(
        url=document.url, platform=name, kind=left_out(source, raw) or page.kind.instead, fields=fields,
        dropped=tuple(_dropped(page)),
    )


def _field(page: PostPage, post: Post, name: str) -> FieldExplained:
    rules = tuple((rule, _shown(value)) for rule, value in answers(page, name))
    value = getattr(post, _IN_POST.get(name, name), None)
    if name in ("key", "body"):
        value = getattr(page, name)
    if name == "summary":
        first = ("first sentences of the body", _shown(excerpt(post.content_html)))
        chosen = answers(page, "excerpt") if page.excerpt is not None else []
        rules = (*((rule, _shown(value)) for rule, value in chosen), first, *rules)
    return FieldExplained(name=_IN_POST.get(name, name), value=_shown(value), rules=rules)


def _dropped(page: PostPage) -> Iterator[tuple[str, str]]:
    """What the platform took out, then what the cleaning did."""
    yield from ((reason, "" if is_comment(element) else words(element)) for reason, element in page.dropped)
    gone: list[tuple[str, str]] = []
    try:
        clean(page.content_html or "", page.document.url, gone)
    except TooMuchError:
        return
    yield from gone


def _shown(value: object) -> str:
    if not says_something(value):
        return ""
    if isinstance(value, Element):
        marks = "".join(f" {name}={value.get(name)!r}" for name in ("id", "class") if value.get(name))
        return f"<{value.tag}{marks}>, {len(words(value)):,} characters"
    if isinstance(value, tuple):
        return " / ".join(map(str, value))
    return " ".join(str(value).split())
