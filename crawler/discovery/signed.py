"""Addresses without what a server signs anew at every answer."""

from __future__ import annotations

import re

# Where an address inside HTML ends, escaped once more in a feed or not.
_MORE = rb"(?:[^\s\"'<>?&]|&(?!quot;|apos;|#3[49];|#x2[27];|[lg]t;))"
_SLASH = rb"(?:\\?/|%2[Ff])"
# Kakao's picture host signs the third part of the path and the query; the first two name the picture.
_KAKAO = re.compile(rb"(kakaocdn\.net" + _SLASH + rb"dna(?:" + _SLASH + rb"[\w-]{1,80}){2})" + _SLASH + rb"(?:" + _MORE
                    + rb"|\?)*")  # fmt: skip
_QUERY = re.compile(
    rb"\?(?:" + _MORE + rb"*[&;])?(?:x-amz-signature|x-amz-security-token|x-goog-signature|signature)=" + _MORE + rb"*",
    re.IGNORECASE,
)


def unsigned(text: bytes) -> bytes:
    """Return *text*, HTML however often escaped, without the signed parts of the addresses in it.

    Addresses of Kakao's picture host keep the two parts that name the picture; other addresses lose a query that
    carries a signature. Linear in the length of *text*, and nearly free where nothing is signed.
    """
    if b"ignature" not in text:
        return text  # one quick look, for this runs over every answer
    return _QUERY.sub(b"", _KAKAO.sub(rb"\1", text))
