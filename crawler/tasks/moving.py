"""The workspace's store into another one: where both are, and what is to be written into moafeed.toml then."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from crawler.lock import writing
from crawler.toml.faults import first_fault
from crawler.workspace_keys import WorkspaceConfig
from pipelines.errors import MoafeedError
from pipelines.store.engine import without_password
from pipelines.store.moving import Moved, copy_store

if TYPE_CHECKING:
    from crawler.workspace import Workspace


class TargetError(MoafeedError):
    """The place to move to can be no store of this workspace."""

    exit_code = 2


class NoStoreError(MoafeedError):
    """There is no store to move yet."""

    exit_code = 66  # EX_NOINPUT


@dataclass(frozen=True, kw_only=True, slots=True)
class Copied:
    """What `move-store` did, and what is left to do."""

    tables: tuple[Moved, ...]
    """Each table with its number of rows."""
    line: str
    """The line for moafeed.toml, with `***` for a password."""
    hides: bool
    """Whether the line has a `***` where the password goes."""


def move_store(workspace: Workspace, target: str) -> Copied:
    """Copy the workspace's store to *target*, which is then its equal; moafeed.toml is not touched.

    Args:
        workspace: whose store; no run of it writes meanwhile.
        target: what `store` of its moafeed.toml could say: a path from the workspace's folder, or an address.

    Raises:
        TargetError: *target* is no such place, or the store itself.
        NoStoreError: nothing was ever stored.
        LockedError: another run works in the workspace.
        StoreError: one of both can't be used, or the target is not empty.
    """
    there = _with_store(workspace, target)
    if workspace.store_file is not None and not workspace.store_file.exists():
        raise NoStoreError(f"there is no store yet: {workspace.store_file} is made by the first `moafeed update`")
    with writing(workspace):
        tables = copy_store(workspace.store_url, there.store_url)
    shown = target if there.store_file else without_password(target)
    return Copied(tables=tables, line=f"store = {json.dumps(shown, ensure_ascii=False)}", hides=shown != target)


def _with_store(workspace: Workspace, target: str) -> Workspace:
    """The same workspace, if its moafeed.toml said that *target* is its store."""
    try:
        WorkspaceConfig.model_validate({"store": target})
    except ValidationError as invalid:
        raise TargetError(first_fault(invalid, "", WorkspaceConfig).sentence) from None
    there = replace(workspace, config=workspace.config.model_copy(update={"store": target}))
    if there.store_file is not None:
        if there.store_file.resolve().is_relative_to(workspace.output.resolve()):
            raise TargetError(f"{workspace.output} is for the public; name a place outside of it")
        if workspace.store_file is not None and there.store_file.resolve() == workspace.store_file.resolve():
            raise TargetError("that is the store of this workspace already; name another place")
    return there
