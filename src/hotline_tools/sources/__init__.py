"""Bytes → raw all-text tables, in batches."""

from hotline_tools.sources.model import COUNT_LABELS, RawBatch, RawReject, RawTable

__all__ = ["COUNT_LABELS", "RawBatch", "RawReject", "RawTable"]
