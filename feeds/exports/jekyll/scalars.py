"""Text as YAML writes it: plain or folded where it is read back as that very text, quoted where not."""

from __future__ import annotations

import re

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where it is there: that is what Ruby, hence Jekyll, reads with."""
# What Ruby takes for a number, a time, a symbol or a truth value, and Python for a text.
_RUBY = re.compile(r":.*|[-+.\d][\d_,.:+\-a-fA-FxXoOTZ ]*|[yYnN]", re.DOTALL)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_UNPRINTABLE = re.compile(r'[\\"\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]')


def scalar(text: str, before: str = "k: ") -> str:
    """Return *text* as a plain scalar, else single-quoted, else double-quoted.

    Args:
        text: anything that XML may hold.
        before: what it will stand behind: a key, or the hyphen of a list.
    """
    # A tab in a plain scalar stops PyYAML's own parser.
    if "\t" not in text and not _RUBY.fullmatch(text) and _reads_back(before + text, text):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """Return *text* in single quotes; in double ones where a line end or control character needs an escape."""
    single = "'" + text.replace("'", "''") + "'"
    if _reads_back(f"k: {single}", text):
        return single
    return '"' + _UNPRINTABLE.sub(_escaped, text) + '"'


def block(text: str) -> str:
    """Return *text* as a folded block of one line, indented by two spaces; quoted where folding can't carry it."""
    folded = f">\n  {text}"
    return folded if text and _reads_back(f"k: {folded}\n", f"{text}\n") else quoted(text)


def _reads_back(document: str, text: str) -> bool:
    try:
        found = yaml.load(document, LOADER)  # noqa: S506  # a safe loader, and our own text
    except (yaml.YAMLError, ValueError, OverflowError):  # ValueError: the 99th of a month looks like a date
        return False
    return found in ({"k": text}, [text])


def _escaped(match: re.Match[str]) -> str:
    sign = match[0]
    return _ESCAPES.get(sign) or (f"\\x{ord(sign):02x}" if ord(sign) < 0x100 else f"\\u{ord(sign):04x}")  # noqa: PLR2004
