"""Of all that a sitemap names, the addresses that may be posts of this blog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.discovery.found import Found
    from crawler.discovery.sitemap import Sitemap

_MOBILE = re.compile(r"/m(?=/)")
# Lists, pages about the blog and files, on whatever platform: the first part of the path, or its end.
_NO_POST = re.compile(
    r"/*|/(?:category|categories|tags?|guestbook|notice|location|archives?|search|author|page|manage|owner|admin|rss|"
    r"feed)(?:/.*)?|.*/(?:page/\d+|feed)/?|.*\.(?:xml|gz|json|css|js|png|jpe?g|gif|webp|svg|pdf|zip)",
    re.IGNORECASE,
)
_PLAIN_LINK = re.compile(r"(?:^|&)p=\d")  # WordPress without rewriting: the front page, asked for a post


def posts_in(
    sitemap: Sitemap, is_post_url: Callable[[str], bool] | None, hosts: frozenset[str]
) -> tuple[Found, ...]:
    """Return the posts that a sitemap names, in its order, each once.

    Tistory names a post by its address for computers and the one for phones (`/m/…`): the latter counts only where
    the former is missing. The same address by http and https, with and without `www.` or the last `/`, is one post.

    Args:
        sitemap: as read.
        is_post_url: the platform's rule, asked with the address without `/m`; None where it has none, and then every
            address may be a post that is no list, no file and not the front page.
        hosts: the blog's own hosts, in lower case.
    """
    kept: dict[str, Found] = {}
    phones: set[str] = set()
    for found in sitemap.posts:
        parts = urlsplit(found.url)
        path = _MOBILE.sub("", parts.path, count=1) if _MOBILE.match(parts.path) else parts.path
        plain = found.url if path == parts.path else urlunsplit(parts._replace(path=path))
        may_be = is_post_url(plain) if is_post_url else not _NO_POST.fullmatch(path) or _PLAIN_LINK.search(parts.query)
        if (parts.hostname or "") not in hosts or not may_be:
            continue
        host = parts.netloc.rpartition("@")[2].lower().removeprefix("www.")
        key = f"{host}{path.rstrip('/')}?{parts.query}"
        is_phone = path != parts.path
        if key not in kept or (key in phones and not is_phone):
            kept[key] = found  # an address that takes another's place keeps its turn
            (phones.add if is_phone else phones.discard)(key)
    return tuple(kept.values())
