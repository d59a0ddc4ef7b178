"""A page as it was answered, packed for keeping and unpacked within bounds."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError

from pipelines.errors import MoafeedError
from pipelines.store.addresses import Body

if TYPE_CHECKING:
    from datetime import datetime

LARGEST = 8 * 2**20
"""Bytes of the largest page that is unpacked; no larger one is ever read as a post."""
_LEVEL = 6  # a seventh smaller than 3, for half a millisecond


class DamagedPageError(MoafeedError):
    """A stored page is not what was stored."""

    exit_code = 65


def packed(source: str, key: str, url: str, fetched: datetime, encoding: str | None, body: bytes) -> Body:  # noqa: PLR0917
    """Return a page as it is stored.

    Args:
        source: name of the source.
        key: key of the address that was asked for.
        url: where it was answered, after redirects.
        fetched: when, aware UTC.
        encoding: `charset` of its Content-Type header; None where it had none.
        body: the bytes as answered, content codings (gzip) taken off.
    """
    # The checksum is what tells a flipped bit from a page; a compressor of its own, since threads must not share one.
    small = ZstdCompressor(level=_LEVEL, write_checksum=True).compress(body)
    return Body(source=source, key=key, url=url, fetched=fetched, encoding=encoding, size=len(body), body=small)


def unpacked(body: Body) -> bytes:
    """Return the page's bytes as they were answered.

    Raises:
        DamagedPageError: the stored bytes are damaged, or would become more than 8 MiB.
    """
    if not 0 <= body.size <= LARGEST:
        raise DamagedPageError("its stored page is larger than 8 MiB")
    try:
        # Read as a stream: `decompress` believes the size that the blob itself claims, and reserves it.
        with ZstdDecompressor(max_window_size=LARGEST).stream_reader(io.BytesIO(body.body)) as stream:
            found: bytes = stream.read(body.size + 1)
    except ZstdError as error:
        raise DamagedPageError("its stored page is damaged") from error
    if len(found) != body.size:
        raise DamagedPageError("its stored page is damaged")
    return found
