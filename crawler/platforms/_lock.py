"""Posts behind a word: a form that asks for a password and nothing else, which a sign-in is not."""

from __future__ import annotations

import re

from crawler.document import Document, Element, Selector, near

_PASSWORD = Selector("//form[.//input[@type='password']]")
_MENTIONED = "password"
_SIGN_IN = re.compile(r"log-?in|sign-?(?:in|up)|comment|account|member", re.IGNORECASE)
_NAMES = {"text", "email", "tel"}


def is_locked(document: Document) -> bool:
    """Tell whether a page asks for the word of a post."""
    return document.mentions(_MENTIONED) and not all(map(_is_sign_in, _PASSWORD(document.root)))


def _is_sign_in(form: Element) -> bool:
    """Whether a form with a password asks for a name too, or is called a sign-in."""
    if any((field.get("type") or "text").lower() in _NAMES for field in form.iter("input")):
        return True
    labelled = (form, *near(form))
    return any(_SIGN_IN.search(f"{e.get('class', '')} {e.get('id', '')} {e.get('action', '')}") for e in labelled)
