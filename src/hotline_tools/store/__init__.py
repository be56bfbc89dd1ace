"""The only reader and writer of the Parquet dataset: upsert, import log, lock, verify."""

from hotline_tools.store.files import StoreFiles
from hotline_tools.store.plan import Counts
from hotline_tools.store.records import ImportRecord
from hotline_tools.store.session import ImportDetails, ImportSession
from hotline_tools.store.store import Store, StoreInfo, new_import_id

__all__ = [
    "Counts",
    "ImportDetails",
    "ImportRecord",
    "ImportSession",
    "Store",
    "StoreFiles",
    "StoreInfo",
    "new_import_id",
]
