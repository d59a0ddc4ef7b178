"""The blogs that are followed as a subscription list (OPML 2.0) of their own feeds: a file, or a folder for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeds import opml
from feeds.exports import Exported
from feeds.publish import publish

if TYPE_CHECKING:
    from pathlib import Path

    from feeds.exports import Blog, Library

themes = ()
lists_blogs = True

_FILE = "moafeed.opml"


def write(place: Path, library: Library, theme: str | None) -> Exported:  # noqa: ARG001  # it has none
    """Write the list of a library's blogs, by name, to the file *place*, or to `moafeed.opml` in the folder *place*.

    Raises:
        PublishError: it can't be written.
    """
    file = place / _FILE if place.is_dir() else place
    blogs = sorted(library.blogs.items())
    published = publish(file.parent, {file.name: opml.document(library.title, (_outline(blog) for _, blog in blogs))})
    told = tuple(f"{name}: where its own feed is is not known before it was read once" for name, blog in blogs
                 if not blog.feed)  # fmt: skip
    return Exported(written=len(published.written), unchanged=published.unchanged, told=told)


def _outline(blog: Blog) -> dict[str, str]:
    site = blog.site
    # Without a feed it is no subscription, but its page is still worth a line (OPML 2.0, "link").
    kind = {"type": "rss", "xmlUrl": blog.feed, "htmlUrl": site.home} if blog.feed else {
        "type": "link", "url": site.home, "htmlUrl": site.home,
    }  # fmt: skip
    return {"text": site.title, "title": site.title} | kind | {
        "description": site.description, "language": site.language or "",
    }
