"""Why a request came to nothing, in one sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_NETWORK: dict[type[Exception], str] = {
    DownloadConnectionRefusedError: "nothing listens there",
    CannotResolveHostError: "there is no such host, or no network",
    DownloadTimeoutError: "it does not answer in time",
    ResponseDataLossError: "its answer was cut short",
}
_MEANINGS = {
    401: "it asks for a login", 403: "it refuses us", 404: "it is not there", 410: "it is gone",
    429: "it says we ask too often", 503: "it is out of service now",
}


def reason_of(failure: Failure) -> str:
    """Return why *failure*, as Scrapy hands it to an errback, happened."""
    error = failure.value
    if isinstance(error, HttpError):
        return meaning_of(error.response.status)
    if isinstance(error, IgnoreRequest):
        return str(error) or "was not fetched"
    return f"can't be reached: {plain(error)}"


def meaning_of(status: int) -> str:
    """Return what an HTTP status says that is no success."""
    return f"answers {status}" + (f": {_MEANINGS[status]}" if status in _MEANINGS else "")


def plain(error: BaseException | None) -> str:
    """Return what a network error means; its own first line where it is none of the common ones."""
    for kind, words in _NETWORK.items():
        if isinstance(error, kind):
            return words
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
