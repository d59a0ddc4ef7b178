"""What a recorded page is called: the key its address is found by, its file's name, the headers worth keeping."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote, urlsplit

from w3lib.url import canonicalize_url

_UNREADABLE = re.compile(r"[^0-9A-Za-z가-힣.=_-]+")
_ENCODED_TEXT = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
# Longest readable part, in characters: 60 Korean letters are 180 bytes, and a file name may have 255.
_READABLE = 60
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/json": ".json",
    "application/feed+json": ".json",
    "text/plain": ".txt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
}
# The body is saved decoded and whole, so these would lie about it.
_TRANSPORT = {"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"}
_SECRET = re.compile("cookie|authoriz|authentic|token|secret|api-?key", re.IGNORECASE)


def page_key(url: str) -> str:
    """Return what two spellings of one address share: percent-encoding, NFC, order of the query, no fragment."""
    return _ENCODED_TEXT.sub(_composed, canonicalize_url(url))


def _composed(match: re.Match[str]) -> str:
    try:
        return quote(unicodedata.normalize("NFC", unquote(match[0], errors="strict")))
    except UnicodeDecodeError:  # not UTF-8 (an old EUC-KR address): as it is
        return match[0]


def file_name(url: str, content_type: str, *, home: str, taken: Iterable[str]) -> str:
    """Return a readable name for the page at *url*.

    Args:
        url: the page's address.
        content_type: its `Content-Type`, for the suffix.
        home: the host whose pages need no host in their name (the folder's own name).
        taken: names that other pages have; compared without case, as some file systems do.
    """
    parts = urlsplit(url)
    words = [unquote(parts.path).strip("/"), unquote(parts.query)]
    if parts.hostname != home:
        words.insert(0, parts.netloc)
    readable = _UNREADABLE.sub("-", unicodedata.normalize("NFC", "-".join(filter(None, words)))).strip("-.")
    suffix = _suffix(content_type)
    stem = readable.removesuffix(suffix)[:_READABLE] or "index"
    if parts.path in {"", "/"} and parts.query:
        stem = f"index-{stem}"
    if f"{stem}{suffix}".lower() in {name.lower() for name in taken} | {"index.json", "expected.json"}:
        stem += "-" + hashlib.sha256(page_key(url).encode()).hexdigest()[:8]
    return stem + suffix


def _suffix(content_type: str) -> str:
    media_type = content_type.partition(";")[0].strip().lower()
    return _SUFFIXES.get(media_type) or (".xml" if media_type.endswith(("/xml", "+xml")) else ".bin")


def kept(headers: Mapping[str, str]) -> dict[str, str]:
    """Return *headers* by name, without those of the transport and without secrets."""
    return {
        name.title(): value
        for name, value in sorted(headers.items())
        if name.lower() not in _TRANSPORT and not _SECRET.search(name)
    }
