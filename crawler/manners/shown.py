"""A browser without a network of its own: it shows pages whose every part is handed to it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from playwright.async_api import Error, async_playwright
from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from playwright.async_api import Browser, BrowserContext, Page, Playwright, ProxySettings, Request, Route
    from scrapy.http import Response

    Ask: TypeAlias = Callable[[str], Awaitable[Response | None]]
    """Asks for a part of a page; None where that is left out of it."""

_READ = frozenset({"script", "xhr", "fetch"})  # a text needs no pictures, fonts or styles
_MOST_PARTS = 100
_LOOK = 0.4  # seconds between two looks at a page: it is done when both see the same
# What is not by HTTP goes by no route: a proxy that is none ends it, names have no addresses, and WebRTC has no UDP.
_NOWHERE: ProxySettings = {"server": "http://127.0.0.1:9"}
_FLAGS = ("--host-resolver-rules=MAP * ~NOTFOUND", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp")


class NoBrowserError(Exception):
    """The browser does not start; the text is its own first line."""


class Running(NamedTuple):
    """A browser, and what drives it."""

    driver: Playwright
    browser: Browser


class Shower:
    """Starts one browser when it is first needed; each page has a context of its own, so nothing stays of another."""

    def __init__(self, program: str, seconds: float) -> None:
        """Make one that has not started.

        Args:
            program: path of a Chromium; empty for Playwright's own.
            seconds: that a page may take, beside those in which it waits for a part.
        """
        self._program, self._seconds = program, seconds
        self._running: Running | None = None
        self._starting = asyncio.Lock()

    async def start(self) -> Browser:
        """Return the browser, started where it is not running.

        Raises:
            NoBrowserError: it does not start, or there is none.
        """
        async with self._starting:
            if self._running is None or not self._running.browser.is_connected():
                await self.close()
                self._running = await _launched(self._program)
            return self._running.browser

    async def close(self) -> None:
        """End the browser."""
        running, self._running = self._running, None
        if running is not None:
            with suppress(Error):
                await running.browser.close()
            await running.driver.stop()

    async def show(self, response: Response, agent: str, ask: Ask) -> str:
        """Return the HTML that is there when the scripts of a page have done what they do without a reader.

        Args:
            response: the page, as it was answered.
            agent: what the site is told who asks.
            ask: asks for what its scripts ask for.

        Raises:
            IgnoreRequest: it did not come to an end, or the browser failed.
        """
        try:
            async with _context(await self.start(), agent) as context:
                return await _Shown(response, ask, self._seconds).html(context)
        except (Error, NoBrowserError) as error:
            raise IgnoreRequest(f"the browser can't show it: {_line(error)}") from error
        except TimeoutError as error:
            raise IgnoreRequest("its scripts came to no end in the browser") from error


class _Shown:
    """One page while it is shown."""

    def __init__(self, response: Response, ask: Ask, seconds: float) -> None:
        self._response, self._ask, self._seconds = response, ask, seconds
        self._waiting = self._parts = 0
        self._is_begun = self._is_loaded = False
        self._leads_to: str | None = None

    async def html(self, context: BrowserContext) -> str:
        page = await context.new_page()
        page.on("load", self._loaded)
        await page.route("**/*", self._answer)
        await page.goto(self._response.url, wait_until="commit")
        spent, before = 0.0, ""
        while spent < self._seconds:
            await asyncio.sleep(_LOOK)
            spent += 0 if self._waiting else _LOOK
            if self._leads_to and not self._is_loaded:  # and never will be: to leave ends what is under way
                raise IgnoreRequest(f"its script leads to {self._leads_to[:200]}, which is not followed")
            if self._waiting or not self._is_loaded:
                continue
            seen = await self._look(page)
            if seen == before and not self._waiting:
                return seen
            before = seen
        if not before:
            raise TimeoutError
        return before  # it never rests: a clock, for example

    def _loaded(self, _: Page) -> None:
        self._is_loaded = True

    async def _look(self, page: Page) -> str:
        async with asyncio.timeout(self._seconds):
            return str(await page.content())

    async def _answer(self, route: Route, request: Request) -> None:
        with suppress(Error):  # the page is gone, and needs no answer any more
            if request.is_navigation_request() and not self._is_begun:
                self._is_begun = True
                await _hand_over(route, self._response)
            elif request.method == "GET" and request.resource_type in _READ and self._parts < _MOST_PARTS:
                await self._answer_part(route, request)
            else:
                if request.is_navigation_request() and request.frame.parent_frame is None:
                    self._leads_to = request.url
                await route.abort("aborted")  # any other reason would show an error page in its place

    async def _answer_part(self, route: Route, request: Request) -> None:
        self._parts += 1
        self._waiting += 1
        try:
            answer = await self._ask(request.url)
            await (route.abort() if answer is None else _hand_over(route, answer, request.headers.get("origin")))
        finally:
            self._waiting -= 1


async def _hand_over(route: Route, answer: Response, origin: str | None = None) -> None:
    headers = {"Content-Type": (answer.headers.get("Content-Type") or b"").decode("latin-1")}
    if origin:  # of another host: whoever wrote the source's file lets the page read it, and no cookie was sent
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    await route.fulfill(status=answer.status, headers=headers, body=answer.body)


@asynccontextmanager
async def _context(browser: Browser, agent: str) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        offline=True, service_workers="block", accept_downloads=False, user_agent=agent
    )
    try:
        await context.route("**/*", lambda route: route.abort("aborted"))  # what a page opens beside itself
        yield context
    finally:
        await context.close()


async def _launched(program: str) -> Running:
    driver = await async_playwright().start()
    try:
        browser = await driver.chromium.launch(
            executable_path=program or None, chromium_sandbox=True, proxy=_NOWHERE, args=_FLAGS,
            handle_sigint=False, handle_sigterm=False, handle_sighup=False,
        )  # fmt: skip
    except Error as error:
        await driver.stop()
        raise NoBrowserError(_line(error)) from error
    return Running(driver, browser)


def _line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
