"""The language of a post: what its page declares, else what its letters tell."""

from __future__ import annotations

import re

# RFC 5646, section 2.1, without the forms no blog uses (private use, grandfathered).
_TAG = re.compile(r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?", re.IGNORECASE)
_UNKNOWN = frozenset({"und", "mul", "zxx", "mis", "xx", "xxx"})
_COMMON_MISTAKES = {"kr": "ko", "jp": "ja", "cn": "zh"}
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]+")
_KANA = re.compile("[\u3041-\u30ff]+")
_HAN = re.compile("[\u4e00-\u9fff]+")
_LETTER = re.compile(r"[^\W\d_]+")
_HANGUL_SHARE = 0.08
"""A Korean post about code is mostly English words: this much hangul among its letters is enough."""
_MAJORITY = 0.5
_SAMPLE = 4_000


def language(declared: str | None, text: str) -> str | None:
    """Return the BCP 47 language of a post.

    Args:
        declared: `lang` of its page.
        text: plain text of the post.

    Returns:
        The declared language, in its usual case (`ko`, `en-US`); where none is declared, or where most letters
        can't be of that language (skins made from an English template say `en` above Korean posts), the one
        the script tells: ko, ja or zh. None for other scripts.
    """
    named, sample = _normal(declared), text[:_SAMPLE]
    if (named or "").split("-")[0] == "ko" and not _KANA.search(sample):
        return named  # nearly every post; only a text in Japanese would say otherwise
    script, share = _by_script(sample)
    if named and script and share >= _MAJORITY and named.split("-")[0] != script:
        return script
    return named or script


def _normal(declared: str | None) -> str | None:
    match = _TAG.fullmatch((declared or "").strip().replace("_", "-"))
    if not match:
        return None
    name = match["language"].lower()
    name = _COMMON_MISTAKES.get(name, name)
    if name in _UNKNOWN:
        return None
    return "-".join(filter(None, (name, (match["script"] or "").title(), (match["region"] or "").upper())))


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))


def _by_script(text: str) -> tuple[str | None, float]:
    """Return the language that the script tells, and its share of all letters."""
    letters = _count(_LETTER, text) or 1
    hangul, kana, han = (_count(script, text) for script in (_HANGUL, _KANA, _HAN))
    if hangul / letters >= _HANGUL_SHARE and hangul >= kana:
        return "ko", hangul / letters
    if kana / letters >= _HANGUL_SHARE:
        return "ja", (kana + han) / letters
    if han / letters >= _HANGUL_SHARE:
        return "zh", 0.0  # Korean and Japanese write Han too: no reason to contradict a page
    return None, 0.0
