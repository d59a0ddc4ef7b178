"""Headers of a request, as other programs write them, to the settings of a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.source_file import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator


def headers(name: str, value: str, said: str) -> Iterator[Setting]:
    """Yield what one header comes to: those that have a key of their own go there, cookies one by one."""
    if name.lower() == "user-agent":
        yield Setting(key=("request", "user_agent"), value=value, said=said)
    elif name.lower() == "cookie":
        yield from cookies(value, said)
    else:
        yield Setting(key=("request", "headers", name), value=value, said=said)


def cookies(header: str, said: str) -> Iterator[Setting]:
    """Yield what the header `Cookie` comes to (RFC 6265, section 4.2.1)."""
    for part in header.split(";"):
        name, has_value, value = part.strip().partition("=")
        if has_value:
            yield Setting(key=("request", "cookies", name.strip()), value=value.strip(), said=said, secret=True)
