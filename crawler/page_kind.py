"""What kinds of pages a blog has, of which only one is a post."""

from __future__ import annotations

from enum import StrEnum


class PageKind(StrEnum):
    """What a page is, decided before anything is read from it."""

    POST = "post"
    """One post."""
    LISTING = "listing"
    """Several posts, whole or in part: front page, category, tag, archive, search."""
    PROTECTED = "protected"
    """A post behind a password: headline and date at most."""
    PRIVATE = "private"
    """A post that only its owner can see, saved by the owner."""
    NOTICE = "notice"
    """A notice or a fixed page such as "about"."""
    GUESTBOOK = "guestbook"
    """What visitors wrote, or where the author was."""
    TAGS = "tags"
    """The cloud of all tags."""
    RESTRICTED = "restricted"
    """Shown to nobody or not to everybody: blocked, dormant, asking for an age."""
    GONE = "gone"
    """What stands where a deleted post or blog was."""
    OTHER = "other"
    """Anything else."""

    @property
    def instead(self) -> str:
        """What such a page is instead of a post, to end a sentence that begins with its address."""
        return _INSTEAD[self]


NEVER_POSTS = frozenset({PageKind.PROTECTED, PageKind.PRIVATE, PageKind.NOTICE})
"""Left alone on purpose; any other kind in place of a post may be a new look of the blog that nobody can read."""
_INSTEAD = {
    PageKind.POST: "is a post", PageKind.LISTING: "shows a list of posts where one post should be",
    PageKind.PROTECTED: "asks for a password", PageKind.PRIVATE: "is private", PageKind.NOTICE: "is a notice",
    PageKind.GUESTBOOK: "is a guestbook", PageKind.TAGS: "is a tag cloud",
    PageKind.RESTRICTED: "is blocked, dormant or asks for an age", PageKind.GONE: "is gone",
    PageKind.OTHER: "is no post",
}
