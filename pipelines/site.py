"""What a blog says about itself; feeds take their title and links from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A blog as its front page or feed describes it."""

    source: str
    """Name of the source."""
    title: str
    """The blog's own title: plain text, one line."""
    home: str
    """Address of its front page, absolute."""
    platform: str
    """Name of the platform that reads it, such as `tistory`."""
    description: str = ""
    """Its own words about itself: plain text."""
    language: str | None = None
    """BCP 47 language, such as `ko`. None when unknown."""
    icon: str | None = None
    """A square picture of it, absolute. None when it has none."""
