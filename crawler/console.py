"""What a person sees: plain lines on standard output, one red sentence per problem on standard error."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text


def say(*parts: str, style: str = "") -> None:
    """Print one line; *parts* are shown as they are, never read as markup."""
    Console(soft_wrap=True).print(Text(" ".join(parts), style=style))


def complain(sentence: str) -> None:
    """Print one problem, red where the terminal has colours."""
    Console(stderr=True, soft_wrap=True).print(Text(sentence, style="red"))


def is_terminal() -> bool:
    """Tell whether somebody is watching, or cron would mail what is printed."""
    return Console(stderr=True).is_terminal
