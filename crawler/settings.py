"""Scrapy's settings, each non-default one with its reason; then ours (`MOAFEED_*`). Nothing else reads the environment.

What depends on a workspace (user agent, store, delays) is set by `BlogSpider.update_settings`.
"""

import os

BOT_NAME = "moafeed"
SPIDER_LOADER_CLASS = "crawler.loader.SourceLoader"  # a spider is a source file, not a class in a module
SPIDER_MODULES: list[str] = []

# --- what may be asked, and how politely -----------------------------------------------------------------------------
ROBOTSTXT_OBEY = True  # by our own middleware: Scrapy 2.14-2.19 lets every waiting request through (see robots.py)
CONCURRENT_REQUESTS = 64  # over all blogs, quiet polls beside them (quiet.py); one blog sees one at a time
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0  # seconds; never 0: Scrapy 2.14-2.19 then forgets the limit per domain
DOWNLOAD_DELAY_JITTER = 0  # a delay is the least pause, not the mean of pauses between half and one and a half of it
DOWNLOADER = "crawler.manners.downloader.SafeDownloader"  # holds that limit in every case
AUTOTHROTTLE_ENABLED = False  # it halves the delay at every fast answer and forgets after a minute
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]  # not 429 and 503: "come back later" is no reason to ask again now
RETRY_EXCEPTIONS = [  # Scrapy's, but for a proxy's refusal, which would load all of its handler (late_handler.py)
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    "twisted.internet.error.ConnectionDone",
    "twisted.internet.error.ConnectError",
    "twisted.internet.error.ConnectionLost",
    OSError,
]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # every failure is told once, in the run's own words
REDIRECT_MAX_TIMES = 5
DEPTH_LIMIT = 60  # listing pages are walked one after another; a calendar without end is not
URLLENGTH_LIMIT = 2083

# --- what may come back ----------------------------------------------------------------------------------------------
DOWNLOAD_HANDLERS = {
    "file": None, "data": None, "ftp": None, "s3": None,  # a page could name them
    "http": "crawler.manners.late_handler.LateHandler", "https": "crawler.manners.late_handler.LateHandler",
}  # fmt: skip
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "ko,en;q=0.5",
    "Accept-Encoding": "gzip",  # the one coding whose end can be told (see whole.py)
}
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy's default does not
DOWNLOAD_MAXSIZE = 8 * 2**20  # bytes, after decompression: bombs end here
DOWNLOAD_WARNSIZE = 2 * 2**20
DOWNLOAD_TIMEOUT = 30  # seconds
DNS_TIMEOUT = 10
METAREFRESH_ENABLED = False  # a page must not send us anywhere
COOKIES_ENABLED = False  # only a source file's are sent; the first cookie would make tldextract ask two hosts
REFERER_ENABLED = False
HTTPPROXY_ENABLED = False  # the environment must not decide where requests go: a source file may
HTTPCACHE_ENABLED = False  # it hides failures and never revalidates `no-cache` answers

# --- what is open, written and logged --------------------------------------------------------------------------------
TELNETCONSOLE_ENABLED = False  # both run code for whoever connects
REMOTE_CONTROL_ENABLED = False
EXTENSIONS_BASE = {  # Scrapy imports what is in its own list even where it is off; aiohttp alone is a tenth of a start
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
}
WARN_ON_GENERATOR_RETURN_VALUE = False  # it would read our source again at every answer: a fifth of a poll
CONCURRENT_ITEMS = 4  # the default starts 100 tasks per response and costs a third of the speed
LOG_LEVEL = "INFO"  # DEBUG prints whole items
STATS_DUMP = False  # cron mails every line
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"
MEMUSAGE_ENABLED = False  # it reads the peak, so it would stop a run for what is long freed

DOWNLOADER_MIDDLEWARES_BASE = {  # without those for robots.txt, other sites, cookies, proxies, a cache (see above)
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": 300,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.manners.staying.StayMiddleware": 50,  # before another site is even asked for its robots.txt
    "crawler.manners.robots.RobotsMiddleware": 100,
    "crawler.manners.credentials.CredentialsMiddleware": 150,  # at each hop of a redirect anew
    "crawler.manners.conditional.ConditionalMiddleware": 570,
    "crawler.manners.resting.RestMiddleware": 560,  # after retries (550): those never ask again after "later"
    "crawler.whole.WholeMiddleware": 595,  # before decompression (590)
    "crawler.manners.browser.BrowserMiddleware": 587,  # after decompression (590), before what is recorded
    "crawler.recording.RecorderMiddleware": 585,  # after decompression (590), before retries (550); off by default
}
ITEM_PIPELINES = {
    "pipelines.normalise.NormalisePipeline": 300,
    "pipelines.storing.StorePipeline": 800,
}



def secret(name: str) -> str | None:
    """Return what a source file means by `${NAME}`: the value of MOAFEED_NAME, else of NAME; None where neither is."""
    return os.environ.get(f"MOAFEED_{name}") or os.environ.get(name) or None


# --- ours ------------------------------------------------------------------------------------------------------------
MOAFEED_WORKSPACE = os.environ.get("MOAFEED_WORKSPACE")
"""Folder of the workspace; None: the nearest one from the working directory upward."""
MOAFEED_STORE = ""
"""Address of the store, from the workspace."""
MOAFEED_POSTS = 1000
"""Post pages fetched per source in one crawl, at most."""
MOAFEED_SECONDS = 3000
"""How long one crawl may take; what is left waits for the next, so that feeds never wait for one slow blog."""
MOAFEED_RECHECK = 5
"""How many of the newest known posts are looked at again for silent edits, each when half its age has passed."""
MOAFEED_ALL = False
"""Walk each blog to its first post."""
MOAFEED_SINCE = ""
"""ISO 8601 day at which such a walk ends."""
MOAFEED_IN_TURNS = False
"""Whether a crawl that ends by its time is no failure: what is left comes first in the next one."""
MOAFEED_REPLAY = ""
"""Folder of a recorded site that answers instead of the network; with `{source}` in it, one for each source."""
MOAFEED_BROWSER = os.environ.get("MOAFEED_BROWSER", "")
"""Program of the Chromium that shows pages; empty: the one that `playwright install chromium` brings."""
MOAFEED_CLOCK = ""
"""ISO 8601 time that stands for now in a replayed crawl; empty: the real one."""
MOAFEED_CLOCKS: dict[str, str] = {}
"""The same for single sources, by name: recordings are of different times."""
MOAFEED_RECORD = ""
"""Folder in which every answer is saved; with `{source}` in it, a folder for each source."""
