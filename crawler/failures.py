"""Why a request came to nothing, in one sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_MEANINGS = {
    401: "it asks for a login", 403: "it refuses us", 404: "it is not there", 410: "it is gone",
    429: "it says we ask too often", 503: "it is out of service now",
}


def reason_of(failure: Failure, source: str) -> str:
    """Return why *failure* happened.

    Args:
        failure: as Scrapy hands it to an errback, with its request.
        source: name of the source, for what to do about it.
    """
    error = failure.value
    if isinstance(error, HttpError):
        status = error.response.status
        return f"answers {status}" + (f": {_MEANINGS[status]}" if status in _MEANINGS else "")
    if isinstance(error, IgnoreRequest):
        text = str(error)
        if text.startswith("Filtered offsite"):
            host = urlsplit(failure.request.url).hostname  # type: ignore[attr-defined]  # Scrapy puts it there
            return f"leads to {host}, another site; if the blog moved, put its new address into sources/{source}.toml"
        return text or "was not fetched"
    words = str(error).strip() or type(error).__name__
    return f"can't be reached: {words.splitlines()[0][:200]}"
