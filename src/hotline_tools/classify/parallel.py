"""Classification in several processes, each with its own share of the messages."""

from typing import Protocol

import pyarrow as pa

from hotline_tools.workers import in_processes, shared_object


class Classifies(Protocol):
    """Whatever turns titles and contents into a table, each row by itself."""

    def classify(self, titles: pa.Array, contents: pa.Array) -> pa.Table:
        """Return one row a message."""


PARTS_PER_WORKER = 4


def classify_parallel(classifier: Classifies, titles: pa.Array, contents: pa.Array, workers: int) -> pa.Table:
    """Return the table of ``classifier.classify``, made by ``workers`` processes; rows keep their order."""
    size = max(1, -(-len(titles) // (workers * PARTS_PER_WORKER)))
    parts = [(titles.slice(i, size), contents.slice(i, size)) for i in range(0, len(titles), size)]
    # Kept: the next batch of an import is classified by the same processes, which hold the model.
    return pa.concat_tables(list(in_processes(_classify, parts, workers, shared=classifier, keep=True)))


def _classify(titles: pa.Array, contents: pa.Array) -> pa.Table:
    classifier: Classifies = shared_object()
    return classifier.classify(titles, contents)
