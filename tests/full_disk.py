"""A disk that fills up below one folder: a library that stands before all others lets calls of the kernel fail."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest
from command_line import Ran, moafeed

_SHIM = Path(__file__).resolve().parents[2] / "shared/tools/enospc.c"

needs_shim = pytest.mark.skipif(not _SHIM.exists() or not shutil.which("gcc"), reason="no fault shim here, or no gcc")


def on_full_disk(command: str, operation: str, under: Path, *, cwd: Path, at: int = 1, code: int | None) -> Ran:
    """Run *command* where the *at*-th *operation* (write, fsync or rename) below *under* fails, and each after it."""
    fault = {"FAIL_OP": operation, "FAIL_AT": str(at), "FAIL_STICKY": "1", "FAIL_UNDER": str(under)}
    return moafeed(command, cwd=cwd, code=code, secrets=fault, start={"LD_PRELOAD": _library()})


@cache
def _library() -> str:
    folder = Path(tempfile.mkdtemp(prefix="moafeed-fault-"))
    atexit.register(shutil.rmtree, folder)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", folder / "fault.so", _SHIM, "-ldl"], check=True)
    return str(folder / "fault.so")
