"""Images of a body: the original behind a thumbnail, a lazy form or a placeholder; the one that leads a post."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pipelines.urls import absolute

from .tree import Element, attributes, parse, put, text_of, vanish

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SMALLEST_LEAD = 200
"""Pixels; what is known to be narrower does not lead a post."""
_THUMB = re.compile(r"^(?:https?:)?//[\w.-]*\.?daumcdn\.net/thumb/[^?]*\?(?:.*?&)?fname=(?P<name>.+)$", re.IGNORECASE)
_WEB = re.compile(r"(?:https?:)?//[^/]", re.IGNORECASE)
# Where lazy loaders keep the address, in the order in which to believe them.
_LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-actualsrc", "data-original-src", "data-orig-file",
    "data-hi-res-src", "data-echo", "data-image-src", "data-url",
)
# Some loaders keep a flag there instead ("true", "1", "lazyload").
_ADDRESS = re.compile(r"/|\.(?:jpe?g|png|gif|webp|avif|bmp)(?:$|\?)", re.IGNORECASE)
_NO_WEB = re.compile(r"data:|about:|javascript:", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"/(?:loader|loading|blank|spacer|transparent|placeholder|lazy|1x1|pixel)[\w-]*\.\w{3,4}(?:\?|$)",
    re.IGNORECASE,
)
# What Tistory names where a post has no image of its own, and what it shows where one is lost.
_DEFAULT = re.compile(
    r"/(?:[\w-]*opengraph|no-image-v\d)\.(?:png|jpg|gif)(?:\?|$)|/extension/\w+\.gif(?:\?|$)", re.IGNORECASE
)
_EMOTICON = re.compile(r"/(?:emoticon|emoji|smil(?:ey|ies))s?/|/emoji", re.IGNORECASE)
_COUNTERS = re.compile(
    r"https?://(?:[^/?#]*[.@])?(?:google-analytics\.com|doubleclick\.net|pixel\.wp\.com|stats\.wordpress\.com|feeds\.feedburner\.com"
    r"|scorecardresearch\.com|quantserve\.com|wcs\.naver\.net|ad\.daum\.net|analytics\.ad\.daum\.net)"
    r"(?:[:/?#]|$)", re.IGNORECASE
)
_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*", re.ASCII)
_STYLE_SIZE = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.IGNORECASE)
_CANDIDATE = re.compile(r"(\S+?)(?:\s+(\d{1,6}(?:\.\d{1,3})?)[wx])?\s*(?:,\s+|,?$)")


def original(url: str) -> str:
    """Return the address behind a Daum thumbnail (`…daumcdn.net/thumb/…?fname=`); any other address as it is."""
    for _ in range(3):  # a thumbnail of a thumbnail is seen in re-posted bodies
        match = _THUMB.match(url)
        if not match:
            break
        name = match["name"]
        # Written as it is, `fname` is the rest of the address, whose own query may hold `&`.
        inner = name if _WEB.match(name) else unquote(name.partition("&")[0])
        inner = inner if _WEB.match(inner) else unquote(inner)
        if not _WEB.match(inner):
            break
        url = inner if not inner.startswith("//") else "https:" + inner
    return url


def lead_image(named: str | None, content_html: str, base_url: str) -> str | None:
    """Return the image that leads a post, the original behind its thumbnail.

    Args:
        named: what the page names (`og:image`), if anything.
        content_html: the body, clean or not.
        base_url: address of the page.

    Returns:
        The named image, unless it is the platform's own; else the first of the body that is no emoticon and
        not known to be narrower than 200 pixels; else None.
    """
    if (found := _worthy(named, base_url)) is not None:
        return found
    images = parse(content_html).iter("img") if "<img" in content_html else ()
    candidates = (_worthy(best_address(image), base_url) for image in images if _may_lead(image))
    return next((address for address in candidates if address), None)


def tidy_image(image: Element, base: str) -> None:
    """Give an image its lasting, absolute address and its size; a counter or an image without an address goes."""
    told = attributes(image)
    address = absolute(_best_address(image, told), base)
    if address is None or _is_counter(told, address):
        vanish(image)
        return
    alt = told.get("alt") or _near(image, "data-alt") or ""
    sizes = [(name, str(size)) for name in ("width", "height") if (size := _size(image, told, name))]
    kept = [(name, value) for name, value in told.items() if name in {"title", "style"}]
    image.attrib.clear()
    del image[:]
    for name, value in (*kept, ("src", address), ("alt", "" if alt == "null" else alt), *sizes):
        put(image, name, value)
    image.set("loading", "lazy")
    image.tag = "img"


def best_address(image: Element) -> str | None:
    """Return the best address an image element tells: original before thumbnail, lazy before placeholder."""
    return _best_address(image, attributes(image))


def _best_address(image: Element, told: Mapping[str, str]) -> str | None:
    for candidate in _candidates(image, told):
        found = original(candidate.strip())
        if found and not (_NO_WEB.match(found) or _PLACEHOLDER.search(found) or _THUMB.match(found)):
            return found
    written = told.get("src")
    return written if written and _THUMB.match(written) else None


def _candidates(image: Element, told: Mapping[str, str]) -> Iterator[str]:
    """Every address near an image, the most trusted first (Tistory's own block wraps it in `span[data-url]`)."""
    around = image.getparent()
    if around is not None and around.tag == "span" and (written := around.get("data-url")):
        yield written
    srcset = told.get("srcset") or told.get("data-srcset") or told.get("data-lazy-srcset") or ""
    if "fname=" in srcset:
        yield srcset.partition(", ")[0].split(" ")[0]
    yield from (value for name in _LAZY if (value := told.get(name)) and _ADDRESS.search(value))
    if told.get("data-srcset"):
        yield _widest(told["data-srcset"])
    yield told.get("src", "")
    yield _widest(srcset)
    yield from _around(image)


def _around(image: Element) -> Iterator[str]:
    """What the elements beside an image tell: `<picture>`'s sources, the `<noscript>` after a lazy one."""
    parent = image.getparent()
    if parent is not None and parent.tag == "picture":
        for source in parent.iter("source"):
            yield _widest(source.get("srcset") or source.get("data-srcset") or "")
    beside = image.getnext()
    if beside is not None and beside.tag == "noscript":
        yield from (inner.get("src", "") for inner in beside.iter("img"))


def _widest(srcset: str) -> str:
    found = [(float(width or 1), url) for url, width in _CANDIDATE.findall(srcset)]
    return max(found, key=lambda pair: pair[0])[1] if found else ""


def _worthy(written: str | None, base: str) -> str | None:
    """Return an address as a lead image's, None where it is the platform's default or damaged."""
    address = absolute(original(written.strip()) if written else None, base)
    if address is None or address.startswith("mailto:"):
        return None
    return None if _DEFAULT.search(address) or _THUMB.match(address) or _EMOTICON.search(address) else address


def _may_lead(image: Element) -> bool:
    if any(parent.get("data-ke-type") == "emoticon" for parent in image.iterancestors("figure")):
        return False
    told = attributes(image)
    width = _size(image, told, "width") or _size(image, told, "height")
    return width is None or width >= SMALLEST_LEAD


def _is_counter(told: Mapping[str, str], address: str) -> bool:
    """A picture of one pixel counts readers, and so do some hosts' at any size."""
    sizes = [size for name in ("width", "height") if (size := _number(told.get(name))) is not None]
    small = bool(sizes) and all(size <= 1 for size in sizes)  # a line drawn as a picture is 700 by 1
    return small or bool(_STYLE_SIZE.search(told.get("style", "")) or _COUNTERS.match(address))


def _size(image: Element, told: Mapping[str, str], name: str) -> int | None:
    """Return the size an image is meant to be shown at; the editor keeps the file's own on the block around it."""
    origin = f"data-origin-{name}"
    return _number(told.get(name)) or _number(told.get(origin) or _near(image, origin))


def _near(image: Element, name: str) -> str | None:
    """Return an attribute of the block of one image, at most three levels up."""
    node = image.getparent()
    for _ in range(3):
        if node is None or node.tag not in {"span", "a", "figure", "div"}:
            return None
        if value := node.get(name):
            return value
        node = node.getparent()
    return None


def _number(text: str | None) -> int | None:
    match = _PIXELS.fullmatch(text or "")
    return int(match[1]) if match else None


def emoticon(figure: Element, _base: str) -> None:
    """Keep the picture of an emoticon; old pages name it only on the block."""
    image = next(iter(figure.iter("img")), None)
    address = figure.get("data-emoticon-src")
    if image is None and address and not text_of(figure):
        image = figure.makeelement("img", {})
        figure.append(image)
    if image is not None and address and not image.get("src"):
        put(image, "src", address)
