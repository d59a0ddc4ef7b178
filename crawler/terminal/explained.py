"""How a page was read, as a person wants to see it, or as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from crawler.terminal.console import heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.tasks.explaining import Explained, FieldExplained

_LONGEST = 160


def show(pages: Sequence[Explained], *, as_json: bool) -> None:
    """Print *pages*: a JSON list, or one after the other for people."""
    if as_json:
        json.dump([asdict(page) for page in pages], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    console = Console(soft_wrap=True)
    for page in pages:
        console.print(heading(page.url))
        console.print(Text(f"read as {page.platform}; it {page.kind}"))
        if page.hosts_left_out:
            hosts = ", ".join(page.hosts_left_out)
            console.print(Text(f"in the browser it had nothing of {hosts}; browser_hosts in [request] would allow it"))
        for field in page.fields:
            _show_field(console, field)
        if page.dropped:
            console.print(Text("\nleft out of the body", "bold"))
        for reason, said in page.dropped:
            console.print(Text.assemble(f"  {reason}", (f"  {_short(said)}" if said else "", "dim")))


def _show_field(console: Console, field: FieldExplained) -> None:
    console.print(Text.assemble((f"\n{field.name:11}", "bold"), _short(field.value) or "-"))
    believed = next((number for number, (_, value) in enumerate(field.rules) if value), None)
    for number, (rule, value) in enumerate(field.rules):
        mark, style = ("←", "green") if number == believed else (" ", "dim")
        console.print(Text.assemble((f"  {mark} {rule}: ", style), _short(value) or "-"))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
