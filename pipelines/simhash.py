"""A text as 64 bits of which few change when few words change: Charikar's simhash."""

from __future__ import annotations

import struct
import unicodedata
from zlib import crc32

SHORTEST = 200
"""Characters, white space aside: shorter texts are alike by chance, and have no simhash."""
SAME, NEAR = 3, 8
"""Of 64 bits: as many differ where about one word in a hundred was changed, and one in twenty; unrelated texts differ
in 32, hardly ever in less than 16."""
_LONGEST = 100_000  # characters; what follows changes nothing but the time that it takes
_SHINGLE = 5
_CHARACTER = 4  # bytes of UTF-32: a syllable of hangul is one character, like any other
_BITS, _BAND = 64, 16
_SPREAD = 0x9E3779B1  # odd, about 2^32 over the golden ratio: makes 64 bits of 32, none of them a copy of another


def simhash(text: str) -> int | None:
    """Return the simhash of plain text over its shingles of five characters; None where it is too short.

    Case, white space and how letters are composed don't count.

    Returns:
        64 bits as a signed number, which databases have a type for.
    """
    letters = "".join(unicodedata.normalize("NFC", text[:_LONGEST]).casefold().split())
    if len(letters) < SHORTEST:
        return None
    encoded = letters.encode("utf-32-le", "surrogatepass")
    width = _SHINGLE * _CHARACTER
    shingles = {encoded[at : at + width] for at in range(0, len(encoded) - width + 1, _CHARACTER)}
    value = _majority(list(map(crc32, shingles)))
    return value - (1 << _BITS) if value >> (_BITS - 1) else value


def distance(one: int, other: int) -> int:
    """Return in how many of 64 bits two simhashes differ."""
    return ((one ^ other) & ((1 << _BITS) - 1)).bit_count()


def bands(value: int) -> tuple[int, ...]:
    """Return a simhash as four keys of which two within distance 3 share at least one, each at most 18 bits."""
    parts = struct.unpack("<4H", struct.pack("<q", value))
    return tuple(number << _BAND | part for number, part in enumerate(parts))


def _majority(hashes: list[int]) -> int:
    """Return which of 64 bits are set in more than half of *hashes*, each spread from 32 bits to 64.

    All columns are counted at once, in the planes of a binary number as wide as all hashes beside each other: the upper
    half is added to the lower one until one hash is left. That is a tenth of the time of a loop over bits.
    """
    packed = struct.pack(f"<{len(hashes)}Q", *hashes)
    planes = [int.from_bytes(packed, "little") * _SPREAD]
    count = 1 << (len(hashes) - 1).bit_length()
    while count > 1:
        count //= 2
        planes = _folded(planes, count * _BITS)
    value, half = 0, len(hashes) / 2
    for bit in range(_BITS):
        if sum((plane >> bit & 1) << weight for weight, plane in enumerate(planes)) > half:
            value |= 1 << bit
    return value


def _folded(planes: list[int], bits: int) -> list[int]:
    """Add what is above *bits* to what is below, column by column: a full adder on whole planes."""
    mask, carry, sums = (1 << bits) - 1, 0, []
    for plane in planes:
        low, high = plane & mask, plane >> bits
        either = low ^ high
        sums.append(either ^ carry)
        carry = (low & high) | (carry & either)
    return [*sums, carry]
