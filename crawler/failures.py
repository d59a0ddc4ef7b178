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
_NO_TLS = "TLS (https) can't be spoken with it"
_MEANINGS = {
    401: "it asks for a login", 403: "it refuses us", 404: "it is not there", 410: "it is gone",
    429: "it says we ask too often", 503: "it is out of service now",
}


class SchemeError(IgnoreRequest):
    """A host with which no talk came about in that scheme; with another it may."""


def reason_of(failure: Failure) -> str:
    """Return why *failure*, as Scrapy hands it to an errback, happened."""
    error = failure.value
    if isinstance(error, HttpError):
        return meaning_of(error.response.status)
    if isinstance(error, IgnoreRequest):
        return str(error) or "was not fetched"
    return f"can't be reached: {plain(error)}"


def status_of(failure: Failure) -> int:
    """Return the HTTP status that *failure* is about; 0 where nothing was answered."""
    return getattr(getattr(failure.value, "response", None), "status", 0)


def meaning_of(status: int) -> str:
    """Return what an HTTP status says that is no success."""
    return f"answers {status}" + (f": {_MEANINGS[status]}" if status in _MEANINGS else "")


def plain(error: BaseException | None) -> str:
    """Return what a network error means; its own first line where it is none of the common ones."""
    for kind, words in _NETWORK.items():
        if isinstance(error, kind):
            return words
    if said := _of_tls(error):
        return said
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


def is_of_scheme(error: BaseException) -> bool:
    """Tell whether a host may speak another scheme: never where it has a certificate that is not to be trusted."""
    if isinstance(error, DownloadConnectionRefusedError | DownloadTimeoutError):
        return True
    return _of_tls(error) == _NO_TLS


def _of_tls(error: BaseException | None) -> str:
    """What TLS has to do with a failed answer; empty for nothing."""
    reasons = [reason.value for reason in getattr(getattr(error, "__cause__", None), "reasons", None) or ()]
    owners = {type(reason).__module__.partition(".")[0] for reason in reasons}
    if "service_identity" in owners or any("certificate" in str(reason) for reason in reasons):
        return "its certificate is not to be trusted"
    return _NO_TLS if "OpenSSL" in owners else ""
