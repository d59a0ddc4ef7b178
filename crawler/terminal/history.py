"""What happened to a post, as a person wants to see it, or as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from crawler.terminal.console import heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.tasks.history import EditTold, HistoryTold

_STYLES = {"+": "green", "-": "red", "@": "cyan"}
_LONGEST = 500  # characters of a line


def show(histories: Sequence[HistoryTold], *, as_json: bool) -> None:
    """Print *histories*: one JSON object for one post and a list for several, or one after the other for people."""
    if as_json:
        records = [asdict(history) for history in histories]
        json.dump(records[0] if len(records) == 1 else records, sys.stdout, ensure_ascii=False, indent=2, default=_json)
        sys.stdout.write("\n")
        return
    console = Console(soft_wrap=True)
    for history in histories:
        console.print(heading(history.title or "(no title)"))
        for line in _state(history):
            console.print(line)
        for edit in history.edits:
            console.print()
            for line in _edited(edit):
                console.print(line)
        console.print()
    if not histories or not any(history.edits for history in histories):
        console.print(Text("no edit was seen"))


def _json(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")


def _state(history: HistoryTold) -> Iterator[Text]:
    yield Text.assemble((f"{history.source}  ", "bold"), history.url)
    yield Text.assemble(("guid        ", "dim"), history.guid)
    yield Text.assemble(("first seen  ", "dim"), _time(history.first_seen))
    if history.deleted:
        since = _time(history.gone or history.deleted)
        yield Text(f"deleted     its page is missing since {since}; no feed has it", "red")
    elif history.gone:
        yield Text(f"missing     since {_time(history.gone)}; deleted if it still is a day later", "yellow")
    if history.held and history.held_since:
        waits = f"on {_time(history.held_since)} it {history.held}; taken if it is read like that again"
        yield Text(f"waiting     {waits}", "yellow")
    if history.copy_of:
        yield Text.assemble(("copy of     ", "dim"), history.copy_of)


def _edited(edit: EditTold) -> Iterator[Text]:
    yield Text(f"edit {edit.number}, seen {_time(edit.at)}", "bold")
    for field in edit.fields:
        yield Text.assemble((f"  {field.field:10} ", "dim"), (_short(field.before) or "(nothing)", "red"), " → ",
                            (_short(field.after) or "(nothing)", "green"))
    if edit.markup_only:
        yield Text("  pictures, links or markup; no word", "dim")
    for line in edit.diff:
        yield Text(f"  {_short(line)}", _STYLES.get(line[:1], ""))


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
