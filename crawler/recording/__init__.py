"""Recorded sites: pages saved in a folder, so that a whole crawl runs again without a network."""

from crawler.recording.expected import Difference, compare, read_expected, write_expected
from crawler.recording.folder import MAX_BYTES, Recorded, Recording, RecordingError
from crawler.recording.replay import EACH, RecorderMiddleware, ReplayHandler

__all__ = [
    "EACH",
    "MAX_BYTES",
    "Difference",
    "Recorded",
    "RecorderMiddleware",
    "Recording",
    "RecordingError",
    "ReplayHandler",
    "compare",
    "read_expected",
    "write_expected",
]
