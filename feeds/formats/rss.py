"""RSS 2.0: the format most readers and most people know."""

from __future__ import annotations

from feeds.generator import rss as render

suffix = ".rss"
media_type = "application/rss+xml"

__all__ = ["media_type", "render", "suffix"]
