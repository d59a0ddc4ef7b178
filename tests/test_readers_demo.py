"""What each reader shows of every post, field by field: the demo's and real blogs', made by `update`, served, read."""

from __future__ import annotations

from calendar import timegm
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import product
from pathlib import Path
from typing import Any

import feedparser
import pytest
from command_line import moafeed, workspace
from feeds_fixtures import served
from lxml import etree
from reader_clients import newsboat, node, reader_of
from test_crawler_real_input import FOUND, Blog, record

from crawler.demo import DemoBlog, DemoPost, demo_posts


@dataclass(frozen=True)
class Seen:
    """One post as a reader shows it; None where that reader never shows such a thing."""

    guid: str
    title: str
    author: str | None
    published: datetime
    updated: datetime | None
    categories: tuple[str, ...] | None


# --- the readers: what each makes of the document at an address


def by_feedparser(url: str) -> list[Seen]:
    found = feedparser.parse(url)
    assert found.bozo == 0, found.get("bozo_exception")
    return [
        Seen(entry.id, entry.title, entry.author, _clock(entry.published_parsed),
             _clock(entry.updated_parsed) if url.endswith(".atom") else None,
             tuple(tag.term for tag in entry.get("tags", ())))
        for entry in found.entries
    ]


def _clock(parsed: Any) -> datetime:
    return datetime.fromtimestamp(timegm(parsed), UTC)


def by_reader(url: str) -> list[Seen]:
    reader, poll = reader_of(url)
    poll()
    return [
        Seen(entry.id, entry.title, entry.authors_str, entry.published.astimezone(UTC),
             entry.updated and entry.updated.astimezone(UTC), None)
        for entry in sorted(reader.get_entries(), key=lambda entry: entry.published, reverse=True)
    ]


def by_rss_parser(url: str) -> list[Seen]:
    return [
        Seen(item.get("guid") or item["id"], item["title"], item.get("creator") or item.get("author"),
             datetime.fromisoformat(item["isoDate"]), None,
             tuple(item.get("categories", ())) if url.endswith(".rss") else None)  # it has no categories of Atom
        for item in node("rss-parser", url)["found"]["items"]
    ]


def by_feedsmith(url: str) -> list[Seen]:
    feed = node("feedsmith", url)["found"]["feed"]
    rest = {"rss": _feedsmith_rss, "atom": _feedsmith_atom, "json": _feedsmith_json}[url.rpartition(".")[2]]
    return [rest(entry) for entry in feed.get("items") or feed["entries"]]


def _feedsmith_rss(item: dict[str, Any]) -> Seen:
    names = tuple(category["name"] for category in item.get("categories", ()))
    published = parsedate_to_datetime(item["pubDate"])
    return Seen(item["guid"]["value"], item["title"], *item["dc"]["creators"], published, None, names)


def _feedsmith_atom(entry: dict[str, Any]) -> Seen:
    published, updated = (datetime.fromisoformat(entry[name]) for name in ("published", "updated"))
    names = tuple(category["term"] for category in entry.get("categories", ()))
    return Seen(entry["id"], entry["title"]["value"], entry["authors"][0]["name"], published, updated, names)


def _feedsmith_json(item: dict[str, Any]) -> Seen:
    published = datetime.fromisoformat(item["date_published"])
    updated = datetime.fromisoformat(item["date_modified"]) if "date_modified" in item else None
    names = tuple(item.get("tags", ()))
    return Seen(item["id"], item["title"], item["authors"][0]["name"], published, updated, names)


READERS = [
    pytest.param(read, suffix, id=f"{read.__name__[3:]}-{suffix}", marks=marks)
    for read, suffixes, marks in (
        (by_feedparser, ("rss", "atom"), ()),
        (by_reader, ("rss", "atom", "json"), ()),
        (by_rss_parser, ("rss", "atom"), pytest.mark.readers),
        (by_feedsmith, ("rss", "atom", "json"), pytest.mark.readers),
    )
    for suffix in suffixes
]
Read = Callable[[str], list[Seen]]


# --- what was published, once for all readers


@dataclass(frozen=True)
class Published:
    """A served output folder, and what its blog's owner would say is in it, newest first."""

    url: str
    folder: Path
    truth: tuple[Seen, ...]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    with DemoBlog() as blog:
        truth = tuple(_of_the_demo(post) for post in demo_posts())
        yield from _published(tmp_path_factory.mktemp("demo"), blog.url + "/", truth)


def _of_the_demo(post: DemoPost) -> Seen:
    names = [*(post.category.split("/") if post.category else ()), *post.tags]
    updated = post.updated and post.updated.astimezone(UTC)
    return Seen("", post.title, "느린솔", post.published.astimezone(UTC), updated, _once(names))


@pytest.fixture(scope="module", params=[param for param in FOUND if len(getattr(param.values[0], "posts", "12")) > 1])
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    blog: Blog = request.param
    folder = tmp_path_factory.mktemp("real")
    truth = sorted((_of_a_page(page["ground_truth"]) for page in blog.posts.values()), key=lambda post: post.published)
    yield from _published(folder, blog.home, tuple(reversed(truth)), "--replay", record(blog, folder / "site"))


def _of_a_page(truth: dict[str, Any]) -> Seen:
    published, updated = (datetime.fromisoformat(truth[name]).astimezone(UTC) for name in ("published", "updated"))
    names = _once([*truth["category"].split("/"), *truth["tags"]])
    return Seen("", truth["title"], truth["author"], published, updated if updated != published else None, names)


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _published(folder: Path, address: str, truth: tuple[Seen, ...], *args: object) -> Iterator[Published]:
    here = workspace(folder / "ws", blog=address)
    public = here / "public"
    public.mkdir()
    with served(public) as site:
        workspace(here, f'base_url = "{site.url}"\n[feeds.all]\ntitle = "모두"\n')
        # A real listing names pages that nobody saved: 1.
        moafeed("update", *args, cwd=here, code=None if args else 0)
        yield Published(site.url, public, truth)


# --- every reader, every format, every field


@pytest.mark.parametrize(("read", "suffix"), READERS)
def test_every_reader_shows_the_demos_posts_as_written(demo: Published, read: Read, suffix: str) -> None:
    _check(demo, read, suffix)


@pytest.mark.parametrize(("read", "suffix"), READERS)
def test_every_reader_shows_a_real_blogs_posts_as_written(real: Published, read: Read, suffix: str) -> None:
    _check(real, read, suffix)


def _check(published: Published, read: Read, suffix: str) -> None:
    for name in ("blog", "all"):
        shown = read(f"{published.url}{name}.{suffix}")
        assert [post.title for post in shown] == [post.title for post in published.truth]
        for post, truth in zip(shown, published.truth, strict=True):
            assert (post.author, post.published) == (truth.author, truth.published), truth.title
            assert post.categories in {None, truth.categories}, truth.title
            assert post.updated == _change_shown(truth, read, suffix), truth.title


def _change_shown(truth: Seen, read: Read, suffix: str) -> datetime | None:
    """Atom has a date of change for every entry, JSON Feed where there was one, RSS and rss-parser never."""
    if suffix == "rss" or read is by_rss_parser:
        return None
    return truth.updated or (truth.published if suffix == "atom" else None)


def test_the_demo_has_titles_that_break_readers() -> None:
    titles = [post.title for post in demo_posts()]
    assert len(titles) == 14
    assert "<div>를 열 번 쓰고 나서 배운 것" in titles
    assert "🌸 둑길에 벚꽃이 폈다 🚲" in titles
    assert any("&" in title and '"' in title for title in titles)


@pytest.mark.readers
@pytest.mark.parametrize("name", ["blog.rss", "blog.atom", "all.rss", "all.atom"])
def test_newsboat_shows_the_demos_posts_as_written(demo: Published, tmp_path: Path, name: str) -> None:
    shown = newsboat(tmp_path / "newsboat", demo.url + name)()
    assert [item["title"] for item in shown] == [post.title for post in demo.truth]
    assert [item["pubDate"] for item in shown] == [post.published.timestamp() for post in demo.truth]
    assert {item["author"] for item in shown} == {post.author for post in demo.truth}


def test_a_post_is_the_same_post_in_every_feed_it_is_in(demo: Published) -> None:
    names = [f"{name}.{suffix}" for name, suffix in product(("blog", "all"), ("rss", "atom", "json"))]
    guids = {tuple(post.guid for post in by_reader(demo.url + name)) for name in names}
    assert len(guids) == 1, guids
    assert len(set(guids.pop())) == len(demo.truth)


def test_what_the_subscription_list_names_is_there_and_names_itself(demo: Published) -> None:
    outlines = etree.parse(demo.folder / "feeds.opml").xpath("//outline")
    assert [(o.get("type"), o.get("xmlUrl")) for o in outlines] == [
        ("rss", demo.url + "all.rss"), ("rss", demo.url + "blog.rss")
    ]
    for outline in outlines:
        address = outline.get("xmlUrl").removesuffix(".rss")
        for url in (f"{address}.rss", f"{address}.atom"):
            found = feedparser.parse(url)
            assert found.status == 200
            assert found.feed.title == outline.get("title")
            assert [link.href for link in found.feed.links if link.rel == "self"] == [url]
