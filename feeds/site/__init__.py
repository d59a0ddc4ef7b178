"""The pages for people: one that lists the feeds, and one per feed to read its posts without a feed reader.

No page runs a script, loads anything but pictures, or tells a picture's host where it is read.
"""

from __future__ import annotations

from feeds.site.index import index
from feeds.site.look import FRAMED_NOWHERE, POLICY, stylesheet
from feeds.site.reading import reading
from feeds.site.row import page_name, suffix

media_type = "text/html"

__all__ = ["FRAMED_NOWHERE", "POLICY", "index", "media_type", "page_name", "reading", "stylesheet", "suffix"]
