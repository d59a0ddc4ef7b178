"""One blog of the farm: what it answers to each address, made of a seed, in Tistory's shapes and our own words."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from html import escape

SHOWN = 5  # posts of a blog that has published nothing yet, all in its feed
_FIRST = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
_SENTENCES = 210  # in a feed of any length; about 20 KB in UTF-8
_NOW = "@@NOW@@"
_SEED = "moafeed"

_WHO = ("아버지는", "옆집 아이는", "나는", "빵집 주인은", "우체부는", "우리 고양이는", "늦게 온 손님은")
_WHEN = ("새벽에", "비 오는 오후에", "장날마다", "지난 겨울에", "해 질 무렵", "아무도 없을 때")
_WHERE = ("골목 끝에서", "낡은 다리 위에서", "부엌 창가에서", "버스 종점에서", "도서관 계단에서", "감나무 아래에서")
_WHAT = ("묵은 편지를", "식은 국수를", "고장 난 라디오를", "젖은 우산을", "작은 화분을", "빌린 자전거를")
_DID = ("천천히 고쳤다.", "한참 들여다보았다.", "조심스레 닦았다.", "다시 내려놓았다.", "웃으며 건넸다.", "잃었다.")
_RARE = "점심에는 똠양꿍을 먹었다."  # 똠 is in CP949, not in EUC-KR


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """In what a blog writes, and what it says it does."""

    codec: str
    """The truth."""
    header: str
    """What the Content-Type header says."""
    document: str
    """What the document itself says."""


PLAIN = Encoding(codec="utf-8", header="utf-8", document="utf-8")
MIXED = (
    Encoding(codec="euc-kr", header="euc-kr", document="euc-kr"),
    Encoding(codec="cp949", header="euc-kr", document="euc-kr"),  # letters that strict EUC-KR does not know
    Encoding(codec="utf-8", header="euc-kr", document="utf-8"),  # the header lies
    Encoding(codec="cp949", header="utf-8", document="euc-kr"),  # the header lies the other way round
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Blog:
    """One blog as it stands now."""

    number: int
    """Which one, from 0; everything about it follows from this."""
    home: str
    """`http://HOST:PORT`, no slash at its end."""
    shown: int = SHOWN
    """How many posts its feed and front page show; the fewer, the longer each."""
    posts: int = SHOWN
    """How many posts it has; a published one is one more."""

    @property
    def has_validators(self) -> bool:
        """Every second blog gives ETag and Last-Modified; the others date their feed anew at each answer."""
        return self.number % 2 == 0

    @property
    def encoding(self) -> Encoding:
        """One blog of ten is not in plain UTF-8, in both halves alike."""
        mixed = self.number % 10 == self.number // 10 % 10
        return MIXED[self.number // 20 % len(MIXED)] if mixed else PLAIN

    @property
    def title(self) -> str:
        """What it calls itself."""
        return f"느린 기록 {self.number}"

    @property
    def etag(self) -> str:
        """Moves with each new post."""
        return f'"{self.number:x}-{self.posts:x}"'

    @property
    def modified(self) -> datetime:
        """When its newest post was published: aware, UTC."""
        return published(self.posts)

    @property
    def newest(self) -> range:
        """The numbers of the posts that its feed and front page show, newest first."""
        return range(self.posts, max(0, self.posts - self.shown), -1)


def published(post: int) -> datetime:
    """Return when the post of that number (from 1) was published."""
    return _FIRST + timedelta(days=post, minutes=37 * post % 600)


def address(post: int) -> str:
    """Return the path of a post: Tistory numbers them."""
    return f"/{100 + post}"


def answer(blog: Blog, path: str, now: datetime) -> tuple[str, bytes] | None:
    """Return the media type and the body of *path* on *blog*; None where there is nothing.

    Args:
        blog: as it stands.
        path: without query.
        now: what a feed without validators gives as its date.
    """
    if path == "/rss":
        date = format_datetime(blog.modified if blog.has_validators else now)
        return "application/rss+xml", _feed(blog).replace(_NOW.encode(), date.encode())
    if path == "/":
        return "text/html", _front(blog)
    if path == "/robots.txt":
        return "text/plain", f"User-agent: *\nDisallow: /manage\nSitemap: {blog.home}/sitemap.xml\n".encode()
    if path == "/sitemap.xml":
        return "application/xml", _sitemap(blog)
    post = int(path[1:]) - 100 if path[1:].isascii() and path[1:].isdecimal() and len(path) < 9 else 0
    return ("text/html", _page(blog, post)) if 0 < post <= blog.posts else None


@lru_cache(maxsize=8192)
def _feed(blog: Blog) -> bytes:
    items = "".join(
        f"<item><title>{_headline(blog, post)}</title><link>{blog.home}{address(post)}</link>"
        f"<description>{escape(_body(blog, post))}</description><category>일상</category><author>느린솔</author>"
        f'<guid isPermaLink="true">{blog.home}{address(post)}</guid>'
        f"<comments>{blog.home}{address(post)}#entry{100 + post}comment</comments>"
        f"<pubDate>{format_datetime(published(post))}</pubDate></item>\n"
        for post in blog.newest
    )
    return (
        f'<?xml version="1.0" encoding="{blog.encoding.document}"?>\n<rss version="2.0"><channel>'
        f"<title>{blog.title}</title><link>{blog.home}/</link><description>천천히 적습니다.</description>"
        f"<language>ko</language><pubDate>{_NOW}</pubDate><lastBuildDate>{_NOW}</lastBuildDate>"
        f"<generator>TISTORY</generator><ttl>100</ttl><managingEditor>느린솔</managingEditor>\n{items}</channel></rss>\n"
    ).encode(blog.encoding.codec)


def _front(blog: Blog) -> bytes:
    items = "".join(
        f'<li class="item"><a href="{address(post)}"><strong>{_headline(blog, post)}</strong></a></li>'
        for post in blog.newest
    )
    head = f'<meta property="og:type" content="website"><meta property="og:url" content="{blog.home}">'
    return _html(blog, blog.title, head, f'<body id="tt-body-index"><main><ul>{items}</ul></main></body>')


def _page(blog: Blog, post: int) -> bytes:
    title = _headline(blog, post)
    head = (
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<meta property="og:url" content="{blog.home}{address(post)}">'
        f'<meta property="og:article:author" content="느린솔">'
        f'<meta property="article:published_time" content="{published(post).isoformat()}">'
    )
    body = (
        f'<body id="tt-body-page"><article><h1>{title}</h1><div class="tt_article_useless_p_margin contents_style">'
        f"{_body(blog, post)}</div></article></body>"
    )
    return _html(blog, title, head, body)


def _html(blog: Blog, title: str, head: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="{blog.encoding.document}"><title>{title}</title>{head}'
        f'<link rel="alternate" type="application/rss+xml" title="{blog.title}" href="{blog.home}/rss">'
        f'<script>window.T = window.T || {{}}; T.config = {{"BLOG": {{"id": {blog.number + 1}}}}};</script></head>'
        f"{body}</html>\n"
    ).encode(blog.encoding.codec)


def _sitemap(blog: Blog) -> bytes:
    entries = "".join(
        f"<url><loc>{blog.home}{address(post)}</loc><lastmod>{published(post).date().isoformat()}</lastmod></url>"
        for post in range(blog.posts, 0, -1)
    )
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{namespace}">{entries}</urlset>\n'.encode()


def _headline(blog: Blog, post: int) -> str:
    chance = random.Random(f"{_SEED}/{blog.number}/{post}/title")  # noqa: S311  # must be the same in every run
    return f"{chance.choice(_WHEN)} {chance.choice(_WHERE)} {post}"


def _body(blog: Blog, post: int) -> str:
    chance = random.Random(f"{_SEED}/{blog.number}/{post}")  # noqa: S311  # must be the same in every run
    lines = [
        " ".join(map(chance.choice, (_WHO, _WHEN, _WHERE, _WHAT, _DID)))
        for _ in range(_SENTENCES // blog.shown)
    ]
    if blog.encoding.codec != "euc-kr":
        lines.append(_RARE)
    return "".join(f"<p>{' '.join(lines[start : start + 6])}</p>" for start in range(0, len(lines), 6))
