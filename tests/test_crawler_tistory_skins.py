"""Tistory's reader on skins and eras nobody saved a page of: a small Tistory of our own serves posts of known truth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from lxml import html
from skin_engine import (
    AUTHOR,
    BLOGS,
    ERAS,
    EXPIRES,
    JUNK,
    NOTICE,
    SKINS,
    Blog,
    Era,
    Page,
    category_link,
    lasting,
    list_date,
    picture,
    served,
    served_mobile,
)
from skin_posts import BLOG_TITLE, CODE, POSTS, PROTECTED, QUERY, SOURCE, Written

from crawler.page import Document, ListPage, PageKind, PostPage
from crawler.platforms import detect, load_platforms
from pipelines.normalise import normalise
from pipelines.pictures import lasting_forms
from pipelines.post import Post

SPACE = re.compile(r"[\s\u200b\ufeff]+")
PER_PAGE = 4


@dataclass(frozen=True)
class Case:
    """One post as one blog serves it at one time."""

    blog: Blog
    era: Era
    post: Written
    mobile: bool = False

    @property
    def id(self) -> str:
        return f"{'mobile' if self.mobile else self.blog.skin}-{self.era.name}-{self.post.name}"


def cases() -> list[Case]:
    """Every skin in every era with every post that era can have; the mobile view has no skin and no margin option."""
    found = [Case(blog, era, post) for blog in BLOGS for era in ERAS for post in of(era)]
    mobile = [era for era in ERAS if era.letter != "A" and era.name not in {"B-2019-margin", "C-2026-margin"}]
    return found + [Case(BLOGS[1], era, post, mobile=True) for era in mobile for post in of(era)]


def of(era: Era) -> tuple[Written, ...]:
    return tuple(post for post in POSTS if post.old or era.letter != "A")


def page_of(blog: Blog, post: Written, kind: str = "post") -> Page:
    path = "/notice/7" if kind == "notice" else blog.path(post)
    return Page(kind=kind, path=path, title=post.title, posts=(post,), body_id="tt-body-page")


def opened(body: bytes, url: str) -> tuple[PostPage, ListPage]:
    document = Document.parse(body, url, "utf-8")
    name = detect(document)
    assert name == "tistory"
    platform = load_platforms()[name]
    return platform.post_page(document), platform.list_page(document)


@cache
def read(case: Case) -> tuple[PostPage, Post]:
    page = page_of(case.blog, case.post)
    body = served_mobile(case.blog, case.era, case.post) if case.mobile else served(case.blog, case.era, page)
    post, _ = opened(body, case.blog.home(case.era) + ("/m" if case.mobile else "") + page.path)
    raw = post.raw(source="skins", zone="Asia/Seoul", fetched=case.era.fetched.astimezone(UTC))
    return post, normalise(replace(raw, lasting=lasting_forms(body)))


@pytest.fixture(scope="module", autouse=True)
def _trees() -> Iterator[None]:
    """Fifteen hundred trees, which nobody needs afterwards and every search for garbage would look through."""
    yield
    read.cache_clear()
    seen.cache_clear()


every_post = pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in cases()])


# --- the small Tistory itself -----------------------------------------------------------------------------------------

PRINTED = {
    "A": ("tt_adsense_top", "cfs.tistory", "entry-ccl", 'id="daumSearchBox"', "ExifInfo"),
    "B": ("revenue_unit_wrap", "data-pc-url", "BEGIN OPENGRAPH", "window.T.config"),
    "C": ("revenue_unit_wrap", "og.article.author", "userblog-", "System - START", 'data-tistory-react-app="Reaction"'),
}


@pytest.mark.parametrize("era", [pytest.param(era, id=era.name) for era in ERAS])
@pytest.mark.parametrize("blog", [pytest.param(blog, id=blog.skin) for blog in BLOGS])
def test_the_served_page_holds_what_must_not_come_back(blog: Blog, era: Era) -> None:
    text = served(blog, era, page_of(blog, of(era)[0])).decode()
    shared = ("container_postbtn", "tt-share-entry-with-sns", "link_ccl", 'type="password"', "rdf:RDF")
    assert [mark for mark in (*shared, *PRINTED[era.letter]) if mark not in text] == []
    assert ('<div class="another_category' in text) == blog.related
    assert ("tt_article_useless_p_margin" in text) == (era.letter != "A" and not era.margin)
    assert text.count(JUNK) > 10
    assert not re.search(r"\[##_|⟦|<s_(?!if_var_)", text)


# --- posts -----------------------------------------------------------------------------------------------------------


@every_post
def test_every_fact_of_a_post_comes_back(case: Case) -> None:
    page, post = read(case)
    found = {
        "kind": page.kind, "url": unquote(post.url), "key": page.key, "title": post.title, "author": post.author,
        "published": post.published, "updated": never_edited(post), "categories": post.categories, "tags": post.tags,
    }  # fmt: skip
    written, at = case.post, case.post.at(case.era.fetched)
    assert found == {
        "kind": PageKind.POST, "url": case.blog.home(case.era) + unquote(case.blog.path(written)),
        "key": f"tistory:{case.blog.number}:{written.number}", "title": written.title, "author": AUTHOR,
        "published": at.astimezone(UTC), "updated": written.updated and written.updated.astimezone(UTC),
        "categories": known_category(case), "tags": written.tags if tags_known(case) else (),
    }  # fmt: skip


def never_edited(post: Post) -> datetime | None:
    """Tistory repeats the time of publishing as that of the last edit; both say that there was none."""
    return None if post.updated == post.published else post.updated


def known_category(case: Case) -> tuple[str, ...]:
    """The whole path, where the page tells it: 2020 to 2022 the script has the leaf alone, before it has nothing."""
    blog, era = case.blog, case.era
    if case.mobile or blog.related or blog.category_shown or era.letter == "C":
        return case.post.category
    return case.post.category[-1:] if era.year > 2020 else ()


def tags_known(case: Case) -> bool:
    """Before 2020 the skin alone tells them, if it prints them."""
    return case.mobile or case.blog.tags_shown or case.era.year > 2020


@every_post
def test_the_text_is_the_authors_and_nothing_else(case: Case) -> None:
    _, post = read(case)
    assert JUNK not in post.content_html
    assert JUNK not in post.excerpt
    body = html.fromstring(f"<div>{post.content_html}</div>")
    assert differing(SPACE.sub("", str(body.text_content())), case.post.says) is None
    assert not body.xpath("//script | //style | //form | //input | //button | //ins | //@onclick | //@onerror")


def differing(text: str, says: tuple[str, ...]) -> str | None:
    """Where the text leaves what the author wrote; None where it does not."""
    place = 0
    for said in says:
        wanted = SPACE.sub("", said.removeprefix("?"))
        if text.startswith(wanted, place):
            place += len(wanted)
        elif not said.startswith("?"):
            return f"{wanted!r} is missing before {text[place : place + 60]!r}"
    return f"{text[place : place + 60]!r} is not the author's" if place < len(text) else None


@every_post
def test_every_picture_stands_in_its_place(case: Case) -> None:
    _, post = read(case)
    shown = html.fromstring(f"<div>{post.content_html}</div>").xpath("//img")
    wanted = case.post.shows
    assert [same(img.get("src"), key, case.era) for img, (key, _) in zip(shown, wanted, strict=False)] == [
        key for key, _ in wanted
    ]
    assert len(shown) == len(wanted)
    texts = [img.get("alt") or "" for img in shown]
    assert texts == [found if alt == "*" else alt for found, (_, alt) in zip(texts, wanted, strict=True)]
    lead = case.post.lead
    assert same(post.image, lead, case.era) == lead if lead else post.image is None


def same(url: str | None, key: str | None, era: Era) -> str | None:
    """The picture's key where the address is one of its own, else the address."""
    forms = {lasting(key).partition(":")[2], picture(key, era).partition(":")[2]} if key else set()
    return key if (url or "").partition(":")[2] in forms else url


@pytest.mark.parametrize("case", [pytest.param(c, id=c.id) for c in cases() if c.era.year == 2026 and c.post.lead])
def test_a_signed_picture_says_when_it_dies_and_what_outlives_it(case: Case) -> None:
    _, post = read(case)
    signed = {key for key, _ in case.post.shows if "://" not in key}
    told = {p.url: p for p in post.pictures}
    for key in signed:
        if (dying := told.get(picture(key, case.era))) is None:
            assert lasting(key) in post.content_html
            continue
        assert dying.expires == datetime.fromtimestamp(EXPIRES, UTC)
        assert dying.lasting == (lasting(key) if key == case.post.lead else None)
    assert set(told) <= {picture(key, case.era) for key in signed}


@every_post
def test_blocks_stay_what_they_are(case: Case) -> None:
    _, post = read(case)
    assert [kept for kept in case.post.keeps if kept not in post.content_html] == []
    if case.post is CODE:
        blocks = html.fromstring(f"<div>{post.content_html}</div>").xpath("//pre")
        assert [block.text_content().removesuffix("\n") for block in blocks] == [SOURCE, QUERY]


# --- kinds of pages --------------------------------------------------------------------------------------------------


@cache
def kinds(blog: Blog, era: Era) -> dict[str, tuple[Page, PageKind]]:
    single = {"protected": PageKind.PROTECTED, "private": PageKind.PRIVATE, "notice": PageKind.NOTICE}
    written = {"protected": PROTECTED, "private": POSTS[-3], "notice": NOTICE}
    if era.letter == "A":
        del single["private"]  # nobody saved one that old, and no crawler gets one
    found = {kind: (page_of(blog, written[kind], kind), what) for kind, what in single.items()}
    found |= {name: (page, PageKind.LISTING) for name, page in listings(blog, era).items()}
    cloud = Page(kind="tags", path="/tag", title="태그 목록", body_id="tt-body-tag")
    guests = Page(kind="guestbook", path="/guestbook", title="방명록", body_id="tt-body-guestbook")
    return found | {"tag_cloud": (cloud, PageKind.TAGS), "guestbook": (guests, PageKind.GUESTBOOK)}


def listings(blog: Blog, era: Era) -> dict[str, Page]:
    everything = tuple(sorted((*of(era), PROTECTED), key=lambda post: post.at(era.fetched), reverse=True))
    travel = tuple(post for post in everything if post.category[:1] == ("여행",))
    nested = tuple(post for post in everything if post.category[:1] == ("Q&A",))
    last = -(-len(of(era)) // PER_PAGE)
    found = {f"index_{n}": index(era, n, last) for n in range(1, last + 1)}
    found |= {
        "category": listing("category", "/category/%EC%97%AC%ED%96%89", "'여행' 카테고리의 글 목록", travel, 1, 2),
        "category_last": listing("category", category_link(nested[0]), "'Q&A/읽고／쓰고' 카테고리의 글 목록", nested),
        "category_all": listing("category", "/category?page=2", "'분류 전체보기' 카테고리의 글 목록", everything, 2, 9),
        "category_empty": listing("category", "/category/%EB%B9%88", "'빈' 카테고리의 글 목록", ()),
        "search": listing("search", "/search/%EA%B8%80?page=2", "'글' 검색 결과", everything[2:6], 2, 3),
        "tag": listing("tag", "/tag/C%2B%2B", "'C++' 태그의 글 목록", nested),
        "archive": listing("archive", "/archive/201609", "'2016/09' 글 목록", everything[1:3], 1, 2),
    }
    if "<s_cover_group>" in (SKINS / blog.skin / "skin.html").read_text("utf-8"):
        shown = (*of(era)[:2], *of(era)[4:6])
        found["cover"] = Page(kind="cover", path="/", title=BLOG_TITLE, posts=shown, body_id="tt-body-index")
    return found


def index(era: Era, number: int, last: int) -> Page:
    shown = of(era)[(number - 1) * PER_PAGE : number * PER_PAGE]
    path = "/" if number == 1 else f"/?page={number}"
    page = Page(kind="index", path=path, title=BLOG_TITLE, posts=shown, body_id="tt-body-index")
    return replace(page, number=number, last=last)


def listing(what: str, path: str, title: str, posts: tuple[Written, ...], *pages: int) -> Page:
    number, last = pages or (1, 1)
    page = Page(kind="list", path=path, title=title, posts=posts, body_id=f"tt-body-{what}")
    return replace(page, number=number, last=last)


def asked(*names: str) -> list[Any]:
    """Every page of every blog in every era whose name begins with one of *names*."""
    return [
        pytest.param(blog, era, name, id=f"{blog.skin}-{era.name}-{name}")
        for blog in BLOGS
        for era in ERAS
        for name in kinds(blog, era)
        if name.startswith(names)
    ]


@cache
def seen(blog: Blog, era: Era, name: str) -> tuple[PostPage, ListPage]:
    page, _ = kinds(blog, era)[name]
    return opened(served(blog, era, page), blog.home(era) + page.path)


@pytest.mark.parametrize(("blog", "era", "name"), asked(""))
def test_every_page_is_known_for_what_it_is(blog: Blog, era: Era, name: str) -> None:
    assert seen(blog, era, name)[0].kind == kinds(blog, era)[name][1]


# --- listings --------------------------------------------------------------------------------------------------------

LISTINGS = ("index", "category", "search", "tag", "archive", "cover")


def listed(*names: str) -> list[Any]:
    return [param for param in asked(*names) if param.values[2] != "tag_cloud"]


@pytest.mark.parametrize(("blog", "era", "name"), listed(*LISTINGS))
def test_a_listing_names_its_posts_and_no_other(blog: Blog, era: Era, name: str) -> None:
    page = kinds(blog, era)[name][0]
    links = seen(blog, era, name)[1].posts
    home = blog.home(era)
    wanted = [home + unquote(blog.path(post)) for post in page.posts]
    if _prints_posts_nobody_can_tell(blog, era, name):
        links = tuple(link for link in links if unquote(link.url) in wanted)  # links in the text may come with them
    assert [unquote(link.url) for link in links] == wanted
    # Whether Tistory's JSON-LD writes `&amp;` for `&` is not known: either reading of it is right.
    assert [unescape(link.title) for link in links] == [unescape(post.title) for post in page.posts]


def _prints_posts_nobody_can_tell(blog: Blog, era: Era, name: str) -> bool:
    """Whole posts in a listing, in boxes that only this skin calls so, from servers that did not mark bodies yet."""
    return blog.skin == "odd" and era.name in ("A-2016", "B-2019-margin") and name in ("index_1", "archive")


@pytest.mark.parametrize(("blog", "era", "name"), listed(*LISTINGS))
def test_a_listing_leads_to_its_next_page(blog: Blog, era: Era, name: str) -> None:
    page = kinds(blog, era)[name][0]
    base = page.path.partition("?")[0]
    following = f"{base}?page={page.number + 1}" if page.number < page.last else None
    found = seen(blog, era, name)[1].next_page
    assert found == (urljoin(blog.home(era), following) if following else None)


@pytest.mark.parametrize(("blog", "era", "name"), listed("category", "search", "tag", "archive"))
def test_a_listing_tells_the_dates_it_prints(blog: Blog, era: Era, name: str) -> None:
    page = kinds(blog, era)[name][0]
    links = {unquote(link.url): link.printed_date for link in seen(blog, era, name)[1].posts}
    wanted = {blog.home(era) + unquote(blog.path(p)): list_date(p.at(era.fetched), era) for p in page.posts}
    assert {url: links.get(url) for url in wanted} == wanted
