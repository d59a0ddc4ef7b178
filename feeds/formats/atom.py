"""Atom 1.0 (RFC 4287): the least ambiguous of the formats."""

from __future__ import annotations

from feeds.generator import atom as render

suffix = ".atom"
media_type = "application/atom+xml"

__all__ = ["media_type", "render", "suffix"]
