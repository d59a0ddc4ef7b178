"""The store: posts, sites and runs in one database (SQLite by default, PostgreSQL by one setting)."""

from pipelines.store.engine import StoreError
from pipelines.store.runs import RunRecord, Skipped, SourceResult
from pipelines.store.saving import Saved
from pipelines.store.store import Store

__all__ = ["RunRecord", "Saved", "Skipped", "SourceResult", "Store", "StoreError"]
