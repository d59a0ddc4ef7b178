"""Sources that files of other programs describe: each followed once; what we have no key for is told."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crawler.imports import Imported
from crawler.imports._following import follow
from crawler.own_feeds import own_feeds
from crawler.platforms import FEED_ONLY
from crawler.request_keys import is_secret
from crawler.secrets import is_named
from crawler.source import Source
from crawler.source_file import Setting, taken, written
from crawler.toml.error import printable, without_passwords
from feeds.publish import publish

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.imports import Intake
    from crawler.imports._following import Followed
    from crawler.imports.opml.outlines import Outline

_MOST_SENTENCES, _LONGEST_SENTENCE = 100, 400
_SHOWN = 80  # characters of a value: enough to recognise it
_CREDENTIALS = re.compile(r"^(?:bearer|basic|digest|token)\s", re.IGNORECASE)
_PROXY = re.compile(r"^(https?://)([^/@]*)@", re.IGNORECASE)
_NOT_A_VARIABLE = re.compile(r"[^A-Z0-9_]+")
_ON_PAGES = ("select", "listing")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One source that another program's file describes."""

    outline: Outline
    """Its title and its addresses."""
    settings: tuple[Setting, ...] = ()
    """What its file is to say beside these, as far as we have keys for it."""
    left: tuple[str, ...] = ()
    """One sentence without its end for each setting that we have no key for, beginning with where it stands."""
    why: str = ""
    """Why nothing can follow it, to end a sentence; empty where something can."""


def follow_all(wanted: Sequence[Wanted], intake: Intake, failures: Sequence[str] = ()) -> Imported:
    """Write a source file for each of *wanted* that nobody follows yet; nothing is asked.

    All files are written, or none. What the model refuses is left out of them, and told.

    Args:
        wanted: what the files of the other program describe.
        intake: the workspace.
        failures: sentences about what could not be read of them.

    Raises:
        PublishError: the source files can't be written.
    """
    folder, sources = intake.workspace.sources_folder, intake.loaded.sources
    there = {path.stem for path in folder.iterdir()} if folder.is_dir() else set()
    taken_names = intake.loaded.names | intake.workspace.config.feeds.keys() | there
    usable = [each for each in wanted if not each.why]
    followed = follow([each.outline for each in usable], sources, own_feeds(sources, intake.store), taken_names)
    made = [_made(each, wish) for each, wish in zip(followed, usable, strict=True)]
    files = {f"{each.name}.toml": each.text.encode() for each in made if each.text}
    if files:
        publish(folder, files)
    lost = [f"{called(each.outline)}: {each.why}" for each in wanted if each.why]
    lost += [f"{called(each.outline)}: {each.why}" for each in followed if each.source is None]
    refused = [sentence for each in made for sentence in each.refused]
    told = [*(sentence for each in made for sentence in each.told), _counted(followed, len(lost))]
    sentences = [[without_passwords(sentence) for sentence in said] for said in ((*failures, *lost, *refused), told)]
    return Imported(failures=sentences[0], told=sentences[1])


def called(outline: Outline) -> str:
    """Return what people call a line of a list: its title, else its address."""
    return outline.title or outline.page or outline.feed


@dataclass(frozen=True, kw_only=True, slots=True)
class _Made:
    """What became of one of them."""

    name: str = ""
    text: str = ""
    told: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def _made(followed: Followed, wish: Wanted) -> _Made:
    name = followed.source
    if name is None:
        return _Made()
    if followed.keys is None:
        return _Made(told=(f"{name}: followed already, {called(followed.outline)}",))
    title = {"title": followed.outline.title} if followed.outline.title else {}
    base: dict[str, Any] = {**followed.keys, **title}
    settings, left = list(wish.settings), list(wish.left)
    if base.get("platform") == FEED_ONLY and any(setting.key[0] in _ON_PAGES for setting in settings):
        settings = [setting for setting in settings if setting.key[0] not in _ON_PAGES]
        left.append("selectors of pages: its feed is all that is read here")
    hidden = [_without_secret(setting, name) for setting in settings]
    keys, refused = taken(base, [setting for setting, _ in hidden])
    Source.model_validate({"name": name, **keys})  # what we write, we can read
    left += [variable for _, variable in hidden if variable]
    return _Made(
        name=name, text=written(keys),
        told=(f"{name}: new, {called(followed.outline)}", *_sentences(name, left)),
        refused=tuple(_sentences(name, [f"{one.setting.said}{_shown(one.setting)}: {one.why}" for one in refused])),
    )  # fmt: skip


def _sentences(source: str, said: Sequence[str]) -> Iterator[str]:
    for sentence in said[:_MOST_SENTENCES]:
        yield f"{source}: {printable(sentence[:_LONGEST_SENTENCE])}"
    if len(said) > _MOST_SENTENCES:
        yield f"{source}: {len(said) - _MOST_SENTENCES} more of these"


def _shown(setting: Setting) -> str:
    if setting.secret or setting.key[0] == "request" or not isinstance(setting.value, str | list):
        return ""
    values = [setting.value] if isinstance(setting.value, str) else setting.value
    value = " ".join(each if isinstance(each, str) else each["selector"] for each in values)
    value = printable(value[: _SHOWN + 1])
    return f" {value if len(value) <= _SHOWN else value[: _SHOWN - 1] + '…'}"


def _without_secret(setting: Setting, source: str) -> tuple[Setting, str]:
    """Return a setting that anybody may read, and a sentence about the variable that holds what nobody may."""
    value = setting.value
    if setting.key[0] != "request" or not isinstance(value, str) or is_named(value):
        return setting, ""
    kind, name = setting.key[1], setting.key[-1]
    if kind == "cookies" or (kind == "headers" and (is_secret(name) or _CREDENTIALS.match(value))):
        variable = _variable(source, name)
        hidden = f"${{{variable}}}"
    elif kind == "proxy" and _PROXY.match(value):
        variable = _variable(source, "proxy")
        hidden = _PROXY.sub(rf"\1${{{variable}}}@", value)
    else:
        return setting, ""
    return (
        replace(setting, value=hidden, secret=True),
        f"{setting.said}: what it holds is not written into the file; set the environment variable MOAFEED_{variable}",
    )


def _variable(source: str, name: str) -> str:
    variable = _NOT_A_VARIABLE.sub("_", f"{source}_{name}".upper()).strip("_")[:80]
    return variable if variable and not variable[0].isdigit() else f"SOURCE_{variable}"


def _counted(followed: Sequence[Followed], lost: int) -> str:
    new = sum(each.keys is not None for each in followed)
    old = sum(each.keys is None and each.source is not None for each in followed)
    refused = f", {lost} can't be followed" if lost else ""
    return f"{new} new, {old} followed already{refused}"
