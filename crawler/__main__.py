"""The console script `moafeed`, which ends quietly whenever somebody presses Ctrl-C."""

from __future__ import annotations

import os
import sys
from signal import SIGINT, default_int_handler, getsignal, signal


def main() -> None:
    """Run one command; all else is imported here, since an import can be interrupted like everything."""
    try:
        from pipelines.errors import STOPPED  # noqa: PLC0415

        is_heard = getsignal(SIGINT) is default_int_handler  # else whoever started us wants it ignored
        if is_heard:  # Python would print and forget an interrupt that meets a callback of its import system
            signal(SIGINT, lambda *_: os._exit(STOPPED))
        from crawler.commands import run  # noqa: PLC0415

        if is_heard:
            signal(SIGINT, default_int_handler)
        run()
    except KeyboardInterrupt:
        from pipelines.errors import STOPPED  # noqa: PLC0415

        sys.exit(STOPPED)


if __name__ == "__main__":
    main()
