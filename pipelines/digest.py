"""What a reader would notice of a post, as one hash: equal digests mean nothing to tell anybody about."""

from __future__ import annotations

import hashlib
import re

# Kakao's picture host signs addresses until the end of a month; the first two path parts name the picture
# in its signed (/dna/) and its lasting form (/dn/).
_KAKAO_PICTURE = re.compile(r'https?://[\w.-]*kakaocdn\.net/dna?/([^/"?]+)/([^/"?]+)/[^"\s]*')
_SIGNED_QUERY = re.compile(r'\?[^"\s]*(?:signature|expires|x-amz-|hdnts|token)[^"\s]*', re.IGNORECASE)
_PRESENTATION = re.compile(r' (?:style|class|loading|data-[\w-]+)="[^"]*"')
_SPACE = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_EMPTY_BLOCK = re.compile(r"<(p|div|span)>(?:<br>|&nbsp;| )*</\1>")


def digest(title: str, content_html: str) -> str:
    """Return the SHA-256 (hex) of title, text, structure, pictures and links.

    White space, styles, `data-*` marks, empty paragraphs and the signed part of picture addresses don't count.

    Args:
        title: plain text.
        content_html: the cleaned body.
    """
    body = _PRESENTATION.sub("", content_html)
    body = _KAKAO_PICTURE.sub(r"kakao:\1/\2", body)
    body = _SIGNED_QUERY.sub("", body)
    body = _EMPTY_BLOCK.sub("", _SPACE.sub(" ", body.replace("&nbsp;", " ")))
    body = re.sub(r" ?(<[^>]*>) ?", r"\1", body)
    return hashlib.sha256(f"{_SPACE.sub(' ', title).strip()}\n{body.strip()}".encode()).hexdigest()
