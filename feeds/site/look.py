"""How every page looks, and what a browser may do with it."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_FOLDER = Path(__file__).parent
_STYLE = (_FOLDER / "style.css").read_text("utf-8")
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()

POLICY = f"default-src 'none'; img-src https: http:; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
"""Content-Security-Policy of every page: pictures, the page's one stylesheet by its hash, and nothing else."""
FRAMED_NOWHERE = f"{POLICY}; frame-ancestors 'none'"
"""The same as a header, which can also forbid to show the page inside another; a `<meta>` cannot."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Both are ours. Escaped, the stylesheet would be broken and the policy hard to read.
_TEMPLATES.globals.update(style=Markup(_STYLE), policy=Markup(POLICY))  # noqa: S704


def stylesheet() -> bytes:
    """Return the stylesheet that feed documents name."""
    return (_FOLDER / "feed.css").read_bytes()


def page(template: str, **values: object) -> bytes:
    """Return the page that *template*, a file of this folder, makes of *values*, all escaped unless `Markup`: UTF-8."""
    return _TEMPLATES.get_template(template).render(values).encode()
