"""A post's HTML made clean: parsed once, walked once, then sanitised."""

from __future__ import annotations

from lxml import etree

from .fragment import Fragment
from .gate import TooMuchError, admit
from .sanitise import sanitise
from .tree import parse
from .walk import walk

__all__ = ["Fragment", "TooMuchError", "clean"]


def clean(html: str | Fragment, base_url: str, dropped: list[tuple[str, str]] | None = None) -> str:
    """Return the body of a post as a feed may show it.

    Args:
        html: inner HTML of the body's container, as the page has it; or the same as a tree.
        base_url: address of the page; relative addresses are relative to it.
        dropped: where to write down what goes: its tag, and what it said or where it pointed.

    Returns:
        Clean HTML: the blocks of Tistory's editor as plain HTML, absolute addresses, no script, no frame, no
        tracking pixel; what it says, its images, tables and code are all there. The same bytes in every process,
        and the same again when cleaned again.

    Raises:
        TooMuchError: the body is over a limit of `gate`.
    """
    return sanitise(admit(_walked(html, base_url, dropped))).strip()


def _walked(html: str | Fragment, base_url: str, dropped: list[tuple[str, str]] | None) -> str:
    body = html.tree() if isinstance(html, Fragment) else parse(admit(html))
    walk(body, base_url, dropped)  # the tree is gone, with all its memory, before the sanitiser builds its own
    return etree.tostring(body, method="html", encoding="unicode")
