"""What a reader would notice of a post, as one hash: equal digests mean nothing to tell anybody about."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

# Kakao's picture host signs addresses until the end of a month; the first two path parts name the picture
# in its signed (/dna/) and its lasting form (/dn/).
_KAKAO_PICTURE = re.compile(r'https?://[\w.-]*kakaocdn\.net/dna?/([^/"?]+)/([^/"?]+)/[^"\s]*')
_SIGNED_QUERY = re.compile(r'\?[^"\s]*(?:signature|expires|x-amz-|hdnts|token)[^"\s]*', re.IGNORECASE)
_MARKED = re.compile(r"<[^ >]* [^>]*>")  # a tag with attributes
_CODE = re.compile(r"(?<=<pre>).*?(?=</pre>)", re.DOTALL)
_PRESENTATION = re.compile(r' (?:style|class|loading|data-[\w-]+)="[^"]*"')
# Every white space but a single blank: most are that already, and each match costs memory.
_SPACE = re.compile(r"[\s\u00a0\u200b\ufeff]{2,}|(?! )[\s\u00a0\u200b\ufeff]")
_MOST_WRAPPERS = 5
_LONG = 2**19
_EMPTY_BLOCK = re.compile(r"<(p|div|span)>(?:<br>|&nbsp;| )*</\1>")


def digest(title: str, content_html: str) -> str:
    """Return the SHA-256 (hex) of title, text, structure, pictures and links.

    White space outside code, styles, `data-*` marks, empty paragraphs and the signed part of picture addresses don't
    count.

    Args:
        title: plain text.
        content_html: the cleaned body.
    """
    body = _MARKED.sub(lambda tag: _bare(tag[0]), content_html)
    if "<pre>" in body:
        body = _CODE.sub(lambda code: code[0].replace("\n", "&#10;").replace(" ", "&#32;"), body)
    body = _spaced(body.replace("&nbsp;", " "))
    for _ in range(_MOST_WRAPPERS):
        body, count = _EMPTY_BLOCK.subn("", body)
        if not count:
            break
    body = body.replace("> ", ">").replace(" <", "<").strip()
    return hashlib.sha256(f"{_spaced(title).strip()}\n{body}".encode()).hexdigest()


def _spaced(text: str) -> str:
    """Collapse white space; what stands before the first and after the last word is of no account."""
    if len(text) > _LONG:
        return _SPACE.sub(" ", text)  # ten times slower, but no object for each word of a book
    return " ".join(text.replace("\u200b", " ").replace("\ufeff", " ").split())


@lru_cache(maxsize=1024)
def _bare(tag: str) -> str:
    """A tag without presentation; the address of a picture or a file of Kakao's without its signature."""
    tag = _PRESENTATION.sub("", tag)
    if tag.startswith("<img"):
        return _SIGNED_QUERY.sub("", _KAKAO_PICTURE.sub(r"kakao:\1/\2", tag))
    return _KAKAO_PICTURE.sub(r"kakao:\1/\2", tag) if tag.startswith("<a ") and "/dna/" in tag else tag
