"""The console script `moafeed`, which ends quietly whenever somebody presses Ctrl-C."""

from __future__ import annotations

import sys


def main() -> None:
    """Run one command; all else is imported here, since an import can be interrupted like everything."""
    try:
        from crawler.commands import run  # noqa: PLC0415

        run()
    except KeyboardInterrupt:
        from pipelines.errors import STOPPED  # noqa: PLC0415

        sys.exit(STOPPED)


if __name__ == "__main__":
    main()
