"""Puts the rivals into rooms of their own, `bench/.rivals/`, from the pinned lists beside this file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

PINS = Path(__file__).parent
ROOM = PINS.parent / ".rivals"
PYTHON = ROOM / "venv" / "bin" / "python"
NODE_ROOM = ROOM / "node"


class CannotInstallError(Exception):
    """A rival can't be had here; the text says why."""


def python_rivals() -> list[str]:
    """The command that runs the worker of the Python rivals; they are installed where they are not yet.

    Raises:
        CannotInstallError: pip could not.
    """
    if _changed(ROOM / "python.stamp", PINS / "requirements.txt"):
        print("Installing the Python rivals (once) ...", file=sys.stderr)
        _run(sys.executable, "-m", "venv", "--clear", str(ROOM / "venv"))
        # The list is whole, and the pip of Python 3.11 stumbles over lxml's extra when it resolves it again.
        _run(str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps",
             "--require-hashes", "--requirement", str(PINS / "requirements.txt"))  # fmt: skip
        _stamp(ROOM / "python.stamp", PINS / "requirements.txt")
    return [str(PYTHON), "-m", "bench.rivals.worker"]


def node_rivals() -> list[str]:
    """The command that runs the worker of the npm rivals; they are installed where they are not yet.

    Raises:
        CannotInstallError: there is no node or npm, or npm could not.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        raise CannotInstallError("node and npm are not installed")
    NODE_ROOM.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "worker.mjs"):  # node looks for modules beside the worker
        shutil.copyfile(PINS / name, NODE_ROOM / name)
    if _changed(ROOM / "node.stamp", PINS / "package-lock.json"):
        print("Installing the npm rivals (once) ...", file=sys.stderr)
        _run("npm", "ci", "--prefix", str(NODE_ROOM), "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
        _stamp(ROOM / "node.stamp", PINS / "package-lock.json")
    return ["node", str(NODE_ROOM / "worker.mjs")]


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise CannotInstallError(f"{Path(command[0]).name} could not install them: {why}")


def _digest(pins: Path) -> str:
    return sha256(pins.read_bytes()).hexdigest()


def _changed(stamp: Path, pins: Path) -> bool:
    return not stamp.is_file() or stamp.read_text("utf-8") != _digest(pins)


def _stamp(stamp: Path, pins: Path) -> None:
    stamp.write_text(_digest(pins), "utf-8")
