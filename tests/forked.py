"""Python processes that begin with moafeed and Scrapy imported; as a script: the process that they are forked from.

Tests start the command line hundreds of times, and importing takes most of a short command's time. `python` is as good
as `subprocess.run([sys.executable, ...])` for all but what happens before an import ends: options of the interpreter.
Tests of those start Python anew.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path
from pkgutil import iter_modules
from typing import IO

_ONE_AT_A_TIME = threading.Lock()
# What libraries read while they are imported: a wide terminal without colours.
_AT_IMPORT = {"COLUMNS": "200", "TERM": "dumb"}
# What a command, or a library, loads when it gets there.
_LATE = (
    "crawler.run", "crawler.manners.late_handler", "crawler.manners.shown", "feeds.build", "feeds.exports.epub",
    "pipelines.store.migrate", "aiohttp", "concurrent.futures.thread", "encodings.charmap", "encodings.idna",
    "encodings.utf_8_sig", "pydantic.type_adapter", "rich.progress", "rich._emoji_codes", "scrapy.pqueues",
    "scrapy.squeues", "typer._adapters",
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """How a process ended, as `subprocess.CompletedProcess` says it."""

    returncode: int
    stdout: str
    stderr: str
    peak: int
    """The most memory that it had, in KiB."""


def python(
    *args: str, cwd: Path | None = None, env: dict[str, str] | None = None, timeout: float = 120,
    start: tuple[tuple[str, str], ...] = (),
) -> Done:
    """Run `python *args*` (`-m MODULE …`, `-c CODE …` or `SCRIPT …`) to its end, and return what it wrote.

    *start* are variables that are set before Python starts; what is forked is kept for each set of them.

    Raises:
        TimeoutExpired: it took longer than *timeout* seconds, and was killed.
    """
    with tempfile.TemporaryDirectory() as folder, _ONE_AT_A_TIME:
        out, err = Path(folder, "out"), Path(folder, "err")
        asked = {"args": args, "cwd": str(cwd or Path.cwd()), "env": env or dict(os.environ), "out": str(out),
                 "err": str(err)}  # fmt: skip
        server = _server(start)
        assert server.stdin
        assert server.stdout
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        pid = int(server.stdout.readline())
        killer = threading.Timer(timeout, os.kill, (pid, signal.SIGKILL))
        killer.start()
        began = time.monotonic()
        code, peak = map(int, server.stdout.readline().split())
        killer.cancel()
        written = out.read_text("utf-8"), err.read_text("utf-8")
    if code == -signal.SIGKILL and time.monotonic() - began >= timeout:
        raise subprocess.TimeoutExpired(list(args), timeout, *written)
    return Done(code, *written, peak)


@cache
def _server(start: tuple[tuple[str, str], ...]) -> subprocess.Popen[str]:
    server = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=os.environ | _AT_IMPORT | dict(start))  # fmt: skip
    atexit.register(_end, server)
    return server


def _end(server: subprocess.Popen[str]) -> None:
    assert server.stdin
    assert server.stdout
    server.stdin.close()  # what it waits for
    server.wait()
    server.stdout.close()


def _serve(answers: IO[str]) -> None:
    """Fork once for each line of standard input; answer the process's number, then its exit code."""
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if not pid:
            _become(asked)
        answers.write(f"{pid}\n")
        answers.flush()
        _, status, usage = os.wait4(pid, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss}\n")
        answers.flush()


def _become(asked: dict[str, object]) -> None:
    code = 1
    try:
        os.environ.clear()
        os.environ.update(asked["env"])  # type: ignore[call-overload]
        sys.modules.pop("crawler.settings", None)  # which reads it when it is imported
        time.tzset()
        os.chdir(str(asked["cwd"]))
        for number, name in ((1, "out"), (2, "err")):
            opened = os.open(str(asked[name]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        sys.stdin, sys.stdout = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8")  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115
        code = _run(list(asked["args"]))  # type: ignore[call-overload]
    except BaseException:  # as the interpreter does it
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        threading._shutdown()  # type: ignore[attr-defined]  # the interpreter waits for threads before it ends
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run(args: list[str]) -> int:
    try:
        if args[0] == "-c":
            sys.argv = ["-c", *args[2:]]
            exec(compile(args[1], "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102
        elif args[0] == "-m":
            sys.argv = ["moafeed", *args[2:]]
            sys.path[0] = str(Path.cwd())
            sys.modules.pop(f"{args[1]}.__main__", None)
            runpy.run_module(args[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = args
            sys.path[0] = str(Path(args[0]).parent)
            runpy.run_path(args[0], run_name="__main__")
    except SystemExit as exiting:
        if exiting.code is None or isinstance(exiting.code, int):
            return exiting.code or 0
        sys.stderr.write(f"{exiting.code}\n")
        return 1
    return 0


def _import_all() -> None:
    """Import what a crawl uses, without the reactor: each process installs its own."""
    from scrapy.settings import Settings
    from scrapy.utils.misc import load_object

    from crawler import tasks, terminal
    from crawler.commands import make_app
    from crawler.platforms import load_platforms
    from feeds.formats import load_formats
    from feeds.site import look

    settings = Settings()
    settings.setmodule("crawler.settings")
    for kind in ("DOWNLOADER_MIDDLEWARES", "DOWNLOADER_MIDDLEWARES_BASE", "SPIDER_MIDDLEWARES_BASE", "EXTENSIONS_BASE",
                 "ITEM_PIPELINES"):  # fmt: skip
        for name in settings[kind]:
            load_object(name)
    for kind in ("DOWNLOADER", "SCHEDULER", "STATS_CLASS", "DNS_RESOLVER", "DUPEFILTER_CLASS", "LOG_FORMATTER"):
        load_object(settings[kind])
    load_object(settings["DOWNLOAD_HANDLERS_BASE"]["http"])
    loaded = [module.name for of in (tasks, terminal) for module in iter_modules(of.__path__, f"{of.__name__}.")]
    for name in (*loaded, *_LATE):
        import_module(name)
    for template in ("index.html", "reading.html"):
        look._TEMPLATES.get_template(template)  # compiled once
    load_platforms()
    load_formats()
    with suppress(SystemExit), redirect_stdout(StringIO()):  # libraries load more when a command runs
        make_app()(["--version"], standalone_mode=False)


if __name__ == "__main__":
    warnings.filterwarnings("error", category=DeprecationWarning, module="crawler")
    _answers = os.fdopen(os.dup(1), "w")
    _import_all()
    gc.freeze()  # what is here stays: no process looks through it for garbage, and its pages stay shared
    _serve(_answers)
