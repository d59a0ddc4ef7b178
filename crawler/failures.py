"""Why a request came to nothing, in one sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_MEANINGS = {
    401: "it asks for a login", 403: "it refuses us", 404: "it is not there", 410: "it is gone",
    429: "it says we ask too often", 503: "it is out of service now",
}


def reason_of(failure: Failure) -> str:
    """Return why *failure*, as Scrapy hands it to an errback, happened."""
    error = failure.value
    if isinstance(error, HttpError):
        status = error.response.status
        return f"answers {status}" + (f": {_MEANINGS[status]}" if status in _MEANINGS else "")
    if isinstance(error, IgnoreRequest):
        return str(error) or "was not fetched"
    words = str(error).strip() or type(error).__name__
    return f"can't be reached: {words.splitlines()[0][:200]}"
