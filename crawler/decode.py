"""Bytes of a page to text: which encoding Korean servers really sent, whatever they say."""

from __future__ import annotations

import codecs
import re

# Every label of the Korean family means the superset Windows uses (WHATWG Encoding, "euc-kr"): strict EUC-KR loses
# syllables such as 뷁 and 똠. Python knows only some of these labels.
_KOREAN = {
    "euckr", "kscn56011987", "ksc56011987", "ksc56011989", "ksc5601", "ksx1001", "korean", "cseuckr", "csksc56011987",
    "isoir149", "windows949", "xwindows949", "ms949", "uhc", "cp949", "949",
}  # fmt: skip
_LATIN = {"ascii", "iso8859-1", "cp1252", "latin-1", "latin1", "iso8859-15"}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Tistory puts its own block before the skin's <meta charset>, more than 10 KB into the head.
_HEAD = 128 * 1024
_META = re.compile(rb"<meta[^>]{0,512}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s{0,9}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
# What bytes hold in an encoding that looks like ASCII: escapes and shifts (ISO 2022), zeros (UTF-16, UTF-32).
_MAY_HIDE = (b"\x00", b"\x0e", b"\x1b")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_FOREIGN = re.compile("[^\x00-\x7f]")


def utf8(body: bytes, header_encoding: str | None = None) -> bytes:
    """Return *body* in UTF-8, without a byte order mark, as `decode` understands it."""
    if _is_plain(body) and not body.startswith(codecs.BOM_UTF8):
        return body
    return decode(body, header_encoding).encode("utf-8", "replace")


def decode(body: bytes, header_encoding: str | None = None) -> str:
    """Return the text of *body*, never raising: bytes that fit no encoding become U+FFFD.

    The order is: byte order mark, valid UTF-8, then the encoding that is declared (the page's own word before a header
    that only says Latin-1) or CP949, whichever is valid, and at last the one that loses the fewest characters.

    Args:
        body: the bytes as received.
        header_encoding: the `charset` of the Content-Type header, as sent.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if _is_plain(body):
        return body.decode("utf-8")
    declared = _declared(body, header_encoding)
    for name in declared:
        if _hides_in_ascii(name, body):
            return body.decode(name, "replace")
    as_utf8 = body.decode("utf-8", "replace")
    if _loss(as_utf8, body) == 0:
        return as_utf8
    candidates = [*(name for name in declared if name not in _LATIN), "cp949", *_latin(declared)]
    for name in candidates:
        text = _strict(body, name)
        if text is not None and _believable(text, name, declared):
            return text
    rest = [as_utf8, *(body.decode(name, "replace") for name in dict.fromkeys(candidates) if name not in _LATIN)]
    return min(rest, key=lambda text: text.count("\ufffd"))


def _is_plain(body: bytes) -> bool:
    """Tell whether *body* is valid UTF-8 and nothing that only looks so: nearly every page."""
    return _strict(body, "utf-8") is not None and not any(body.find(sign, 0, _HEAD) >= 0 for sign in _MAY_HIDE)


def _declared(body: bytes, header: str | None) -> list[str]:
    head = body[:_HEAD]
    found = _XML.search(head) or _META.search(head)
    own, sent = known(found[1].decode("ascii") if found else None), known(header)
    order = [own, sent] if sent in _LATIN else [sent, own]
    return [name for name in dict.fromkeys(order) if name]


def known(label: str | None) -> str | None:
    """Return Python's name for an encoding *label*, None where it is unknown or must not be believed (UTF-7)."""
    if not label or not label.isascii() or "\x00" in label:
        return None
    plain = label.strip().strip("\"'").lower()
    if re.sub("[^a-z0-9]", "", plain) in _KOREAN:
        return "cp949"
    try:
        name = codecs.lookup(plain).name
    except (LookupError, ValueError):
        return None
    if name in ("utf-7", "utf-8-sig") or not _is_text(name):
        return None
    return {"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)


def _is_text(name: str) -> bool:
    try:
        return b"a".decode(name, "replace") is not None
    except (LookupError, ValueError):  # a codec such as base64 that does not make text
        return False


def _hides_in_ascii(name: str, body: bytes) -> bool:
    """Say whether *body* is in an encoding whose bytes all look like ASCII, so that valid UTF-8 proves nothing."""
    if name.startswith("iso2022"):
        return b"\x1b$" in body[:_HEAD] or b"\x0e" in body[:_HEAD]
    return name.startswith(("utf-16", "utf-32")) and body[:400].count(0) > len(body[:400]) // 8


def _loss(text: str, body: bytes) -> int:
    # A page may hold a real U+FFFD of its own; three bytes each.
    return text.count("\ufffd") - body.count(b"\xef\xbf\xbd")


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeDecodeError, ValueError):
        return None


def _latin(declared: list[str]) -> list[str]:
    return ["cp1252"] if any(name in _LATIN for name in declared) else []


def _believable(text: str, name: str, declared: list[str]) -> bool:
    """Refuse CP949 that nobody declared where a Latin-1 page merely happens to be valid in it."""
    if name != "cp949" or "cp949" in declared or not _latin(declared):
        return True
    foreign = len(_FOREIGN.findall(text))
    return len(_HANGUL.findall(text)) * 2 >= foreign
