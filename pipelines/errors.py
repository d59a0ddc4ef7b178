"""Errors a user can cause: one sentence that says what to do, and the exit code it ends a command with."""

STOPPED = 130
"""Exit code where somebody pressed Ctrl-C, as shells say it: 128 and the number of the signal."""


class MoafeedError(Exception):
    """A fault outside the code (a file, a site, a disk); its text is one sentence fit for a person.

    Attributes:
        exit_code: what the process exits with, after `sysexits.h` where that names the case.
    """

    exit_code = 1
