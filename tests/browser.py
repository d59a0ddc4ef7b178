"""Chromium, asked whether a document runs anything: driven through its debugging pipe, without a network."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from reader_clients import need

_ORIGIN = "https://pages.example"
_AT_ONCE = 120
_PATIENCE = 30  # seconds for one batch
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-extensions", "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,IsolateSandboxedIframes,Translate,OptimizationHints,MediaRouter",
    "--disable-background-networking", "--disable-component-update", "--mute-audio",
    "--disable-popup-blocking", "--autoplay-policy=no-user-gesture-required", "--host-resolver-rules=MAP * ~NOTFOUND",
)
# Runs in every document, and in those that a document makes, before anything else and whatever a policy forbids.
# Whoever calls one of the names has run; then all that waits for a person or an event is set off.
_WATCH = """
(() => {
  const place = () => {
    for (let w = window; ; w = w.parent) {
      try { if (/^doc-/.test(w.name)) return w.name.slice(4); } catch {}
      if (w === w.parent) return '?';
    }
  };
  const told = window.tell, at = setTimeout;
  const tell = (what) => told(JSON.stringify([what, place()]));
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'Worker', 'postMessage', 'fetch', 'executeMe'])
    window[name] = function () { tell(name); return name === 'prompt' ? '' : undefined; };
  // Forms may hide their own properties behind fields of the same name.
  const getter = (of, name) => Function.prototype.call.bind(Object.getOwnPropertyDescriptor(of.prototype, name).get);
  const attributes = getter(Element, 'attributes'), tag = getter(Element, 'localName');
  const dispatch = Function.prototype.call.bind(EventTarget.prototype.dispatchEvent);
  const submit = Function.prototype.call.bind(HTMLFormElement.prototype.requestSubmit);
  const set_off = (target, event) => { try { dispatch(target, event); } catch {} };
  const loud = {bubbles: true, cancelable: true};
  const set_off_all = (e) => {
    for (const {name} of [...attributes(e)].filter((a) => /^on/i.test(a.name)))
      for (const target of /^(body|frameset)$/.test(tag(e)) ? [e, window] : [e])
        set_off(target, new Event(name.slice(2).toLowerCase(), loud));
    if (tag(e) === 'form') try { submit(e); } catch {}
    if (/^(a|area|button|input|summary)$/i.test(tag(e))) set_off(e, new MouseEvent('click', loud));
  };
  addEventListener('click', (event) => {
    const link = event.target.closest && event.target.closest('a, area');
    const href = link && String(link.href && link.href.baseVal !== undefined ? link.href.baseVal : link.href);
    if (/^(https?|mailto):/i.test(href || '')) event.preventDefault();
  }, true);
  addEventListener('load', () => at(() => {
    for (const e of document.querySelectorAll('*')) set_off_all(e);
    at(() => tell('done'), 120);
  }, 30));
})();
"""


@dataclass
class Seen:
    """What documents did, each by its name."""

    ran: dict[str, set[str]] = field(default_factory=dict)
    """What of ours was called by the script of which document; `?` where a document can't be told."""
    loaded: set[str] = field(default_factory=set)
    """The documents that were loaded and looked at to the end."""


class Chromium:
    """One browser with one page, which shows many documents at once, each in a frame."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._buffer = b""
        self._last = 0
        self._session: str | None = None
        self._documents: dict[str, bytes] = {}
        self._seen = Seen()
        self._events = {"Runtime.bindingCalled": self._told, "Fetch.requestPaused": self._asked}
        self._open()

    def watch(self, documents: Mapping[str, bytes]) -> Seen:
        """Load every document, set off what waits in it, and tell what ran."""
        self._seen, names = Seen(), list(documents)
        for start in range(0, len(names), _AT_ONCE):
            batch = names[start : start + _AT_ONCE]
            frames = "".join(
                f'<iframe name="doc-{escape(name)}" src="/{start}/{number}" width="300" height="150"'
                ' sandbox="allow-scripts allow-same-origin allow-forms allow-popups"></iframe>'
                for number, name in enumerate(batch)
            )
            self._documents = {f"/{start}/{number}": documents[name] for number, name in enumerate(batch)}
            self._documents["/"] = f"<!doctype html><title>{start}</title>{frames}".encode()
            self._ask("Page.navigate", url=f"{_ORIGIN}/")
            self._wait(lambda batch=batch: self._seen.loaded.issuperset(batch))
            # What still waits in these documents must not be taken for the doing of the next ones.
            self._ask("Page.navigate", url="about:blank")
        return self._seen

    def _open(self) -> None:
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")
        self._ask("Runtime.enable")
        self._ask("Runtime.addBinding", name="tell")
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
        self._ask("Fetch.enable", patterns=[{"urlPattern": "*"}])

    def _ask(self, method: str, **params: object) -> dict[str, Any]:
        answer = self._send(method, **params)
        found: list[dict[str, Any]] = []
        self._wait(lambda: bool(found), lambda message: found.append(message) if message.get("id") == answer else None)
        assert found, f"Chromium does not answer {method}"
        assert "error" not in found[0], found[0]
        return dict(found[0]["result"])

    def _send(self, method: str, **params: object) -> int:
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data) :]
        return self._last

    def _wait(self, done: Any, look: Any = lambda message: None) -> None:
        until = time.monotonic() + _PATIENCE
        while not done():
            if not select.select([self._answers], [], [], max(0, until - time.monotonic()))[0]:
                return
            more = os.read(self._answers, 1 << 20)
            assert more, "Chromium is gone"
            *messages, self._buffer = (self._buffer + more).split(b"\0")
            for text in messages:
                message = json.loads(text)
                look(message)
                self._events.get(message.get("method", ""), lambda params: None)(message.get("params"))

    def _told(self, params: dict[str, Any]) -> None:
        what, name = json.loads(params["payload"])
        if what == "done":
            self._seen.loaded.add(name)
        else:
            self._seen.ran.setdefault(name, set()).add(what)

    def _asked(self, params: dict[str, Any]) -> None:
        url = params["request"]["url"]
        content = self._documents.get(url.removeprefix(_ORIGIN)) if url.startswith(_ORIGIN) else None
        if content is None:
            self._send("Fetch.failRequest", requestId=params["requestId"], errorReason="Failed")
            return
        self._send(
            "Fetch.fulfillRequest", requestId=params["requestId"], responseCode=200,
            responseHeaders=[{"name": "Content-Type", "value": "text/html; charset=utf-8"}],
            body=base64.b64encode(content).decode(),
        )


@contextmanager
def chromium(profile: Path) -> Iterator[Chromium]:
    """Start Chromium with an empty *profile*; skips where there is none, but never in CI."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    need(program, "chromium", "apt-get install chromium")
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    # The pipe is file descriptors 3 and 4 by definition.
    shell = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
    command = ["bash", "-c", shell, "chromium", str(program), *_FLAGS, f"--user-data-dir={profile}",
               "--remote-debugging-pipe", "about:blank"]
    process = subprocess.Popen(command, pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Chromium(ours_out, ours_in)
    finally:
        os.close(ours_out)  # it leaves when nobody speaks to it any more
        os.close(ours_in)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
