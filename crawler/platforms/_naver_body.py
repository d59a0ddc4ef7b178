"""What Naver's editors keep elsewhere than in HTML: code, pictures that load later, formulas."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

from lxml import etree

from crawler.document import host
from pipelines.post import xml_safe

if TYPE_CHECKING:
    from crawler.document import Element

_WIDTHS = {"mblogthumb-phinf.pstatic.net": "w800"}  # what a server of pictures makes; the one of the view for phones
_WIDTH = "w966"
_SMALL = re.compile(r"(//mblogthumb-phinf\.pstatic\.net/[^?]*\?type=)w[1-4]\d\d(?:_blur)?$")  # in a group of pictures
_PICTURE = re.compile(r"^https?://[\w.-]*pstatic\.net/")
_FORMULA = re.compile(r'<span class="mq-selectable">(.{1,2000}?)</span>', re.DOTALL)


def mend(text: Element) -> None:
    """Write code, pictures, captions and formulas of a copied body as HTML, in place.

    SmartEditor 2 on phones has `span._img[thumburl]` for a picture, and a film for a moving one; SmartEditor ONE has
    code in a `div`, and what it draws by script in the attribute of a script beside it.
    """
    for span in [e for e in text.iter("span") if e.get("thumburl")]:
        _picture(span, span.get("thumburl", ""))
    for film in [e for e in text.iter("video") if e.get("data-gif-url")]:
        _picture(film, film.get("data-gif-url", ""))
    for link in [e for e in text.iter("a") if e.get("href") == "#"]:  # opens the picture in it, by script
        link.attrib.clear()
        link.tag = "span"
    for box in text.iter("div"):
        names = (box.get("class") or "").split()
        box.tag = "figure" if "se-section-image" in names else "figcaption" if "se-caption" in names else "div"
    for image in [e for e in text.iter("img") if e.get("data-lazy-src")]:
        image.set("data-lazy-src", xml_safe(larger(image.get("data-lazy-src", ""))))
    for code in [e for e in text.iter("div") if "__se_code_view" in (e.get("class") or "")]:
        _code(code)
    for script in [e for e in text.iter("script") if e.get("data-module")]:
        _module(script)
        script.tag = "template"


def is_data(element: Element) -> bool:
    """Tell whether an element of a body holds what `mend` reads, though it looks like a script."""
    return element.tag == "script" and "v2_formula" in (element.get("data-module") or "")[:60]


def larger(address: str) -> str:
    """Return a picture's address with the width that its server makes, where it names none or a small one."""
    if address.endswith("?type="):
        return address + _WIDTHS.get(host(address), _WIDTH)
    return _SMALL.sub(r"\1w800", address)


def _picture(element: Element, address: str) -> None:
    whole = larger(address)
    if not _PICTURE.match(whole):
        return
    tail = element.tail
    element.clear()
    element.tail = tail
    element.tag = "img"
    element.set("src", xml_safe(whole))


def _code(box: Element) -> None:
    names = (box.get("class") or "").split()
    language = next((name for name in names if name.startswith("language-")), "")
    said = etree.tostring(box, method="text", encoding="unicode", with_tail=False)
    tail = box.tail
    box.clear()
    box.tail = tail
    box.tag = "pre"
    inner = etree.SubElement(box, "code")
    inner.text = xml_safe(said)
    if language:
        inner.set("class", language)


def _module(script: Element) -> None:
    """Show a formula as the picture that the editor keeps of it, below the empty box that a script would draw into."""
    around = script.getparent()
    try:
        told = json.loads(script.get("data-module", ""), strict=False)["data"]
        drawn, picture = str(told["html"]), str(told["thumbnail"]["src"])
    except (ValueError, KeyError, TypeError):
        return
    if around is None or not _PICTURE.match(picture):
        return
    found = _FORMULA.search(drawn)
    image = etree.Element("img", src=xml_safe(picture))
    image.set("alt", xml_safe(html.unescape(re.sub(r"<[^>]*>", "", found[1]))) if found else "")
    around.insert(around.index(script), image)
