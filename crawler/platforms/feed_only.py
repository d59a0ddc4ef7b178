"""Feed-only: a source that has nothing but its feed, whose entries are its posts; no page of it is ever asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.platforms import Platform
from crawler.platforms.generic import GenericList, GenericPost

if TYPE_CHECKING:
    from crawler.document import Document


def recognise(_document: Document) -> bool:
    """No page is one of these: a source file has to say so."""
    return False


# A page that a person names (`moafeed explain ADDRESS`) is read as any other blog's.
PLATFORM = Platform(recognise=recognise, post_page=GenericPost, list_page=GenericList, has_pages=False)
