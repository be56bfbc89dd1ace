"""Bytes → raw all-text tables, in batches."""

from hotline_tools.sources.detect.header import clean_name
from hotline_tools.sources.model import COUNT_LABELS, RawBatch, RawReject, RawTable
from hotline_tools.sources.opening import open_tables

__all__ = ["COUNT_LABELS", "RawBatch", "RawReject", "RawTable", "clean_name", "open_tables"]
