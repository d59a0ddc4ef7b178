"""What a person sees: plain lines on standard output, one red sentence per problem on standard error."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

_ENDLESS = 100_000  # signs of a line that nobody looks at

def say(*parts: str, style: str = "") -> None:
    """Print one line; *parts* are shown as they are, never read as markup."""
    Console(soft_wrap=True).print(Text(" ".join(parts), style=style))


def complain(sentence: str) -> None:
    """Print one problem, red where the terminal has colours."""
    Console(stderr=True, soft_wrap=True).print(Text(sentence, style="red"))


def show_table(table: Table) -> None:
    """Print *table*: as wide as the terminal, and whole where a pipe or a file takes it."""
    Console(width=None if Console().is_terminal else _ENDLESS).print(table)


def heading(text: str) -> Rule | Text:
    """Return a line above what follows: across a terminal; else all of *text*, which a rule would cut."""
    return Rule(Text(text)) if Console().is_terminal else Text(f"── {text} ──")


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
