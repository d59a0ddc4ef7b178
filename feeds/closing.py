"""The line at a post's end that leads back to where it came from: its template, and what counts as leading back."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipelines.urls import same_page_key

if TYPE_CHECKING:
    from pipelines.post import Post
    from pipelines.site import Site

DEFAULT = '출처: <a href="{url}" rel="dofollow">{site}</a>'
"""What stands below a post where nobody says otherwise."""
PLACEHOLDERS = ("home", "host", "site", "title", "url")
"""The names a template may have in braces."""
_PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


def unknown_placeholders(template: str) -> list[str]:
    """Return the names in braces that no post has a value for."""
    return [name for name in _PLACEHOLDER.findall(template) if name not in PLACEHOLDERS]


def closing_html(template: str, site: Site, url: str, title: str) -> str:
    """Return the closing line of the post at *url* as HTML: values escaped, the template's own HTML as it is."""
    home = home_of(site.home)
    values = {"url": url, "title": title, "home": home, "host": urlsplit(home).hostname or "", "site": site.title}
    return _PLACEHOLDER.sub(lambda found: escape(values[found[1]]), template)


def home_of(address: str) -> str:
    """Return a front page's address as people write it: without a lone slash at its end."""
    return address.rstrip("/") if urlsplit(address).path in {"", "/"} else address


def leads_back(link: str, post: Post, home: str) -> bool:
    """Tell whether *link* leads to the post's own address or to its blog's front page."""
    return same_page_key(link) in {same_page_key(address) for address in (post.url, home, urljoin(post.url, "/"))}
