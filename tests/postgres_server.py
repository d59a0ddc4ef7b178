"""A PostgreSQL server of the tests' own: a cluster in a folder that is gone afterwards, spoken to by a socket in it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from reader_clients import need

PASSWORD = "geheim-82"  # noqa: S105  # of a user of this very cluster
_NUMBERS = count(1)
# It may lose everything in a power cut, and is thrown away anyway.
_HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB", "max_connections=20",
          "autovacuum=off", "listen_addresses=", "log_min_messages=fatal")
# The second user's databases ask for a password; everybody else may come in.
_DOORS = "local all careful scram-sha-256\nlocal all all trust\n"


class PostgresServer:
    """A running server, to make databases on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str, user: str = "moafeed", **options: str) -> str:
        """The SQLAlchemy URL of the database called *name*."""
        return f"postgresql+psycopg://{user}@/{name}?" + urlencode({"host": str(self.folder), **options})

    def run(self, statement: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the superuser, outside of any transaction."""
        with psycopg.connect(host=str(self.folder), user="moafeed", dbname=name, autocommit=True) as connection:
            done = connection.execute(statement)  # type: ignore[arg-type]
            return done.fetchall() if done.description else []

    def emptied(self) -> str:
        """The URL of a database with nothing in it, always the same one: to make one anew takes four times as long."""
        if not self.run("SELECT 1 FROM pg_database WHERE datname = 'emptied'"):
            self.run("CREATE DATABASE emptied")
        self.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'emptied'")
        self.run("DROP SCHEMA public CASCADE", "emptied")
        self.run("CREATE SCHEMA public", "emptied")
        return self.url("emptied")

    @contextmanager
    def database(self, how: str = "") -> Iterator[str]:
        """Make an empty database, give its name, and drop it afterwards, also from under who is still connected."""
        name = f"db{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name} {how or 'STRATEGY file_copy'}")
        try:
            yield name
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running() -> Iterator[PostgresServer]:
    """Start a cluster; skips where no PostgreSQL is installed, but never in CI.

    Its texts sort as Korean dictionaries do, so that a test notices where bytes should have decided.
    """
    programs = _programs()
    need(programs, "PostgreSQL", "apt-get install postgresql")
    assert programs
    folder = Path(tempfile.mkdtemp(prefix="moafeed-pg-", dir="/tmp"))  # a socket's path has 107 bytes
    # The server refuses to run as root.
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    try:
        _make_cluster(programs, folder, who)
        settings = [word for setting in (*_HASTY, f"unix_socket_directories={folder}") for word in ("-c", setting)]
        # It ends when the tests do, even when they are killed.
        guard = ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([*guard, programs / "postgres", "-D", folder / "data", *settings], cwd="/",
                                       stdin=subprocess.DEVNULL, stderr=log, start_new_session=True, **who)
        try:
            server = PostgresServer(folder)
            _wait(server, process)
            server.run(f"CREATE ROLE careful LOGIN PASSWORD '{PASSWORD}'")
            yield server
        finally:
            process.send_signal(3)  # SIGQUIT: at once, without writing anything down
            process.wait(30)
    finally:
        shutil.rmtree(folder)


def _make_cluster(programs: Path, folder: Path, who: dict[str, Any]) -> None:
    helped = subprocess.run([programs / "initdb", "--help"], capture_output=True, text=True, check=True, **who).stdout
    order = ["--locale-provider=icu", "--icu-locale=ko"] if "--icu-locale" in helped else []
    subprocess.run([programs / "initdb", "-D", folder / "data", "--no-sync", "--auth=trust", "--username=moafeed",
                    "--encoding=UTF8", "--locale=C.UTF-8", *order],
                   check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60, **who)
    (folder / "data/pg_hba.conf").write_text(_DOORS)


def _wait(server: PostgresServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            ended = process.poll() is not None or time.monotonic() > deadline
            assert not ended, f"PostgreSQL did not start: {(server.folder / 'log').read_text()}"
            time.sleep(0.02)
        else:
            return


def _programs() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps it off the path, one for each version."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(versions, key=lambda path: float(path.parent.name), default=None)
