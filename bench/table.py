"""The comparison as a table: a measure a line, ours first, and whether ours is ahead."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bench.marks import Marks
    from bench.saved import SavedPage

OURS = "moafeed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """One line of the table."""

    name: str
    """What people read."""
    figure: Callable[[Sequence[SavedPage], Sequence[Marks]], float | None]
    """The figure of one extractor; None where it has none."""
    form: str
    """How it is printed."""
    better: Literal["more", "less"]
    """Which is better."""
    perfect: float | None
    """The best there is: who reaches it is ahead, though others do too. None where there is no such thing."""


def _mean(field: str) -> Callable[[Sequence[SavedPage], Sequence[Marks]], float | None]:
    """The mean over blogs of a mark that is 0..1 or yes and no."""

    def figure(pages: Sequence[SavedPage], marks: Sequence[Marks]) -> float | None:
        blogs = defaultdict(list)
        for page, mark in zip(pages, marks, strict=True):
            if (value := getattr(mark, field)) is not None:
                blogs[page.blog].append(float(value))
        return fmean(map(fmean, blogs.values())) if blogs else None

    return figure


def _leaking(_pages: Sequence[SavedPage], marks: Sequence[Marks]) -> float | None:
    known = [bool(mark.leaked) for mark in marks if mark.leaked is not None]
    return float(sum(known)) if known else None


def _kept(_pages: Sequence[SavedPage], marks: Sequence[Marks]) -> float | None:
    true = sum(mark.true_images for mark in marks)
    return sum(mark.images for mark in marks) / true if true else None


def _extra(_pages: Sequence[SavedPage], marks: Sequence[Marks]) -> float:
    return float(sum(mark.extra_images for mark in marks))


def _cpu(_pages: Sequence[SavedPage], marks: Sequence[Marks]) -> float:
    return 1000 * fmean(mark.cpu for mark in marks)


def _cpu_by_size(pages: Sequence[SavedPage], marks: Sequence[Marks]) -> float:
    return 1000 * sum(mark.cpu for mark in marks) / (sum(page.size for page in pages) / 100_000)


def _right(name: str, field: str) -> Measure:
    return Measure(name=name, figure=_mean(field), form="{:.1%}", better="more", perfect=1)


MEASURES = (
    Measure(name="body F1", figure=_mean("f1"), form="{:.2%}", better="more", perfect=1),
    Measure(name="pages with boilerplate", figure=_leaking, form="{:.0f}", better="less", perfect=0),
    Measure(name="images kept", figure=_kept, form="{:.1%}", better="more", perfect=1),
    Measure(name="images too many", figure=_extra, form="{:.0f}", better="less", perfect=0),
    _right("title", "title"),
    _right("date to the second", "second"),
    _right("date by day", "day"),
    _right("author", "author"),
    _right("tags", "tags"),
    _right("lead image", "lead"),
    Measure(name="CPU ms a page", figure=_cpu, form="{:.2f}", better="less", perfect=None),
    Measure(name="CPU ms per 100 KB", figure=_cpu_by_size, form="{:.2f}", better="less", perfect=None),
)


def lines(pages: Sequence[SavedPage], found: Mapping[str, Sequence[Marks]]) -> Iterator[tuple[str, bool]]:
    """Give the lines of the table, each with whether ours is behind in it."""
    names = list(found)
    widths = [max(8, len(name)) for name in names]
    yield _line(" " * 22, names, widths), False
    for measure in MEASURES:
        figures = {name: measure.figure(pages, marks) for name, marks in found.items()}
        if figures[OURS] is None:
            continue
        shown = ["–" if figure is None else measure.form.format(figure) for figure in figures.values()]
        others = _not_beaten(measure, figures)
        verdict = f"BEHIND {', '.join(others)}" if others else "ahead" if found.keys() - {OURS} else ""
        yield f"{_line(f'{measure.name:22}', shown, widths)}   {verdict}".rstrip(), bool(others)


def _line(head: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    return head + "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _not_beaten(measure: Measure, figures: Mapping[str, float | None]) -> list[str]:
    """The extractors that are as good as ours or better; none where ours is perfect."""
    own = figures[OURS]
    if own is None or own == measure.perfect:
        return []
    sign = 1 if measure.better == "more" else -1
    others = {name: figure for name, figure in figures.items() if name != OURS and figure is not None}
    return [name for name, figure in others.items() if sign * figure >= sign * own]
