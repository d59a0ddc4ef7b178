"""Addresses of Naver Blog: which blog and which post one names, in each of its forms."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from crawler.document import host

_HOSTS = ("blog.naver.com", "m.blog.naver.com")
_BLOG = r"[A-Za-z0-9][\w-]{1,39}"
_POST = re.compile(rf"/({_BLOG})/(\d{{5,20}})/?")
_HOME = re.compile(rf"/({_BLOG})/?")
_VIEWS = re.compile(
    r"/(?:PostView|PostList|NBlogTop|prologue/PrologueList|PostTitleListAsync)\.(?:naver|nhn)", re.IGNORECASE
)
_NO_BLOGS = {"Recommendation", "PostView", "PostList", "section", "market", "tv"}


def ids_of(url: str, *, of_blog: bool = False) -> tuple[str, str] | None:
    """Return the blog's name and the post's number that an address names; None where it names no post.

    `blog.naver.com/BLOG/NUMBER`, and the documents in its frame: `PostView.naver?blogId=BLOG&logNo=NUMBER`.

    Args:
        url: absolute.
        of_blog: whether a blog alone is enough: the number is then empty.
    """
    if host(url) not in _HOSTS:
        return None
    parts = urlsplit(url)
    if found := _POST.fullmatch(parts.path):
        return found[1], found[2]
    query = parse_qs(parts.query)
    blog, number = query.get("blogId", [""])[0], query.get("logNo", [""])[0]
    if _VIEWS.fullmatch(parts.path) and re.fullmatch(_BLOG, blog):
        is_post = number.isdigit() and "postview" in parts.path.lower()
        return (blog, number if is_post else "") if is_post or of_blog else None
    home = _HOME.fullmatch(parts.path)
    return (home[1], "") if of_blog and home and home[1] not in _NO_BLOGS else None


def address_of(blog: str, number: str) -> str:
    """Return the address of a post that people pass on."""
    return f"https://blog.naver.com/{blog}/{number}"


def home_of(url: str) -> str | None:
    """Return the front page of the blog that an address is of, on a phone's pages too; None for another site's."""
    known = ids_of(url, of_blog=True)
    return f"https://blog.naver.com/{known[0]}" if known else None


def read_at(url: str) -> str:
    """Return where a post's text is: the address that people pass on gives a page of one empty frame."""
    known = ids_of(url)
    if known is None:
        return url
    return f"https://blog.naver.com/PostView.naver?blogId={known[0]}&logNo={known[1]}"
