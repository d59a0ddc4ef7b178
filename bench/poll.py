"""What a poll of quiet blogs costs: requests counted, CPU against a bare Scrapy spider, feed readers beside it.

Without arguments every promise is measured; `--blogs N` and `--stored N` measure one case. Exits 1 where a promise is
broken.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.farm import RunningFarm, running_farm
from bench.farm_blog import SHOWN
from bench.filling import fill
from bench.peers import BARE, OURS, Contestant, environment, rivals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROUNDS = 3
MOST_BY_BARE = 1.0  # our CPU per blog, in that of a bare spider in the same run
EQUAL = 1.25  # what two measurements of one thing may differ by on a busy machine
FEW, USUAL, MANY = 100, 1000, 5000
LITTLE, MUCH = 1000, 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Poll:
    """One run of one program over all blogs, and over a single one."""

    cpu: float
    """Seconds, user and system, over all blogs."""
    start: float
    """The same over one blog: nearly all of it is start-up."""
    wall: float
    """Seconds over all blogs."""
    requests: int
    """How many the farm counted."""
    sent: int
    """Bytes of bodies that the farm answered with."""
    paths: str
    """What was asked for, told shortly."""
    code: int
    """The exit code."""
    said: str
    """The last line of what it printed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """The median of some polls."""

    name: str
    per_blog: float
    """Milliseconds of CPU for each blog beyond the first."""
    start: float
    """Milliseconds of CPU of a poll of one blog."""
    polls: tuple[Poll, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What is measured once."""

    blogs: int
    stored: int | None = None
    """Posts in the store; None: those that the blogs have. What a store costs by its size counts to the blogs."""
    posts: int = SHOWN
    """Posts of each blog: few where there are many blogs, or the first crawl takes long."""


def spent(command: Sequence[str], folder: Path) -> tuple[float, float, int]:
    """Run *command* in *folder*; return its CPU seconds (children too), wall seconds and exit code."""
    start = time.monotonic()
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start, process.returncode


class Prepared:
    """One contestant, subscribed to all blogs in one folder and to one blog in another."""

    def __init__(self, contestant: Contestant, farm: RunningFarm, folder: Path) -> None:
        self.name, self._farm = contestant.name, farm
        self.all, self.one = folder / f"{contestant.name} all", folder / f"{contestant.name} one"
        self._commands = {}
        for place, count in ((self.all, farm.blogs), (self.one, 1)):
            place.mkdir()
            self._commands[place] = contestant.prepare(place, [farm.home(number) for number in range(count)])

    def first(self) -> float:
        """Poll for the first time, twice, so that nothing is new; return the seconds it took."""
        start = time.monotonic()
        for place in (self.one, self.all, self.one, self.all):
            self._run(place)
        return time.monotonic() - start

    def poll(self) -> Poll:
        """Poll once more."""
        start, _, _ = self._run(self.one)
        self._farm.forget()
        cpu, wall, code = self._run(self.all)
        counts = self._farm.counts()
        paths = ", ".join(f"{count} {path}" for path, count in sorted(counts["paths"].items()))
        return Poll(
            cpu=cpu, start=start, wall=wall, requests=counts["requests"], sent=counts["sent"], paths=paths, code=code,
            said=((self.all / "said.txt").read_text("utf-8", "replace").strip().splitlines() or [""])[-1],
        )

    def _run(self, place: Path) -> tuple[float, float, int]:
        return spent(self._commands[place], place)


def figures(case: Case, contestants: Sequence[Contestant], folder: Path) -> Iterator[Figure]:
    """Measure *case* in turns, so that a busy machine is busy for all."""
    with running_farm(case.blogs, case.posts) as farm:
        prepared = [Prepared(contestant, farm, folder) for contestant in contestants]
        for each in prepared:
            print(f"  {each.name}: first polls took {each.first():.0f} s", file=sys.stderr)
            if each.name == OURS.name and case.stored:
                print(f"  {fill(each.all / 'state' / 'moafeed.db', case.stored)} posts are stored", file=sys.stderr)
                each.poll()  # writes the feeds, which may show some of them
        rounds = [[each.poll() for each in prepared] for _ in range(ROUNDS)]
    for each, polls in zip(prepared, zip(*rounds, strict=True), strict=True):
        blogs = max(1, case.blogs - 1)
        yield Figure(
            name=each.name, polls=polls, start=1000 * median(p.start for p in polls),
            per_blog=1000 * median((p.cpu - p.start) / blogs for p in polls),
        )


def measured(case: Case, *, beside: Sequence[Contestant] = ()) -> dict[str, Figure]:
    """Measure and print one case; return the figures by name."""
    stored = f", {case.stored:,} posts stored" if case.stored else ""
    print(f"\n{case.blogs:,} quiet blogs{stored}: median of {ROUNDS}, in turns", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="moafeed-bench-"))
    try:
        found = {figure.name: figure for figure in figures(case, (BARE, OURS, *beside), folder)}
    finally:
        shutil.rmtree(folder)
    bare = found[BARE.name].per_blog
    for figure in found.values():
        last = figure.polls[-1]
        print(
            f"  {figure.name:12} {figure.per_blog:7.2f} ms CPU a blog {figure.per_blog / bare:6.2f} x bare  "
            f"start {figure.start:6.0f} ms  {last.requests / case.blogs:5.2f} requests a blog  "
            f"{last.sent / 1e6:6.2f} MB  {last.wall:5.1f} s   {last.paths}", flush=True,
        )
    return found


def broken(case: Case, found: dict[str, Figure]) -> Iterator[str]:
    """Tell what of one case is not as promised."""
    own, bare = found[OURS.name], found[BARE.name]
    for poll in own.polls:
        if poll.code:
            yield f"{case.blogs} blogs: moafeed exited {poll.code}: {poll.said}"
        if poll.requests != case.blogs:
            yield f"{case.blogs} blogs: {poll.requests} requests, not {case.blogs}"
    if own.per_blog > MOST_BY_BARE * bare.per_blog:
        yield f"{case.blogs} blogs: {own.per_blog / bare.per_blog:.2f} x bare Scrapy, not {MOST_BY_BARE:.2f}"


def unequal(what: str, first: dict[str, Figure], second: dict[str, Figure]) -> Iterator[str]:
    """Tell where *second* costs more per blog than *first*, each in bare polls of its own time, beyond noise."""
    own = [found[OURS.name] for found in (first, second)]
    in_bare = [found[OURS.name].per_blog / found[BARE.name].per_blog for found in (first, second)]
    ratio, later = in_bare[1] / in_bare[0], own[1].start - own[0].start
    print(f"\n{what}: {ratio:.2f} x per blog, measured in bare polls; start-up {later:+.0f} ms")
    if ratio > EQUAL:
        yield f"{what}: {in_bare[0]:.2f} bare polls a blog became {in_bare[1]:.2f}"


def everything() -> Iterator[str]:
    """Measure every promise; tell which are broken."""
    readers, missing = rivals()
    for name in missing:
        print(f"{name} is not installed: not compared")
    usual, few, many = Case(blogs=USUAL), Case(blogs=FEW, posts=1), Case(blogs=MANY, posts=1)
    little, much = (Case(blogs=LITTLE // SHOWN, stored=stored) for stored in (LITTLE, MUCH))
    found = {case: measured(case, beside=readers if case is usual else ()) for case in (usual, few, many, little, much)}
    for case in (usual, few, many):
        yield from broken(case, found[case])
    yield from unequal(f"{MANY:,} blogs against {FEW}", found[few], found[many])
    yield from unequal(f"{MUCH:,} posts against {LITTLE:,}", found[little], found[much])


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what a poll of quiet blogs costs.")
    parser.add_argument("--blogs", type=int, help="measure only this many blogs")
    parser.add_argument("--stored", type=int, help="with this many posts in the store")
    parser.add_argument("--readers", action="store_true", help="with the feed readers beside")
    asked = parser.parse_args()
    if asked.blogs or asked.stored:
        case = Case(blogs=asked.blogs or USUAL, stored=asked.stored)
        faults = list(broken(case, measured(case, beside=rivals()[0] if asked.readers else ())))
    else:
        faults = list(everything())
    print("\n" + ("\n".join(f"BROKEN: {fault}" for fault in dict.fromkeys(faults)) or "Every promise is kept."))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
