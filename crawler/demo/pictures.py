"""Pictures of the demo blog: small landscapes drawn from a palette, the same bytes every time."""

from __future__ import annotations

import math
import struct
import zlib
from functools import cache

WIDTH, HEIGHT = 480, 300
_Colour = tuple[int, int, int]
# Sky above, sky at the horizon, sun, far hill, near hill.
_PALETTES: dict[str, tuple[_Colour, _Colour, _Colour, _Colour, _Colour]] = {
    "snow": ((176, 198, 222), (236, 241, 247), (255, 250, 235), (205, 216, 228), (248, 250, 252)),
    "loaf": ((250, 233, 205), (244, 208, 155), (255, 246, 220), (201, 138, 74), (138, 84, 40)),
    "rack": ((28, 34, 48), (48, 60, 84), (108, 220, 158), (38, 46, 66), (20, 24, 34)),
    "blossom": ((190, 220, 246), (255, 226, 234), (255, 255, 250), (247, 178, 198), (118, 168, 98)),
    "bridge": ((132, 190, 214), (214, 236, 226), (255, 244, 200), (86, 142, 128), (52, 100, 86)),
    "steps": ((240, 244, 250), (222, 230, 244), (90, 120, 200), (150, 172, 226), (62, 88, 168)),
    "night": ((14, 18, 46), (52, 48, 98), (250, 240, 190), (36, 38, 74), (18, 20, 44)),
    "apple": ((238, 246, 226), (252, 240, 214), (214, 58, 52), (160, 186, 98), (104, 138, 64)),
}
NAMES = frozenset(_PALETTES)


def picture_path(name: str) -> str:
    """Return the path of a picture, in the form of Tistory's picture host."""
    return f"/dn/{name}/demo/0/img.png"


@cache
def picture(name: str) -> bytes:
    """Return the PNG called *name*.

    Raises:
        KeyError: there is no such picture.
    """
    palette = _PALETTES[name]
    rows = b"".join(b"\x00" + b"".join(bytes(c) for c in _row(y, palette, len(name))) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)  # 8 bits, RGB
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _row(y: int, palette: tuple[_Colour, ...], phase: int) -> list[_Colour]:
    top, horizon, sun, far, near = palette
    sky = tuple(a + (b - a) * y // HEIGHT for a, b in zip(top, horizon, strict=True))
    row: list[_Colour] = []
    for x in range(WIDTH):
        if y > 225 + 18 * math.sin(x / 70 + phase):
            row.append(near)
        elif y > 180 + 30 * math.sin(x / 95 + 2 * phase):
            row.append(far)
        else:
            row.append(sun if (x - 350) ** 2 + (y - 90) ** 2 < 38**2 else (sky[0], sky[1], sky[2]))
    return row
