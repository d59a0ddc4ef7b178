"""Bodies of posts of every shape, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

_LEAVES = st.sampled_from([
    "글", "a*b_c*", " ", "\n\n", "{{x}}", "- x", "# h", "|a|b|", "&nbsp;", '"q"', "&lt;3 &amp;", "👍🏽", "<br>", "<hr>",
    '<img src="/i.png" alt="a|b {{y}}">', "<pre>\n\n a\n\n b </pre>",
])
_WRAPPERS = [
    "<p>{}</p>", '<p data-ke-size="size16">{}</p>', "<div>{}</div>", "<ul><li>{}</li><li>끝</li></ul>", "<b>{}</b>",
    "<table><tr><td>{}</td><td></td></tr></table>", '<a href="/x?a=1" rel="nofollow">{}</a>',
    "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td>{}</td></tr></tbody></table>", "<h2>{}</h2>",
    "<details><summary>더보기</summary>{}</details>", '<span style="color: red;">{}</span>', "<figure>{}</figure>",
    "<blockquote>{}</blockquote>", "<code>{}</code>",
]
BODIES = st.recursive(
    _LEAVES, lambda inner: st.builds(lambda w, parts: w.format("".join(parts)) if "{}" in w else w,
                                     st.sampled_from(_WRAPPERS), st.lists(inner, max_size=4)), max_leaves=12)
