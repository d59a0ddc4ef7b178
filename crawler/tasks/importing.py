"""A file or folder of another program into the workspace: the format chosen, the arguments checked, the store held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler import fields
from crawler.imports import IMPORTS, Import, Intake, load_import
from crawler.lock import writing
from crawler.source import load_sources
from crawler.tasks.exporting import UnknownFormatError
from crawler.toml.error import did_you_mean
from pipelines.errors import MoafeedError
from pipelines.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crawler.imports import Imported
    from crawler.workspace import Workspace

BAD_FILES = 65
"""Exit code where some files are no posts (EX_DATAERR)."""


class ImportArgumentError(MoafeedError):
    """A name or an address of a command that can't be one."""

    exit_code = 2


def import_from(workspace: Workspace, form: str, place: Path, *, source: str | None, url: str | None) -> Imported:
    """Take what stands at *place* into a workspace.

    Args:
        workspace: whose store takes it.
        form: name of the format, one of `IMPORTS`.
        place: the file or folder.
        source: name of the source it becomes; None for what the file says.
        url: address of the site; None for what the file says.

    Raises:
        UnknownFormatError: *form* is no format that can be read.
        ImportArgumentError: *source* or *url* can't be used.
        ExportError: what stands there can't be read.
    """
    chosen = _format(form)
    source = _checked(chosen, "source", fields.name, source)
    url = _checked(chosen, "url", fields.folder_address, url)
    loaded = load_sources(workspace.sources_folder)
    with writing(workspace), Store.open(workspace.store_url) as store:
        intake = Intake(workspace=workspace, loaded=loaded, store=store, source=source, url=url)
        return chosen.read(place, intake)


def _format(name: str) -> Import:
    if name not in IMPORTS.names():
        raise UnknownFormatError(f"there is no import format {name!r}{did_you_mean(name, IMPORTS.names())}")
    return load_import(name)


def _checked(form: Import, option: str, check: Callable[[str], str], value: str | None) -> str | None:
    if value is None:
        return None
    if option not in form.options:
        raise ImportArgumentError(f"import {form.name} takes no --{option}")
    try:
        return check(value)
    except ValueError as error:
        raise ImportArgumentError(f"--{option}: it {error}") from None
