"""A post's HTML made clean: parsed once, walked once, then sanitised."""

from __future__ import annotations

from lxml import etree

from pipelines.urls import absolute

from .gate import admit, fit
from .links import point
from .sanitise import sanitise
from .tree import append, parse
from .walk import walk

__all__ = ["clean"]


def clean(html: str, base_url: str) -> str:
    """Return the body of a post as a feed may show it.

    Args:
        html: inner HTML of the body's container, as the page has it.
        base_url: address of the page; relative addresses are relative to it.

    Returns:
        Clean HTML: the blocks of Tistory's editor as plain HTML, absolute addresses, no script, no frame, no
        tracking pixel; what it says, its images, tables and code are all there. The same bytes in every process,
        and the same again when cleaned again. A body over the limits of `gate` ends at a block with a link to the
        post.
    """
    admitted, cut = admit(html)
    if not admitted.strip():
        return ""
    root = parse(admitted)
    walk(root, base_url)
    cut = fit(root) or cut
    if cut and (whole := absolute(base_url, base_url)):
        point(append(append(root, "p"), "a", "…"), whole)
    return sanitise(etree.tostring(root, method="html", encoding="unicode")).strip()
