"""What a person sees: plain lines on standard output, one red sentence per problem on standard error."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text


def say(*parts: str, style: str = "") -> None:
    """Print one line; *parts* are shown as they are, never read as markup."""
    Console(soft_wrap=True).print(Text(" ".join(parts), style=style))


def complain(sentence: str) -> None:
    """Print one problem, red where the terminal has colours."""
    Console(stderr=True, soft_wrap=True).print(Text(sentence, style="red"))


def program() -> str:
    """Return what to type for `moafeed` here: its name, or its path where the shell would not find this very one."""
    script = Path(sys.executable).with_name("moafeed")
    found = shutil.which("moafeed")
    if found and Path(found).resolve() == script.resolve():
        return "moafeed"
    return os.path.relpath(script) if script.is_relative_to(Path.cwd()) else str(script)


def is_terminal() -> bool:
    """Tell whether somebody is watching, or cron would mail what is printed."""
    return Console(stderr=True).is_terminal
