"""Addresses: one canonical spelling, and what makes two of them the same page."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

SCHEMES = frozenset({"http", "https", "mailto"})
"""All that a link of ours may start with."""
_PORTS = {"http": 80, "https": 443}
_TRACKERS = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh",
    "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "_ga", "_gl", "vero_id", "oly_anon_id", "oly_enc_id", "wickedid",
    "napm", "fromrss", "trackingcode",  # Naver puts the last two on every link of its feeds
})
_TRACKER_PREFIXES = ("utm_", "pk_", "piwik_", "matomo_", "mtm_", "n_media", "n_query", "n_rank", "n_ad", "n_keyword")
# What a browser takes out of an address before it reads it (WHATWG URL, section 4.4).
_IGNORED = re.compile(r"[\t\n\r]")
_LENIENT = {ord(sign): f"%{ord(sign):02X}" for sign in "[]|^`{}\\"}
_HOST_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?", re.ASCII)
_NUMERIC_HOST = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$")
# An address that is as it should be already, as most are: what follows would give it back.
_SIGN = r"[\w.~!$&()*+,=:@/-]"
_SIGNS = rf"{_SIGN}*+(?:%[0-9A-Fa-f]{{2}}{_SIGN}*+)*+"
_PLAIN = re.compile(rf"https?://(?:[a-z0-9-]+\.)+[a-z]{{2,}}(?:/{_SIGNS})?(?:\?(?!\Z){_SIGNS})?", re.ASCII)
# One that `canonical` would give back: no port, no dots in its path, no escape, no query.
_CANONICAL = re.compile(r"https?://(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}/[\w~/-]*", re.ASCII)
_AROUND = "".join(map(chr, range(0x21)))
# A composed letter may begin with an ASCII one, hence the optional sign before the escapes.
_ESCAPED_LETTERS = re.compile(r"[A-Za-z0-9]?(?:%[89A-F][0-9A-F])+")


def canonical(url: str) -> str:
    """Return the one spelling of an address: what we store, link to and compare.

    Percent-encoded, host in lower case, path in NFC, query sorted, without fragment, user name, default port,
    empty query and trackers (`utm_…`). The scheme stays as it is. What can't be read as an address comes back as
    it was. Idempotent.
    """
    text = _bare(url)
    if _CANONICAL.fullmatch(text):
        return text
    try:
        parts = urlsplit(canonicalize_url(text))
        if parts.scheme not in _PORTS or not parts.hostname:
            return text
        return urlunsplit((parts.scheme, _authority(parts.scheme, parts.hostname, parts.port),
                           _strict(_composed(parts.path)) or "/", _strict(_untracked(parts.query)), ""))
    except ValueError:
        return text


def same_page_key(url: str) -> str:
    """Return a key equal for all addresses of one page: http or https, with or without `www.` and the last `/`."""
    known = canonical(url)
    scheme, separator, rest = known.partition("://")
    if not separator or scheme not in _PORTS:
        return known
    path, mark, query = rest.removeprefix("www.").partition("?")
    return path.rstrip("/") + mark + query


def absolute(url: str | None, base: str) -> str | None:
    """Return an address as a link of a feed may hold it.

    Args:
        url: as written in a page: relative, with spaces, with hangul, whatever.
        base: address of the page.

    Returns:
        Absolute, percent-encoded, with scheme http, https or mailto, of a web address without user name and password;
        None where there is no such address.
    """
    text = _bare(url or "")
    if not text or _PLAIN.fullmatch(text):
        return text or None
    try:
        joined = safe_url_string(_bare(urljoin(base, text)))
        parts = urlsplit(joined)
        usable = parts.path if parts.scheme == "mailto" else _is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        return None
    if parts.scheme not in SCHEMES or not usable:
        return None
    # A name before the host is somebody's secret, or looks like a host that it isn't (RFC 3986, section 7.6).
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, place, *map(_strict, parts[2:])))


def _strict(part: str) -> str:
    """Encode what browsers let stand in a path or query, but RFC 3986 and feed validators do not."""
    return part.translate(_LENIENT)


def _is_host(host: str) -> bool:
    """Tell whether a browser would accept a host (WHATWG URL, section 3.5): a name, or a number it can read."""
    if ":" in host or _NUMERIC_HOST.search(host):
        ip_address(host)
        return True
    return bool(_HOST_NAME.fullmatch(host))


def _bare(url: str) -> str:
    text = url.strip(_AROUND)
    return text if text.isprintable() else _IGNORED.sub("", text)


def _authority(scheme: str, host: str, port: int | None) -> str:
    named = f"[{host}]" if ":" in host else host
    return named if port in {None, _PORTS[scheme]} else f"{named}:{port}"


def _composed(path: str) -> str:
    """Compose hangul that a Mac wrote as single jamo: the same slug, letter for letter another."""
    return _ESCAPED_LETTERS.sub(_compose, path)


def _compose(match: re.Match[str]) -> str:
    try:
        letters = unquote_to_bytes(match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
    return quote(unicodedata.normalize("NFC", letters))


def _untracked(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _is_tracker(name.lower())]
    return query if len(kept) == len(pairs) else urlencode(kept)


def _is_tracker(name: str) -> bool:
    return name in _TRACKERS or name.startswith(_TRACKER_PREFIXES)
