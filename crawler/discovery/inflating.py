"""Bytes that may still be compressed with gzip, in pieces and never more than they may be."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = 64 * 1024
_SLICE = 16 * 1024
_MOST_MEMBERS = 1000
_GZIP = b"\x1f\x8b"


class Inflated:
    """The text of *body* in pieces of at least 64 KB (but the last), decompressed where it is gzip."""

    def __init__(self, body: bytes, most: int) -> None:
        """Take *body* as answered; *most* bytes of its text are given."""
        self._body = body
        self._most = most
        self.is_whole = True
        """False once a piece was given that is not what it should be, or the text is longer than it may be."""

    def __iter__(self) -> Iterator[bytes]:
        left, gathered = self._most, bytearray()
        for part in self._members() if self._body.startswith(_GZIP) else self._slices():
            if len(part) > left:
                self.is_whole = False
                gathered += part[:left]
                break
            left -= len(part)
            gathered += part
            if len(gathered) >= _PIECE:
                yield bytes(gathered)
                gathered.clear()
        if gathered:
            yield bytes(gathered)

    def _slices(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), _PIECE):
            yield self._body[start : start + _PIECE]

    def _members(self) -> Iterator[bytes]:
        """A gzip file is one member or several (RFC 1952, section 2.2); zeros may follow them."""
        members, member = 1, zlib.decompressobj(16 + zlib.MAX_WBITS)
        for start in range(0, len(self._body), _SLICE):
            rest = self._body[start : start + _SLICE]
            while rest:
                if member.eof:
                    rest = rest.lstrip(b"\x00")
                    if not rest:
                        break
                    members, member = members + 1, zlib.decompressobj(16 + zlib.MAX_WBITS)
                try:
                    yield member.decompress(rest, _PIECE)
                except zlib.error:
                    self.is_whole = False
                    return
                rest = member.unused_data if member.eof else member.unconsumed_tail
                if members > _MOST_MEMBERS:
                    self.is_whole = False
                    return
        self.is_whole = self.is_whole and member.eof
