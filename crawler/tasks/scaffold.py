"""The files of a new workspace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crawler.schemas import source_schema, workspace_schema
from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from pathlib import Path

_WORKSPACE = """\
# What is not about one blog. Every key may be left out.

title = "My feeds"
# Where the output folder is found on the web; feeds name themselves by it.
base_url = "http://127.0.0.1:8000/"
# Tell the blogs' owners whom to write to: an e-mail or web address.
# contact = "me@example.org"

[feeds.all]
title = "All my blogs"
sources = ["*"]
"""

# Editors with a TOML language server complete and check keys by these.
_EDITOR = """\
[[rule]]
include = ["moafeed.toml"]
[rule.schema]
path = "schemas/moafeed.schema.json"

[[rule]]
include = ["sources/*.toml"]
[rule.schema]
path = "schemas/source.schema.json"
"""


class ScaffoldError(MoafeedError):
    """A workspace can't be made there."""

    exit_code = 73  # EX_CANTCREAT


def make_workspace(folder: Path, config: str = _WORKSPACE) -> list[Path]:
    """Write the files of a new workspace into *folder* and return them; files that are there are left alone.

    Raises:
        ScaffoldError: *folder* has a `moafeed.toml` already, or can't be written.
    """
    if (folder / "moafeed.toml").exists():
        raise ScaffoldError(f"{folder / 'moafeed.toml'} is there already; add blogs with `moafeed add URL`")
    files = {
        "moafeed.toml": config,
        ".taplo.toml": _EDITOR,
        "schemas/moafeed.schema.json": _pretty(workspace_schema()),
        "schemas/source.schema.json": _pretty(source_schema()),
    }
    try:
        (folder / "sources").mkdir(parents=True, exist_ok=True)
        (folder / "schemas").mkdir(exist_ok=True)
        made = [folder / name for name in files if not (folder / name).exists()]
        for file in made:
            file.write_text(files[str(file.relative_to(folder))], encoding="utf-8")
    except OSError as error:
        raise ScaffoldError(f"{error.filename or folder} can't be written: {error.strerror}") from error
    return made


def _pretty(schema: object) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
