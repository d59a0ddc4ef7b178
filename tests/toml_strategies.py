"""Any TOML file a person or an attacker could write, for the property tests of the configuration."""

from __future__ import annotations

import json
from datetime import datetime

from hypothesis import strategies as st

TOML_VALUES = st.recursive(
    st.none().map(lambda _: "")
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(st.characters(codec="utf-8", exclude_characters="\x7f", min_codepoint=32))
    | st.datetimes()
    | st.sampled_from(["https://example.com/", "https://u:p@h/", "tistory", "Asia/Seoul", "ko", "rss", "*"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3),
    max_leaves=6,
)


def as_toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(key)} = {as_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, datetime) else repr(value)


def as_file(table: dict[str, object]) -> str:
    return "".join(f"{as_toml(key)} = {as_toml(value)}\n" for key, value in table.items())


def files(keys: list[str]) -> st.SearchStrategy[str]:
    """Files with some of the *keys* that are known and some that are not."""
    names = st.sampled_from(sorted(keys)) | st.text(min_size=1, max_size=8)
    return st.dictionaries(names, TOML_VALUES, max_size=6).map(as_file)
