"""Pictures whose addresses die: which of a post's they are, until when they live, and what their lasting form is.

Since mid 2025 Tistory's picture host signs the addresses on its pages (`/dna/A/B/…?expires=`) until the end of the
month. The lasting form (`/dn/A/B/C/`) stands in the blog's own feed, in thumbnails of listings and, for the lead image,
in a script of the post's page (`kage@A/B/C`). A and B are the same in both forms, the third part is not.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape, unescape
from typing import TYPE_CHECKING

from pipelines.post import Picture, Post

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SLASH = rb"(?:\\?/|%2[Ff])"
_PART = _SLASH + rb"([\w-]{1,80})"
_LASTING = re.compile(rb"kakaocdn\.net" + _SLASH + rb"dn" + 3 * _PART)
_KAGE = re.compile(rb"kage@([\w-]{1,80})" + 2 * _PART)
_SIGNED = re.compile(
    r"https?://[\w.-]{0,60}kakaocdn\.net/dna/([\w-]+)/([\w-]+)/[\w-]+/([\w.-]+)\?[^\s\"'<>]+", re.ASCII
)
_EXPIRES = re.compile(r"[?&]expires=(\d+)(?=&|$)", re.ASCII)


def lasting_forms(body: bytes) -> dict[str, str]:
    """Return the third part of every lasting picture address in a page or feed, by its first two (`A/B`).

    Args:
        body: bytes as received, in any encoding that holds ASCII; addresses inside a thumbnail's `fname=` count.
    """
    found = [*_KAGE.findall(body), *_LASTING.findall(body)]
    return {f"{first.decode()}/{second.decode()}": third.decode() for first, second, third in found}


def signed_pictures(content_html: str, image: str | None, lasting: Mapping[str, str]) -> tuple[Picture, ...]:
    """Return every signed address in a post's body and lead image, each once, in that order.

    Args:
        content_html: the cleaned body.
        image: the lead image.
        lasting: what `lasting_forms` found, on the page and elsewhere in the blog.
    """
    text = content_html if "/dna/" in content_html else ""
    addresses = dict.fromkeys(unescape(found[0]) for found in _SIGNED.finditer(text))
    if image and _SIGNED.fullmatch(image):
        addresses[image] = None
    return tuple(_picture(url, lasting) for url in addresses)


def _picture(url: str, lasting: Mapping[str, str]) -> Picture:
    found = _SIGNED.fullmatch(url)
    third = lasting.get(f"{found[1]}/{found[2]}") if found else None
    kept = f"https://blog.kakaocdn.net/dn/{found[1]}/{found[2]}/{third}/{found[3]}" if found and third else None
    return Picture(url=url, expires=_expires(url), lasting=kept)


def picture_key(url: str) -> str | None:
    """Return what a signed address and its lasting form have in common (`A/B`); None for any other address."""
    found = _SIGNED.fullmatch(url)
    return f"{found[1]}/{found[2]}" if found else None


def _expires(url: str) -> datetime | None:
    found = _EXPIRES.search(url)
    try:
        return datetime.fromtimestamp(int(found[1]), UTC) if found else None
    except (ValueError, OverflowError, OSError):
        return None


def still_known(pictures: Iterable[Picture], earlier: Iterable[Picture]) -> tuple[Picture, ...]:
    """Return *pictures*, completed by what was known *earlier*: a feed names the pictures of its newest posts only."""
    known = {picture_key(picture.url): picture.lasting for picture in earlier if picture.lasting}
    return tuple(replace(p, lasting=p.lasting or known.get(picture_key(p.url))) for p in pictures)


def with_lasting(post: Post) -> Post:
    """Return *post* as it may be published: every address that would die replaced where its lasting form is known."""
    known = {picture.url: picture.lasting for picture in post.pictures if picture.lasting}
    if not known:
        return post
    content = post.content_html
    for url, lasting in known.items():
        content = content.replace(escape(url), lasting)
    return replace(post, content_html=content, image=known.get(post.image or "", post.image),
                   pictures=tuple(picture for picture in post.pictures if not picture.lasting))
