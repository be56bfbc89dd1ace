"""The only reader and writer of the Parquet dataset: upsert, undo, import log, lock, verify."""

from hotline_tools.store.files import StoreFiles
from hotline_tools.store.ids import new_id
from hotline_tools.store.plan import RowCounts
from hotline_tools.store.records import ImportRecord
from hotline_tools.store.session import ImportDetails, ImportSession
from hotline_tools.store.store import Store, StoreInfo
from hotline_tools.store.undo import UndoResult

__all__ = [
    "ImportDetails",
    "ImportRecord",
    "ImportSession",
    "RowCounts",
    "Store",
    "StoreFiles",
    "StoreInfo",
    "UndoResult",
    "new_id",
]
