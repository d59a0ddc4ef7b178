"""The store: posts, sites and runs in one database (SQLite by default, PostgreSQL by one setting)."""

from pipelines.store.addresses import Address, Body, Host, Noted, Poll, RawPage, Read
from pipelines.store.engine import StoreError
from pipelines.store.exchange import Kept
from pipelines.store.memory import Memory
from pipelines.store.runs import RunRecord, Skipped, SourceResult
from pipelines.store.saving import Saved
from pipelines.store.store import Store

__all__ = [
    "Address", "Body", "Host", "Kept", "Memory", "Noted", "Poll", "RawPage", "Read", "RunRecord", "Saved", "Skipped",
    "SourceResult", "Store", "StoreError",
]
