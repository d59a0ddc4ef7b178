"""Running `moafeed` as a person does: another process, its output, its exit code."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import forked

ROOT = Path(__file__).resolve().parents[1]
SITES = Path(__file__).parent / "sites"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"exit {self.code}\n{self.out}\n{self.err}"


def unmeasured() -> dict[str, str]:
    """The environment of a process that will be killed: a coverage file cut short would spoil the report."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


def moafeed(
    *args: object, cwd: Path, code: int | None = 0, secrets: dict[str, str] | None = None,
    start: dict[str, str] | None = None,
) -> Ran:
    """Run one command; *code* is the exit code that it must have, None for any.

    *secrets*, or other words of ours, stand in its environment too; so does *start*, which the interpreter, or a
    library while it is imported, reads.
    """
    first = start or {}
    done = forked.python("-m", "crawler", *map(str, args), cwd=cwd, start=tuple(first.items()),
                         env=os.environ | {"COLUMNS": "200"} | (secrets or {}) | first)  # fmt: skip
    ran = Ran(done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in ran.err, ran
    assert code is None or ran.code == code, ran
    return ran


def workspace(folder: Path, config: str = "", **sources: str) -> Path:
    """A workspace with a source file for each keyword: its text, or just the address."""
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    (folder / "moafeed.toml").write_text(config or '[feeds.all]\ntitle = "모두"\n', encoding="utf-8")
    for name, text in sources.items():
        toml = text if "=" in text.split("\n")[0] and not text.startswith("http") else f'url = "{text}"\n'
        (folder / "sources" / f"{name.replace('_', '-')}.toml").write_text(toml, encoding="utf-8")
    return folder


def home_of(recorded: Path) -> str:
    """The front page of a recorded site, its shortest address: a blog may have a path, such as `/@writer`."""
    pages = json.loads((recorded / "index.json").read_text("utf-8"))["pages"]
    return min((str(url) for url in pages if not url.endswith("/robots.txt")), key=len)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below *folder* by its relative name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
