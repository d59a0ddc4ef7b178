"""XML as servers send it, made such that a strict parser reads it."""

from __future__ import annotations

import codecs
import re
import sys
from html.entities import html5

from lxml import etree

from crawler.decode import known, utf8

_HEAD = 64 * 1024  # a root element comes within this, or never
_DECLARATION = 500
_TRIES = 8
# Without a byte order mark, only the zeros beside the first sign tell (XML 1.0, appendix F).
_WIDE = ((b"<\x00\x00\x00", "utf-32-le"), (b"\x00\x00\x00<", "utf-32-be"), (b"\xff\xfe\x00\x00", "utf-32"),
         (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))  # fmt: skip
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
# Characters that XML may not hold (XML 1.0, section 2.2), as such and as a reference to them.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_SPOILT = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:#(x[0-9a-f]{1,8}|[0-9]{1,8});|(\w{1,32});)?|<(?![\w/!?:])",
    re.IGNORECASE | re.DOTALL,
)
_XML_NAMES = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_NAME_END = re.compile(rb"(?<=[^\s/>])(?=[\s/>])")
_PREFIX = re.compile(rb"<([A-Za-z][\w.-]{0,30}):[A-Za-z]")
_DECLARED = re.compile(rb"xmlns:([\w.-]{1,31})\s*=")
_SPACES = {b"content": "http://purl.org/rss/1.0/modules/content/", b"dc": "http://purl.org/dc/elements/1.1/",
           b"atom": "http://www.w3.org/2005/Atom", b"dcterms": "http://purl.org/dc/terms/"}  # fmt: skip


def plain_utf8(body: bytes) -> bytes:
    """Return *body* in UTF-8, whatever encoding it is in or says to be in (`crawler.decode`)."""
    for sign, name in _WIDE:
        if body.startswith(sign):
            return body.decode(name, "replace").encode("utf-8", "replace")
    return utf8(body)


def encoding_of(head: bytes) -> str:
    """Return Python's name of the encoding that a document is in, judged by its first bytes.

    As `plain_utf8` does for all of it: valid UTF-8 is UTF-8 whatever is declared; what declares nothing is CP949.
    """
    for sign, name in (*_WIDE, (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(sign):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        declared = _ENCODING.search(head[:_DECLARATION])
        return known(declared[1].decode("ascii")) or "cp949" if declared else "cp949"
    return "utf-8-sig"


def from_root(text: bytes, names: re.Pattern[bytes]) -> tuple[bytes, bytes] | None:
    """Return a document from its root element on and the root's name; None where it has no such root.

    What stands before is not needed and does the harm: blanks and warnings before the XML declaration, an encoding
    that is not the one, and the document type, which holds every entity that could grow or read a file.

    Args:
        text: in UTF-8, at least its first 64 KB.
        names: matches the beginning of a root element, its name as group 1.
    """
    position = 0
    for _ in range(_TRIES):
        found = names.search(text, position, _HEAD)
        if not found:
            return None
        comment = text.rfind(b"<!--", position, found.start())
        end = text.find(b"-->", comment, _HEAD) if comment >= 0 else -1
        if end < found.start():
            return text[found.start() :], found[1]
        position = end
    return None


def strict(document: bytes) -> etree._Element | None:
    """Return the tree of a document in UTF-8 that begins with its root, None where it is not well-formed."""
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )
    try:
        return etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def mended(document: bytes) -> bytes:
    """Return *document*, from its root on, without what most often stops a strict parser; linear in its length."""
    return with_prefixes(escaped(document))


def escaped(text: bytes) -> bytes:
    """Return *text*, all of a document or a part, with its characters put right.

    Control characters and comments go, entities of HTML become their characters, `&` and `<` that begin nothing are
    escaped; CDATA stays as it is.
    """
    return _SPOILT.sub(_mend, _CONTROL.sub(b"", text))


def with_prefixes(document: bytes) -> bytes:
    """Return *document* with the namespace prefixes declared in its root that nobody declares."""
    missing = set(_PREFIX.findall(document)) - set(_DECLARED.findall(document)) - {b"xml"}
    if not missing or len(missing) > _TRIES:
        return document
    spaces = (f' xmlns:{name.decode()}="{_SPACES.get(name, f"urn:{name.decode()}")}"' for name in sorted(missing))
    return _NAME_END.sub("".join(spaces).encode(), document, count=1)


def _mend(match: re.Match[bytes]) -> bytes:
    found, number, name = match[0], match[1], match[2]
    if found.startswith(b"<"):
        return b"&lt;" if found == b"<" else b"" if found.startswith(b"<!--") else found
    if number:
        code = int(number[1:], 16) if number[:1] in b"xX" else int(number)
        return b"" if code > sys.maxunicode or _ILLEGAL.fullmatch(chr(code)) else found
    if name in _XML_NAMES:
        return found
    letters = html5.get(f"{name.decode('ascii', 'replace')};") if name else None
    return letters.encode() if letters and letters not in "<&" else b"&amp;" + found[1:]

